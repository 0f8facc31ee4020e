/**
 * Fails when the first page grows too heavy. The first page is what any one address loads before it
 * can draw: the entry, the layouts and the page, with all that they import; the rest is lazy.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
	closure,
	filesOf,
	readManifest,
	readRoutes,
	start,
	wasCompressed,
	wordsOf
} from './manifest.mjs';

const KB = 1024;
const LIMITS = { js: 60 * KB, css: 10 * KB, lazy: 40 * KB };

const client = new URL('../.svelte-kit/output/client/', import.meta.url);
const manifest = readManifest();
const gzip = (file) => gzipSync(readFileSync(new URL(file, client)), { level: 9 }).length;
const weight = (list) => list.reduce((sum, file) => sum + gzip(file), 0);

/** The words that `keys` wait for, in whichever language has more to say. */
function words(keys) {
	const sizes = wordsOf(manifest, keys).map((languages) =>
		Math.max(...Object.values(languages).map((key) => gzip(manifest[key].file)))
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}

const pages = readRoutes().map(({ route, page, layouts }) => {
	const loaded = closure(manifest, [...start(manifest), ...layouts, page]);
	const { js, css } = filesOf(manifest, loaded);
	return { route, loaded, js: weight(js) + words(loaded), css: weight(css) };
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

for (const { file } of Object.values(manifest).filter(({ file }) => /\.(js|css)$/.test(file)))
	if (!wasCompressed(file))
		throw new Error(`${file} was not compressed: it would be sent as it is`);
