/**
 * Fails when the first page grows too heavy. The first page is what any one address loads before it
 * can draw: the entry, the layouts and the page, with all that they import; the rest is lazy.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const LIMITS = { js: 60 * KB, css: 10 * KB, lazy: 40 * KB };

const client = new URL('../.svelte-kit/output/client/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', client), 'utf8'));
const gzip = (file) => gzipSync(readFileSync(new URL(file, client)), { level: 9 }).length;

/** Keys of everything that `keys` import without waiting. */
function closure(keys, found = new Set()) {
	for (const key of keys) {
		if (found.has(key)) continue;
		found.add(key);
		closure(manifest[key].imports ?? [], found);
	}
	return found;
}

function files(keys) {
	const chunks = [...keys].map((key) => manifest[key]);
	return {
		js: [...new Set(chunks.map((chunk) => chunk.file))].filter((file) => file.endsWith('.js')),
		css: [...new Set(chunks.flatMap((chunk) => chunk.css ?? []))]
	};
}

const weight = (list) => list.reduce((sum, file) => sum + gzip(file), 0);

const GENERATED = '.svelte-kit/generated/client-optimized';
const ENTRY = 'node_modules/@sveltejs/kit/src/runtime/client/entry.js';
const node = (number) => `${GENERATED}/nodes/${number}.js`;

/** Of every route, its page and its layouts, as the framework numbers them: `"/(app)": [4,[2]]`. */
const app = readFileSync(new URL(`../${GENERATED}/app.js`, import.meta.url), 'utf8');
const routes = [...app.matchAll(/^\s*"(.*)": \[(~?\d+)(?:,\[([\d,]*)\])?/gm)].map(
	([, route, page, layouts = '']) => ({
		route,
		// The root layout and the error page belong to every route.
		nodes: [0, 1, Number(page.replace('~', '')), ...layouts.split(',').filter(Boolean).map(Number)]
	})
);
if (routes.length < 4) throw new Error('the list of routes was not understood');

const pages = routes.map(({ route, nodes }) => {
	const loaded = closure([ENTRY, `${GENERATED}/app.js`, ...nodes.map(node)]);
	const { js, css } = files(loaded);
	return { route, loaded, js: weight(js), css: weight(css) };
});

const eager = new Set(pages.flatMap(({ loaded }) => [...loaded]));
const lazy = Object.keys(manifest)
	.filter((key) => !eager.has(key) && manifest[key].file.endsWith('.js'))
	.map((key) => ({ name: `lazy ${key}`, size: gzip(manifest[key].file), limit: LIMITS.lazy }));

const rows = [
	...pages.flatMap(({ route, js, css }) => [
		{ name: `JS of ${route}`, size: js, limit: LIMITS.js },
		{ name: `CSS of ${route}`, size: css, limit: LIMITS.css }
	]),
	...lazy
];
for (const { name, size, limit } of rows) {
	const verdict = size > limit ? 'TOO HEAVY' : 'fine';
	console.log(`${(size / KB).toFixed(1).padStart(6)} of ${limit / KB} KB  ${verdict}  ${name}`);
}
if (rows.some(({ size, limit }) => size > limit)) process.exit(1);
