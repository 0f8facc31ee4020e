/** The words and the locale of this viewer. */
import { formats } from '../format';
import { arriving } from './arriving';
import type { Dictionary } from './en';
import { language, localeOf } from './language';

export const t: Dictionary = await arriving;

export const locale = localeOf(language);

export const format = formats(locale, t.format);

/** The viewer's time zone: days begin at its midnight. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (typeof document !== 'undefined') document.documentElement.lang = language;
