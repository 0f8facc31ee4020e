import { expect, test } from 'vitest';
import { address, connect } from './connect';

/** A server that answers everything with `status` and `body`, and what it was asked. */
function answering(status: number, body: string | null) {
	const asked: [string, RequestInit][] = [];
	const api = connect((url, init) => {
		asked.push([String(url), init ?? {}]);
		return Promise.resolve(new Response(body, { status }));
	});
	return { api, asked };
}

test('values of a path are escaped, and lists of a query repeat their key', () => {
	const params = { path: { id: 'a/b' }, query: { f: ['x', 'y'], limit: 2, gone: undefined } };
	expect(address('/users/{id}', params)).toBe('/users/a%2Fb?f=x&f=y&limit=2');
	expect(address('/users')).toBe('/users');
});

test('a body goes and comes as JSON', async () => {
	const { api, asked } = answering(200, '{"state":"signed_in"}');
	const { data } = await api.POST('/api/v2/session', { body: { name: 'ada', password: 'x' } });
	expect(data).toEqual({ state: 'signed_in' });
	const [[url, init]] = asked as [[string, RequestInit]];
	expect([url, init.method, init.body]).toEqual([
		'/api/v2/session',
		'POST',
		'{"name":"ada","password":"x"}'
	]);
});

test('an empty answer is nothing, and what failed gives its reason', async () => {
	expect((await answering(204, null).api.DELETE('/api/v2/session')).data).toBeUndefined();
	const { error } = await answering(404, '{"error":"no such page"}').api.GET('/api/v2/session');
	expect(error).toEqual({ error: 'no such page' });
	expect((await answering(502, 'bad gateway').api.GET('/api/v2/session')).error).toBe(
		'bad gateway'
	);
});
