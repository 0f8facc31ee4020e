/** Where the marks of an axis stand. */
import { ticks } from 'd3-array';
import type { Interval } from './range';

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

/** Round shares from nought up, at most six of them, the last at or above `highest` and never above one. */
export function shareTicks(highest: number): number[] {
	const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((one) => highest / one <= 5) ?? 0.25;
	const count = Math.min(Math.ceil(highest / step), Math.round(1 / step));
	return Array.from({ length: Math.max(1, count) + 1 }, (_, i) => Math.round(i * step * 100) / 100);
}

/** Numbers of buckets between two names that people count in: hours, days, weeks, months. */
const STRIDES: Record<Interval, number[]> = {
	hour: [1, 2, 3, 6, 12, 24, 48, 168],
	day: [1, 2, 7, 14, 28, 56, 91, 182, 364],
	week: [1, 2, 4, 8, 13, 26, 52],
	month: [1, 2, 3, 6, 12, 24, 60]
};

/**
 * Places of the buckets to name, none closer than `spacing` pixels where the axis is `width` wide.
 * Hours stand at round hours, the rest at strides back from the newest.
 */
export function timeTicks(
	labels: string[],
	interval: Interval,
	width: number,
	spacing: number
): number[] {
	const fits = (stride: number) => (stride * width) / labels.length >= spacing;
	const stride = STRIDES[interval].find(fits) ?? labels.length;
	const places = labels.map((_, at) => at);
	if (interval === 'hour' && stride <= 24) {
		return places.filter((at) => Number(labels[at]?.slice(11, 13)) % stride === 0);
	}
	return places.filter((at) => (labels.length - 1 - at) % stride === 0);
}
