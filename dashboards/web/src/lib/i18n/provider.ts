/** The words about signing in through a provider, in the language of this viewer. */
import { inLanguage } from './language';
import type { words as en } from './provider.en';

export const p = await inLanguage<typeof en>({
	en: () => import('./provider.en'),
	de: () => import('./provider.de')
});

export type Problem = keyof typeof en.problems;

/** The problem that a word in the address stands for. */
export function problemOf(word: string | null): Problem | undefined {
	return word && Object.hasOwn(p.problems, word) ? (word as Problem) : undefined;
}
