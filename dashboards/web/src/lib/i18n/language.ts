/** The language of this viewer, and how the words of a part of the page come in it. */

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'weir-language';
/** Without a region that the browser prefers: day before month. */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** What the viewer chose, else the first of the browser's languages that we speak. */
export const language: Language = spoken([chosen(), ...preferred()]) ?? 'en';

/** Remembers a choice; it holds from the next load on. Nothing takes it back. */
export function choose(choice: Language | undefined): void {
	try {
		if (choice) localStorage.setItem(KEY, choice);
		else localStorage.removeItem(KEY);
	} catch {
		// Storage may be forbidden; the browser's languages then stay the choice.
	}
}

/** The words of one part. Each language is a file of its own, which only its readers load. */
export async function inLanguage<Words>(
	files: Record<Language, () => Promise<{ words: Words }>>
): Promise<Words> {
	return (await files[language]()).words;
}

/** The first of `tags` (BCP 47) that is one of ours, whatever its region. */
export function spoken(tags: readonly (string | null)[]): Language | undefined {
	const primary = tags.map((tag) => tag?.toLowerCase().split('-')[0]);
	return primary
		.map((tag) => LANGUAGES.find((language) => language === tag))
		.find((language) => language !== undefined);
}

/** The language with the region that the browser prefers for it. */
export function localeOf(language: Language, tags = preferred()): string {
	return tags.find((tag) => tag.startsWith(`${language}-`)) ?? LOCALES[language];
}

/** What a language calls itself. */
export function nameOf(language: Language): string {
	return new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
}

function chosen(): string | null {
	try {
		return localStorage.getItem(KEY);
	} catch {
		return null; // forbidden, or no browser
	}
}

function preferred(): readonly string[] {
	return typeof navigator === 'undefined' ? [] : navigator.languages;
}
