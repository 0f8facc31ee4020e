/** Date ranges and the step of the time axis. Days are text, `2026-11-21`, in the viewer's zone. */

/** Ranges with a name, as the query API spells them. */
export const PRESETS = [
	'24h',
	'day',
	'7d',
	'28d',
	'91d',
	'6mo',
	'12mo',
	'month',
	'year',
	'all'
] as const;
export type Preset = (typeof PRESETS)[number];

/** Both days are part of the range. */
export interface Days {
	from: string;
	to: string;
}
export type Range = Preset | Days;

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

const PRESET_DAYS: Record<Preset, number> = {
	'24h': 1,
	day: 1,
	'7d': 7,
	'28d': 28,
	'91d': 91,
	'6mo': 183,
	'12mo': 365,
	month: 31,
	year: 366,
	all: Infinity
};

const DAY_MS = 86_400_000;

/** Whether `text` is a day of the calendar: `2026-02-30` is not. */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** `day` moved by whole days; days have no zone, so no change of clocks can shift them. */
export function addDays(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days lie in `range`, both ends included. */
export function countDays({ from, to }: Days): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** Length of `range` in days; an upper bound for calendar ranges, endless for `all`. */
export function lengthInDays(range: Range): number {
	return typeof range === 'string' ? PRESET_DAYS[range] : countDays(range);
}

/** The step that suits a range when the viewer has not chosen one. */
export function defaultInterval(range: Range): Interval {
	const days = lengthInDays(range);
	if (days <= 2) return 'hour';
	if (days <= 91) return 'day';
	return days <= 366 ? 'week' : 'month';
}

/** Steps that give a readable number of points. */
export function intervalsFor(range: Range): Interval[] {
	const days = lengthInDays(range);
	return INTERVALS.filter((interval) => {
		if (interval === 'hour') return days <= 8;
		if (interval === 'day') return days > 1 && days <= 800;
		if (interval === 'week') return days >= 14;
		return days >= 60;
	});
}

/** The calendar day of `now` in `timeZone`. */
export function today(now: Date, timeZone: string): string {
	return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/** Day and time of `now` on the clocks of `timeZone`, written as the API writes buckets. */
export function clockIn(now: Date, timeZone: string): string {
	return new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'medium'
	}).format(now);
}

/** The range of the same length before (-1) or after (+1) `days`; none that begins after today. */
export function step(days: Days, direction: -1 | 1, lastDay: string): Days | undefined {
	const shift = countDays(days) * direction;
	const from = addDays(days.from, shift);
	if (from > lastDay) return undefined;
	const to = addDays(days.to, shift);
	return { from, to: to > lastDay ? lastDay : to };
}
