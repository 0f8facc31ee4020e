/** How fast releases were taken up: their share of downloads by days since they were first seen. */
import type { QueryAnswer, Release } from './api/types';
import { addDays, type Days } from './range';
import { weightOf } from './releases';

export interface Curve {
	version: string;
	/** Share of all downloads, 0 to 1, by days since the first download; null on days without any. */
	shares: (number | null)[];
}

/** Days after a release that a curve covers. */
export const REACH = 90;

/**
 * The last `most` releases, newest first. Patches are left out where there are enough others, since
 * one that lives for a week says little of how releases are taken up.
 */
export function chosen(releases: Release[], most: number): Release[] {
	const newest = [...releases]
		.filter(({ version }) => /^v?\d+(\.\d+)*$/.test(version))
		.sort((a, b) => b.first_seen.localeCompare(a.first_seen));
	const large = newest.filter(({ version }) => weightOf(version) !== 'patch');
	const kept = large.length >= most ? large : newest;
	return kept.slice(0, most);
}

/** The days that the curves of `releases` lie in. */
export function span(releases: Release[], today: string): Days | undefined {
	const first = releases.map(({ first_seen }) => first_seen).sort()[0];
	return first === undefined ? undefined : { from: first, to: today };
}

/**
 * `parts` is by day and version, `whole` by day. Today is left out: the parts of a day that has hardly
 * begun say little.
 */
export function curves(
	releases: Release[],
	parts: QueryAnswer,
	whole: QueryAnswer,
	today: string
): Curve[] {
	const totals = new Map(whole.results.map((row) => [row.dimensions[0], row.metrics[0] ?? 0]));
	const found = new Map(
		parts.results.map((row) => [row.dimensions.join('\0'), row.metrics[0] ?? 0])
	);
	return releases.map(({ version, first_seen }) => {
		const shares: (number | null)[] = [];
		for (let after = 0; after <= REACH; after++) {
			const day = addDays(first_seen, after);
			if (day >= today) break;
			const total = totals.get(day) ?? 0;
			shares.push(total > 0 ? (found.get(`${day}\0${version}`) ?? 0) / total : null);
		}
		return { version, shares };
	});
}
