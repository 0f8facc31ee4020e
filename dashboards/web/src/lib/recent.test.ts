import { expect, test } from 'vitest';
import { Recent } from './recent';

test('the answer not asked for longest is forgotten first', () => {
	const recent = new Recent<number>(2);
	recent.set('a', 1);
	recent.set('b', 2);
	expect(recent.get('a')).toBe(1);
	recent.set('c', 3);
	expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
});
