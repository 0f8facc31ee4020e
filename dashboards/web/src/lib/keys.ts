/** Single keys and what they do to a view. */
import { addDays, INTERVALS, intervalsFor, step, today, type Days, type Range } from './range';
import { intervalOf } from './question';
import { AUDIENCES, DEFAULT_AUDIENCE, type View } from './view';

/** Ranges by key: those people know from other dashboards. */
export const RANGE_KEYS: Record<string, Range | 'yesterday' | '30d'> = {
	d: 'day',
	e: 'yesterday',
	h: '24h',
	w: '7d',
	f: '28d',
	t: '30d',
	n: '91d',
	m: 'month',
	y: 'year',
	l: '12mo',
	a: 'all'
};

/** After `g`, the pages of a package by key; a page that does not exist has no key. */
export const GO_KEYS: Record<string, string> = {
	o: 'overview',
	v: 'versions',
	r: 'organisations',
	a: 'audience',
	d: 'docs',
	f: 'funnel',
	x: 'explore'
};

/** How long `g` waits for the key after it. */
export const GO_WITHIN_MS = 1_500;

/** The change that a key makes to the view; undefined for a key that means nothing here. */
export function keyed(
	key: string,
	view: View,
	now: Date,
	timeZone: string
): Partial<View> | undefined {
	const day = today(now, timeZone);
	const named = Object.hasOwn(RANGE_KEYS, key) ? RANGE_KEYS[key] : undefined;
	if (named) return { range: rangeOf(named, day), interval: undefined };
	if (key === 'ArrowLeft' || key === 'ArrowRight') {
		const next = step(daysOf(view.range, day), key === 'ArrowLeft' ? -1 : 1, day);
		return next && { range: next };
	}
	if (key === 'x') return { comparison: view.comparison === 'off' ? 'prev' : 'off' };
	if (key === 'i') return { interval: nextInterval(view) };
	if (key === 'Escape' && view.filters.length > 0) return { filters: [] };
	const audience = /^[1-5]$/.test(key) ? AUDIENCES[Number(key) - 1] : undefined;
	if (!audience) return undefined;
	const left = AUDIENCES.filter((one) => view.audience.includes(one) !== (one === audience));
	return { audience: left.length > 0 ? left : [...DEFAULT_AUDIENCE] };
}

function rangeOf(named: Range | 'yesterday' | '30d', day: string): Range {
	if (named === 'yesterday') return { from: addDays(day, -1), to: addDays(day, -1) };
	if (named === '30d') return { from: addDays(day, -29), to: day };
	return named;
}

/** The days that a range with a name covers today, to step from. */
function daysOf(range: Range, day: string): Days {
	if (typeof range !== 'string') return range;
	if (range === 'month') return { from: `${day.slice(0, 8)}01`, to: day };
	if (range === 'year') return { from: `${day.slice(0, 5)}01-01`, to: day };
	const days = {
		'24h': 1,
		day: 1,
		'7d': 7,
		'28d': 28,
		'91d': 91,
		'6mo': 183,
		'12mo': 365,
		all: 365
	}[range];
	return { from: addDays(day, 1 - days), to: day };
}

function nextInterval(view: View): View['interval'] {
	const possible = intervalsFor(view.range);
	const place = possible.indexOf(intervalOf(view));
	return possible[(place + 1) % possible.length] ?? INTERVALS[1];
}
