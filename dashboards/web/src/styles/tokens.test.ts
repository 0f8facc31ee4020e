import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast, distance, lab, SIGHTS, type Sight } from './colour';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const pairs = [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
const themes = {
	light: new Map(pairs.map(([, name, light]) => [name!, light!])),
	dark: new Map(pairs.map(([, name, , dark]) => [name!, dark!]))
};

const SURFACES = ['bg', 'surface', 'hover', 'accent-soft'];
const INKS = ['ink', 'ink-2', 'ink-3', 'accent', 'good', 'bad', 'warn'];
const SERIES = ['1', '2', '3', '4', '5', '6', 'other'].map((name) => `series-${name}`);

describe.each(Object.entries(themes))('in the %s theme', (_, colour) => {
	const between = (a: string, b: string) => contrast(colour.get(a)!, colour.get(b)!);

	test('every ink can be read on every surface', () => {
		for (const ink of INKS)
			for (const surface of SURFACES)
				expect(between(ink, surface), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5);
	});

	test('every series can be seen on its surface', () => {
		for (const series of SERIES)
			expect(between(series, 'surface'), series).toBeGreaterThanOrEqual(3);
	});

	test('fields have a visible edge', () => {
		for (const surface of ['bg', 'surface'])
			expect(between('line-strong', surface)).toBeGreaterThanOrEqual(3);
	});

	test('the text of a primary button can be read', () => {
		expect(between('surface', 'accent')).toBeGreaterThanOrEqual(4.5);
	});

	const apart = (a: string, b: string, sight: Sight) =>
		distance(lab(colour.get(a)!, sight), lab(colour.get(b)!, sight));

	test.each(Object.keys(SIGHTS) as Sight[])('with %s sight, any two series differ', (sight) => {
		const own = SERIES.filter((name) => name !== 'series-other');
		for (const [i, a] of own.entries())
			for (const b of own.slice(i + 1))
				expect(apart(a, b, sight), `${a} and ${b}`).toBeGreaterThanOrEqual(15);
	});

	test.each(Object.keys(SIGHTS) as Sight[])('with %s sight, steps of the ramp differ', (sight) => {
		for (const step of [1, 2, 3, 4, 5])
			expect(
				apart(`ramp-${step}`, `ramp-${step + 1}`, sight),
				`${step} and the next`
			).toBeGreaterThanOrEqual(9);
	});

	test('the ramp goes steadily from one end to the other', () => {
		const steps = [1, 2, 3, 4, 5, 6].map((step) => between(`ramp-${step}`, 'surface'));
		expect(steps).toEqual([...steps].sort((a, b) => a - b));
	});
});
