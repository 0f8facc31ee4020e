/** Answers over time as points of a chart. */
import type { QueryAnswer } from './api/types';

export interface Point {
	/** Start of the bucket, as the clock reads. */
	label: string;
	value: number | null;
	/** The bucket of the comparison period at the same place. */
	before: number | null;
	beforeLabel?: string;
	/** Not over yet. */
	partial: boolean;
}

/**
 * The first metric of an answer with one time dimension, one point for every label. `now` is the
 * time of day where the question was asked, `2026-11-21 14:05`: what begins later has no value yet.
 */
export function points(answer: QueryAnswer, now: string): Point[] {
	const labels = answer.meta.time_labels ?? answer.results.map((row) => row.dimensions[0] ?? '');
	const rows = new Map(answer.results.map((row) => [row.dimensions[0], row]));
	const last = labels.findLastIndex((label) => label <= now);
	return labels.map((label, i) => {
		const row = rows.get(label);
		const compared = answer.meta.comparison_time_labels?.[i];
		return {
			label,
			value: i > last ? null : (row?.metrics[0] ?? 0),
			before: row?.comparison?.metrics[0] ?? null,
			...(compared && { beforeLabel: compared }),
			partial: Boolean(answer.meta.partial) && i === last
		};
	});
}

export interface Band {
	name: string;
	/** One per label. */
	values: number[];
	total: number;
}

/** An answer by time and one more dimension, as one band per value of it. */
export function bands(answer: QueryAnswer): { labels: string[]; bands: Band[] } {
	const labels =
		answer.meta.time_labels ??
		[...new Set(answer.results.map((row) => row.dimensions[0] ?? ''))].sort();
	const place = new Map(labels.map((label, i) => [label, i]));
	const found = new Map<string, Band>();
	for (const { dimensions, metrics } of answer.results) {
		const [label = '', name = ''] = dimensions;
		const at = place.get(label);
		if (at === undefined) continue;
		let band = found.get(name);
		if (!band) found.set(name, (band = { name, values: labels.map(() => 0), total: 0 }));
		band.values[at] = metrics[0] ?? 0;
		band.total += metrics[0] ?? 0;
	}
	return { labels, bands: [...found.values()] };
}

/**
 * Without the bucket of `now`, `2026-11-21 14:05`, and what lies ahead: the parts of a whole that has
 * hardly begun say little. Where nothing came before, the running bucket stays.
 */
export function finished(
	all: { labels: string[]; bands: Band[] },
	now: string
): { labels: string[]; bands: Band[] } {
	const running = all.labels.findLastIndex((label) => label <= now);
	const before = all.bands
		.map((band) => ({ ...band, values: band.values.slice(0, running) }))
		.filter(({ values }) => values.some((value) => value > 0));
	if (before.length > 0) return { labels: all.labels.slice(0, running), bands: before };
	const upTo = running + 1;
	return {
		labels: all.labels.slice(0, upTo),
		bands: all.bands.map((band) => ({ ...band, values: band.values.slice(0, upTo) }))
	};
}

/** Old to new: numbers in a version compare as numbers, an unknown version comes first. */
export function byVersion(a: { name: string }, b: { name: string }): number {
	if (a.name === '' || b.name === '') return a.name === b.name ? 0 : a.name === '' ? -1 : 1;
	return a.name.localeCompare(b.name, 'en', { numeric: true });
}

/** Keeps the `most` largest bands in their order and adds up the rest under `otherName`, first. */
export function foldSmall(all: Band[], most: number, otherName: string): Band[] {
	if (all.length <= most) return all;
	const kept = new Set([...all].sort((a, b) => b.total - a.total).slice(0, most - 1));
	const rest = all.filter((band) => !kept.has(band));
	const other: Band = {
		name: otherName,
		values: (all[0]?.values ?? []).map((_, i) =>
			rest.reduce((sum, band) => sum + (band.values[i] ?? 0), 0)
		),
		total: rest.reduce((sum, band) => sum + band.total, 0)
	};
	return [other, ...all.filter((band) => kept.has(band))];
}

/** Each band's part of its bucket, stacked: `[bottom, top]` per label; an empty bucket is null. */
export function stackShares(all: Band[]): ([number, number] | null)[][] {
	const length = all[0]?.values.length ?? 0;
	const sums = Array.from({ length }, (_, i) =>
		all.reduce((sum, band) => sum + (band.values[i] ?? 0), 0)
	);
	const base = sums.map(() => 0);
	return all.map((band) =>
		sums.map((sum, i) => {
			if (sum === 0) return null;
			const bottom = base[i] ?? 0;
			const top = bottom + (band.values[i] ?? 0) / sum;
			base[i] = top;
			return [bottom, top];
		})
	);
}
