import { expect, test } from 'vitest';
import { marks, weightOf } from './releases';

const labels = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];

test('zeros at the end of a version tell how heavy it is', () => {
	expect(['2.0.0', 'v3', '2.1', '2.1.0', '2.1.1', '3.0.0-rc.1', 'nightly'].map(weightOf)).toEqual([
		'major',
		'major',
		'minor',
		'minor',
		'patch',
		'patch',
		'patch'
	]);
});

test('a release stands on the bucket in which it was first seen', () => {
	const found = marks(
		[
			{ version: '1.0.0', first_seen: '2026-10-30T09:00:00Z' },
			{ version: '2.1.0', first_seen: '2026-11-03T23:59:00Z' },
			{ version: '2.0.0', first_seen: '2026-11-02' }
		],
		labels,
		(at) => at * 100,
		40
	);
	expect(found.map(({ version, at }) => [version, at])).toEqual([
		['2.0.0', 1],
		['2.1.0', 2]
	]);
});

test('where names would collide the heavier release keeps its name', () => {
	const found = marks(
		[
			{ version: '2.0.0', first_seen: '2026-11-02' },
			{ version: '2.0.1', first_seen: '2026-11-03' },
			{ version: '2.1.0', first_seen: '2026-11-04' }
		],
		labels,
		(at) => at * 30,
		50
	);
	expect(found.filter((mark) => mark.labelled).map((mark) => mark.version)).toEqual([
		'2.0.0',
		'2.1.0'
	]);
});
