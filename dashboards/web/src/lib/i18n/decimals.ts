/** Numbers between whole ones, in the locale of this viewer. */
import { locale } from '.';

const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });

/** One decimal at most. */
export const decimal = (value: number): string => one.format(value);

const exactly = new Intl.NumberFormat(locale, {
	minimumFractionDigits: 1,
	maximumFractionDigits: 1
});
const months = new Intl.DateTimeFormat(locale, {
	month: 'short',
	year: 'numeric',
	timeZone: 'UTC'
});

/** One decimal always, so that a column of them lines up. */
export const tenths = (value: number): string => exactly.format(value);

/** The month of a day, short. */
export const monthOf = (day: string): string => months.format(new Date(`${day}T00:00:00Z`));

/** A part of a whole, 0 to 1, in whole percent. */
export const percent = (share: number): string => whole.format(share);
