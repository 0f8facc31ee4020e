/** Where the marks of an axis stand. */
import { ticks } from 'd3-array';

/**
 * Round values from zero up, at most `most` of them, the last at or above `highest`; counts have no
 * fractions, so no step is smaller than one.
 */
export function countTicks(highest: number, most = 5): number[] {
	if (!(highest > 0)) return [0, 1];
	for (let wanted = most; wanted > 1; wanted--) {
		const inside = ticks(0, highest, wanted).filter(Number.isInteger);
		const step = Math.max(1, (inside[1] ?? 1) - (inside[0] ?? 0));
		const all = Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => i * step);
		if (all.length <= most) return all;
	}
	return [0, Math.ceil(highest)];
}

/** Positions of `count` buckets to name, evenly spaced and ending at the newest, none closer than `spacing`. */
export function bucketTicks(count: number, width: number, spacing: number, unit = 1): number[] {
	if (count === 0) return [];
	const fit = Math.max(1, Math.floor(width / spacing));
	const every = Math.ceil(count / fit / unit) * unit;
	const marks: number[] = [];
	for (let i = count - 1; i >= 0; i -= every) marks.unshift(i);
	return marks;
}
