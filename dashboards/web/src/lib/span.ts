/** A range as the days that questions about organisations take. */
import { addDays, type Preset, type Range } from './range';

export interface Span {
	from: string;
	/** The day after the last. */
	to: string;
}

/** Days back from today, today included. */
const BACK: Partial<Record<Preset, number>> = { '24h': 2, day: 1, '7d': 7, '28d': 28, '91d': 91 };
const MONTHS: Partial<Record<Preset, number>> = { '6mo': 6, '12mo': 12 };

/** Older than anything that is kept by organisation. */
const EVER = '2000-01-01';

export function spanOf(range: Range, today: string): Span {
	const to = addDays(today, 1);
	if (typeof range !== 'string') return { from: range.from, to: addDays(range.to, 1) };
	const days = BACK[range];
	if (days) return { from: addDays(today, 1 - days), to };
	const months = MONTHS[range];
	if (months) return { from: monthsBefore(today, months), to };
	if (range === 'month') return { from: `${today.slice(0, 7)}-01`, to };
	if (range === 'year') return { from: `${today.slice(0, 4)}-01-01`, to };
	return { from: EVER, to };
}

/** The same day of an earlier month, or the month's last. */
function monthsBefore(day: string, months: number): string {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
	const at = new Date(Date.UTC(year, month - 1 - months, Math.min(date, last)));
	return at.toISOString().slice(0, 10);
}
