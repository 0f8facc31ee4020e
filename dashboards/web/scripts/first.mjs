/**
 * Makes the built page fast to see. The framework writes one that is empty until its program runs, and that waits
 * for every style before it draws. This one shows a shell at once, says early what an address needs, and waits for
 * the style only before the program starts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { early } from './early.mjs';
import { closure, filesOf, readManifest, start } from './manifest.mjs';
import { shell } from './shell.mjs';

const BUILT = new URL('../.svelte-kit/output/client/', import.meta.url);

/** Where a file that only hands on the names of another points: `export{a as start}from"../chunks/b.js"`. */
export function handedOn(text) {
	const [, names, from] = /^export\s*\{([^}]*)\}\s*from\s*"\.\.\/([^"]+)";?\s*$/.exec(text) ?? [];
	if (!names) return undefined;
	return { from, names: names.split(',').map((name) => name.trim().split(' as ')) };
}

const readHandedOn = (file) => handedOn(readFileSync(new URL(file, BUILT), 'utf8'));

/** An import of `file`, past what would only hand it on: that would be a request for less than its headers. */
function imported(file) {
	const found = readHandedOn(file);
	if (!found) return `import("/${file}")`;
	const own = found.names.map(([inside, outside = inside]) => `${outside}: it.${inside}`);
	return `import("/_app/immutable/${found.from}").then((it) => ({ ${own.join(', ')} }))`;
}

/** `html` with `from` replaced by `by`; it must be there once. */
function replaced(html, from, by) {
	if (html.split(from).length !== 2) throw new Error(`the page does not hold once: ${from}`);
	return html.replace(from, () => by);
}

/** What every address needs, asked for in the head. */
const wanted = (js, css) => [
	...js.map((file) => `<link href="/${file}" rel="modulepreload">`),
	...css.map((file) => `<link href="/${file}" rel="preload" as="style">`)
];

/** Inside the body a style no longer holds up painting, and still holds up the script after it. */
const styles = (css) => css.map((file) => `<link href="/${file}" rel="stylesheet">`);

const lines = (all) => all.map((one) => `\t\t${one}\n`).join('');

/** Writes shell, script and links into the built page, in place of the framework's links. */
export function hasten(file) {
	const manifest = readManifest();
	const entries = start(manifest).map((key) => manifest[key].file);
	const { js, css } = filesOf(manifest, closure(manifest, start(manifest)));
	const program = js.filter((one) => !entries.includes(one) || !readHandedOn(one));
	const { head, body } = shell();
	const script = `<script>${early()}</script>`;

	const bare = readFileSync(file, 'utf8').replace(
		/[\t ]*<link href="[^"]+" rel="(?:stylesheet|modulepreload)">\n/g,
		''
	);
	const headed = replaced(
		bare,
		'\t</head>',
		`${lines([...wanted(program, css), script, head])}\t</head>`
	);
	const whole = replaced(headed, '<body>\n', `<body>\n${lines([body, ...styles(css)])}`);
	writeFileSync(
		file,
		entries.reduce((html, entry) => replaced(html, `import("/${entry}")`, imported(entry)), whole)
	);
}
