/** The words of the live view, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './live.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./live.en'),
	de: () => import('./live.de')
});
