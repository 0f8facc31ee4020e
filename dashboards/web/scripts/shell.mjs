/** What the page shows before its program has come: `src/shell.html`, with its style. */
import { readFileSync } from 'node:fs';

const source = (path) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');

/** The tokens that `css` names, for both themes. */
export function tokensFor(css, tokens) {
	const named = new Set([...css.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
	const unknown = new Set(named);
	const kept = tokens.replace(/^\s*(--[\w-]+):[^;]*;\n/gm, (line, name) => {
		unknown.delete(name);
		return named.has(name) ? line : '';
	});
	if (unknown.size > 0) throw new Error(`no tokens: ${[...unknown].join(', ')}`);
	return kept;
}

/** The same rules in fewer bytes. Ours hold no text in which a space or a bracket would matter. */
export const pressed = (css) =>
	css
		.replace(/\/\*[\s\S]*?\*\//g, '')
		.replace(/\s+/g, ' ')
		.replace(/ ?([{};,]) ?/g, '$1')
		.replace(/(?<=[{;][\w-]+): /g, ':')
		.replaceAll(';}', '}')
		.trim();

/** What goes into the head of the page, and what into its body. */
export function shell() {
	const css = source('styles/shell.css');
	const style = pressed(tokensFor(css, source('styles/tokens.css')) + css);
	return {
		head: `<style>${style}</style>`,
		body: source('shell.html').trim().replace(/\s+/g, ' ')
	};
}
