import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketAt, bucketX, moved, valueY, type Frame } from './frame';

const frame: Frame = { width: 600, height: 200, left: 40, right: 10, top: 20, bottom: 20 };

test('the bucket under its own pixel is itself', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (count, any) => {
			const at = any % count;
			expect(bucketAt(frame, count, bucketX(frame, count)(at))).toBe(at);
		})
	);
});

test('pixels outside the chart belong to the nearest bucket', () => {
	expect([bucketAt(frame, 7, -50), bucketAt(frame, 7, 9_999)]).toEqual([0, 6]);
});

test('zero is the bottom and the highest the top', () => {
	const y = valueY(frame, 50);
	expect([y(0), y(50)]).toEqual([180, 20]);
	expect(valueY(frame, 0)(0)).toBe(180);
});

test('keys move by a bucket or a week and stop at the ends', () => {
	expect(moved('ArrowLeft', undefined, 28, 7)).toBe(27);
	expect(moved('ArrowRight', undefined, 28, 7)).toBe(0);
	expect(moved('ArrowRight', 27, 28, 7)).toBe(27);
	expect(moved('PageUp', 10, 28, 7)).toBe(3);
	expect(moved('PageDown', 25, 28, 7)).toBe(27);
	expect(moved('a', 10, 28, 7)).toBeUndefined();
	expect(moved('Home', undefined, 0, 7)).toBeUndefined();
});
