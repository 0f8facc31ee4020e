/** Canned answers to statements: the same rows to each, and ClickHouse's words to one that misspells a column. */

const column = (name, type) => ({ name, type });

export const ANSWER = {
	columns: [
		column('version', 'LowCardinality(String)'),
		column('downloads', 'UInt64'),
		column('last_time', "DateTime('UTC')"),
		column('note', 'Nullable(String)')
	],
	rows: [
		['2.1.0', 81204, '2026-11-20 14:05:00', null],
		['=2+5', 9007199254740992, '2026-11-19 08:00:00', 'x'.repeat(60)]
	],
	truncated: false,
	cost: { rows_read: 13393, bytes_read: 176034, elapsed_s: 0.0067 }
};

const TABLES = [
	{
		name: 'daily',
		columns: [
			column('package', 'LowCardinality(String)'),
			column('day', 'Date'),
			column('answered', 'SimpleAggregateFunction(sum, UInt64)')
		]
	},
	{ name: 'people', columns: [column('by', "Enum8('nothing' = 0)"), column('people', 'UInt64')] }
];

const UNKNOWN =
	'Unknown expression identifier `answerd` in scope SELECT sum(answerd) FROM daily. Maybe you meant: [answered]. (UNKNOWN_IDENTIFIER)';

export const answers = {
	'GET /api/v2/sql/schema': () => [200, { tables: TABLES }],
	'POST /api/v2/sql': ({ sql }) =>
		/\banswerd\b/.test(sql) ? [400, { error: UNKNOWN }] : [200, ANSWER]
};
