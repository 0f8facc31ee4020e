import { expect, test } from 'vitest';
import { floor } from './floor';

const band = (name: string, values: number[]) => ({ name, values, total: 0 });

test('the floor is the median of what comes by itself, whoever else comes', () => {
	const bands = [
		band('people', [100, 0, 50]),
		band('mirror', [10, 10, 400]),
		band('bot', [2, 3, 0])
	];
	expect(floor(bands, 3, 1)).toEqual({ aDay: 13, share: (13 * 3) / 575 });
});

test('of an even number of buckets it is the mean of the middle two, by the day', () => {
	expect(floor([band('mirror', [7, 21])], 2, 7)).toEqual({ aDay: 2, share: 1 });
});

test('the running bucket does not count, and nothing has no floor', () => {
	expect(floor([band('mirror', [4, 1])], 1, 1)).toEqual({ aDay: 4, share: 1 });
	expect(floor([band('mirror', [4])], 0, 1)).toBeUndefined();
	expect(floor([], 3, 1)).toBeUndefined();
});
