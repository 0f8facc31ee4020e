/** Words of the pages below the overview. They come with those pages, not with the first. */
import { inLanguage } from './language';
import type { words } from './insights.en';

export const insights = await inLanguage<typeof words>({
	en: () => import('./insights.en'),
	de: () => import('./insights.de')
});
