/** Where things stand in a chart of a given size. Pixels. */
export interface Frame {
	width: number;
	height: number;
	left: number;
	right: number;
	top: number;
	bottom: number;
}

/** Bucket to pixel: buckets stand in the middle of equal slots, so a single one stands in the middle. */
export function bucketX(frame: Frame, count: number): (at: number) => number {
	const slot = (frame.width - frame.left - frame.right) / Math.max(1, count);
	return (at) => frame.left + slot * (at + 0.5);
}

/** Value to pixel, from zero at the bottom. */
export function valueY(frame: Frame, highest: number): (value: number) => number {
	const room = frame.height - frame.top - frame.bottom;
	return (value) => frame.height - frame.bottom - (highest > 0 ? value / highest : 0) * room;
}

/** The bucket under a pixel, always one that exists. */
export function bucketAt(frame: Frame, count: number, x: number): number {
	const slot = (frame.width - frame.left - frame.right) / Math.max(1, count);
	return Math.min(count - 1, Math.max(0, Math.floor((x - frame.left) / slot)));
}

/** Room for the longest label of an axis set in 11 px figures. */
export function labelRoom(labels: string[]): number {
	return Math.max(...labels.map((label) => label.length), 1) * 6.5 + 12;
}

/** Where a key press moves a crosshair; undefined when the key is not for it. */
export function moved(
	key: string,
	at: number | undefined,
	count: number,
	week: number
): number | undefined {
	const from = at ?? count;
	const to: Record<string, number> = {
		ArrowLeft: from - 1,
		ArrowRight: at === undefined ? 0 : from + 1,
		PageUp: from - week,
		PageDown: at === undefined ? 0 : from + week,
		Home: 0,
		End: count - 1
	};
	const target = to[key];
	return target === undefined || count === 0 ? undefined : Math.min(count - 1, Math.max(0, target));
}
