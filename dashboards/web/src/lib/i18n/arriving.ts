/** The words of every page, on their way: they are asked for with the program, not after it. */
import type { Dictionary } from './en';
import { inLanguage } from './language';

export const arriving = inLanguage<Dictionary>({
	en: () => import('./en'),
	de: () => import('./de')
});
