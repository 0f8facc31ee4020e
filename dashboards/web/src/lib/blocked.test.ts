import { expect, test } from 'vitest';
import { blockedByHost } from './blocked';

const row = (host: string, route: string, views: number, events: number) => ({
	dimensions: [host, route],
	metrics: [views, events]
});

test('what the pixel has more of was kept from the script', () => {
	const rows = [
		row('docs.acme.example', 'pixel', 200, 200),
		row('docs.acme.example', 'script beside pixel', 0, 150),
		row('www.acme.example', 'pixel', 400, 404),
		row('www.acme.example', 'script beside pixel', 0, 401),
		row('few.acme.example', 'pixel', 99, 99),
		row('few.acme.example', 'script beside pixel', 0, 9)
	];
	expect(blockedByHost(rows)).toEqual([
		{ host: 'www.acme.example', pixel: 400, script: 401, share: 0 },
		{ host: 'docs.acme.example', pixel: 200, script: 150, share: 0.25 },
		{ host: 'few.acme.example', pixel: 99, script: 9, share: undefined }
	]);
});

test('a host that carries one of the two says nothing', () => {
	const rows = [row('a.example', 'pixel', 500, 500), row('b.example', 'script beside pixel', 0, 3)];
	expect(blockedByHost(rows)).toEqual([]);
	expect(blockedByHost([])).toEqual([]);
});
