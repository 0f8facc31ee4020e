import { expect, test } from 'vitest';
import { chosen, curves, REACH, span } from './adoption';
import type { QueryAnswer } from './api/types';

const release = (version: string, first_seen: string) => ({ version, first_seen });
const answer = (rows: [string[], number][]): QueryAnswer => ({
	results: rows.map(([dimensions, value]) => ({ dimensions, metrics: [value] })),
	meta: {},
	query: {} as QueryAnswer['query']
});

test('the newest releases are chosen, pre-releases never', () => {
	const all = [
		release('1.0.0', '2026-01-01'),
		release('2.0.0-rc.1', '2026-02-01'),
		release('1.1.0', '2026-02-02'),
		release('v2.0.0', '2026-03-01')
	];
	expect(chosen(all, 2).map(({ version }) => version)).toEqual(['v2.0.0', '1.1.0']);
});

test('patches give way where there are enough others', () => {
	const all = ['1.0.0', '1.0.1', '1.1.0', '1.1.1'].map((version, i) =>
		release(version, `2026-01-0${i + 1}`)
	);
	expect(chosen(all, 2).map(({ version }) => version)).toEqual(['1.1.0', '1.0.0']);
	expect(chosen(all, 3).map(({ version }) => version)).toEqual(['1.1.1', '1.1.0', '1.0.1']);
});

test('the curves span from the oldest release until today', () => {
	const two = [release('2.0.0', '2026-03-01'), release('1.0.0', '2026-01-01')];
	expect(span(two, '2026-03-05')).toEqual({ from: '2026-01-01', to: '2026-03-05' });
	expect(span([], '2026-03-05')).toBeUndefined();
});

test('a curve begins on the day of the release and ends yesterday', () => {
	const parts = answer([
		[['2026-03-01', '2.0.0'], 5],
		[['2026-03-03', '2.0.0'], 40],
		[['2026-03-04', '2.0.0'], 1]
	]);
	const whole = answer([
		[['2026-02-28'], 90],
		[['2026-03-01'], 100],
		[['2026-03-03'], 80],
		[['2026-03-04'], 1]
	]);
	expect(curves([release('2.0.0', '2026-03-01')], parts, whole, '2026-03-04')).toEqual([
		{ version: '2.0.0', shares: [0.05, null, 0.5] }
	]);
});

test('a curve ends after its reach', () => {
	const [curve] = curves([release('1.0.0', '2025-01-01')], answer([]), answer([]), '2026-03-04');
	expect(curve?.shares).toHaveLength(REACH + 1);
});
