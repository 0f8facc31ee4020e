import { expect, test } from 'vitest';
import { available, type Acts, type Place } from './commands';
import { sections } from './choices';
import { GO_KEYS } from './keys';
import { PAGES } from './paths';
import { DEFAULT_VIEW } from './view';

const place: Place = {
	packages: ['acme/rocket', 'acme/compass'],
	packageName: 'acme/rocket',
	path: '/p/acme/rocket/-/versions',
	search: '?r=7d',
	view: { ...DEFAULT_VIEW, range: '7d' },
	theme: 'system',
	now: new Date('2026-11-21T12:00:00Z'),
	timeZone: 'UTC'
};

/** What was done, by the name of the act. */
function watched(): { done: [string, unknown][]; acts: Acts } {
	const done: [string, unknown][] = [];
	const act = (name: string) => (given?: unknown) => void done.push([name, given]);
	const names = ['show', 'theme', 'language', 'copyLink', 'filter', 'print', 'keys', 'leave'];
	const acts = Object.fromEntries(names.map((name) => [name, act(name)]));
	return { done, acts: { ...acts, elsewhere: (name: string) => `/to/${name}` } as Acts };
}

function take(wanted: string, from = place) {
	const { done, acts } = watched();
	const first = sections(available(from, acts), wanted, [], '')[0]?.choices[0];
	if (!first || typeof first.go === 'string') return first?.go;
	first.go();
	return done[0];
}

test('pages keep the view, and other packages decide on theirs', () => {
	expect(take('explore')).toBe('/p/acme/rocket/-/explore?r=7d');
	expect(take('compass')).toBe('/to/acme/compass');
});

test('ranges, metrics and comparisons change the view', () => {
	expect(take('91')).toEqual(['show', { range: '91d', interval: undefined }]);
	expect(take('yesterday')).toEqual([
		'show',
		{ range: { from: '2026-11-20', to: '2026-11-20' }, interval: undefined }
	]);
	expect(take('docs views')).toEqual(['show', { metric: 'views' }]);
	expect(take('year earlier')).toEqual(['show', { comparison: 'year' }]);
});

test('actions and appearances are found by what they are called', () => {
	expect(take('dark')).toEqual(['theme', 'dark']);
	expect(take('deutsch')).toEqual(['language', 'de']);
	expect(take('sign out')).toEqual(['leave', undefined]);
	expect(take('shortcuts')).toEqual(['keys', undefined]);
});

test('away from a package there is nothing that needs one', () => {
	const away = { ...place, packageName: undefined, path: '/settings' };
	const ids = available(away, watched().acts).map(({ id }) => id.split(':')[0]);
	expect(ids).not.toContain('range');
	expect(ids).not.toContain('page');
	expect(ids).toContain('package');
});

test('no two commands share what they are remembered by', () => {
	const ids = available(place, watched().acts).map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
});

test('keys that lead to pages lead to different ones', () => {
	expect(new Set(Object.values(GO_KEYS)).size).toBe(Object.keys(GO_KEYS).length);
	for (const page of ['overview', 'versions', 'audience', 'explore'] as const)
		expect([PAGES.includes(page), Object.values(GO_KEYS).includes(page)]).toEqual([true, true]);
});
