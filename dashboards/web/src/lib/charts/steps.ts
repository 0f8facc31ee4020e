/** Colour steps of the map: one per power, so that small countries are not all the same. */

const STEPS = 6;

/** Upper ends of the steps, rising, the last at `highest`. */
export function logSteps(highest: number): number[] {
	if (!(highest > 0)) return [];
	const ends = Array.from({ length: STEPS }, (_, i) => Math.round(highest ** ((i + 1) / STEPS)));
	return [...new Set(ends)];
}

/** From 1; 0 for nothing. */
export function stepOf(value: number, ends: number[]): number {
	if (!(value > 0)) return 0;
	const place = ends.findIndex((end) => value <= end);
	// With fewer steps than colours the darkest still stands for the most.
	return STEPS - (ends.length - 1 - (place < 0 ? ends.length - 1 : place));
}
