import { afterEach, expect, test } from 'vitest';
import { doorFrom, leaves, stays } from './door';

afterEach(stays);

test('who has to sign in comes back to where they were', () => {
	expect(doorFrom('/p/acme/rocket?range=7d')).toBe(
		'/sign-in?next=%2Fp%2Facme%2Frocket%3Frange%3D7d'
	);
});

test('who left on purpose does not, until they are in again', () => {
	leaves();
	expect(doorFrom('/p/acme/rocket')).toBe('/sign-in');
	stays();
	expect(doorFrom('/')).toBe('/sign-in?next=%2F');
});
