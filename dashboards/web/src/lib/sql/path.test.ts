import { expect, test } from 'vitest';
import { sqlPath } from './path';

test('a statement is beside the dimensions of the pivot, which come back with it', () => {
	expect(sqlPath('acme/rocket', ['os'], 'r=7d')).toBe('/p/acme/rocket/-/explore?r=7d&by=os&sql=');
	expect(sqlPath('acme/rocket', [], '')).toBe('/p/acme/rocket/-/explore?sql=');
});
