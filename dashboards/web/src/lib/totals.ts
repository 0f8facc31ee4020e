/** Every metric of the page at once: the key numbers, and what shares are shares of. */
import type { Ask } from './question';
import { METRICS, type Dimension, type Metric, type View } from './view';

/** People are never counted by where they work; the API refuses it. */
const OF_ORGANISATIONS: readonly Dimension[] = ['organisation', 'org_type', 'confidence'];
const WITHOUT_PEOPLE: readonly Metric[] = METRICS.filter((metric) => metric !== 'people');

export function totals({ filters }: View): Ask {
	const ofOrganisations = filters.some(({ dimension }) => OF_ORGANISATIONS.includes(dimension));
	return { metrics: [...(ofOrganisations ? WITHOUT_PEOPLE : METRICS)], compare: 'always' };
}

/** What an answer to `totals` has for a metric; nothing where it was not asked for. */
export function totalIn<T>(values: T[] | undefined, metric: Metric): T | undefined {
	const asked: readonly Metric[] = values?.length === METRICS.length ? METRICS : WITHOUT_PEOPLE;
	return values?.[asked.indexOf(metric)];
}
