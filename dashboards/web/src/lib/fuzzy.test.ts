import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fit, fitting } from './fuzzy';

const best = (wanted: string, ...names: string[]) => fitting(names, wanted, (name) => name);

test('what is typed as it stands comes before what is short for a name', () => {
	expect(best('roc', 'red orchid client', 'acme/rocket', 'rocket')).toEqual([
		'rocket',
		'acme/rocket',
		'red orchid client'
	]);
	expect(best('acro', 'acme/rocket', 'acme/compass')).toEqual(['acme/rocket']);
});

test('the beginning of a word counts for more than its middle', () => {
	expect(best('days', 'holidays', 'Last 28 days')).toEqual(['Last 28 days', 'holidays']);
});

test('several words may stand in any order', () => {
	expect(best('91 last', 'Last 91 days', 'Last 28 days')).toEqual(['Last 91 days']);
});

test('accents and capitals need not be typed', () => {
	expect(best('uberblick', 'Überblick', 'Versionen')).toEqual(['Überblick']);
});

test('those that fit alike keep their order, and the shorter of two comes first', () => {
	expect(best(' ', 'longer', 'short')).toEqual(['longer', 'short']);
	expect(best('a', 'ab', 'aa')).toEqual(['ab', 'aa']);
	expect(best('weir', 'weir-docs', 'weir')).toEqual(['weir', 'weir-docs']);
});

test('letters from the middle of words, missing ones and another order do not fit', () => {
	for (const wanted of ['rockets', 'tekcor', 'cmro', 'aet'])
		expect(fit('acme/rocket', wanted), wanted).toBeUndefined();
});

test('the beginnings of the words of a name, however long, are short for it', () => {
	const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
	fc.assert(
		fc.property(fc.array(fc.tuple(word, fc.nat(7)), { minLength: 1, maxLength: 5 }), (words) => {
			const name = words.map(([text]) => text).join('-');
			const short = words.map(([text, kept]) => text.slice(0, kept)).join('');
			expect(fit(name, short)).toBeDefined();
		})
	);
});
