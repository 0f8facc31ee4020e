import { expect, test } from 'vitest';
import type { QueryAnswer } from './api/types';
import { found, isMadeUp, MEASURED, searched } from './made-up';
import { parseView, writeView } from './view';

const answer = (now: number, then: number) =>
	({ results: [{ metrics: [now], comparison: { metrics: [then] } }] }) as unknown as QueryAnswer;

test('made-up events among the numbers outweigh those beside them', () => {
	expect(found(answer(3, 9))).toBe('included');
	expect(found(answer(0, 9))).toBe('compared');
	expect(found(answer(0, 0))).toBeUndefined();
	expect(found(undefined)).toBeUndefined();
});

test('an event is made up by its route alone', () => {
	expect(isMadeUp({ route: 'made-up history' })).toBe(true);
	expect(isMadeUp({ route: '/rocket/{version}' })).toBe(false);
});

test('days whose events are gone are judged by the rest', () => {
	const at = (to: string) => searched({ from: '2026-01-01', to }, '2026-11-21');
	expect(at('2026-08-23')).toBe('all');
	expect(at('2026-08-24')).toEqual({ from: '2026-01-01', to: '2026-08-24' });
	expect(searched('12mo', '2026-11-21')).toBe('12mo');
});

test('what was measured can be linked to', () => {
	const written = writeView({ ...parseView(''), filters: [MEASURED] });
	expect(parseView(written).filters).toEqual([MEASURED]);
});
