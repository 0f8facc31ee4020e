/** What the build wrote, as a graph: which files every address of the page loads before it can draw. */
import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('../.svelte-kit/', import.meta.url);
const GENERATED = '.svelte-kit/generated/client-optimized';

/** Files by the name of their source; named by the bundler. */
export function readManifest() {
	const file = new URL('output/client/.vite/manifest.json', ROOT);
	return JSON.parse(readFileSync(file, 'utf8'));
}

/** Every route with its page and its layouts, as the framework numbers them: `"/(app)": [4,[2]]`. */
export function readRoutes() {
	const app = readFileSync(new URL('generated/client-optimized/app.js', ROOT), 'utf8');
	const lines = app.matchAll(/^\s*"(.*)": \[~?(\d+)(?:,\[([\d,]*)\])?/gm);
	const routes = [...lines].map(([, route, page, layouts = '']) => ({
		route,
		page: node(page),
		// The root layout and the error page belong to every route.
		layouts: [0, 1, ...layouts.split(',').filter(Boolean)].map(node)
	}));
	if (routes.length < 4) throw new Error('the list of routes was not understood');
	return routes;
}

const node = (number) => `${GENERATED}/nodes/${number}.js`;

/** What starts the program, whatever the address. Wherever `node_modules` lies. */
export function start(manifest) {
	const entry = Object.keys(manifest).find((key) =>
		key.endsWith('node_modules/@sveltejs/kit/src/runtime/client/entry.js')
	);
	return [entry, `${GENERATED}/app.js`];
}

/** Keys of everything that `keys` import without waiting. */
export function closure(manifest, keys, found = new Set()) {
	for (const key of keys) {
		if (found.has(key)) continue;
		found.add(key);
		closure(manifest, manifest[key].imports ?? [], found);
	}
	return found;
}

/** The files of `keys`. */
export function filesOf(manifest, keys) {
	const chunks = [...keys].map((key) => manifest[key]);
	return {
		js: [...new Set(chunks.map((chunk) => chunk.file))].filter((file) => file.endsWith('.js')),
		css: [...new Set(chunks.flatMap((chunk) => chunk.css ?? []))]
	};
}

/** Parts whose words `keys` wait for, each with the keys of its languages. */
export function wordsOf(manifest, keys) {
	const parts = new Map();
	for (const key of [...keys].flatMap((key) => manifest[key].dynamicImports ?? [])) {
		const [, part = '', language] = /^src\/lib\/i18n\/(?:(\w+)\.)?([a-z]{2})\.ts$/.exec(key) ?? [];
		if (language) parts.set(part, { ...parts.get(part), [language]: key });
	}
	return [...parts.values()];
}

export const wasCompressed = (file) =>
	['br', 'gz'].every((suffix) =>
		existsSync(new URL(`../build/${file}.${suffix}`, import.meta.url))
	);
