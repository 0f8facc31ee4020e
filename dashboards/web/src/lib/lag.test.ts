import { describe, expect, it } from 'vitest';
import type { QueryAnswer } from './api/types';
import { behind, downloadLags, lagTable, organisationLags } from './lag';
import { addDays } from './range';

const answer = (rows: [...string[], number][]) =>
	({
		results: rows.map((row) => ({ dimensions: row.slice(0, -1), metrics: row.slice(-1) }))
	}) as QueryAnswer;

const RELEASES = [
	{ version: '2.0.0', first_seen: '2026-05-04' },
	{ version: '2.1.0', first_seen: '2026-07-06' }
];
const after = (days: number) => addDays('2026-05-04', days);

describe('upgrade lag by organisation', () => {
	it('counts the days until each one’s first download, whichever row comes first', () => {
		const organisations = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
		const rows = organisations.flatMap((name, i): [string, string, string, number][] => [
			[after(80), '2.0.0', name, 3],
			[after(i), '2.0.0', name, 1]
		]);
		const found = organisationLags(RELEASES, answer([...rows, [after(1), '2.0.0', '', 900]]));
		expect(found).toEqual([{ version: '2.0.0', median: 4, late: 8, count: 10 }]);
		expect(lagTable(found, ['v', 'm', 'l', 'c']).rows).toEqual([['2.0.0', 4, 8, 10]]);
	});

	it('says nothing of a release that few have taken up', () => {
		const few = ['a', 'b', 'c', 'd'].map((name): [string, string, string, number] => [
			after(1),
			'2.0.0',
			name,
			100
		]);
		expect(organisationLags(RELEASES, answer(few))).toEqual([]);
	});
});

describe('upgrade lag by download', () => {
	it('is that of half, and of nine of ten downloads in the first ninety days', () => {
		const found = downloadLags(
			RELEASES,
			answer([
				[after(0), '2.0.0', 50],
				[after(7), '2.0.0', 30],
				[after(60), '2.0.0', 20],
				[after(91), '2.0.0', 1_000],
				[after(-1), '2.0.0', 1_000],
				['2026-07-08', '2.1.0', 49]
			])
		);
		expect(found).toEqual([{ version: '2.0.0', median: 0, late: 60, count: 100 }]);
	});
});

describe('versions behind', () => {
	it('are minor releases, ordered by their numbers', () => {
		const found = behind(
			answer([
				['1.10.0', 30],
				['1.10.3', 10],
				['v1.9.0', 40],
				['1.2', 20],
				['1.11.0-rc.1', 500],
				['latest', 500],
				['1.12.0', 0]
			])
		);
		expect(found).toEqual([
			{ from: 0, to: 0, share: 0.4, versions: ['1.10.0', '1.10.3'] },
			{ from: 1, to: 1, share: 0.4, versions: ['v1.9.0'] },
			{ from: 2, to: 2, share: 0.2, versions: ['1.2'] }
		]);
	});

	it('come together where there are many', () => {
		const many = answer(Array.from({ length: 14 }, (_, minor) => [`1.${minor}.0`, 1]));
		expect(behind(many).map(({ from, to, versions }) => [from, to, versions.length])).toEqual([
			[0, 0, 1],
			[1, 1, 1],
			[2, 2, 1],
			[3, 3, 1],
			[4, 4, 1],
			[5, 9, 5],
			[10, undefined, 4]
		]);
		expect(behind(answer([]))).toEqual([]);
	});
});
