import { expect, test } from 'vitest';
import { rollingMean } from './rolling';

test('the mean ends at its day and starts once the window is full', () => {
	expect(rollingMean([1, 2, 3, 4, 5], 3)).toEqual([null, null, 2, 3, 4]);
});

test('a gap in the window is a gap in the mean', () => {
	expect(rollingMean([1, null, 3, 4, 5], 2)).toEqual([null, null, null, 3.5, 4.5]);
});

test('a weekly rhythm disappears in a window of seven', () => {
	const week = [10, 10, 10, 10, 10, 3, 3];
	const mean = rollingMean([...week, ...week, ...week], 7).slice(6);
	expect(new Set(mean)).toEqual(new Set([8]));
});
