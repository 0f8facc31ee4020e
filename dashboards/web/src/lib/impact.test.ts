import { describe, expect, it } from 'vitest';
import { impact, spanOf, type Day } from './impact';
import { addDays } from './range';

const RELEASED = '2026-10-06';
const LATER = '2026-11-21';

/** A life with quiet weekends, changed by `factor` from the release on. */
function days(factor: number, level = 1_000, released = RELEASED, length = 98): Day[] {
	const from = addDays(released, length === 98 ? -84 : 14 - length);
	return Array.from({ length }, (_, i) => {
		const label = addDays(from, i);
		const weekday = new Date(`${label}T00:00:00Z`).getUTCDay();
		const usual = level * (weekday % 6 === 0 ? 0.4 : 1) * (1 + 0.04 * Math.sin(i * 1.7));
		return { label, count: Math.round(usual * (label >= released ? factor : 1)) };
	});
}

describe('the days that are asked for', () => {
	it('are twelve weeks before and two after, of which none is to come', () => {
		expect(spanOf(RELEASED, LATER)).toEqual({ from: '2026-07-14', to: '2026-10-19' });
		expect(spanOf('2026-11-16', LATER).to).toBe('2026-11-20');
		expect(spanOf(LATER, LATER).to).toBe(LATER);
	});
});

describe('the impact of a release', () => {
	it('is told from what is usual, up and down', () => {
		const up = impact(days(1.4), RELEASED, LATER);
		expect(up).toMatchObject({ kind: 'known', days: 14, verdict: 'up' });
		if (up.kind !== 'known') throw new Error('it is known');
		expect(up.change).toBeCloseTo(0.4, 1);
		expect(up.high).toBeLessThan(0.15);
		expect(impact(days(0.6), RELEASED, LATER)).toMatchObject({ verdict: 'down' });
		expect(impact(days(1), RELEASED, LATER)).toMatchObject({ verdict: 'within' });
	});

	it('of a package that grows anyway is what goes beyond its growth', () => {
		const growing = days(1).map((day, i) => ({ ...day, count: day.count * 1.02 ** i }));
		const found = impact(growing, RELEASED, LATER);
		if (found.kind !== 'known') throw new Error('it is known');
		expect(found.change).toBeGreaterThan(0.25);
		expect(found.verdict).toBe('within');
	});

	it('is no impact where so few come that chance alone would do', () => {
		expect(impact(days(1.3, 8), RELEASED, LATER)).toMatchObject({ verdict: 'within' });
		expect(impact(days(1.3, 1), RELEASED, LATER)).toEqual({ kind: 'too few' });
	});

	it('compares one week after eight days, and nothing before that', () => {
		expect(impact(days(1.5), RELEASED, addDays(RELEASED, 8))).toMatchObject({
			kind: 'known',
			days: 7
		});
		expect(impact(days(1.5), RELEASED, addDays(RELEASED, 3))).toEqual({
			kind: 'too early',
			days: 3
		});
		expect(impact(days(1.5), RELEASED, RELEASED)).toEqual({ kind: 'too early', days: 0 });
	});

	it('needs weeks before it', () => {
		expect(impact(days(1.5, 1_000, RELEASED, 14 + 35), RELEASED, LATER)).toEqual({
			kind: 'too few'
		});
	});
});
