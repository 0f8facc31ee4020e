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
 * The surface between a lower and an upper edge. Its ends reach half a bucket further, so that a
 * lone bucket between empty ones is seen.
 */
export function bandPath(
	edges: ([lower: number, upper: number] | null)[],
	x: (at: number) => number,
	y: (value: number) => number,
	width: number
): string {
	return runs(edges)
		.map((run) => {
			const [first, last] = [run[0], run.at(-1)];
			if (!first || !last) return '';
			const along = (edge: 0 | 1) => [
				`${tenth(x(first.at) - width / 2)},${tenth(y(first.value[edge]))}`,
				...run.map(({ at, value }) => `${tenth(x(at))},${tenth(y(value[edge]))}`),
				`${tenth(x(last.at) + width / 2)},${tenth(y(last.value[edge]))}`
			];
			return `M${[...along(1), ...along(0).reverse()].join('L')}Z`;
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
