import { describe, expect, it } from 'vitest';
import { studentQuantile } from './student';

describe('the quantiles of Student’s distribution', () => {
	it.each([
		[0.9, 1, 3.078],
		[0.9, 2, 1.886],
		[0.9, 4, 1.533],
		[0.9, 10, 1.372],
		[0.9, 24, 1.318],
		[0.95, 7, 1.895],
		[0.95, 30, 1.697],
		[0.975, 5, 2.571]
	])('of %f with %i degrees of freedom is as the tables say', (probability, freedom, value) => {
		expect(studentQuantile(probability, freedom)).toBeCloseTo(value, 2);
	});
});
