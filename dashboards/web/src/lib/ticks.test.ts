import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from './range';
import { countTicks, shareTicks, timeTicks } from './ticks';

describe('ticks of a count', () => {
	test('are round and start at zero', () => {
		expect(countTicks(1)).toEqual([0, 1]);
		expect(countTicks(3)).toEqual([0, 1, 2, 3]);
		expect(countTicks(97)).toEqual([0, 50, 100]);
		expect(countTicks(3_061)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
	});

	test('cover the highest value with at most five whole, even steps', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1e12 }), (highest) => {
				const marks = countTicks(highest);
				expect(marks.length).toBeLessThanOrEqual(5);
				expect(marks[0]).toBe(0);
				expect(marks.at(-1)).toBeGreaterThanOrEqual(highest);
				expect(marks.every(Number.isInteger)).toBe(true);
			})
		);
	});

	test('without a value there is still an axis', () => {
		expect(countTicks(0)).toEqual([0, 1]);
	});
});

describe('ticks of the time axis', () => {
	const days = (count: number) =>
		Array.from({ length: count }, (_, i) => addDays('2026-11-20', i - count + 1));
	const hours = (count: number) =>
		days(Math.ceil(count / 24)).flatMap((day) =>
			Array.from({ length: 24 }, (_, hour) => `${day} ${String(hour).padStart(2, '0')}:00:00`)
		);

	test('name every day of a week, and a day of every week of a month', () => {
		expect(timeTicks(days(7), 'day', 600, 72)).toEqual([0, 1, 2, 3, 4, 5, 6]);
		expect(timeTicks(days(28), 'day', 600, 72)).toEqual([6, 13, 20, 27]);
	});

	test('name round hours of a day, and midnights of a week', () => {
		expect(timeTicks(hours(24), 'hour', 600, 56)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
		expect(timeTicks(hours(72), 'hour', 300, 56)).toEqual([0, 24, 48]);
	});

	test('are none without a bucket', () => {
		expect(timeTicks([], 'day', 600, 72)).toEqual([]);
	});

	test('are never closer than asked', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 900 }),
				fc.integer({ min: 200, max: 1200 }),
				(count, width) => {
					const marks = timeTicks(days(count), 'day', width, 70);
					const gaps = marks.slice(1).map((mark, i) => ((mark - marks[i]!) * width) / count);
					for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(70 - 1e-9);
				}
			)
		);
	});
});

describe('the axis of shares', () => {
	test('has round steps up to what is shown, and ends at one', () => {
		expect(shareTicks(0.043)).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
		expect(shareTicks(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
		expect(shareTicks(0.99)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
		expect(shareTicks(0)).toEqual([0, 0.01]);
		expect(shareTicks(1).at(-1)).toBe(1);
	});
});
