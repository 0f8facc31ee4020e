/**
 * Arithmetic of colours, for the tests that hold the tokens to what they promise: contrast after WCAG
 * 2.2, colour vision after Machado, Oliveira and Fernandes (2009), distance after CIEDE2000.
 */

/** sRGB channels, 0 to 1, without its transfer function. */
type Linear = [number, number, number];
type Lab = [number, number, number];

function linear(hex: string): Linear {
	return [1, 3, 5].map((at) => {
		const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	}) as Linear;
}

function times(matrix: readonly (readonly number[])[], [r, g, b]: Linear): Linear {
	return matrix.map((row) => row[0]! * r + row[1]! * g + row[2]! * b) as Linear;
}

function luminance(hex: string): number {
	const [r, g, b] = linear(hex);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 1 to 21. */
export function contrast(a: string, b: string): number {
	const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (high + 0.05) / (low + 0.05);
}

/** Table 1 of Machado et al. at full severity, in linear RGB. */
export const SIGHTS = {
	normal: [
		[1, 0, 0],
		[0, 1, 0],
		[0, 0, 1]
	],
	protan: [
		[0.152286, 1.052583, -0.204868],
		[0.114503, 0.786281, 0.099216],
		[-0.003882, -0.048116, 1.051998]
	],
	deutan: [
		[0.367322, 0.860646, -0.227968],
		[0.280085, 0.672501, 0.047413],
		[-0.01182, 0.04294, 0.968881]
	],
	tritan: [
		[1.255528, -0.076749, -0.178779],
		[-0.078411, 0.930809, 0.147602],
		[0.004733, 0.691367, 0.3039]
	]
} as const;
export type Sight = keyof typeof SIGHTS;

/** sRGB to XYZ and the white that it is seen against, D65. */
const XYZ = [
	[0.4124564, 0.3575761, 0.1804375],
	[0.2126729, 0.7151522, 0.072175],
	[0.0193339, 0.119192, 0.9503041]
];
const WHITE = [0.95047, 1, 1.08883] as const;

/** CIELAB of a colour as somebody with that sight sees it. */
export function lab(hex: string, sight: Sight = 'normal'): Lab {
	const seen = times(SIGHTS[sight], linear(hex)).map((value) => Math.min(1, Math.max(0, value)));
	const [x, y, z] = times(XYZ, seen as Linear).map((value, i) => {
		const part = value / WHITE[i]!;
		return part > (6 / 29) ** 3 ? Math.cbrt(part) : part / (3 * (6 / 29) ** 2) + 4 / 29;
	}) as Lab;
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const RAD = Math.PI / 180;
const degrees = (b: number, a: number) =>
	a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RAD + 360) % 360;

/** CIEDE2000 after Sharma, Wu and Dalal (2005), with all weights 1. */
export function distance([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
	const flat = 25 ** 7;
	const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
	const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + flat)));
	const [x1, x2] = [(1 + g) * a1, (1 + g) * a2];
	const [c1, c2] = [Math.hypot(x1, b1), Math.hypot(x2, b2)];
	const [h1, h2] = [degrees(b1, x1), degrees(b2, x2)];

	const grey = c1 * c2 === 0;
	const turn = h2 - h1;
	const dh = grey ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
	const [dL, dC, dH] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * RAD)];

	const [L, C] = [(l1 + l2) / 2, (c1 + c2) / 2];
	const sum = h1 + h2;
	const far = Math.abs(turn) > 180;
	const h = grey ? sum : !far ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
	const t =
		1 -
		0.17 * Math.cos((h - 30) * RAD) +
		0.24 * Math.cos(2 * h * RAD) +
		0.32 * Math.cos((3 * h + 6) * RAD) -
		0.2 * Math.cos((4 * h - 63) * RAD);
	const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
	const sC = 1 + 0.045 * C;
	const sH = 1 + 0.015 * C * t;
	const rC = 2 * Math.sqrt(C ** 7 / (C ** 7 + flat));
	const rT = -Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * RAD) * rC;
	return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + rT * (dC / sC) * (dH / sH));
}
