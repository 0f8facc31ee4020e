/** Words of Explore's statements, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './sql.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./sql.en'),
	de: () => import('./sql.de')
});
