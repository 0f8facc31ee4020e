/** Why a panel is empty, in the language of this viewer. */
import type { words as en } from './empty.en';
import { inLanguage } from './language';

export const w = await inLanguage<typeof en>({
	en: () => import('./empty.en'),
	de: () => import('./empty.de')
});
