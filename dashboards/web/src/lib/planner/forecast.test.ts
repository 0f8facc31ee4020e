import { describe, expect, it } from 'vitest';
import type { QueryAnswer } from '../api/types';
import { addDays } from '../range';
import { drawn, forecast, forecastTable, history, lately, passing } from './forecast';

const MONDAY = '2026-06-01';
const WEEKS = 24;

function answer(count: (week: number) => number): QueryAnswer {
	const results = Array.from({ length: WEEKS }, (_, week) => ({
		dimensions: [addDays(MONDAY, 7 * week)],
		metrics: [Math.round(count(week))]
	}));
	return { results } as QueryAnswer;
}

const whole = answer((week) => (week < 2 ? 0 : 20_000));
/** One half in the second week, less by the factor e^-0.1 of the odds a week. */
const falling = answer((week) => (week < 2 ? 0 : 20_000 / (1 + Math.exp(0.1 * (week - 2)))));

describe('the time that a forecast looks at', () => {
	it('is full weeks, those of a year or those of which events are kept', () => {
		// A Saturday.
		expect(history('2026-11-21', true)).toEqual({ from: '2026-08-24', to: '2026-11-15' });
		expect(history('2026-11-21', false)).toEqual({ from: '2025-11-17', to: '2026-11-15' });
		expect(lately('2026-11-21')).toEqual({ from: '2026-10-19', to: '2026-11-15' });
		expect(lately('2026-11-16').to).toBe('2026-11-15');
	});
});

describe('a forecast', () => {
	const known = forecast(falling, whole);

	it('begins with the first download and says when a threshold is passed', () => {
		expect(known.weeks[0]!.label).toBe('2026-06-15');
		expect(known.now).toBeCloseTo(0.124, 2);
		const five = passing(known, 0.05);
		// ln(19) / 0.1 = 29.4 weeks after the half.
		expect(five).toMatchObject({ kind: 'expected', on: addDays('2026-06-15', 7 * 30) });
		if (five.kind !== 'expected') throw new Error('it falls');
		expect(five.from <= five.on && five.on <= five.to!).toBe(true);
		expect(passing(known, 0.5)).toEqual({ kind: 'already' });
	});

	it('says why there is no date', () => {
		expect(
			passing(
				forecast(
					answer(() => 4_000),
					whole
				),
				0.05
			)
		).toEqual({ kind: 'not falling' });
		const short = { ...whole, results: whole.results.slice(0, 6) };
		expect(passing(forecast(falling, short), 0.05)).toEqual({ kind: 'too few' });
		const unused = forecast(
			answer(() => 0),
			whole
		);
		expect(unused).toMatchObject({ unused: true, blank: false, now: 0 });
		const blank = forecast(
			answer(() => 0),
			answer(() => 0)
		);
		expect(blank).toMatchObject({ blank: true, now: undefined });
		expect(passing(unused, 0.05)).toEqual({ kind: 'already' });
	});

	it('is drawn until one percent is passed', () => {
		const { labels, observed, expected, band } = drawn(known);
		expect(observed.filter((share) => share !== null)).toHaveLength(WEEKS - 2);
		expect(expected.at(-1)!).toBeLessThan(0.01);
		expect(band.at(-1)![0]).toBeLessThan(band.at(-1)![1]);
		expect(labels).toHaveLength(band.length);
		const table = forecastTable(drawn(known), ['w', 's', 'f', 'l', 'h']);
		expect(table.rows[0]![0]).toBe('2026-06-15');
		expect(table.rows[0]![1]).toBe(50);
		expect(table.rows.at(-1)![1]).toBeNull();
	});
});
