/** Made-up events: a demo writes them to have something to show, and each says so by its route. */
import type { QueryAnswer } from './api/types';
import type { Ask } from './question';
import { addDays, type Range } from './range';
import type { Filter } from './view';

/** No route of a configuration is called so: those begin with a slash, or are patterns. */
const ROUTE = 'made-up history';
/** Single events are kept this long, and only they know their route. */
const EVENT_DAYS = 90;

/** Among the numbers; a demo that has many answers this in half the time that both take. */
export const MADE_UP: Ask = {
	metrics: ['events'],
	where: [['is', 'route', [ROUTE]]]
};

/** The same, and among those that they are compared with: asked where there are none among the numbers themselves. */
export const MADE_UP_BEFORE: Ask = { ...MADE_UP, compare: 'always' };

/** Leaves them out. */
export const MEASURED: Filter = { operator: 'is_not', dimension: 'route', values: [ROUTE] };

export function isMadeUp({ route }: { route: string }): boolean {
	return route === ROUTE;
}

/** Where to look for them: what is over before the oldest known route is judged by all that is known. */
export function searched(range: Range, today: string): Range {
	const known = addDays(today, 1 - EVENT_DAYS);
	return typeof range === 'object' && range.to < known ? 'all' : range;
}

/** Whether they are among the numbers, or only among those they are compared with. */
export function found(answer: QueryAnswer | undefined): 'included' | 'compared' | undefined {
	const row = answer?.results[0];
	if (row?.metrics[0]) return 'included';
	return row?.comparison?.metrics[0] ? 'compared' : undefined;
}
