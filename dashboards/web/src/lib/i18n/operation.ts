/** The words of the settings that show how the program runs, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './operation.en';

export const w = await inLanguage<typeof en>({
	en: () => import('./operation.en'),
	de: () => import('./operation.de')
});
