/** SVG paths. A null is a gap. Pixels, to a tenth. */

/** A line through `values`, one per bucket. */
export function linePath(
	values: (number | null)[],
	x: (at: number) => number,
	y: (value: number) => number
): string {
	let drawing = false;
	return values
		.map((value, at) => {
			const command = drawing ? 'L' : 'M';
			drawing = value !== null;
			return value === null ? '' : `${command}${tenth(x(at))},${tenth(y(value))}`;
		})
		.join('');
}

/**
 * Steps between a lower and an upper edge, as wide as their bucket, so that a lone bucket between
 * empty ones is seen.
 */
export function stepPath(
	edges: ([lower: number, upper: number] | null)[],
	x: (at: number) => number,
	y: (value: number) => number,
	width: number
): string {
	return runs(edges)
		.map((run) => {
			const corners = (edge: 0 | 1) =>
				run.flatMap(({ at, value }) => {
					const height = tenth(y(value[edge]));
					return [`${tenth(x(at) - width / 2)},${height}`, `${tenth(x(at) + width / 2)},${height}`];
				});
			return `M${[...corners(1), ...corners(0).reverse()].join('L')}Z`;
		})
		.join('');
}

/** The unbroken stretches of a list with gaps. */
function runs<T>(values: (T | null)[]): { at: number; value: T }[][] {
	const found: { at: number; value: T }[][] = [];
	let run: { at: number; value: T }[] | undefined;
	values.forEach((value, at) => {
		if (value === null) run = undefined;
		else {
			if (!run) found.push((run = []));
			run.push({ at, value });
		}
	});
	return found;
}

function tenth(pixel: number): number {
	return Math.round(pixel * 10) / 10;
}
