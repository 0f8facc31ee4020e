/**
 * Asks for what an address needs while the page itself is still being read. Every path is answered with
 * the same file, so the framework can only say what all of them need; the rest it would find one round
 * after the other: the program, its words, the route, what the route imports. A small script in the head
 * knows the files of each route and says them all at once.
 */
import { closure, filesOf, readManifest, readRoutes, start, wordsOf } from './manifest.mjs';

/** A route as a pattern of paths: `/(app)/p/[...package]/-/[page=beside]` is `/p/.+/-/[^/]+`. */
export function pattern(route) {
	const parts = route.split('/').filter((part) => part !== '' && !/^\(.*\)$/.test(part));
	const said = parts.map((part) =>
		part.startsWith('[...') ? '.+' : part.startsWith('[') ? '[^/]+' : part
	);
	return `/${said.join('/')}`;
}

/** Says `later` for itself, so no page waits for it. */
const LATER = /\/MadeUp\.svelte$/;

/** What a page waits for first: the panels of a route that has a single file of them. */
function panels(manifest, own) {
	return own.flatMap((key) => {
		const wanted = (manifest[key].dynamicImports ?? []).filter(
			(one) => one.endsWith('.svelte') && !LATER.test(one)
		);
		return wanted.length === 1 ? wanted : [];
	});
}

/** Which frame the shell shows until the page has come; `shell.css` knows them by these names. */
function frameOf(route) {
	if (!route.startsWith(INSIDE)) return 'door';
	return route.startsWith(`${INSIDE}/p/`) ? 'package' : 'plain';
}

/** What is asked of the API at once. At other doors it would lie unused, and later say that nobody is in. */
const asksWhoLooks = (route) => route.startsWith(INSIDE) || route.endsWith('/sign-in');

/**
 * By pattern, what the head of the page does not name: `[pattern, files, [words], frame, asks]`. Exact words come
 * first; `asks` have those that want to know at once who is looking.
 */
export function table(manifest, routes, languages) {
	const everywhere = closure(manifest, start(manifest));
	const there = filesOf(manifest, everywhere);
	const common = wordsOf(manifest, everywhere);
	const asked = new Set([...everywhere].flatMap((key) => manifest[key].dynamicImports ?? []));
	const rows = routes.map(({ route, page, layouts }) => {
		// The outermost layout is in the program; the error page is for those who need it.
		const loaded = [page, ...layouts.slice(2)].filter((key) => asked.has(key));
		const own = [...closure(manifest, loaded, new Set(everywhere))];
		const shown = closure(manifest, panels(manifest, own.filter(isNew)), new Set(own));
		const all = [...shown].filter(isNew);
		const { js, css } = filesOf(manifest, all);
		const words = [...common, ...wordsOf(manifest, all)].map((part) =>
			languages.map((language) => manifest[part[language]].file)
		);
		const files = [...js, ...css.filter((style) => !there.css.includes(style))];
		return [pattern(route), files, words, frameOf(route), asksWhoLooks(route)];
	});
	return rows.sort(([a], [b]) => looseness(a) - looseness(b) || b.length - a.length);

	function isNew(key) {
		return !everywhere.has(key);
	}
}

/** What ends in anything fits also what is below it. */
const looseness = (path) => (path.endsWith('.+') ? 9 : path.split('+').length);

/** Runs in the head of the page, so it is written out there as text. */
function ask(routes, files, languages, folder) {
	const path = location.pathname;
	const [, own, words, frame, asks] = routes.find(([pattern]) =>
		new RegExp(`^${pattern}/?$`).test(path)
	) ?? ['', [], [], 'door', false];
	document.documentElement.dataset.frame = frame;
	let chosen;
	try {
		chosen = localStorage.getItem('weir-language');
	} catch {
		// Storage may be forbidden; the browser's languages then decide.
	}
	const spoken = [chosen, ...navigator.languages].map((tag) =>
		languages.indexOf(String(tag).slice(0, 2).toLowerCase())
	);
	const language = spoken.find((at) => at >= 0) ?? 0;
	if (asks) {
		const link = document.createElement('link');
		link.rel = 'preload';
		link.as = 'fetch';
		link.crossOrigin = 'anonymous';
		link.href = '/api/v2/session';
		document.head.append(link);
	}
	for (const at of [...words.map((part) => part[language]), ...own]) {
		const link = document.createElement('link');
		const isStyle = files[at].endsWith('.css');
		link.rel = isStyle ? 'preload' : 'modulepreload';
		if (isStyle) link.as = 'style';
		link.href = folder + files[at];
		document.head.append(link);
	}
}

const FOLDER = '_app/immutable/';
/** The layout of pages for those who have signed in. */
const INSIDE = '/(app)';
const LANGUAGES = ['en', 'de'];

/** The script of the head. */
export function script(rows) {
	const files = [...new Set(rows.flatMap(([, own, words]) => [...own, ...words.flat()]))];
	const at = (file) => files.indexOf(file);
	const routes = rows.map(([path, own, words, ...rest]) => [
		path,
		own.map(at),
		words.map((part) => part.map(at)),
		...rest
	]);
	const short = files.map((file) => file.replace(FOLDER, ''));
	const given = [routes, short, LANGUAGES, `/${FOLDER}`].map((one) => JSON.stringify(one));
	return `(${ask})(${given.join(', ')})`;
}

/** The script for what was built. */
export const early = () => script(table(readManifest(), readRoutes(), LANGUAGES));
