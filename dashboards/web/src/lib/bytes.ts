/** Sizes in words, by powers of 1000 as `Intl` has its units. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `42 GB`, `1.5 MB`, `0 byte`. */
export function size(bytes: number, locale: string): string {
	const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
	const format = new Intl.NumberFormat(locale, {
		style: 'unit',
		unit: UNITS[power],
		unitDisplay: 'short',
		maximumSignificantDigits: 3
	});
	return format.format(bytes / 1000 ** power);
}
