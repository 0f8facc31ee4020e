/** The words and the locale of this viewer. */
import { formats } from '../format';
import { en, type Dictionary } from './en';

export const t: Dictionary = en;

/** English as the browser prefers it; without a preference, day before month. */
export const locale =
	typeof navigator === 'undefined'
		? 'en-GB'
		: (navigator.languages.find((language) => language.startsWith('en-')) ?? 'en-GB');

export const format = formats(locale);

/** The viewer's time zone: days begin at its midnight. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
