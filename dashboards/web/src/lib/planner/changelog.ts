/** The lines for the changelog, from what is known. */
import { shareNow } from './decline';
import type { Drop } from './drop';
import type { Forecast, Passing } from './forecast';

export interface ChangelogWords {
	named: Record<Drop['what'], (value: string, runtime: string) => string>;
	text: {
		drops: (what: string) => string;
		now: (share: string, since: string, day: string) => string;
		before: (share: string, day: string) => string;
		nobody: (day: string) => string;
		expected: (threshold: string, date: string) => string;
		organisations: (count: number) => string;
		stays: {
			version: (value: string) => string;
			runtime: (value: string, runtime: string) => string;
			other: string;
		};
	};
}

export interface ChangelogFormats {
	share: (share: number) => string;
	day: (day: string) => string;
	/** A date that is an estimate. */
	about: (day: string) => string;
}

/** A share is told to have fallen where less than this part of it is left. */
const FELL = 0.8;

export function nameOf(drop: Drop, named: ChangelogWords['named']): string {
	return named[drop.what](drop.value, drop.runtime ?? '');
}

/**
 * One sentence a fact, and none where nothing is known. `under` is the threshold that is told,
 * `organisations` how many are known to be left.
 */
export function changelog(
	drop: Drop,
	{ now, weeks, unused, blank }: Forecast,
	under: { threshold: number; passing: Passing },
	organisations: number,
	lastDay: string,
	{ named, text }: ChangelogWords,
	format: ChangelogFormats
): string {
	const first = weeks[0]?.label ?? '';
	const before = shareNow(weeks.slice(0, 4));
	const fell = before !== undefined && now !== undefined && now < FELL * before;
	const since = fell ? text.before(format.share(before), format.day(first)) : '';
	const sentences = [
		text.drops(nameOf(drop, named)),
		!blank && (unused || now === 0)
			? text.nobody(format.day(lastDay))
			: now !== undefined && text.now(format.share(now), since, format.day(lastDay)),
		under.passing.kind === 'expected' &&
			text.expected(format.share(under.threshold), format.about(under.passing.on)),
		organisations > 0 && text.organisations(organisations),
		drop.what === 'version'
			? text.stays.version(drop.value)
			: drop.what === 'runtime'
				? text.stays.runtime(drop.value, drop.runtime ?? '')
				: text.stays.other
	];
	return sentences.filter(Boolean).join(' ');
}
