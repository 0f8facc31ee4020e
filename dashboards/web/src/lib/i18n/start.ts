/** The words of the set-up page, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './start.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./start.en'),
	de: () => import('./start.de')
});
