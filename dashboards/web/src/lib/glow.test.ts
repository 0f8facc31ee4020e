import { expect, test } from 'vitest';
import { glows } from './glow';

const NOW = Date.parse('2026-11-20T14:05:00Z');
const at = (minutes: number, country: string) => ({
	time: new Date(NOW - minutes * 60_000).toISOString(),
	country
});

test('a country shines by its newest event, and fades within half an hour', () => {
	const events = [at(0, 'DE'), at(14, 'US'), at(29.9, 'JP'), at(30, 'FR'), at(29, 'DE')];
	expect(glows(events, NOW)).toEqual([
		{ code: 'DE', events: 2, step: 6 },
		{ code: 'US', events: 1, step: 4 },
		{ code: 'JP', events: 1, step: 1 }
	]);
});

test('what has no country has no place, and nothing is brighter than now', () => {
	expect(glows([at(1, ''), at(-5, 'CH')], NOW)).toEqual([{ code: 'CH', events: 1, step: 6 }]);
});
