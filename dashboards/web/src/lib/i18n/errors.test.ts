import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inWords, type ErrorCode } from './errors';
import { words as de } from './errors.de';
import { words as en } from './errors.en';

const described = new URL('../../../../openapi.json', import.meta.url);
const codes = JSON.parse(readFileSync(described, 'utf8')).components.schemas.ErrorCode
	.enum as ErrorCode[];

describe('what the API has against a request', () => {
	test.each([
		['English', en],
		['German', de]
	])('has words in %s for every code', (_, words) => {
		expect(Object.keys(words).sort()).toEqual([...codes].sort());
	});

	test('is said with the place in the request before it', () => {
		expect(inWords(de, 'name_taken', '#/name: somebody has this name; choose another')).toBe(
			'#/name: Diesen Namen hat schon jemand. Bitte einen anderen wählen.'
		);
	});

	test('keeps the details that a sentence needs', () => {
		expect(inWords(de, 'invalid_question', '#/filters/1/2/0: invalid pattern "("')).toBe(
			'#/filters/1/2/0: Diese Frage ergibt keinen Sinn: invalid pattern "("'
		);
		expect(inWords(de, 'statement_forbidden', '#/sql: `file` is not for statements')).toContain(
			'`file` ist'
		);
	});

	test('is said in the words of the API where there is no code, or one of another version', () => {
		expect(inWords(de, undefined, 'out of order')).toBe('out of order');
		expect(inWords(de, 'from_tomorrow' as ErrorCode, 'out of order')).toBe('out of order');
	});
});
