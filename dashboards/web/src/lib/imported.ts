/** What registries counted: a question of its own, since nothing else may stand beside it. */
import type { Question, QueryAnswer } from './api/types';
import { intervalOf } from './question';
import type { Interval } from './range';
import { bands, type Band } from './series';
import type { Table } from './table';
import type { View } from './view';

/** The step of the axis; registries count by day. */
export function importedInterval(view: View): Exclude<Interval, 'hour'> {
	const interval = intervalOf(view);
	return interval === 'hour' ? 'day' : interval;
}

/** Totals over the range of the view. Its audience and filters are of events, which these are not. */
export function importedQuestion(packageName: string, view: View, timeZone: string): Question {
	const { range } = view;
	return {
		site_id: packageName,
		metrics: ['imported'],
		date_range: typeof range === 'string' ? range : [range.from, range.to],
		dimensions: [`time:${importedInterval(view)}`, 'registry'],
		include: { time_labels: true },
		pagination: { limit: 10_000, offset: 0 },
		timezone: timeZone
	};
}

/** One band for each registry, by name, up to `now`. */
export function registries(answer: QueryAnswer, now: string): { labels: string[]; bands: Band[] } {
	const { labels, bands: found } = bands(answer);
	const running = labels.findLastIndex((label) => label <= now);
	return {
		labels: labels.slice(0, running + 1),
		bands: found
			.map((band) => ({ ...band, values: band.values.slice(0, running + 1) }))
			.sort((a, b) => a.name.localeCompare(b.name))
	};
}

/** The same as a table. */
export function importedTable(
	time: string,
	{ labels, bands }: ReturnType<typeof registries>
): Table {
	return {
		columns: [time, ...bands.map(({ name }) => name)],
		rows: labels.map((label, i) => [label, ...bands.map(({ values }) => values[i] ?? 0)])
	};
}
