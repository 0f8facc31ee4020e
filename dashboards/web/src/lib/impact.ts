/**
 * Whether a release moved anything: the days after it against as many before, which are the same weekdays,
 * and what such a change is made of by chance alone, from the weeks before.
 */
import { addDays, countDays } from './range';
import { studentQuantile } from './student';

export interface Day {
	label: string;
	count: number;
}

export type Impact =
	/** Not a full week after it yet. */
	| { kind: 'too early'; days: number }
	/** Too little before it to compare with. */
	| { kind: 'too few' }
	| {
			kind: 'known';
			/** 7 or 14: days on each side. */
			days: number;
			before: number;
			after: number;
			/** Change from before to after, 0.18 for +18 %. */
			change: number;
			/** Between these a change is nothing special: nine of ten are, in the weeks before. */
			low: number;
			high: number;
			verdict: 'up' | 'down' | 'within';
	  };

/** Days on each side, where they are over. */
export const SIDE_DAYS = 14;
/** Days before the release that tell how much is usual. */
export const USUAL_DAYS = 84;
/** A change of fewer downloads says nothing of anything. */
const LEAST_COUNT = 30;
/** Fewer pairs of fortnights know no usual change. */
const LEAST_PAIRS = 4;
const BAND = 0.95; // of one side: nine of ten lie between both

/** What has to be asked for: the days before and after a release. */
export function spanOf(released: string, today: string): { from: string; to: string } {
	const end = addDays(released, SIDE_DAYS - 1);
	const yesterday = addDays(today, -1);
	const to = end < yesterday ? end : yesterday;
	return { from: addDays(released, -USUAL_DAYS), to: to < released ? released : to };
}

/** `days` are those of [`spanOf`], without gaps; the first of them with a download begins the history. */
export function impact(all: Day[], released: string, today: string): Impact {
	const yesterday = addDays(today, -1);
	const over = yesterday < released ? 0 : countDays({ from: released, to: yesterday });
	const side = over >= SIDE_DAYS ? SIDE_DAYS : over >= 7 ? 7 : undefined;
	if (side === undefined) return { kind: 'too early', days: over };
	const counts = new Map(all.map(({ label, count }) => [label, count]));
	const begin = all.find(({ count }) => count > 0)?.label;
	const sum = (from: string) => {
		let total = 0;
		for (let day = 0; day < side; day++) total += counts.get(addDays(from, day)) ?? 0;
		return total;
	};
	const known = (from: string) => begin !== undefined && from >= begin;
	const [before, after] = [sum(addDays(released, -side)), sum(released)];
	const changes: number[] = [];
	// Each pair of neighbours that ends before the release, a week apart.
	for (let back = 2 * side; known(addDays(released, -back)); back += 7) {
		const [one, next] = [sum(addDays(released, -back)), sum(addDays(released, side - back))];
		if (one > 0 && next > 0) changes.push(Math.log(next / one));
	}
	if (Math.min(before, after) < LEAST_COUNT || changes.length < LEAST_PAIRS)
		return { kind: 'too few' };
	const mean = changes.reduce((total, one) => total + one, 0) / changes.length;
	const squares = changes.reduce((total, one) => total + (one - mean) ** 2, 0);
	// Pairs overlap: as many are independent as have days of their own.
	const independent = Math.max(2, Math.floor((changes.length * 7) / side));
	// Counts scatter by chance, however level the weeks before were.
	const chance = 1 / before + 1 / after;
	const scatter = Math.sqrt(
		Math.max(squares / (changes.length - 1), chance) * (1 + 1 / independent)
	);
	const reach = studentQuantile(BAND, independent - 1) * scatter;
	const change = after / before - 1;
	const [low, high] = [Math.exp(mean - reach) - 1, Math.exp(mean + reach) - 1];
	return {
		kind: 'known',
		days: side,
		before,
		after,
		change,
		low,
		high,
		verdict: change > high ? 'up' : change < low ? 'down' : 'within'
	};
}
