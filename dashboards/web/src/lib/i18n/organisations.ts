/** The words of the pages about organisations, in the language of this viewer. */
import type { words } from './organisations.en';
import { inLanguage } from './language';

export const w = await inLanguage<typeof words>({
	en: () => import('./organisations.en'),
	de: () => import('./organisations.de')
});
