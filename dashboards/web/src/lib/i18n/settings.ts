/** The words of settings, and its moments, in the locale of this viewer. */
import { locale, timeZone } from '.';
import { inLanguage } from './language';
import type { words } from './settings.en';

export const s = await inLanguage<typeof words>({
	en: () => import('./settings.en'),
	de: () => import('./settings.de')
});

const moments = new Intl.DateTimeFormat(locale, {
	dateStyle: 'medium',
	timeStyle: 'short',
	timeZone
});

/** A time of the API by the viewer's clock. */
export const moment = (iso: string): string => moments.format(new Date(iso));
