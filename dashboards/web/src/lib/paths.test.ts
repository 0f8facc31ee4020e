import { expect, test } from 'vitest';
import {
	explorePath,
	livePath,
	packagePath,
	pageOf,
	pagePath,
	PAGES,
	plannerPath,
	safeNext,
	setUpPath
} from './paths';

test('slashes of a package name stay slashes', () => {
	expect(packagePath('acme/rocket')).toBe('/p/acme/rocket');
	expect(packagePath('@acme/a b?')).toBe('/p/%40acme/a%20b%3F');
});

test('a page of a package is found again by its path, also where the name ends like a page', () => {
	for (const name of ['acme/rocket', 'versions', 'acme/versions'])
		for (const page of PAGES) expect(pageOf(pagePath(name, page))).toBe(page);
	for (const beside of [livePath('acme/rocket'), setUpPath('versions'), '/p/acme/-/nowhere'])
		expect(pageOf(beside)).toBeUndefined();
	expect(pageOf(plannerPath('acme/rocket'))).toBe('versions');
});

test('Explore keeps the view and splits by what a panel splits by', () => {
	expect(explorePath('acme/rocket', ['os', 'arch', 'libc'], 'r=7d')).toBe(
		'/p/acme/rocket/-/explore?r=7d&by=os,arch'
	);
	expect(explorePath('acme/rocket', [], '')).toBe('/p/acme/rocket/-/explore');
});

test('signing in never leads to another site', () => {
	expect(safeNext('/p/acme/rocket?r=7d')).toBe('/p/acme/rocket?r=7d');
	for (const next of [
		null,
		'',
		'//evil.test',
		'/\\evil.test',
		'/\t/evil.test',
		'https://evil.test',
		'/sign-in'
	])
		expect(safeNext(next)).toBe('/');
});
