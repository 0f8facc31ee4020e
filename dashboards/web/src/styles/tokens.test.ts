import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const pairs = [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
const themes = {
	light: new Map(pairs.map(([, name, light]) => [name!, light!])),
	dark: new Map(pairs.map(([, name, , dark]) => [name!, dark!]))
};

const SURFACES = ['bg', 'surface', 'hover', 'accent-soft'];
const INKS = ['ink', 'ink-2', 'ink-3', 'accent', 'good', 'bad', 'warn'];
const SERIES = ['1', '2', '3', '4', '5', '6', 'other'].map((name) => `series-${name}`);

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((at) => {
		const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(themes))('in the %s theme', (_, colour) => {
	const between = (a: string, b: string) => contrast(colour.get(a)!, colour.get(b)!);

	test('every ink can be read on every surface', () => {
		for (const ink of INKS)
			for (const surface of SURFACES)
				expect(between(ink, surface), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.49);
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

	test('the ramp goes steadily from one end to the other', () => {
		const steps = [1, 2, 3, 4, 5, 6].map((step) => between(`ramp-${step}`, 'surface'));
		expect(steps).toEqual([...steps].sort((a, b) => a - b));
	});
});
