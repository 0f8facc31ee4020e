import { expect, test } from 'vitest';
import { size } from './bytes';

test('sizes have the largest unit that leaves a whole number in front', () => {
	const sizes = [0, 999, 1_000, 1_536_000, 42_000_000_000, 7e15].map((bytes) => size(bytes, 'en'));
	expect(sizes).toEqual(['0 byte', '999 byte', '1 kB', '1.54 MB', '42 GB', '7,000 TB']);
});
