/** No word stands in the markup itself: it would be of one language only. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse, type AST } from 'svelte/compiler';
import { expect, test } from 'vitest';

/** Attributes whose value is read or heard. */
const READ = new Set([
	'alt',
	'aria-description',
	'aria-label',
	'aria-placeholder',
	'aria-roledescription',
	'aria-valuetext',
	'label',
	'placeholder',
	'title'
]);
/** Key caps and what stands in a configuration are the same everywhere. */
const ALLOWED = /^(Esc|Ctrl|Ctrl K|⌘K|\.x|·)$/;
const WORD = /\p{L}{2,}/u;

type Node = { type: string } & Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
	typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Text that an expression may give: not what it compares, looks up or calls. */
function results(node: unknown): string[] {
	if (!isNode(node)) return [];
	switch (node.type) {
		case 'Literal':
			return typeof node.value === 'string' ? [node.value] : [];
		case 'TemplateLiteral':
			return (node.quasis as { value: { raw: string } }[]).map(({ value }) => value.raw);
		case 'ConditionalExpression':
			return [...results(node.consequent), ...results(node.alternate)];
		case 'LogicalExpression':
			return [...results(node.left), ...results(node.right)];
		default:
			return [];
	}
}

/** What a value of an attribute, or a piece of text, says. */
function said(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(said);
	if (!isNode(value)) return [];
	if (value.type === 'Text') return [String(value.data)];
	return value.type === 'ExpressionTag' ? results(value.expression) : [];
}

function texts(node: unknown): string[] {
	if (Array.isArray(node)) return node.flatMap(texts);
	if (!isNode(node)) return [];
	if (node.type === 'StyleDirective') return [];
	if (node.type === 'Attribute') return READ.has(String(node.name)) ? said(node.value) : [];
	if (node.type === 'Text' || node.type === 'ExpressionTag') return said(node);
	return Object.values(node).flatMap((value) =>
		typeof value === 'object' && value !== null ? texts(isNode(value) ? value : inner(value)) : []
	);
}

/** A fragment or a list within a node. */
function inner(value: object): unknown[] {
	return Array.isArray(value) ? value : Object.values(value).filter(isNode);
}

function found(source: string): string[] {
	const { fragment } = parse(source, { modern: true }) as AST.Root;
	return texts(fragment)
		.map((text) => text.trim())
		.filter((text) => WORD.test(text) && !ALLOWED.test(text));
}

test('words in the markup are found wherever they may stand', () => {
	expect(found('<p>Hello</p>')).toEqual(['Hello']);
	expect(found('{#if a}<p title="Hi there">{b}</p>{/if}')).toEqual(['Hi there']);
	expect(found("<b>{x === 'some' ? 'Left' : `Right ${y}`}</b>")).toEqual(['Left', 'Right']);
	expect(found('{#each a as b (b)}<Thing label="Of it" />{:else}Nobody{/each}')).toEqual([
		'Of it',
		'Nobody'
	]);
	expect(found('{#snippet s()}<i aria-label={c || "Both"}></i>{/snippet}')).toEqual(['Both']);
	expect(found('<p class="some" data-x="word">{t.word} 7 – {of("this")}</p>')).toEqual([]);
});

const root = new URL('../../', import.meta.url).pathname;
const files = readdirSync(root, { encoding: 'utf8', recursive: true }).filter((name) =>
	name.endsWith('.svelte')
);

test('no component says a word of its own', () => {
	expect(files.length).toBeGreaterThan(50);
	const own = files.flatMap((file) =>
		found(readFileSync(root + file, 'utf8')).map((text) => `${file}: ${text}`)
	);
	expect(own, 'these belong into lib/i18n').toEqual([]);
});
