import { expect, test } from 'vitest';
import { totalIn, totals } from './totals';
import { parseView } from './view';

test('all metrics are asked for, and each is found again', () => {
	expect(totals(parseView('f=is,country,DE')).metrics).toEqual([
		'downloads',
		'people',
		'checks',
		'views'
	]);
	expect(totalIn([1, 2, 3, 4], 'people')).toBe(2);
	expect(totalIn([1, 2, 3, 4], 'views')).toBe(4);
	expect(totalIn(undefined, 'views')).toBeUndefined();
});

test('filtered by organisation nobody is counted as a person', () => {
	expect(totals(parseView('f=is,org_type,education')).metrics).toEqual([
		'downloads',
		'checks',
		'views'
	]);
	expect(totalIn([1, 3, 4], 'people')).toBeUndefined();
	expect(totalIn([1, 3, 4], 'views')).toBe(4);
});
