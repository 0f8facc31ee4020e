/**
 * Mean over a window that ends at each value. Where the window would begin before the first value
 * there is no mean, and a gap in it leaves a gap.
 */
export function rollingMean(values: (number | null)[], window: number): (number | null)[] {
	return values.map((_, end) => {
		if (end + 1 < window) return null;
		let sum = 0;
		for (const value of values.slice(end + 1 - window, end + 1)) {
			if (value === null) return null;
			sum += value;
		}
		return sum / window;
	});
}
