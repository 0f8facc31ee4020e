/** What the viewer looks at, and its one home: the query string of the page. */
import type { Question } from './api/types';
import {
	INTERVALS,
	isDay,
	PRESETS,
	type Days,
	type Interval,
	type Preset,
	type Range
} from './range';

export const COMPARISONS = ['off', 'prev', 'year'] as const;
/** Days of the viewer's choice, or a period that follows from the range. */
export type Comparison = (typeof COMPARISONS)[number] | Days;

/** In the order of their fixed colours. */
export const AUDIENCES = ['people', 'ci', 'mirror', 'bot', 'updater', 'proxy', 'unknown'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Everyone but machines that copy or crawl: a first download by hand is always among them. */
export const DEFAULT_AUDIENCE: readonly Audience[] = AUDIENCES.filter(
	(audience) => audience !== 'mirror' && audience !== 'bot'
);

export const METRICS = ['downloads', 'people', 'checks', 'views'] as const;
export type Metric = (typeof METRICS)[number];

export const OPERATORS = [
	'is',
	'is_not',
	'contains',
	'contains_not',
	'matches',
	'matches_not'
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What the API splits and filters by, besides time. */
export type ApiDimension = Exclude<NonNullable<Question['dimensions']>[number], `time:${string}`>;

/** Dimensions that a filter may name: the API's own words, but for those that the page itself asks by. */
export const DIMENSIONS = [
	'version',
	'version_major',
	'version_minor',
	'channel',
	'artifact',
	'client',
	'client_version',
	'runtime',
	'runtime_version',
	'os',
	'arch',
	'libc',
	'country',
	'audience',
	'organisation',
	'organisation_domain',
	'org_type',
	'confidence',
	'net_type',
	'kind',
	'ecosystem',
	'domain',
	'route',
	'ci_name',
	'status',
	'referrer_host',
	'source',
	'campaign',
	'page'
] as const satisfies readonly ApiDimension[];
export type Dimension = (typeof DIMENSIONS)[number];

export interface Filter {
	operator: Operator;
	dimension: Dimension;
	/** At least one; empty text is the unknown value. */
	values: string[];
}

export interface View {
	range: Range;
	comparison: Comparison;
	/** Compare a Saturday with a Saturday. */
	sameWeekdays: boolean;
	/** Absent: what suits the range. */
	interval?: Interval;
	audience: Audience[];
	metric: Metric;
	filters: Filter[];
}

export const DEFAULT_VIEW: View = {
	range: '28d',
	comparison: 'off',
	sameWeekdays: true,
	audience: [...DEFAULT_AUDIENCE],
	metric: 'downloads',
	filters: []
};

/** Reads a view; a key that says nothing sensible counts as absent, so no address is an error. */
export function parseView(search: string | URLSearchParams): View {
	const params = new URLSearchParams(search);
	const interval = oneOf(INTERVALS, params.get('i'));
	return {
		range: parseRange(params.get('r')),
		comparison: parseComparison(params.get('c')),
		sameWeekdays: params.get('w') !== '0',
		...(interval && { interval }),
		audience: parseAudience(params.get('aud')),
		metric: oneOf(METRICS, params.get('m')) ?? DEFAULT_VIEW.metric,
		filters: params.getAll('f').flatMap(parseFilter)
	};
}

/** The query string of a view, without `?`; what is at its default is left out. */
export function writeView(view: View): string {
	const pairs: [string, string][] = [];
	if (view.range !== DEFAULT_VIEW.range) pairs.push(['r', writeRange(view.range)]);
	if (view.comparison !== DEFAULT_VIEW.comparison)
		pairs.push(['c', writeComparison(view.comparison)]);
	if (!view.sameWeekdays) pairs.push(['w', '0']);
	if (view.interval) pairs.push(['i', view.interval]);
	if (!sameSet(view.audience, DEFAULT_AUDIENCE)) pairs.push(['aud', view.audience.join(',')]);
	if (view.metric !== DEFAULT_VIEW.metric) pairs.push(['m', view.metric]);
	for (const filter of view.filters) pairs.push(['f', writeFilter(filter)]);
	return pairs.map(([key, value]) => `${key}=${encodeReadably(value)}`).join('&');
}

function parseRange(text: string | null): Range {
	return oneOf(PRESETS, text) ?? parseDays(text) ?? DEFAULT_VIEW.range;
}

function parseDays(text: string | null): Days | undefined {
	const [from, to, ...more] = (text ?? '').split('..');
	if (from && to && more.length === 0 && isDay(from) && isDay(to) && from <= to)
		return { from, to };
	return undefined;
}

const CUSTOM = 'custom:';

function parseComparison(text: string | null): Comparison {
	const days = text?.startsWith(CUSTOM) ? parseDays(text.slice(CUSTOM.length)) : undefined;
	return days ?? oneOf(COMPARISONS, text) ?? DEFAULT_VIEW.comparison;
}

function writeComparison(comparison: Comparison): string {
	return typeof comparison === 'string' ? comparison : CUSTOM + writeRange(comparison);
}

/** What the changes are against, in a word: without a comparison it is the period before. */
export function against({ comparison }: View): 'prev' | 'year' | 'custom' {
	if (typeof comparison !== 'string') return 'custom';
	return comparison === 'year' ? 'year' : 'prev';
}

function writeRange(range: Range): string {
	return typeof range === 'string' ? (range satisfies Preset) : `${range.from}..${range.to}`;
}

function parseAudience(text: string | null): Audience[] {
	const named = new Set((text ?? '').split(','));
	const known = AUDIENCES.filter((audience) => named.has(audience));
	return known.length > 0 ? known : [...DEFAULT_AUDIENCE];
}

function parseFilter(text: string): Filter[] {
	const [first, second, ...values] = splitEscaped(text);
	const operator = oneOf(OPERATORS, first ?? null);
	const dimension = oneOf(DIMENSIONS, second ?? null);
	return operator && dimension && values.length > 0 ? [{ operator, dimension, values }] : [];
}

function writeFilter({ operator, dimension, values }: Filter): string {
	return joinEscaped([operator, dimension, ...values]);
}

/** Parts as one text that [`splitEscaped`] takes apart again. */
export function joinEscaped(parts: string[]): string {
	return parts.map(escapeComma).join(',');
}

/** Values may hold commas: `\,` is a comma and `\\` a backslash. */
function escapeComma(value: string): string {
	return value.replace(/[\\,]/g, '\\$&');
}

export function splitEscaped(text: string): string[] {
	const parts: string[] = [];
	let part = '';
	for (let i = 0; i < text.length; i++) {
		if (text[i] === ',') {
			parts.push(part);
			part = '';
		} else {
			if (text[i] === '\\' && i + 1 < text.length) i++;
			part += text[i];
		}
	}
	return [...parts, part];
}

/** Percent-encoding that leaves the characters of dates, names and lists as they are read. */
export function encodeReadably(value: string): string {
	return encodeURIComponent(value.toWellFormed?.() ?? value).replace(/%(2C|2F|3A|40)/g, (code) =>
		decodeURIComponent(code)
	);
}

function oneOf<T extends string>(words: readonly T[], text: string | null): T | undefined {
	return words.find((word) => word === text);
}

function sameSet<T>(a: readonly T[], b: readonly T[]): boolean {
	return a.length === b.length && a.every((item) => b.includes(item));
}
