/** From a view to the questions that the query API answers. */
import type { Question } from './api/types';
import { defaultInterval, type Interval } from './range';
import { AUDIENCES, type Operator, type View } from './view';

/** What a panel adds to the view. */
export interface Ask {
	metrics: Question['metrics'];
	/** Besides the time, which `overTime` adds. */
	dimensions?: NonNullable<Question['dimensions']>;
	/** A series over time at the view's interval. */
	overTime?: boolean;
	/** Conditions of the panel itself, in the API's notation. */
	where?: Condition[];
	/** Compare with the view's comparison period, or with the one before when it has none. */
	compare?: 'as viewed' | 'always';
	releases?: boolean;
	limit?: number;
}

export type Condition = [operator: Operator | 'before', dimension: Field, values: string[]];

/** What the API can split and filter by, but for time. */
export type Field = Exclude<NonNullable<Question['dimensions']>[number], `time:${string}`>;

export function intervalOf(view: View): Interval {
	return view.interval ?? defaultInterval(view.range);
}

export function question(packageName: string, view: View, ask: Ask, timeZone: string): Question {
	const dimensions: NonNullable<Question['dimensions']> = [...(ask.dimensions ?? [])];
	if (ask.overTime) dimensions.unshift(`time:${intervalOf(view)}`);
	const compare = comparison(view, ask.compare);
	const byWeekday = typeof compare === 'string' && view.sameWeekdays;
	const include = {
		...(ask.overTime && { time_labels: true }),
		...(compare && { compare }),
		...(byWeekday && { match_day_of_week: true }),
		...(ask.releases && { releases: true })
	};
	const byValue = dimensions.length > 0 && !ask.overTime;
	return {
		site_id: packageName,
		metrics: ask.metrics,
		date_range: typeof view.range === 'string' ? view.range : [view.range.from, view.range.to],
		...(dimensions.length > 0 && { dimensions }),
		filters: [...conditions(view), ...(ask.where ?? [])],
		...(byValue && ask.metrics[0] && { order_by: [[ask.metrics[0], 'desc']] }),
		...(Object.keys(include).length > 0 && { include }),
		...(ask.limit && { pagination: { limit: ask.limit, offset: 0 } }),
		timezone: timeZone
	};
}

/** The view's audience and filters as conditions, the shorter of the two ways to name an audience. */
export function conditions({ audience, filters }: View): Condition[] {
	const left = AUDIENCES.filter((name) => !audience.includes(name));
	const who: Condition[] =
		left.length === 0
			? []
			: left.length < audience.length
				? [['is_not', 'audience', left]]
				: [['is', 'audience', [...audience]]];
	return [...who, ...filters.map((f): Condition => [f.operator, f.dimension, f.values])];
}

function comparison(
	view: View,
	wanted: Ask['compare']
): NonNullable<Question['include']>['compare'] {
	if (!wanted) return undefined;
	if (typeof view.comparison !== 'string') return [view.comparison.from, view.comparison.to];
	if (view.comparison === 'year') return 'year_over_year';
	if (view.comparison === 'prev' || wanted === 'always') return 'previous_period';
	return undefined;
}
