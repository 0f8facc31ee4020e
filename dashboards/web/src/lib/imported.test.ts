import { expect, test } from 'vitest';
import type { QueryAnswer } from './api/types';
import { importedQuestion, importedTable, registries } from './imported';
import { parseView } from './view';

test('what registries counted is asked without an audience, without filters and by days at least', () => {
	const view = parseView('r=24h&aud=people&f=is,country,DE&m=people&c=prev');
	expect(importedQuestion('acme/rocket', view, 'UTC')).toEqual({
		site_id: 'acme/rocket',
		metrics: ['imported'],
		date_range: '24h',
		dimensions: ['time:day', 'registry'],
		include: { time_labels: true },
		pagination: { limit: 10_000, offset: 0 },
		timezone: 'UTC'
	});
});

test('each registry is a series of its own, none of days ahead', () => {
	const answer = {
		results: [
			{ dimensions: ['2026-11-19', 'pypi'], metrics: [5] },
			{ dimensions: ['2026-11-19', 'crates'], metrics: [7] },
			{ dimensions: ['2026-11-20', 'pypi'], metrics: [6] }
		],
		meta: { time_labels: ['2026-11-19', '2026-11-20', '2026-11-21'] }
	} as unknown as QueryAnswer;
	const found = registries(answer, '2026-11-20 14:05:00');
	expect(importedTable('Time', found)).toEqual({
		columns: ['Time', 'crates', 'pypi'],
		rows: [
			['2026-11-19', 7, 5],
			['2026-11-20', 0, 6]
		]
	});
});
