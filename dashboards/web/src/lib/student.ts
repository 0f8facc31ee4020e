/** Student's t distribution, by which few observations are judged more carefully than many. */

/**
 * The value that `probability` lie below, with `freedom` degrees of freedom, from 0.5 up. Hill's
 * approximation (Communications of the ACM 13, 1970, algorithm 396), exact for one and two degrees.
 */
export function studentQuantile(probability: number, freedom: number): number {
	const both = 2 * (1 - probability);
	if (freedom <= 1) return 1 / Math.tan((both * Math.PI) / 2);
	if (freedom === 2) return Math.sqrt(2 / (both * (2 - both)) - 2);
	const a = 1 / (freedom - 0.5);
	const b = (48 / a) * (1 / a);
	let c = (((20_700 * a) / b - 98) * a - 16) * a + 96.36;
	const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * freedom;
	let y = (d * both) ** (2 / freedom);
	if (y > 0.05 + a) {
		const x = normalQuantile(both / 2);
		y = x * x;
		if (freedom < 5) c += 0.3 * (freedom - 4.5) * (x + 0.6);
		c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
		y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
		y = a * y * y;
		y = y > 0.002 ? Math.exp(y) - 1 : 0.5 * y * y + y;
	} else {
		y =
			((1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) +
				0.5 / (freedom + 4)) *
				y -
				1) *
				((freedom + 1) / (freedom + 2)) +
			1 / y;
	}
	return Math.sqrt(freedom * y);
}

/** Of the lower half of the normal distribution: Abramowitz and Stegun, 26.2.23, to 4.5e-4. */
function normalQuantile(probability: number): number {
	const t = Math.sqrt(-2 * Math.log(probability));
	const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
	const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
	return above / below - t;
}
