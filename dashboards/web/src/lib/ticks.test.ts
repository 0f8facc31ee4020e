import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketTicks, countTicks } from './ticks';

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
	test('end at the newest bucket', () => {
		expect(bucketTicks(28, 600, 80, 7)).toEqual([6, 13, 20, 27]);
		expect(bucketTicks(1, 600, 80)).toEqual([0]);
		expect(bucketTicks(0, 600, 80)).toEqual([]);
	});

	test('are never closer than asked', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 2, max: 900 }),
				fc.integer({ min: 200, max: 1200 }),
				(count, width) => {
					const marks = bucketTicks(count, width, 70);
					const gaps = marks.slice(1).map((mark, i) => ((mark - marks[i]!) * width) / count);
					for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(70 - 1e-9);
				}
			)
		);
	});
});
