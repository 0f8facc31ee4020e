import { expect, test } from 'vitest';
import type { Point } from '../series';
import { lines } from './lines';

const point = (value: number, rest: Partial<Point> = {}): Point => ({
	label: '2026-11-21',
	value,
	before: null,
	partial: false,
	...rest
});

test('the bucket that is not over hangs on the last finished one', () => {
	const found = lines([point(3), point(5), point(1, { partial: true })], 'day');
	expect(found.finished).toEqual([3, 5, null]);
	expect(found.unfinished).toEqual([null, 5, 1]);
});

test('a finished range has nothing unfinished', () => {
	expect(lines([point(3), point(5)], 'day').unfinished).toEqual([null, null]);
});

test('the mean needs four weeks of days and leaves out the unfinished one', () => {
	const month = [...Array(27).fill(point(7)), point(0, { partial: true })] as Point[];
	const { mean } = lines(month, 'day');
	expect(mean?.slice(5, 8)).toEqual([null, 7, 7]);
	expect(mean?.at(-1)).toBeNull();
	expect(lines(month, 'hour').mean).toBeUndefined();
	expect(lines(month.slice(1), 'day').mean).toBeUndefined();
});

test('a mean is compared with a mean, days with days', () => {
	const month = Array<Point>(28).fill(point(7, { before: 4 }));
	expect(lines(month, 'day').before?.slice(5, 7)).toEqual([null, 4]);
	expect(lines(month.slice(1), 'day').before?.[0]).toBe(4);
});

test('the axis reaches the comparison too', () => {
	expect(lines([point(3, { before: 9 })], 'day').highest).toBe(9);
});
