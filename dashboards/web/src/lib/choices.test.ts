import { expect, test } from 'vitest';
import { sections, type Choice } from './choices';
import { newest } from './lately';

const choice = (id: string, group = ''): Choice => ({ id, name: id, group, go: `/${id}` });
const shown = (all: Choice[], wanted: string, lately: string[] = []) =>
	sections(all, wanted, lately, 'Lately').map(({ title, choices }) => [
		title,
		choices.map(({ id }) => id)
	]);

const mixed = [choice('rocket', 'Packages'), choice('dark', 'Theme'), choice('light', 'Theme')];

test('what was chosen lately stands first, under a heading of its own', () => {
	expect(shown(mixed, '', ['light', 'gone'])).toEqual([
		['Lately', ['light']],
		['Packages', ['rocket']],
		['Theme', ['dark', 'light']]
	]);
});

test('a list of one kind needs no headings', () => {
	expect(shown([choice('a'), choice('b')], '', ['b'])).toEqual([['', ['b', 'a']]]);
});

test('typing makes one list, in which a heading is found too', () => {
	expect(shown(mixed, 'theme')).toEqual([['', ['dark', 'light']]]);
	expect(shown(mixed, 'theme dar')).toEqual([['', ['dark']]]);
	expect(shown(mixed, 'nothing like it')).toEqual([]);
});

test('of those that fit alike, the ones chosen lately come first', () => {
	expect(shown([choice('aa'), choice('ab')], 'a', ['ab'])).toEqual([['', ['ab', 'aa']]]);
});

test('a choice is remembered once, and old ones are forgotten', () => {
	expect(newest(['a', 'b'], 'b')).toEqual(['b', 'a']);
	const many = Array.from({ length: 40 }, (_, i) => `${i}`);
	expect(newest(many, 'new')).toHaveLength(24);
});
