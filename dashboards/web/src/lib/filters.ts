/** Changes to a list of filters, each giving a new list. */
import type { Dimension, Filter, Operator } from './view';

/** A click on a row: filters by it, or takes that filter off again. */
export function toggleFilter(
	filters: Filter[],
	dimension: Dimension,
	value: string,
	operator: Operator = 'is'
): Filter[] {
	if (holds(filters, dimension, value, operator))
		return without(filters, dimension, value, operator);
	const opposite = operator === 'is' ? 'is_not' : 'is';
	const rest = without(filters, dimension, value, opposite);
	const same = rest.findIndex((f) => f.dimension === dimension && f.operator === operator);
	if (same < 0) return [...rest, { operator, dimension, values: [value] }];
	return rest.map((f, i) => (i === same ? { ...f, values: [...f.values, value] } : f));
}

/** Whether a filter with this operator names `value`. */
export function holds(
	filters: Filter[],
	dimension: Dimension,
	value: string,
	operator: Operator = 'is'
): boolean {
	return filters.some(
		(f) => f.dimension === dimension && f.operator === operator && f.values.includes(value)
	);
}

function without(
	filters: Filter[],
	dimension: Dimension,
	value: string,
	operator: Operator
): Filter[] {
	return filters
		.map((f) =>
			f.dimension === dimension && f.operator === operator
				? { ...f, values: f.values.filter((v) => v !== value) }
				: f
		)
		.filter((f) => f.values.length > 0);
}
