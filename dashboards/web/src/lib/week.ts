/**
 * What there is to say of a week: facts in, notes out. Each rule has a threshold below which it says nothing,
 * since a sentence that is wrong once is not read again. Words come later, in the language of the reader.
 */
import { median } from 'd3-array';
import { addDays } from './range';

export type Kind = Note['kind'];

export type Note =
	| {
			kind: 'pace';
			version: string;
			days: number;
			share: number;
			before: { version: string; share: number };
			verdict: 'plain' | 'faster' | 'slower';
	  }
	| { kind: 'new' | 'gone'; names: string[] }
	| { kind: 'moved'; dimension: 'country' | 'client'; name: string; now: number; before: number }
	| { kind: 'unusual'; day: string; count: number; usual: number };

/** A release's downloads on three days, of all downloads on them. */
export interface Taken {
	version: string;
	part: number;
	whole: number;
}

export interface Moved {
	name: string;
	now: number;
	before: number;
}

export interface Facts {
	/** The newest release, and the one before on the same days after it. */
	pace?: { days: number; newest: Taken; before: Taken };
	/** Names in the last week, in each of the four before, and in the eight before these. */
	organisations?: { now: string[]; weeks: string[][]; earlier: string[] };
	/** By value, this week and the one before. */
	countries?: Moved[];
	clients?: Moved[];
	/** Downloads by day, without gaps: eight weeks and the last one. */
	days?: { label: string; count: number }[];
}

/** What is worth saying, most telling first. */
export function notes(facts: Facts): Note[] {
	return [
		...pace(facts.pace),
		...organisations(facts.organisations),
		...unusual(facts.days ?? []),
		...moved('country', facts.countries ?? []),
		...moved('client', facts.clients ?? [])
	];
}

const PACE = {
	/** Days after a release in which its pace is news. */
	from: 3,
	to: 60,
	/** Downloads on either side that make a share one. */
	least: 100,
	points: 0.05,
	errors: 3
};

function pace(known: Facts['pace']): Note[] {
	if (!known || known.days < PACE.from || known.days > PACE.to) return [];
	const { days, newest, before } = known;
	if (Math.min(newest.whole, before.whole) < PACE.least) return [];
	const [share, then] = [newest.part / newest.whole, before.part / before.whole];
	const pooled = (newest.part + before.part) / (newest.whole + before.whole);
	const error = Math.sqrt(pooled * (1 - pooled) * (1 / newest.whole + 1 / before.whole));
	const apart = Math.abs(share - then);
	const sure = apart >= PACE.points && apart > PACE.errors * error;
	return [
		{
			kind: 'pace',
			version: newest.version,
			days,
			share,
			before: { version: before.version, share: then },
			verdict: !sure ? 'plain' : share > then ? 'faster' : 'slower'
		}
	];
}

function organisations(known: Facts['organisations']): Note[] {
	if (!known) return [];
	const now = new Set(known.now);
	const seen = new Set([...known.weeks.flat(), ...known.earlier]);
	const [first = [], ...others] = known.weeks;
	const fresh = known.now.filter((name) => !seen.has(name));
	const gone = first.filter(
		(name) => !now.has(name) && others.every((week) => week.includes(name))
	);
	// Where all are new or all are gone, it was the looking up that began or ended.
	const begun = seen.size > 0;
	const goesOn = now.size > 0;
	return [
		...(begun && fresh.length > 0 ? [{ kind: 'new' as const, names: fresh }] : []),
		...(goesOn && gone.length > 0 ? [{ kind: 'gone' as const, names: gone }] : [])
	];
}

const MOVED = { part: 0.05, errors: 4, least: 50 };

function moved(dimension: 'country' | 'client', all: Moved[]): Note[] {
	const total = all.reduce((sum, one) => sum + one.now, 0);
	const earlier = all.reduce((sum, one) => sum + one.before, 0);
	if (earlier < MOVED.least) return [];
	const found = all
		.filter(({ name }) => name !== '')
		.map((one) => ({ ...one, beyond: one.now - one.before * (total / earlier) }))
		.filter(
			({ now, before, beyond }) =>
				Math.abs(beyond) >= MOVED.part * earlier &&
				Math.abs(beyond) > MOVED.errors * Math.sqrt(now + before) &&
				// What only kept up with all others did not move.
				Math.sign(now - before) === Math.sign(beyond)
		)
		.sort((a, b) => Math.abs(b.beyond) - Math.abs(a.beyond));
	return found
		.slice(0, 1)
		.map(({ name, now, before }) => ({ kind: 'moved', dimension, name, now, before }));
}

const UNUSUAL = { weeks: 8, leastWeeks: 5, off: 0.3, spreads: 4, leastCount: 30, most: 2 };
/** Times the median of distances, this is the standard deviation of what is normally distributed. */
const NORMAL = 1.4826;

function unusual(days: { label: string; count: number }[]): Note[] {
	const counts = new Map(days.map(({ label, count }) => [label, count]));
	const begin = days.find(({ count }) => count > 0)?.label;
	return days
		.slice(-7)
		.flatMap(({ label, count }) => {
			const same = Array.from({ length: UNUSUAL.weeks }, (_, week) =>
				addDays(label, -7 * (week + 1))
			)
				.filter((day) => begin !== undefined && day >= begin)
				.flatMap((day) => counts.get(day) ?? []);
			if (same.length < UNUSUAL.leastWeeks) return [];
			const usual = median(same) ?? 0;
			const distance = median(same, (one) => Math.abs(one - usual)) ?? 0;
			// Counts scatter by chance, however level the weeks before were.
			const spread = Math.max(NORMAL * distance, Math.sqrt(usual), 1);
			const off = Math.abs(count - usual);
			const isNews =
				off >= UNUSUAL.off * usual &&
				off > UNUSUAL.spreads * spread &&
				Math.max(count, usual) >= UNUSUAL.leastCount;
			return isNews ? [{ day: label, count, usual: Math.round(usual), spreads: off / spread }] : [];
		})
		.sort((a, b) => b.spreads - a.spreads)
		.slice(0, UNUSUAL.most)
		.map(({ day, count, usual }) => ({ kind: 'unusual', day, count, usual }));
}
