// A real OpenID provider for tests: oidc-provider on a port of loopback, with people who sign in by their
// name alone, and a side door (POST /control) by which a test says what it should do next.
//
// node provider.mjs CLIENT_SECRET REDIRECT_ADDRESS...
import { createHmac, createSign, generateKeyPair, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import Provider from 'oidc-provider';

const [client_secret, ...redirect_uris] = process.argv.slice(2);
const generate = promisify(generateKeyPair);

/** What the provider says of each person; a test may say otherwise. */
const people = new Map();
/** What is wrong with the ID tokens until further notice. */
let fault = null;
/** The key that the description shows. */
let keys = [await key()];
const stranger = await key();

async function key() {
	const { privateKey } = await generate('rsa', { modulusLength: 2048 });
	return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

function provider() {
	return new Provider(issuer, {
		clients: [{ client_id: 'weir', client_secret, redirect_uris }],
		jwks: { keys },
		cookies: { keys: ['a key for tests'] },
		claims: {
			openid: ['sub'],
			profile: ['name', 'preferred_username'],
			email: ['email', 'email_verified'],
			groups: ['groups']
		},
		// Claims of scopes stand in the ID token, as most providers put them there.
		conformIdTokenClaims: false,
		pkce: { required: () => true },
		features: { devInteractions: { enabled: true } },
		findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) })
	});
}

let issuer;
let answers;

/** An ID token as `fault` would have it, signed again. */
function spoilt(token) {
	const [head, body] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
	const header = JSON.parse(head);
	const claims = { ...JSON.parse(body), ...fault.claims };
	for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
	if (fault.header) Object.assign(header, fault.header);
	const text = [header, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.join('.');
	return `${text}.${signature(header, text)}`;
}

function signature(header, text) {
	if (header.alg === 'none') return '';
	if (header.alg === 'HS256')
		return createHmac('sha256', client_secret).update(text).digest('base64url');
	return createSign('RSA-SHA256')
		.update(text)
		.sign({ key: fault.stranger ? stranger : keys[0], format: 'jwk' })
		.toString('base64url');
}

/** Lets the provider answer, and changes the ID token on its way out where a test wants that. */
function answer(request, response) {
	if (!fault || !request.url.startsWith('/token')) return answers(request, response);
	const end = response.end.bind(response);
	response.end = (chunk, ...rest) => {
		const said = JSON.parse(chunk?.toString() || '{}');
		if (!said.id_token) return end(chunk, ...rest);
		if (fault.missing) delete said.id_token;
		else said.id_token = spoilt(said.id_token);
		const text = JSON.stringify(said);
		response.setHeader('content-length', Buffer.byteLength(text));
		return end(text, ...rest);
	};
	return answers(request, response);
}

async function control(request, response) {
	let text = '';
	for await (const chunk of request) text += chunk;
	const wanted = JSON.parse(text);
	if (wanted.person) people.set(wanted.person, wanted.claims);
	if ('fault' in wanted) fault = wanted.fault;
	if (wanted.rotate) {
		keys = [await key()];
		answers = provider().callback();
	}
	response.end('{}');
}

const server = createServer((request, response) =>
	request.url === '/control' ? control(request, response) : answer(request, response)
);
server.listen(0, '127.0.0.1', () => {
	issuer = `http://127.0.0.1:${server.address().port}`;
	answers = provider().callback();
	console.log(`listening on ${issuer}`);
});
