import { expect, test } from 'vitest';
import { exportPath } from './export';

test('a question is a link to all its rows, with its filters and its zone', () => {
	const path = exportPath(
		{
			site_id: 'acme/rocket',
			metrics: ['downloads', 'people'],
			date_range: ['2026-08-01', '2026-10-31'],
			dimensions: ['time:day', 'client'],
			filters: [['is', 'country', ['DE', 'a&b']]],
			order_by: [['downloads', 'desc']],
			include: { compare: 'previous_period' },
			pagination: { limit: 9, offset: 0 },
			timezone: 'Europe/Zurich'
		},
		'parquet'
	);
	const { pathname, searchParams } = new URL(path, 'http://weir.test');
	expect(pathname).toBe('/api/v2/export');
	expect(Object.fromEntries(searchParams)).toEqual({
		site_id: 'acme/rocket',
		date_range: '2026-08-01,2026-10-31',
		metrics: 'downloads,people',
		format: 'parquet',
		dimensions: 'time:day,client',
		filters: '[["is","country",["DE","a&b"]]]',
		timezone: 'Europe/Zurich'
	});
});

test('what a question leaves out, its link leaves out', () => {
	const path = exportPath(
		{ site_id: '*', metrics: ['downloads'], date_range: '28d', timezone: 'UTC' },
		'parquet'
	);
	expect(path).toBe(
		'/api/v2/export?site_id=*&date_range=28d&metrics=downloads&format=parquet&timezone=UTC'
	);
});
