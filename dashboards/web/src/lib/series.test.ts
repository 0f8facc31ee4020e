import { describe, expect, test } from 'vitest';
import type { QueryAnswer } from './api/types';
import { bands, byVersion, finished, foldSmall, points, stackShares } from './series';

const days = ['2026-11-19', '2026-11-20', '2026-11-21'];

describe('points', () => {
	const answer: QueryAnswer = {
		results: [
			{ dimensions: ['2026-11-19'], metrics: [5], comparison: { metrics: [4], change: [25] } },
			{ dimensions: ['2026-11-21'], metrics: [2] }
		],
		meta: { time_labels: days, partial: 'last bucket is incomplete' },
		query: {}
	};

	test('stand for every label, and a bucket without events is zero', () => {
		expect(points(answer, '2026-11-21 14:05:00').map(({ label, value }) => [label, value])).toEqual(
			[
				['2026-11-19', 5],
				['2026-11-20', 0],
				['2026-11-21', 2]
			]
		);
	});

	test('have no value yet where the bucket has not begun', () => {
		const noon = points(answer, '2026-11-20 12:00:00');
		expect(noon.map(({ value, partial }) => [value, partial])).toEqual([
			[5, false],
			[0, true],
			[null, false]
		]);
	});

	test('carry the comparison, and only the last can be partial', () => {
		expect(
			points(answer, '2026-11-21 14:05:00').map(({ before, partial }) => [before, partial])
		).toEqual([
			[4, false],
			[null, false],
			[null, true]
		]);
	});
});

test('bands hold one value per label for each value of the dimension', () => {
	const row = (day: string, major: string, n: number) => ({
		dimensions: [day, major],
		metrics: [n]
	});
	expect(
		bands({
			results: [
				row(days[0]!, '1', 3),
				row(days[1]!, '2', 4),
				row(days[2]!, '1', 1),
				row('1999-01-01', '1', 9)
			],
			meta: { time_labels: days },
			query: {}
		}).bands
	).toEqual([
		{ name: '1', values: [3, 0, 1], total: 4 },
		{ name: '2', values: [0, 4, 0], total: 4 }
	]);
});

test('versions are ordered by their numbers, the unknown first', () => {
	const names = ['10', '', '2', '0.9', '0.10'].map((name) => ({ name }));
	expect(names.sort(byVersion).map(({ name }) => name)).toEqual(['', '0.9', '0.10', '2', '10']);
});

test('small bands are added up and nothing is lost', () => {
	const all = ['1', '2', '3', '4'].map((name, i) => ({ name, values: [i + 1, 1], total: i + 2 }));
	const folded = foldSmall(all, 3, 'Older');
	expect(folded.map(({ name, total }) => [name, total])).toEqual([
		['Older', 5],
		['3', 4],
		['4', 5]
	]);
	expect(folded[0]?.values).toEqual([3, 2]);
	expect(foldSmall(all, 4, 'Older')).toBe(all);
});

test('shares of a bucket stack to one, and an empty bucket has none', () => {
	expect(
		stackShares([
			{ name: 'a', values: [1, 0], total: 1 },
			{ name: 'b', values: [3, 0], total: 3 }
		])
	).toEqual([
		[[0, 0.25], null],
		[[0.25, 1], null]
	]);
});

describe('finished', () => {
	const all = (values: number[]) => ({
		labels: days,
		bands: [{ name: '1', values, total: values.reduce((sum, value) => sum + value, 0) }]
	});

	test('leaves out the running bucket and what lies ahead', () => {
		const { labels, bands: left } = finished(all([4, 5, 0]), '2026-11-20 01:26:00');
		expect([labels, left.map(({ values }) => values)]).toEqual([['2026-11-19'], [[4]]]);
	});

	test('keeps the running bucket where nothing came before', () => {
		expect(finished(all([0, 0, 7]), '2026-11-21 01:26:00')).toEqual(all([0, 0, 7]));
	});
});
