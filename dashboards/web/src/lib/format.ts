/** How numbers, shares, changes and dates read. One set of functions per locale. */
import type { Interval } from './range';

/** What stands where a number is not known. */
export const MISSING = '–';

/** Hours from 0 to 23, so that a column of times lines up. */
const CLOCK = {
	timeZone: 'UTC',
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23'
} as const satisfies Intl.DateTimeFormatOptions;

export type Direction = 'up' | 'down' | 'flat';
export interface Change {
	text: string;
	direction: Direction;
}

export type Formats = ReturnType<typeof formats>;

/**
 * Bucket times are clock readings without a zone (`2026-11-21`, `2026-11-21 10:00:00`); they are
 * held as if they were UTC so that no second conversion can move them.
 */
export function clockReading(label: string): Date {
	const [day, time = '00:00:00'] = label
		.replace('T', ' ')
		.replace(/Z$|[+-]\d\d:\d\d$/, '')
		.split(' ');
	return new Date(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
}

/** What is said beside numbers and dates, in the language of `locale`. */
export interface FormatWords {
	/** In place of a change from nothing. */
	new: string;
	/** Short for points of a percentage. */
	points: string;
	justNow: string;
	weekOf: (day: string) => string;
}

export function formats(locale: string, words: FormatWords) {
	const exact = new Intl.NumberFormat(locale);
	const compact = new Intl.NumberFormat(locale, {
		notation: 'compact',
		maximumSignificantDigits: 3
	});
	const percent = new Intl.NumberFormat(locale, {
		style: 'percent',
		minimumFractionDigits: 1,
		maximumFractionDigits: 1
	});
	const wholePercent = new Intl.NumberFormat(locale, { style: 'percent' });
	const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
	const dates = new Map<string, Intl.DateTimeFormat>();
	const date = (options: Intl.DateTimeFormatOptions, value: Date) => {
		const key = JSON.stringify(options);
		let format = dates.get(key);
		if (!format) dates.set(key, (format = new Intl.DateTimeFormat(locale, options)));
		return format.format(value);
	};
	const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
	const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
	const list = new Intl.ListFormat(locale, { type: 'disjunction' });

	/** Every digit, for tooltips and tables. */
	const full = (value: number | null | undefined) =>
		isKnown(value) ? exact.format(value) : MISSING;

	/** Exact below 10,000; three significant digits above. */
	const count = (value: number | null | undefined) => {
		if (!isKnown(value)) return MISSING;
		return Math.abs(value) < 10_000 ? exact.format(value) : compact.format(value);
	};

	/** For axes, always short. */
	const axis = (value: number) => compact.format(value);

	/** A part of a whole, 0 to 1. Never rounds something down to nothing. */
	const share = (value: number | null | undefined) => {
		if (!isKnown(value) || value === 0) return MISSING;
		if (value < 0.001) return `< ${percent.format(0.001)}`;
		return value > 0.9994 && value < 1 ? percent.format(0.999) : percent.format(value);
	};

	/** A share without decimals. */
	const wholeShare = (value: number) => wholePercent.format(value);

	/** Change of a count. */
	const change = (
		now: number | null | undefined,
		before: number | null | undefined
	): Change | undefined => {
		if (!isKnown(now) || !isKnown(before)) return undefined;
		if (before === 0) return now === 0 ? undefined : { text: words.new, direction: 'up' };
		const ratio = now / before;
		const rounded = Math.round((ratio - 1) * 100) / 100;
		if (rounded > 9.99) return { text: `×${compact.format(Math.round(ratio))}`, direction: 'up' };
		const direction = sign(rounded);
		return { text: signed(direction, wholePercent.format(Math.abs(rounded))), direction };
	};

	/** Change of a share, in points: a percentage of a percentage misleads. */
	const points = (
		now: number | null | undefined,
		before: number | null | undefined
	): Change | undefined => {
		if (!isKnown(now) || !isKnown(before)) return undefined;
		const difference = Math.round((now - before) * 1000) / 10;
		const direction = sign(difference);
		const text = `${oneDecimal.format(Math.abs(difference))} ${words.points}`;
		return { text: signed(direction, text), direction };
	};

	const year = (value: Date, now: Date) =>
		value.getUTCFullYear() === now.getUTCFullYear() ? {} : ({ year: 'numeric' } as const);

	/** `9 Nov`, with the year when it is not this one. */
	const day = (label: string, now = new Date()) => {
		const value = clockReading(label);
		return date({ timeZone: 'UTC', day: 'numeric', month: 'short', ...year(value, now) }, value);
	};

	/** The name of a bucket of the time axis, in full. */
	const bucket = (label: string, interval: Interval, now = new Date()) => {
		const value = clockReading(label);
		if (interval === 'month')
			return date({ timeZone: 'UTC', month: 'long', year: 'numeric' }, value);
		const text = date(
			{ timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', ...year(value, now) },
			value
		);
		if (interval === 'hour') return `${text} ${date(CLOCK, value)}`;
		return interval === 'week' ? words.weekOf(text) : text;
	};

	/** The name of a bucket under the axis. */
	const tick = (label: string, interval: Interval, now = new Date()) => {
		const value = clockReading(label);
		// Midnight is where a day begins; it is named by the day.
		if (interval === 'hour')
			return value.getUTCHours() === 0 ? day(label, now) : date(CLOCK, value);
		if (interval === 'month')
			return date({ timeZone: 'UTC', month: 'short', ...year(value, now) }, value);
		return day(label, now);
	};

	/** `14:05` today, `9 Nov 14:05` before, in the viewer's zone. */
	const moment = (instant: string, now = new Date()) => {
		const value = new Date(instant);
		const sameDay = value.toDateString() === now.toDateString();
		const days = sameDay ? {} : ({ day: 'numeric', month: 'short' } as const);
		return date({ ...CLOCK, timeZone: undefined, ...days }, value);
	};

	/** `4 days ago`, rounded down. */
	const ago = (instant: string, now = new Date()) => {
		const minutes = Math.max(0, (now.getTime() - new Date(instant).getTime()) / 60_000);
		if (minutes < 2) return words.justNow;
		if (minutes < 60) return relative.format(-Math.floor(minutes), 'minute');
		if (minutes < 1440) return relative.format(-Math.floor(minutes / 60), 'hour');
		return relative.format(-Math.floor(minutes / 1440), 'day');
	};

	/** `40 s`, `12 min`, `3 h`, `4 d`. */
	const duration = (seconds: number | null | undefined) => {
		if (!isKnown(seconds)) return MISSING;
		if (seconds < 90) return `${Math.round(seconds)} s`;
		if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
		if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
		return `${Math.round(seconds / 86_400)} d`;
	};

	/** Name of an ISO 3166-1 alpha-2 country. */
	const country = (code: string) => {
		if (code === 'XK') return 'Kosovo';
		return (/^[A-Z]{2}$/.test(code) && regions.of(code)) || code;
	};

	return {
		full,
		count,
		axis,
		share,
		wholeShare,
		change,
		points,
		day,
		bucket,
		tick,
		moment,
		ago,
		duration,
		country,
		either: (words: string[]) => list.format(words)
	};
}

function isKnown(value: number | null | undefined): value is number {
	return value !== null && value !== undefined && Number.isFinite(value);
}

function sign(difference: number): Direction {
	return difference > 0 ? 'up' : difference < 0 ? 'down' : 'flat';
}

function signed(direction: Direction, text: string): string {
	return direction === 'flat' ? `±${text}` : `${direction === 'up' ? '+' : '−'}${text}`;
}
