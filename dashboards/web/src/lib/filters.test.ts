import { expect, test } from 'vitest';
import { holds, toggleFilter } from './filters';
import type { Filter } from './view';

const linux: Filter[] = [{ operator: 'is', dimension: 'os', values: ['linux'] }];

test('a second value of the same dimension widens the filter', () => {
	expect(toggleFilter(linux, 'os', 'macos')).toEqual([
		{ operator: 'is', dimension: 'os', values: ['linux', 'macos'] }
	]);
});

test('the same row again takes the filter off', () => {
	expect(toggleFilter(toggleFilter(linux, 'os', 'macos'), 'os', 'macos')).toEqual(linux);
	expect(toggleFilter(linux, 'os', 'linux')).toEqual([]);
});

test('is not replaces is for the same value', () => {
	expect(toggleFilter(linux, 'os', 'linux', 'is_not')).toEqual([
		{ operator: 'is_not', dimension: 'os', values: ['linux'] }
	]);
});

test('a value is held only by its own dimension and operator', () => {
	expect(holds(linux, 'os', 'linux')).toBe(true);
	expect(holds(linux, 'arch', 'linux')).toBe(false);
	expect(holds(linux, 'os', 'linux', 'is_not')).toBe(false);
});
