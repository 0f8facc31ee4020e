import { describe, expect, it } from 'vitest';
import { spanOf } from './span';

describe('the days of a range', () => {
	it.each([
		['day', '2026-11-21', '2026-11-22'],
		['24h', '2026-11-20', '2026-11-22'],
		['7d', '2026-11-15', '2026-11-22'],
		['91d', '2026-08-23', '2026-11-22'],
		['6mo', '2026-05-21', '2026-11-22'],
		['12mo', '2025-11-21', '2026-11-22'],
		['month', '2026-11-01', '2026-11-22'],
		['year', '2026-01-01', '2026-11-22'],
		['all', '2000-01-01', '2026-11-22']
	] as const)('%s begins on %s and ends before %s', (range, from, to) => {
		expect(spanOf(range, '2026-11-21')).toEqual({ from, to });
	});

	it('has both days of a range of days', () => {
		const range = { from: '2026-02-27', to: '2026-02-28' };
		expect(spanOf(range, '2026-11-21')).toEqual({ from: '2026-02-27', to: '2026-03-01' });
	});

	it('falls on the last day of a month that is shorter', () => {
		expect(spanOf('6mo', '2026-08-31').from).toBe('2026-02-28');
	});
});
