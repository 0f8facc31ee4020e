/** What would arrive every day without a single user. */
import type { Band } from './series';

/** Audiences that come by themselves. */
const BY_THEMSELVES = ['mirror', 'bot', 'updater'];

export interface Floor {
	/** Downloads on the median day. */
	aDay: number;
	/** Of all downloads of those days, 0 to 1. */
	share: number;
}

/**
 * The median over finished buckets, so that a single copy of everything does not raise it. `days` is how
 * many days a bucket holds.
 */
export function floor(bands: Band[], finished: number, days: number): Floor | undefined {
	const own = bands.filter(({ name }) => BY_THEMSELVES.includes(name));
	const sum = (of: Band[], i: number) => of.reduce((all, { values }) => all + (values[i] ?? 0), 0);
	const perBucket = Array.from({ length: finished }, (_, i) => sum(own, i)).sort((a, b) => a - b);
	const total = Array.from({ length: finished }, (_, i) => sum(bands, i)).reduce(
		(a, b) => a + b,
		0
	);
	if (finished === 0 || total === 0) return undefined;
	const middle = Math.floor(finished / 2);
	const median =
		finished % 2 === 1
			? (perBucket[middle] ?? 0)
			: ((perBucket[middle - 1] ?? 0) + (perBucket[middle] ?? 0)) / 2;
	return { aDay: median / days, share: (median * finished) / total };
}
