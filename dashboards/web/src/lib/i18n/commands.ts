/** Words of the command palette, of the list of keys and of what else is chosen by typing. */
import { inLanguage } from './language';
import type { words } from './commands.en';

export const commands = await inLanguage<typeof words>({
	en: () => import('./commands.en'),
	de: () => import('./commands.de')
});
