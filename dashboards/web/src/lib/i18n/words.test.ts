/** Every part has its words in every language, and none is English where it should not be. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from './language';

/** Words that are the same in German. */
const SAME = new Set([
	'',
	'(said) => said', // passed on
	'3.0',
	'3.10',
	'Badge',
	'Pixel',
	'Bots',
	'CI',
	'CSV',
	'Cargo',
	'ClickHouse',
	'Client',
	'Clients',
	'Code',
	'Domain',
	'Domains',
	'Download',
	'Downloads',
	'Export',
	'Filter',
	'Helm',
	'Host',
	'Import',
	'JSON',
	'Live',
	'Minute',
	'Name',
	'Organisation',
	'Pivot',
	'Python',
	'README',
	'Route',
	'SQL',
	'Status',
	'System',
	'Tokens',
	'Updater',
	'Version',
	'Weir',
	'armv7',
	'curl',
	'in CI',
	'live',
	'musl',
	'npm',
	'windows'
]);

const folder = new URL('./', import.meta.url);
/** `en.ts` has no part in its name, the others are `PART.en.ts`. */
const english = readdirSync(folder).filter((name) => /^(\w+\.)?en\.ts$/.test(name));
const inOther = (file: string, language: string) => file.replace(/en\.ts$/, `${language}.ts`);
const others = LANGUAGES.filter((language) => language !== 'en');

/** Every word by its path: text as it is, what makes text of something by how it does so. */
function leaves(words: unknown, path = ''): [string, string][] {
	if (typeof words === 'string') return [[path, words]];
	if (typeof words === 'function') return [[path, words.toString()]];
	return Object.entries(words as object).flatMap(([key, value]) => leaves(value, `${path}.${key}`));
}

async function words(file: string): Promise<Map<string, string>> {
	const module = await import(/* @vite-ignore */ new URL(file, folder).pathname);
	return new Map(leaves(module.words));
}

test('there are words to compare', () => {
	expect(english).toContain('en.ts');
	expect(english.length).toBeGreaterThanOrEqual(3);
});

describe.each(english.flatMap((file) => others.map((language) => [file, language] as const)))(
	'%s and its %s',
	(file, language) => {
		test('have the same keys', async () => {
			const [ours, theirs] = [await words(file), await words(inOther(file, language))];
			expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
		});

		test('say the same thing only where both languages do', async () => {
			const [ours, theirs] = [await words(file), await words(inOther(file, language))];
			const same = [...ours].filter(([path, word]) => theirs.get(path) === word && !SAME.has(word));
			expect(same, 'translate them, or add them to SAME').toEqual([]);
		});
	}
);

test('files of words bring nothing along: who waits for them may be what they would bring', () => {
	for (const file of english.flatMap((file) => [
		file,
		...others.map((language) => inOther(file, language))
	])) {
		const imports = readFileSync(new URL(file, folder), 'utf8').match(/^import .*/gm) ?? [];
		expect(
			imports.filter((line) => !line.startsWith('import type')),
			file
		).toEqual([]);
	}
});
