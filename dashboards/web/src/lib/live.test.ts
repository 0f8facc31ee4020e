import { expect, test } from 'vitest';
import type { EventRow } from './api/types';
import { after, MOST_EVENTS, silence } from './live';

const row = (id: string) => ({ id }) as EventRow;
const ids = (rows: EventRow[]) => rows.map(({ id }) => id).join(' ');

test('news come first and nothing stands twice', () => {
	const shown = after([], { events: [row('b'), row('a')], first: true });
	expect(ids(after(shown, { events: [row('c'), row('b')], first: false }))).toBe('c b a');
	expect(ids(after(shown, { events: [row('z')], first: true }))).toBe('z');
});

test('a page holds so many and no more', () => {
	const many = Array.from({ length: MOST_EVENTS }, (_, i) => row(String(i)));
	const shown = after(many, { events: [row('new')], first: false });
	expect(shown.length).toBe(MOST_EVENTS);
	expect(shown[0]?.id).toBe('new');
});

test('a silence is worth a word only where events usually come more often', () => {
	const now = Date.parse('2026-11-21T10:41:00Z');
	expect(silence('2026-11-21T10:00:00Z', 20, now)).toBe(2400);
	expect(silence('2026-11-21T10:35:00Z', 20, now)).toBeUndefined();
	expect(silence('2026-11-21T10:00:00Z', 600, now)).toBeUndefined();
	expect(silence('2026-11-21T10:00:00Z', null, now)).toBeUndefined();
	expect(silence(undefined, 20, now)).toBeUndefined();
});
