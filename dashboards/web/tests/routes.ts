/** The addresses of every page, read from the file tree, so that a new one cannot be forgotten. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../src/routes', import.meta.url));

/** What stands in place of a parameter. */
const SAMPLES: Record<string, string> = { package: 'acme/rocket', organisation: 'initech.example' };
/** What a page needs beside its path. */
const BESIDE: Record<string, string> = { '/invite': `#${'ab'.repeat(32)}` };

export const ROUTES = readdirSync(FOLDER, { encoding: 'utf8', recursive: true })
	.filter((file) => file.endsWith('+page.svelte'))
	.flatMap((file) => matched(dirname(file)))
	.map(address)
	.sort();

/** `-/[page=beside]` is one folder for each word that the matcher `beside` knows. */
function matched(folder: string): string[] {
	const [whole, matcher] = /\[\w+=(\w+)\]/.exec(folder) ?? [];
	if (!whole) return [folder];
	const file = readFileSync(`${FOLDER}/../params/${matcher}.ts`, 'utf8');
	const words = file.match(/(?<=')[a-z]+(?=')/g) ?? [];
	if (words.length === 0) throw new Error(`params/${matcher}.ts names no page`);
	return words.map((word) => folder.replace(whole, word));
}

/** `(app)/p/[...package]/-/versions` is `/p/acme/rocket/-/versions`: groups are no part of a path. */
function address(folder: string): string {
	const parts = folder.split('/').filter((part) => part !== '.' && !/^\(.*\)$/.test(part));
	const path = `/${parts.map((part) => part.replace(/^\[(?:\.\.\.)?(\w+)\]$/, sample)).join('/')}`;
	return path + (BESIDE[path] ?? '');
}

function sample(_: string, name: string): string {
	const value = SAMPLES[name];
	if (!value) throw new Error(`tests/routes.ts has no sample for the parameter "${name}"`);
	return value;
}
