import { expect, test } from 'vitest';
import { handedOn } from '../../scripts/first.mjs';
import { pressed, shell, tokensFor } from '../../scripts/shell.mjs';

const TOKENS = `:root {
	--bg: light-dark(#fff, #000);
	--ink: light-dark(#000, #fff);
}
:root[data-theme='dark'] {
	color-scheme: dark;
}
`;

test('the shell carries the tokens that it names, and the themes', () => {
	expect(pressed(tokensFor('p { color: var(--ink); }', TOKENS))).toBe(
		":root{--ink:light-dark(#000,#fff)}:root[data-theme='dark']{color-scheme:dark}"
	);
});

test('a token that there is none of is a mistake', () => {
	expect(() => tokensFor('p { color: var(--ink-9); }', TOKENS)).toThrow('--ink-9');
});

test('rules mean the same in fewer bytes', () => {
	expect(
		pressed(
			'/* why */\na > b,\n.c :is(i, u) {\n\tfont: 400 var(--t) / 1.5 x;\n\tmargin: -1px 0;\n}\n'
		)
	).toBe('a > b,.c :is(i,u){font:400 var(--t) / 1.5 x;margin:-1px 0}');
});

test('the shell is small, and names no colour of its own', () => {
	const { head, body } = shell();
	expect(head.length + body.length).toBeLessThan(5_000);
	expect(body).not.toContain('style=');
	expect(head.replace(/--[\w-]+:[^;}]*/g, '')).not.toMatch(/#[0-9a-f]{3,8}\b/);
});

test('a file that only hands on names is passed by, whichever names they are', () => {
	expect(handedOn('export{a as start,b}from"../chunks/x.js";\n')).toEqual({
		from: 'chunks/x.js',
		names: [['a', 'start'], ['b']]
	});
	expect(handedOn('import"../chunks/x.js";export{a as start};')).toBeUndefined();
});
