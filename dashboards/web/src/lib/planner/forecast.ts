/** From weekly answers to what the planner says: the share now, its curve, and when it passes a threshold. */
import type { QueryAnswer } from '../api/types';
import { addDays, type Days } from '../range';
import type { Table } from '../table';
import { fit, fitted, passes, shareNow, weeksBetween, type Fit, type Week } from './decline';

export type Passing =
	| { kind: 'already' }
	| { kind: 'expected'; on: string; from: string; to: string | undefined }
	| { kind: 'too slow' }
	| { kind: 'not falling' }
	| { kind: 'too few' };

export interface Forecast {
	weeks: Week[];
	/** Of the last four weeks. */
	now: number | undefined;
	/** Nobody said which of it they are: not one download can be judged. */
	blank: boolean;
	/** Nothing of it was downloaded at all. */
	unused: boolean;
	/** The curve by weeks after `start`. */
	fit: Fit | undefined;
	start: string;
}

const KEPT_WEEKS = { always: 52, shortly: 12 };

/** Full weeks up to the last Sunday; where only events know, those that are kept. */
export function history(today: string, shortly: boolean): Days {
	const monday = mondayOf(today);
	const weeks = shortly ? KEPT_WEEKS.shortly : KEPT_WEEKS.always;
	return { from: addDays(monday, -7 * weeks), to: addDays(monday, -1) };
}

/** The last four full weeks. */
export function lately(today: string): Days {
	const monday = mondayOf(today);
	return { from: addDays(monday, -28), to: addDays(monday, -1) };
}

export function forecast(part: QueryAnswer, whole: QueryAnswer): Forecast {
	const counts = (answer: QueryAnswer) =>
		new Map(answer.results.map((row) => [row.dimensions[0] ?? '', row.metrics[0] ?? 0]));
	const parts = counts(part);
	const all = [...counts(whole)].map(([label, count]) => ({
		label,
		part: parts.get(label) ?? 0,
		whole: count
	}));
	// What came before the first download says nothing.
	const weeks = all.slice(
		Math.max(
			0,
			all.findIndex((week) => week.whole > 0)
		)
	);
	const used = fitted(weeks);
	return {
		weeks,
		now: shareNow(weeks),
		blank: weeks.every((week) => week.whole === 0),
		unused: weeks.every((week) => week.part === 0),
		fit: fit(used),
		start: used[0]?.label ?? weeks[0]?.label ?? ''
	};
}

export function passing({ fit, now, weeks, start }: Forecast, threshold: number): Passing {
	if (now !== undefined && now < threshold) return { kind: 'already' };
	if (!fit) return { kind: 'too few' };
	if (!fit.falls) return { kind: 'not falling' };
	const last = weeks.at(-1)?.label ?? start;
	const found = passes(fit, threshold, weeksBetween(start, last) + 1);
	if (!found) return { kind: 'too slow' };
	const day = (week: number) => addDays(start, 7 * week);
	return {
		kind: 'expected',
		on: day(found.expected),
		from: day(found.earliest ?? found.expected),
		to: found.latest === undefined ? undefined : day(found.latest)
	};
}

export interface Drawn {
	labels: string[];
	observed: (number | null)[];
	expected: (number | null)[];
	band: ([low: number, high: number] | null)[];
}

/** Weeks ahead that a chart shows: until 1 % is passed, a quarter at least, a year at most. */
const AHEAD = { least: 13, most: 52 };

export function drawn({ weeks, fit, start }: Forecast): Drawn {
	const last = weeks.at(-1)?.label;
	const passed = fit && last && passes(fit, 0.01, weeksBetween(start, last))?.expected;
	const wanted = passed && last ? passed - weeksBetween(start, last) + 2 : AHEAD.least;
	const ahead = fit && last ? Math.min(AHEAD.most, Math.max(AHEAD.least, wanted)) : 0;
	const future = Array.from({ length: ahead }, (_, i) => addDays(last ?? start, 7 * (i + 1)));
	const labels = [...weeks.map(({ label }) => label), ...future];
	const curve = labels.map((label) =>
		fit && label >= start ? fit.at(weeksBetween(start, label)) : null
	);
	return {
		labels,
		observed: labels.map((_, i) => {
			const week = weeks[i];
			return week && week.whole > 0 ? week.part / week.whole : null;
		}),
		expected: curve.map((at) => at?.share ?? null),
		band: curve.map((at) => at && [at.low, at.high])
	};
}

/** A row for each week, in percent. */
export function forecastTable(
	{ labels, observed, expected, band }: Drawn,
	columns: [week: string, share: string, fitted: string, low: string, high: string]
): Table {
	const percent = (share: number | null | undefined) =>
		share == null ? null : Math.round(share * 1000) / 10;
	return {
		columns,
		rows: labels.map((label, i) => [
			label,
			percent(observed[i]),
			percent(expected[i]),
			percent(band[i]?.[0]),
			percent(band[i]?.[1])
		])
	};
}

function mondayOf(day: string): string {
	const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
	return addDays(day, -weekday);
}
