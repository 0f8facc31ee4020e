import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, placeOf, saidOf } from './place';

/** What a place marks. */
function marked(message: string, sql: string) {
	const place = placeOf(message, sql);
	return place && [sql.slice(place.start, place.end), place.line, place.column];
}

describe('the place of an error', () => {
	test('is the one that ClickHouse counts out, in bytes', () => {
		const sql = "SELECT 'ä'\nFORM daily";
		const message =
			'Syntax error: failed at position 13 (FORM) (line 2, col 1): FORM daily. (SYNTAX_ERROR)';
		expect(marked(message, sql)).toEqual(['FORM', 2, 1]);
	});

	test('is the last word of a statement that ends too early', () => {
		const message =
			'Syntax error: failed at position 40 (end of query) (line 1, col 40): . (SYNTAX_ERROR)';
		expect(marked(message, 'SELECT version FROM\n')).toEqual(['FROM', 1, 16]);
	});

	test('is else the first use of the name that the message quotes', () => {
		const unknown =
			'Unknown expression identifier `e.vrsion` in scope SELECT … (UNKNOWN_IDENTIFIER)';
		expect(marked(unknown, 'SELECT vrsions,\n\tvrsion FROM daily')).toEqual(['vrsion', 2, 2]);
		const grouped =
			"Column 'weir.daily.version' is not under aggregate function (NOT_AN_AGGREGATE)";
		expect(marked(grouped, 'SELECT version, sum(answered) FROM daily')).toEqual(['version', 1, 8]);
	});

	test('is nowhere where nothing is named', () => {
		expect(
			placeOf("it's necessary to have the grant SELECT ON weir.daily.", 'SELECT 1')
		).toBeUndefined();
		expect(placeOf('Unknown table `nobody`', 'SELECT 1')).toBeUndefined();
	});

	test('lies within the statement whatever the message says', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.nat(200), (sql, position) => {
				const { start, end } = placeOf(`failed at position ${position} (x)`, sql)!;
				expect(start).toBeGreaterThanOrEqual(0);
				expect(end).toBeGreaterThanOrEqual(start);
				expect(end).toBeLessThanOrEqual(sql.length);
			})
		);
	});
});

test('what is said is for people, and the name of the error for programs', () => {
	const message = "#/sql: Unknown table 'dayly' (in words). (UNKNOWN_TABLE)";
	expect(saidOf(message)).toBe("Unknown table 'dayly' (in words).");
	expect(nameOf(message)).toBe('UNKNOWN_TABLE');
	expect(nameOf('the server did not answer')).toBeUndefined();
});
