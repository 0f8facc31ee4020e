/** What the API has against a request, in the language of this viewer. Loaded when there is something to say. */
import type { components } from '$lib/api/schema';
import { inLanguage } from './language';

export type ErrorCode = components['schemas']['ErrorCode'];

/** A sentence, or what makes one of the API's own details: a name, a place, ClickHouse's words. */
export type Words = Record<ErrorCode, string | ((said: string) => string)>;

const words = await inLanguage<Words>({
	en: () => import('./errors.en'),
	de: () => import('./errors.de')
});

/** What an answer says that is none: the words for its code, or its own where it has told no code. */
export function told(error: unknown, response: Response): string {
	const { error: said, code } = { ...(error as Partial<components['schemas']['ErrorBody']>) };
	if (said !== undefined) return inWords(words, code, said);
	return `the server answered ${response.status} ${response.statusText}`.trim();
}

/** A code in given words. A place such as `#/filters/1: ` in front stays: it is a part of the request. */
export function inWords(words: Words, code: ErrorCode | undefined, message: string): string {
	// A server of another version may have codes that this page does not know.
	const word = (words as Partial<Words>)[code ?? ('' as ErrorCode)];
	if (word === undefined) return message;
	const [, place = '', said = ''] = /^(#\S*: )?(.*)$/s.exec(message) ?? [];
	return place + (typeof word === 'string' ? word : word(said));
}
