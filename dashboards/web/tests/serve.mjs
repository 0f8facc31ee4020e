/**
 * Serves the built page with canned answers and the policy that the real server sends, for the
 * interface tests: `node tests/serve.mjs PORT`. Loopback only. With WEIR_WEB_SLOW each answer comes
 * up to so many milliseconds late, so that they come in another order every time.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answers as accounts } from './accounts.mjs';
import { answer, events, PACKAGES, STATUS } from './answers.mjs';
import { answers as organisations } from './organisations.mjs';
import { answers as reading } from './reading.mjs';
import { answers as running, stream } from './running.mjs';
import { answers as sql } from './sql.mjs';

const BUILD = fileURLToPath(new URL('../build/', import.meta.url));
const SLOW_MS = Number(process.env.WEIR_WEB_SLOW ?? 0);
const TYPES = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.svg': 'image/svg+xml'
};

const index = readFileSync(join(BUILD, 'index.html'), 'utf8');
/** The hashes of what the page has inside. */
const inline = (element) =>
	[...index.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'))]
		.map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
		.join(' ');
const POLICY = [
	"default-src 'none'",
	`script-src 'self' ${inline('script')}`,
	`style-src 'self' ${inline('style')}`,
	"img-src 'self' data:",
	"connect-src 'self'",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	'trusted-types svelte-trusted-html'
].join('; ');

const session = {
	state: 'signed_in',
	user: { name: 'ada', role: 'owner', packages: null, second_factor: false },
	ways: { password: true, provider: null },
	product: { version: '0.1.0' }
};
const API = {
	...accounts,
	...organisations,
	...reading,
	...running,
	...sql,
	'GET /api/v2/session': () => [200, session],
	'POST /api/v2/session': ({ password }) =>
		password === 'correct horse battery'
			? [200, session]
			: [401, { error: 'wrong name or password' }],
	'DELETE /api/v2/session': () => [204],
	'POST /api/v2/setup': ({ code }) =>
		code === 'K7QM-2XPD' ? [200, session] : [403, { error: 'wrong code' }],
	'GET /api/v2/packages': () => [200, { packages: PACKAGES }],
	'GET /api/v2/status': () => [200, STATUS],
	'GET /api/v2/events': (_, url) => [
		200,
		{ events: events(Number(url.searchParams.get('limit') ?? 20)) }
	],
	'POST /api/v2/query': (question) => [200, answer(question)]
};

createServer(async (request, response) => {
	if (SLOW_MS > 0) await sleep(Math.random() * SLOW_MS);
	const url = new URL(request.url, 'http://localhost');
	const handler = API[`${request.method} ${url.pathname}`];
	if (url.pathname === '/api/v2/live') return stream(response);
	if (handler) {
		const sent = await read(request);
		if (sent === undefined) return response.destroy();
		const [status, json] = handler(sent ? JSON.parse(sent) : {}, url);
		response.writeHead(status, { 'Content-Type': 'application/json' });
		return response.end(json && JSON.stringify(json));
	}
	if (url.pathname.startsWith('/api/')) return response.writeHead(404).end('{}');
	const file = normalize(url.pathname);
	try {
		if (!extname(file)) throw new Error('a path of the page');
		const body = readFileSync(join(BUILD, file));
		response
			.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' })
			.end(body);
	} catch {
		response
			.writeHead(200, { 'Content-Type': TYPES['.html'], 'Content-Security-Policy': POLICY })
			.end(index);
	}
}).listen(Number(process.argv[2] ?? 4173), '127.0.0.1');

/** What was sent; nothing where whoever sent it has left meanwhile. */
async function read(request) {
	const chunks = [];
	try {
		for await (const chunk of request) chunks.push(chunk);
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks).toString();
}
