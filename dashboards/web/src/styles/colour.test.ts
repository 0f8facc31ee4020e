import { expect, test } from 'vitest';
import { contrast, distance, lab } from './colour';

test('contrast goes from 1 to 21, whichever colour is named first', () => {
	expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
	expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.478, 3);
	expect(contrast('#123456', '#123456')).toBe(1);
});

test('CIELAB of the primaries is what the books say', () => {
	const rounded = (hex: string) => lab(hex).map((value) => Math.round(value * 10) / 10 + 0);
	expect(rounded('#ffffff')).toEqual([100, 0, 0]);
	expect(rounded('#ff0000')).toEqual([53.2, 80.1, 67.2]);
	expect(rounded('#0000ff')).toEqual([32.3, 79.2, -107.9]);
});

// Pairs 1, 4, 9, 17 and 25 of the data that Sharma, Wu and Dalal published with their paper.
test.each([
	[[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
	[[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
	[[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
	[[50, 2.5, 0], [50, 0, -2.5], 4.3065],
	[[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644]
] as [[number, number, number], [number, number, number], number][])(
	'CIEDE2000 of %j and %j is %d',
	(a, b, expected) => {
		expect(distance(a, b)).toBeCloseTo(expected, 4);
		expect(distance(b, a)).toBeCloseTo(expected, 4);
	}
);

test('red and green come close for those who lack the cones for one of them', () => {
	const apart = (sight: 'normal' | 'deutan') =>
		distance(lab('#b04030', sight), lab('#607030', sight));
	expect(apart('deutan')).toBeLessThan(apart('normal') / 3);
});
