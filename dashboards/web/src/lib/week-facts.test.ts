import { describe, expect, it } from 'vitest';
import type { QueryAnswer } from './api/types';
import { countDays } from './range';
import { movedOf, organisationsOf, paceDays, spans, taken } from './week-facts';

const TODAY = '2026-11-21';
const answer = (rows: [string[], number][]) =>
	({
		results: rows.map(([dimensions, count]) => ({ dimensions, metrics: [count] }))
	}) as QueryAnswer;

describe('the facts of a week', () => {
	it('are of full days that follow on each other', () => {
		const { week, days, fiveWeeks, earlier } = spans(TODAY);
		expect(week).toEqual({ from: '2026-11-14', to: '2026-11-20' });
		expect(countDays(days)).toBe(63);
		expect(countDays(fiveWeeks)).toBe(35);
		expect(countDays({ from: earlier.to, to: fiveWeeks.from })).toBe(2);
		expect(paceDays('2026-11-01', 11)).toEqual({ from: '2026-11-10', to: '2026-11-12' });
		expect(paceDays('2026-11-20', 1)).toBeUndefined();
	});

	it('have organisations in the week that they were seen in', () => {
		const found = organisationsOf(
			answer([
				[['2026-11-20', 'A'], 3],
				[['2026-11-14', 'B'], 1],
				[['2026-11-14', ''], 1],
				[['2026-11-13', 'B'], 1],
				[['2026-11-12', 'B'], 1],
				[['2026-10-17', 'C'], 1]
			]),
			answer([[['D'], 1]]),
			TODAY,
			100
		);
		expect(found).toEqual({ now: ['A', 'B'], weeks: [['B'], [], [], ['C']], earlier: ['D'] });
		expect(
			organisationsOf(answer([[['2026-11-20', 'A'], 3]]), answer([]), TODAY, 1)
		).toBeUndefined();
	});

	it('are nought where nothing is known of before', () => {
		expect(movedOf(answer([[['DE'], 4]]))).toEqual([{ name: 'DE', now: 4, before: 0 }]);
		expect(taken('2.0', answer([]), answer([[[], 9]]))).toEqual({
			version: '2.0',
			part: 0,
			whole: 9
		});
	});
});
