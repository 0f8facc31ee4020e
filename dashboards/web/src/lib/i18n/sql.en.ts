/** Words of Explore's statements, in English. */
import type { Example } from '../sql/examples';

const examples: Record<Example, string> = {
	busiest: 'When in the week is the package downloaded most?',
	old: 'Who still downloads what is older than half a year?',
	several: 'Which organisations use several packages?',
	thousandth: 'How long did each version take to its 1,000th download?',
	failed: 'Which requests fail, and for which clients?'
};

/** Of tables, by name. */
const tables: Record<string, string> = {
	events:
		'One row an event, with everything known of it. Kept for 90 days unless configured otherwise.',
	daily: 'Counts of a UTC day by version, kind and audience.',
	hourly: 'Counts of a UTC hour by kind and audience.',
	splits: 'Counts of a UTC day by one property, which the column “property” names.',
	people: 'Distinct people of a UTC day. Add up days, never the rows of different “by”.',
	releases: 'When each version was first and last downloaded.',
	organisations: 'Counts of a UTC day by organisation and version.',
	imported_totals: 'What registries counted themselves. Read it with FINAL.'
};

/** Of columns: by name, or by table and name where one means something else there. */
const columns: Record<string, string> = {
	answer: 'How it was answered',
	answered: 'Without errors',
	arch: 'Architecture',
	artifact: 'File',
	asn: 'Number of the network',
	audience: 'Who asked: people, CI, mirror …',
	audience_reasons: 'The rules that decided it',
	by: 'What the row is distinct over',
	bytes: 'Bytes that were sent',
	campaign: 'Campaign of a docs view',
	channel: 'stable, pre or nightly',
	ci: 'Whether a build service asked',
	ci_name: 'Which build service',
	client: 'The program that asked',
	client_version: 'Its version',
	country: 'Two letters (ISO 3166)',
	day: 'UTC day',
	detail: 'What goes with the value',
	digest: 'Of the content',
	domain: 'Host that was asked',
	downloads: 'As the registry counted',
	ecosystem: 'Registry or protocol',
	first_seen: 'First download',
	hour: 'Start of a UTC hour',
	imported_at: 'When it was brought in',
	kind: 'download, check, view …',
	last_seen: 'Latest download',
	libc: 'C library',
	method: 'HTTP method',
	net_type: 'Kind of network',
	org_confidence: 'How sure, in percent',
	org_domain: 'Domain of the organisation',
	org_evidence: 'What the match rests on',
	org_id: 'Number of the organisation',
	org_name: 'Name of the organisation',
	org_type: 'Company, university …',
	os: 'Operating system',
	os_version: 'Its version',
	package: 'Name of the package',
	page: 'Path of a docs page',
	people: 'Distinct people',
	property: 'What is split by',
	props: 'What a custom event said',
	referrer_host: 'Site that linked here',
	region: 'Part of the country',
	requests: 'All, errors too',
	route: 'Route of the configuration',
	runtime: 'Python, Node …',
	runtime_version: 'Its version',
	source: 'Where a docs view came from',
	span: 'Of the day, or of all until then',
	status: 'HTTP status',
	time: 'UTC',
	value: 'Of the property',
	version: 'As it was asked for',
	version_major: 'Its first number',
	'imported_totals.source': 'Registry',
	'people.kind': 'Empty where it does not count',
	'people.version': 'Empty where it does not count'
};

/** What to do about an error, by ClickHouse's name for it. */
const hints: Record<string, string> = {
	ACCESS_DENIED:
		'Name the columns instead of *. What would tell one visitor from another may not be read at all.',
	UNKNOWN_IDENTIFIER: 'The columns of each table are listed under “Tables and columns”.',
	UNKNOWN_TABLE: 'The tables that can be read are listed under “Tables and columns”.',
	NOT_AN_AGGREGATE: 'Add the column to GROUP BY, or put it into a function such as any().',
	TIMEOUT_EXCEEDED:
		'A statement has 10 seconds. Ask for fewer days, or read daily instead of events.',
	MEMORY_LIMIT_EXCEEDED: 'Group by fewer columns, or ask for fewer days.'
};

export const words = {
	statement: 'Statement',
	placeholder: 'SELECT version, sum(answered) AS downloads FROM daily GROUP BY version',
	examplesMenu: 'Examples',
	examples,
	run: 'Run',
	cancel: 'Cancel',
	running: 'Running…',
	cancelled: 'Cancelled. The server ends the statement.',
	tooLong: 'Too long for an address: a link or a reload will not have this statement.',
	may: 'One SELECT in ClickHouse’s dialect. It reads counts and what describes them, of every package, and nothing that tells one visitor from another; it can change nothing. 10 seconds, 100,000 rows.',
	result: 'Result',
	nothingYet: 'Nothing has been run yet',
	nothingYetWhy: 'Write a statement, or start from a question:',
	noRows: 'The statement answered no rows',
	noRowsWhy: 'It is in order, but nothing fits its conditions.',
	counts:
		'What the statement says. Audience, range and filters of the other pages do not apply. Values stand as ClickHouse writes them, and times of the tables are UTC.',
	rows: (count: number, text: string) => `${text} ${count === 1 ? 'row' : 'rows'}`,
	read: (text: string) => `${text} rows read`,
	truncated: (limit: string) => `There are more: the answer ends after ${limit} rows.`,
	earlier: 'Of the statement as it was when it last ran.',
	shown: (shown: string, all: string) => `${shown} of ${all} rows are shown.`,
	more: 'Show more',
	utc: 'Times are UTC. Values stand as ClickHouse writes them.',
	parquet: 'Download Parquet',
	call: 'The same at a shell, once signed in:',
	failed: 'The statement was not answered',
	at: (line: string, column: string) => `Line ${line}, column ${column}`,
	goThere: 'Go there',
	hints,
	tablesTitle: 'Tables and columns',
	tablesWhy: 'A click puts the name where the cursor is.',
	table: 'The table itself',
	tables,
	columns,
	insert: (name: string) => `Insert ${name}`,
	notAllowed: 'Statements are not open to you',
	notAllowedWhy:
		'They see every package, so they are for owners, admins and editors whose account sees every package. An owner can change that in the settings.',
	elsewhere: 'There is no SQL here',
	elsewhereWhy:
		'ClickHouse is a server of your own. Make a reader there, and ask that server itself.'
};
