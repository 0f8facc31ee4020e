/** Which releases a time axis marks, and which of them have room for a name. */
import type { Release } from './api/types';

export type Weight = 'major' | 'minor' | 'patch';
export interface Mark {
	version: string;
	weight: Weight;
	/** Index of the bucket in which the version was first seen. */
	at: number;
	labelled: boolean;
	/** What was announced of it. */
	url?: string;
	notes?: string;
}

const RANK: Record<Weight, number> = { major: 0, minor: 1, patch: 2 };

/** `2.0.0` is major, `2.1.0` minor, and all else, pre-releases too, patch. */
export function weightOf(version: string): Weight {
	const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(version);
	if (!match) return 'patch';
	const [minor, patch] = [match[2] ?? '0', match[3] ?? '0'];
	if (Number(patch) > 0) return 'patch';
	return Number(minor) > 0 ? 'minor' : 'major';
}

/**
 * Marks in time order. A name is shown where `room` pixels are free; heavier releases choose first,
 * then newer ones. `pixelOf` places a bucket.
 */
export function marks(
	releases: Release[],
	labels: string[],
	pixelOf: (at: number) => number,
	room: number
): Mark[] {
	const placed = releases
		.map(({ version, first_seen, url, notes }): Mark => {
			const at = labels.findLastIndex((label) => label.replace(' ', 'T') <= first_seen);
			const announced = { ...(url && { url }), ...(notes && { notes }) };
			return { version, weight: weightOf(version), at, labelled: false, ...announced };
		})
		.filter(({ at }) => at >= 0)
		.sort((a, b) => a.at - b.at);
	const taken: number[] = [];
	const order = [...placed].sort((a, b) => RANK[a.weight] - RANK[b.weight] || b.at - a.at);
	for (const mark of order) {
		const x = pixelOf(mark.at);
		if (taken.some((other) => Math.abs(other - x) < room)) continue;
		taken.push(x);
		mark.labelled = true;
	}
	return placed;
}
