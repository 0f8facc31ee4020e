import { expect, test } from 'vitest';
import { packagePath, safeNext } from './paths';

test('slashes of a package name stay slashes', () => {
	expect(packagePath('acme/rocket')).toBe('/p/acme/rocket');
	expect(packagePath('@acme/a b?')).toBe('/p/%40acme/a%20b%3F');
});

test('signing in never leads to another site', () => {
	expect(safeNext('/p/acme/rocket?r=7d')).toBe('/p/acme/rocket?r=7d');
	for (const next of [null, '', '//evil.test', '/\\evil.test', 'https://evil.test', '/sign-in'])
		expect(safeNext(next)).toBe('/');
});
