/** How well something that is being typed fits a name. */

/** What stands there as it is typed is worth more than what is short for it, beginnings more than middles. */
const TOGETHER = 100;
const AT_WORD = 40;
const AT_START = 30;
const SHORT = 20;

/**
 * The higher, the better `wanted` fits `name`; undefined where it does not: each of its words stands
 * in the name, or is short for it. Case and accents make no difference.
 */
export function fit(name: string, wanted: string): number | undefined {
	const text = folded(name);
	let sum = 0;
	for (const word of folded(wanted).split(/\s+/).filter(Boolean)) {
		const found = together(text, word) ?? (isShortFor(word, text) ? SHORT : undefined);
		if (found === undefined) return undefined;
		sum += found;
	}
	// Of two names that fit alike, the shorter one has less that was not asked for.
	return sum - text.length / 100;
}

/** The ones that fit, best first; those that fit alike keep their order. */
export function fitting<T>(all: readonly T[], wanted: string, nameOf: (one: T) => string): T[] {
	if (!wanted.trim()) return [...all];
	return all
		.flatMap((one) => {
			const worth = fit(nameOf(one), wanted);
			return worth === undefined ? [] : [{ one, worth }];
		})
		.sort((a, b) => b.worth - a.worth)
		.map(({ one }) => one);
}

function together(text: string, word: string): number | undefined {
	const places = [...occurrences(text, word)];
	if (places.length === 0) return undefined;
	return TOGETHER + Math.max(...places.map((at) => placeWorth(text, at)));
}

function* occurrences(text: string, word: string): Generator<number> {
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) yield at;
}

function placeWorth(text: string, at: number): number {
	if (at === 0) return AT_WORD + AT_START;
	return beginsWord(text, at) ? AT_WORD : 0;
}

/** Each letter begins a word or follows the one before: `ar` and `acro` are short for `acme/rocket`. */
function isShortFor(word: string, text: string, from = 0, running = false): boolean {
	if (word === '') return true;
	for (let at = text.indexOf(word[0]!, from); at >= 0; at = text.indexOf(word[0]!, at + 1)) {
		const next = (running && at === from) || beginsWord(text, at);
		if (next && isShortFor(word.slice(1), text, at + 1, true)) return true;
	}
	return false;
}

function beginsWord(text: string, at: number): boolean {
	return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

function folded(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
