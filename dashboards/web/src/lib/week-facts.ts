/** What the rules of a week look at, from answers. */
import type { QueryAnswer } from './api/types';
import { addDays, type Days } from './range';
import type { Facts, Moved, Taken } from './week';

/** The spans that are asked about, all of full days up to yesterday. */
export function spans(today: string): Record<'week' | 'days' | 'fiveWeeks' | 'earlier', Days> {
	const before = (days: number) => addDays(today, -days);
	return {
		week: { from: before(7), to: before(1) },
		days: { from: before(63), to: before(1) },
		fiveWeeks: { from: before(35), to: before(1) },
		earlier: { from: before(91), to: before(36) }
	};
}

/** Days of a release's pace: the last three full ones, by days after it; none where they are not three yet. */
export function paceDays(released: string, days: number): Days | undefined {
	return days < 2 ? undefined : { from: addDays(released, days - 2), to: addDays(released, days) };
}

export function taken(version: string, part: QueryAnswer, whole: QueryAnswer): Taken {
	const count = (answer: QueryAnswer) => answer.results[0]?.metrics[0] ?? 0;
	return { version, part: count(part), whole: count(whole) };
}

/** An answer by one dimension with the week before beside it. */
export function movedOf(answer: QueryAnswer): Moved[] {
	return answer.results.map(({ dimensions, metrics, comparison }) => ({
		name: dimensions[0] ?? '',
		now: metrics[0] ?? 0,
		before: comparison?.metrics[0] ?? 0
	}));
}

/**
 * Organisations week by week, from an answer by day and organisation over five weeks and one by organisation
 * over the time before. Nothing where the first was cut at `most` rows: who is missing cannot be told.
 */
export function organisationsOf(
	fiveWeeks: QueryAnswer,
	earlier: QueryAnswer,
	today: string,
	most: number
): Facts['organisations'] {
	if (fiveWeeks.results.length >= most || earlier.results.length >= most) return undefined;
	const during = (weeksAgo: number) => {
		const from = addDays(today, -7 * (weeksAgo + 1));
		const until = addDays(today, -7 * weeksAgo);
		const names = fiveWeeks.results
			.filter(({ dimensions: [day = ''] }) => day >= from && day < until)
			.map(({ dimensions }) => dimensions[1] ?? '');
		return [...new Set(names)].filter((name) => name !== '');
	};
	return {
		now: during(0),
		weeks: [during(1), during(2), during(3), during(4)],
		earlier: earlier.results.map(({ dimensions }) => dimensions[0] ?? '')
	};
}
