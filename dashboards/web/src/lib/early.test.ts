import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { pattern, script, table } from '../../scripts/early.mjs';

const NODES = '.svelte-kit/generated/client-optimized/nodes';
const built = (name: string) => `_app/immutable/chunks/${name}.js`;

/** A page in two layouts with panels of its own, and another that any path fits. */
const MANIFEST = {
	'node_modules/@sveltejs/kit/src/runtime/client/entry.js': { file: built('start') },
	'.svelte-kit/generated/client-optimized/app.js': {
		file: built('app'),
		imports: ['program']
	},
	// The outermost layouts are in it; the rest is asked for.
	program: {
		file: built('program'),
		css: ['_app/immutable/assets/style.css'],
		dynamicImports: [
			'src/lib/i18n/en.ts',
			'src/lib/i18n/de.ts',
			...[3, 4, 5, 6].map((number) => `${NODES}/${number}.js`)
		]
	},
	[`${NODES}/0.js`]: { file: built('root') },
	[`${NODES}/1.js`]: { file: built('error') },
	[`${NODES}/2.js`]: { file: built('frame'), imports: ['program'] },
	[`${NODES}/6.js`]: { file: built('inner'), imports: ['shared', 'program'] },
	[`${NODES}/3.js`]: { file: built('docs'), dynamicImports: ['src/components/DocsPanels.svelte'] },
	[`${NODES}/4.js`]: { file: built('any'), dynamicImports: ['a.svelte', 'b.svelte'] },
	[`${NODES}/5.js`]: { file: built('door') },
	shared: {
		file: built('shared'),
		css: ['_app/immutable/assets/shared.css', '_app/immutable/assets/style.css']
	},
	'src/components/DocsPanels.svelte': {
		file: built('panels'),
		imports: ['shared'],
		dynamicImports: ['src/lib/i18n/docs.en.ts', 'src/lib/i18n/docs.de.ts']
	},
	'src/lib/i18n/en.ts': { file: built('en') },
	'src/lib/i18n/de.ts': { file: built('de') },
	'src/lib/i18n/docs.en.ts': { file: built('docs.en') },
	'src/lib/i18n/docs.de.ts': { file: built('docs.de') }
};
const LAYOUTS = [0, 1, 2].map((number) => `${NODES}/${number}.js`);
const ROUTES = [
	{ route: '/(app)', page: `${NODES}/4.js`, layouts: LAYOUTS },
	{ route: '/(app)/p/[...package]', page: `${NODES}/4.js`, layouts: LAYOUTS },
	{ route: '/(door)/sign-in', page: `${NODES}/5.js`, layouts: LAYOUTS },
	{ route: '/(door)/setup', page: `${NODES}/5.js`, layouts: LAYOUTS },
	{
		route: '/(app)/p/[...package]/-/docs',
		page: `${NODES}/3.js`,
		layouts: [...LAYOUTS, `${NODES}/6.js`]
	}
];

/** What the script asks for at an address, and the frame that it chooses. */
function run(pathname: string, chosen: string | null, languages: string[]) {
	const links: { href: string }[] = [];
	const dataset: { frame?: string } = {};
	runInNewContext(script(table(MANIFEST, ROUTES, ['en', 'de'])), {
		location: { pathname },
		localStorage: { getItem: () => chosen },
		navigator: { languages },
		document: {
			createElement: () => ({}),
			documentElement: { dataset },
			head: { append: (link: never) => links.push(link) }
		}
	});
	const asked = links.map(({ href }) => href.replace(/^\/_app\/immutable\/\w+\//, ''));
	return { asked, frame: dataset.frame };
}

const asked = (...given: Parameters<typeof run>) => run(...given).asked;
const frame = (pathname: string) => run(pathname, null, ['en']).frame;

test('a route is a pattern of paths', () => {
	expect(pattern('/(app)')).toBe('/');
	expect(pattern('/(app)/p/[...package]/-/[page=beside]')).toBe('/p/.+/-/[^/]+');
	expect(pattern('/(door)/sign-in')).toBe('/sign-in');
});

test('an address asks at once for its words, its route, its inner layouts and its panels', () => {
	expect(asked('/p/acme/rocket/-/docs', null, ['fr', 'en-GB', 'de'])).toEqual([
		'/api/v2/session',
		'en.js',
		'docs.en.js',
		'docs.js',
		'inner.js',
		'shared.js',
		'panels.js',
		'shared.css'
	]);
});

test('what the page names for all is not asked for again', () => {
	for (const file of ['program.js', 'style.css', 'frame.js'])
		expect(asked('/p/acme/rocket/-/docs', null, ['en'])).not.toContain(file);
});

test('words are those that the viewer chose, else those that the browser prefers', () => {
	expect(asked('/p/rocket', 'de', ['en']).slice(1, 2)).toEqual(['de.js']);
	expect(asked('/p/rocket', null, ['de-AT', 'en']).slice(1, 2)).toEqual(['de.js']);
	expect(asked('/p/rocket', null, ['fr']).slice(1, 2)).toEqual(['en.js']);
});

test('of several things that a page may open, none is asked for before', () => {
	expect(asked('/p/rocket', null, ['en'])).toEqual(['/api/v2/session', 'en.js', 'any.js']);
});

test('only the door that wants to know asks who is looking: elsewhere the answer would be old by the time somebody is in', () => {
	expect(asked('/sign-in', null, ['en'])).toContain('/api/v2/session');
	expect(asked('/setup', null, ['en'])).not.toContain('/api/v2/session');
	expect(asked('/setup', null, ['en'])).toContain('door.js');
});

test('an address has its frame before its page', () => {
	expect(frame('/')).toBe('plain');
	expect(frame('/p/acme/rocket/-/docs')).toBe('package');
	expect(frame('/sign-in')).toBe('door');
	expect(frame('/nowhere')).toBe('door');
});

test('an address that no route knows asks for nothing more', () => {
	expect(asked('/nowhere', null, ['en'])).toEqual([]);
});
