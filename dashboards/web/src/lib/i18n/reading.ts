/** Words of the pages Docs, Funnel and Retention, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './reading.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./reading.en'),
	de: () => import('./reading.de')
});
