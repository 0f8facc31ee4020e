import { expect, test } from 'vitest';
import { linePath, bandPath } from './path';

const x = (at: number) => at * 10;
const y = (value: number) => 100 - value;

test('a line breaks at a gap and goes on after it', () => {
	expect(linePath([1, 2.25, null, 4, null], x, y)).toBe('M0,99L10,97.8M30,96');
	expect(linePath([], x, y)).toBe('');
});

test('a band goes round each stretch and reaches half a bucket further', () => {
	expect(bandPath([[0, 10], null, [5, 20], [0, 10]], x, y, 10)).toBe(
		'M-5,90L0,90L5,90L5,100L0,100L-5,100Z' + 'M15,80L20,80L30,90L35,90L35,100L30,100L20,95L15,95Z'
	);
	expect(bandPath([null], x, y, 10)).toBe('');
});
