import { expect, test } from 'vitest';
import { LANGUAGES, localeOf, nameOf, spoken } from './language';

test('the first language that we speak is taken, whatever its region', () => {
	expect(spoken([null, 'fr-CH', 'de-CH', 'en-GB'])).toBe('de');
	expect(spoken(['EN'])).toBe('en');
	expect(spoken(['den', 'x-de'])).toBeUndefined();
	expect(spoken([])).toBeUndefined();
});

test('the region is the one that the browser prefers for the language', () => {
	expect(localeOf('de', ['en-US', 'de-AT', 'de-DE'])).toBe('de-AT');
	expect(localeOf('en', ['de', 'en'])).toBe('en-GB');
});

test('a language is called what it calls itself', () => {
	expect(LANGUAGES.map(nameOf)).toEqual(['English', 'Deutsch']);
});
