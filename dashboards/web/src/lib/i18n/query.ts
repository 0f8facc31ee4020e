/** Words about questions and what answered them, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './query.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./query.en'),
	de: () => import('./query.de')
});
