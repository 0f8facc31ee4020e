/** The words of the planner, upgrade lag and versions behind, in the language of this viewer. */
import { inLanguage } from './language';
import type { words } from './planner.en';

export const w = await inLanguage<typeof words>({
	en: () => import('./planner.en'),
	de: () => import('./planner.de')
});
