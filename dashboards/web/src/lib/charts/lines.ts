/** The lines of a time chart as values, before anything is placed. */
import type { Interval } from '../range';
import { rollingMean } from '../rolling';
import type { Point } from '../series';

export interface Lines {
	/** The finished buckets; null after them. */
	finished: (number | null)[];
	/** The last finished bucket and the one that is not over yet, to be drawn dashed. */
	unfinished: (number | null)[];
	/** 7-day mean of finished days; absent for short ranges and other steps. */
	mean?: (number | null)[];
	/** The comparison, as a mean where the range has one. */
	before?: (number | null)[];
	highest: number;
}

/** A mean over a week says more than its days once there are four weeks of them. */
const DAYS_FOR_MEAN = 28;

export function lines(points: Point[], interval: Interval): Lines {
	const partial = points.findIndex((point) => point.partial);
	const end = partial < 0 ? points.length : partial;
	const finished = points.map(({ value }, i) => (i < end ? value : null));
	const unfinished = points.map(({ value }, i) => (partial >= 0 && i >= end - 1 ? value : null));
	const compared = points.map((point) => point.before);
	const hasBefore = compared.some((value) => value !== null);
	const withMean = interval === 'day' && points.length >= DAYS_FOR_MEAN;
	return {
		finished,
		unfinished,
		...(withMean && { mean: rollingMean(finished, 7) }),
		...(hasBefore && { before: withMean ? rollingMean(compared, 7) : compared }),
		highest: Math.max(0, ...points.flatMap(({ value, before }) => [value ?? 0, before ?? 0]))
	};
}
