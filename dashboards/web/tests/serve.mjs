/**
 * Serves the built page with canned answers and the policy that the real server sends, for the
 * interface tests: `node tests/serve.mjs PORT`. Loopback only.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer, events, PACKAGES, STATUS } from './answers.mjs';

const BUILD = fileURLToPath(new URL('../build/', import.meta.url));
const TYPES = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.svg': 'image/svg+xml'
};

const index = readFileSync(join(BUILD, 'index.html'), 'utf8');
const inline = [...index.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
	([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`
);
const POLICY = [
	"default-src 'none'",
	`script-src 'self' ${inline.join(' ')}`,
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	'trusted-types svelte-trusted-html'
].join('; ');

const session = { state: 'signed_in', user: { name: 'ada' }, product: { version: '0.1.0' } };
const API = {
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
	const url = new URL(request.url, 'http://localhost');
	const handler = API[`${request.method} ${url.pathname}`];
	if (handler) {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
		const [status, json] = handler(body, url);
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
