import { expect, test } from 'vitest';
import { logSteps, stepOf } from './steps';

test('steps grow by the same factor up to the highest', () => {
	expect(logSteps(1_000_000)).toEqual([10, 100, 1_000, 10_000, 100_000, 1_000_000]);
});

test('few downloads make few steps, and the most is the darkest', () => {
	const ends = logSteps(3);
	expect(ends).toEqual([1, 2, 3]);
	expect([0, 1, 2, 3].map((value) => stepOf(value, ends))).toEqual([0, 4, 5, 6]);
	expect(stepOf(1, logSteps(1))).toBe(6);
});

test('without a download there are no steps', () => {
	expect(logSteps(0)).toEqual([]);
	expect(stepOf(0, [])).toBe(0);
});
