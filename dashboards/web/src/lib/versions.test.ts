import { expect, test } from 'vitest';
import type { QueryAnswer } from './api/types';
import { sorted, versionRows, versionTable } from './versions';

const answer = (rows: [string[], number[]][], labels?: string[]): QueryAnswer => ({
	results: rows.map(([dimensions, metrics]) => ({ dimensions, metrics })),
	meta: { ...(labels && { time_labels: labels }) },
	query: {} as QueryAnswer['query']
});

const rows = versionRows({
	counts: answer([
		[['1.10.0'], [60, 20]],
		[['1.9.0'], [40]],
		[['0.1.0'], [0, 0]]
	]),
	audiences: answer([
		[['1.10.0', 'people'], [15]],
		[['1.10.0', 'ci'], [45]]
	]),
	trends: answer([[['2026-01-02', '1.10.0'], [7]]], ['2026-01-01', '2026-01-02']),
	total: 200,
	releases: [{ version: '1.10.0', first_seen: '2026-01-02' }]
});

test('each version has what is known of it, and nothing for the rest', () => {
	expect(rows).toEqual([
		{
			version: '1.10.0',
			firstSeen: '2026-01-02',
			downloads: 60,
			share: 0.3,
			people: 20,
			ci: 0.75,
			trend: [0, 7]
		},
		{ version: '1.9.0', downloads: 40, share: 0.2, people: undefined, ci: undefined, trend: [] }
	]);
});

test('versions sort by their numbers, and what is unknown comes last', () => {
	expect(sorted(rows, 'version').map(({ version }) => version)).toEqual(['1.10.0', '1.9.0']);
	expect(sorted(rows.toReversed(), 'ci').map(({ version }) => version)).toEqual([
		'1.10.0',
		'1.9.0'
	]);
	expect(sorted(rows.toReversed(), 'downloads').map(({ version }) => version)).toEqual([
		'1.10.0',
		'1.9.0'
	]);
});

test('the table holds percent, and nothing where nothing is known', () => {
	expect(versionTable(rows, ['a', 'b', 'c', 'd', 'e', 'f']).rows).toEqual([
		['1.10.0', '2026-01-02', 60, 30, 20, 75],
		['1.9.0', '', 40, 20, null, null]
	]);
});
