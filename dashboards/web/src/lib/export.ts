/** The answer to a question as a file that ClickHouse writes. */
import type { Question } from './api/types';

/** The address of every row of `question`, without its order, its pages and its comparison. */
export function exportPath(question: Question, format: 'parquet'): string {
	const { site_id, date_range, metrics, dimensions = [], filters = [], timezone } = question;
	const params = new URLSearchParams({
		site_id,
		date_range: typeof date_range === 'string' ? date_range : date_range.join(','),
		metrics: metrics.join(','),
		format,
		timezone
	});
	if (dimensions.length > 0) params.set('dimensions', dimensions.join(','));
	if (filters.length > 0) params.set('filters', JSON.stringify(filters));
	return `/api/v2/export?${params}`;
}
