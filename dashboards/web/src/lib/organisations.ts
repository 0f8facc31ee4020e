/** What pages about organisations compute: their address, a calendar, sentences about stages. */
import type { OrganisationProfile, StageReason, StageRule, Wish } from './api/organisations';
import { addDays, type Days, type Range } from './range';

/** Rows of a page of the list. */
export const ROWS = 25;

const STATUSES = ['new', 'growing', 'steady', 'quiet'] as const;
const STAGES = ['interest', 'investigation', 'experimentation', 'ongoing_use', 'inactive'] as const;
const TYPES = ['business', 'education', 'government', 'nonprofit'] as const;
const SORTS = [
	'name',
	'type',
	'stage',
	'downloads',
	'ci',
	'views',
	'packages',
	'first_seen',
	'last_seen'
] as const;
export { STAGES, STATUSES, TYPES };
export type Sort = (typeof SORTS)[number];

/** What the address says of the list; what it does not know it leaves out. */
export function wishOf(params: URLSearchParams): Wish {
	const page = Math.max(0, Math.floor(Number(params.get('page')) || 0));
	const confidence = Number(params.get('confidence')) || 0;
	const search = params.get('search')?.trim();
	return compact({
		status: oneOf(STATUSES, params.get('status')),
		type: oneOf(TYPES, params.get('type')),
		stage: oneOf(STAGES, params.get('stage')),
		confidence: confidence > 0 && confidence <= 100 ? confidence : undefined,
		search: search || undefined,
		sort: oneOf(SORTS, params.get('sort')),
		ascending: params.has('up') || undefined,
		limit: ROWS,
		offset: page > 0 ? page * ROWS : undefined
	});
}

/** The address of a package's organisations, or of those of all; and of one of them. */
export function organisationsPath(packageName: string): string {
	if (packageName === '*') return '/organisations';
	return `/p/${packageName.split('/').map(encodeURIComponent).join('/')}/-/organisations`;
}

export function organisationPath(packageName: string, key: string): string {
	return `${organisationsPath(packageName)}/${encodeURIComponent(key)}`;
}

/** The days of a range until `today`; a range without a beginning has as many as rollups are kept. */
export function daysOf(range: Range, today: string): Days {
	if (typeof range !== 'string') return range;
	const back = (days: number) => ({ from: addDays(today, 1 - days), to: today });
	switch (range) {
		case '24h':
		case 'day':
			return back(1);
		case '7d':
			return back(7);
		case '28d':
			return back(28);
		case '91d':
			return back(91);
		case '6mo':
			return back(183);
		case '12mo':
			return back(365);
		case 'month':
			return { from: `${today.slice(0, 8)}01`, to: today };
		case 'year':
			return { from: `${today.slice(0, 5)}01-01`, to: today };
		case 'all':
			return back(762);
	}
}

export type Level = 'low' | 'medium' | 'high';

/** How sure a match is, in the words of docs/organisations.md. */
export function levelOf(confidence: number): Level {
	return confidence >= 90 ? 'high' : confidence >= 70 ? 'medium' : 'low';
}

export type Mark = 'view' | 'download' | 'build' | 'none';

/** A day of the calendar. */
export interface CalendarDay {
	day: string;
	mark: Mark;
	views: number;
	downloads: number;
	ci: number;
}

/** Weeks from Monday, oldest first; the last ends with `today`. */
export type Week = CalendarDay[];

/** The calendar of the last `weeks` weeks until `today`. What says most of a day marks it: CI, download, view. */
export function calendar(days: OrganisationProfile['days'], today: string, weeks: number): Week[] {
	const known = new Map(days.map((day) => [day.day, day]));
	const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
	const monday = addDays(today, -weekday - 7 * (weeks - 1));
	return Array.from({ length: weeks }, (_, week) =>
		Array.from({ length: 7 }, (_, day) => addDays(monday, 7 * week + day))
			.filter((day) => day <= today)
			.map((day) => {
				const { views = 0, downloads = 0, ci = 0 } = known.get(day) ?? {};
				return { day, views, downloads, ci, mark: markOf(views, downloads, ci) };
			})
	);
}

function markOf(views: number, downloads: number, ci: number): Mark {
	if (ci > 0) return 'build';
	if (downloads > 0) return 'download';
	return views > 0 ? 'view' : 'none';
}

export interface Span {
	stage: OrganisationProfile['stages'][number]['stage'];
	first: string;
	last: string;
	/** Part of the whole, 0 to 1. */
	share: number;
}

/** Stages within the days `from` to `to`, each with its part of them. */
export function spans(stages: OrganisationProfile['stages'], { from, to }: Days): Span[] {
	const length = (first: string, last: string) =>
		(Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
	const all = length(from, to);
	return stages
		.map(({ stage, first, last }) => ({
			stage,
			first: first < from ? from : first,
			last: last > to ? to : last
		}))
		.filter(({ first, last }) => first <= last)
		.map((span) => ({ ...span, share: length(span.first, span.last) / all }));
}

/** What sentences about rules are made of, in one language. */
export interface RuleWords {
	and: string;
	rule: {
		weeks: (what: string, least: string, window: string) => string;
		sum: (what: string, n: number, least: string, window: string) => string;
		none: (what: string, window: string) => string;
	};
	found: {
		weeks: (what: string, found: string, window: string) => string;
		sum: (what: string, n: number, found: string, window: string) => string;
		none: (what: string, found: string) => string;
		never: (what: string) => string;
	};
}

type Count = (n: number) => string;

export function ruleSentence(rule: StageRule, words: RuleWords, count: Count): string {
	const parts = rule.when.map(({ what, measure, least, window }) => {
		if (measure === 'weeks') return words.rule.weeks(what, count(least), count(window));
		if (measure === 'sum') return words.rule.sum(what, least, count(least), count(window));
		return words.rule.none(what, count(window));
	});
	return parts.join(words.and);
}

export function reasonSentence(reason: StageReason, words: RuleWords, count: Count): string {
	const parts = reason.found.map(({ what, measure, window, found }) => {
		if (measure === 'weeks') return words.found.weeks(what, count(found), count(window));
		if (measure === 'sum') return words.found.sum(what, found, count(found), count(window));
		return found === 0 ? words.found.never(what) : words.found.none(what, count(found));
	});
	return parts.join(words.and);
}

function oneOf<T extends string>(words: readonly T[], word: string | null): T | undefined {
	return words.find((known) => known === word);
}

function compact<T extends object>(object: T): T {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
