/** Words about questions and what answered them, in English. */
export const words = {
	compare: {
		weekdays: 'Match days of the week',
		weekdaysWhy: 'A Saturday then stands beside a Saturday. It changes nothing over months.',
		custom: 'Compare with days of your choice'
	},
	filter: {
		pattern: 'A regular expression (RE2), such as ^2\\.'
	},
	query: {
		tabs: { curl: 'curl', sql: 'SQL', explore: 'Explore' },
		label: 'Ways to ask this',
		ran: (table: string, rows: string, bytes: string, time: string) =>
			`${table}: ${rows} rows read, ${bytes}, ${time}`,
		ranWhy:
			'The statements that answered, in the order in which they began, as clickhouse-client takes them. An equal statement within some seconds is not run again.',
		statement: (nth: number) => `Statement ${nth}`,
		exploreWhy:
			'The same numbers in a table by dimensions of your choice, with the same range and filters.',
		exploreGo: 'Open in Explore'
	},
	parquet: 'Download Parquet',
	parquetWhy: 'Every row, as ClickHouse writes it',
	imported: {
		title: 'Registry totals, unfiltered',
		counts:
			'What registries counted by rules of their own, brought in by an import. A download in here may be one that Weir saw too, and audience and filters do not apply, so it is never added to other numbers.',
		hint: 'Counted by the registries. Never part of the numbers above.'
	}
};
