/** What a live view makes of the messages it gets; pure. */
import type { components } from './api/schema';
import type { EventRow } from './api/types';

type Schemas = components['schemas'];
export type Counts = Schemas['LiveCounts'];
export type Events = Schemas['LiveEvents'];
export type Hello = Schemas['LiveHello'];

/** Events that a page holds. */
export const MOST_EVENTS = 100;
/** Shorter silences are nothing to speak of, however busy it usually is. */
const LEAST_SILENCE_S = 600;
/** A silence is unusual from so many usual gaps on. */
const UNUSUAL_GAPS = 20;

/** The list after a message; what is in both stands where it is newest. */
export function after(shown: EventRow[], { events, first }: Events): EventRow[] {
	if (first) return events.slice(0, MOST_EVENTS);
	const fresh = new Set(events.map(({ id }) => id));
	return [...events, ...shown.filter(({ id }) => !fresh.has(id))].slice(0, MOST_EVENTS);
}

/** Seconds since the newest event, where it is longer ago than one would expect. */
export function silence(
	newest: string | undefined,
	usualGapSeconds: number | null | undefined,
	now: number
): number | undefined {
	if (!newest || usualGapSeconds === null || usualGapSeconds === undefined) return undefined;
	// Events are known to the minute: the last one came at its end at the latest.
	const seconds = (now - Date.parse(newest)) / 1000 - 60;
	const expected = Math.max(LEAST_SILENCE_S, UNUSUAL_GAPS * usualGapSeconds);
	return seconds > expected ? seconds : undefined;
}
