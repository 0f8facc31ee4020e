/** The words of the impact of a release and of the week, in the language of this viewer. */
import { inLanguage } from './language';
import type { words } from './week.en';

export const w = await inLanguage<typeof words>({
	en: () => import('./week.en'),
	de: () => import('./week.de')
});
