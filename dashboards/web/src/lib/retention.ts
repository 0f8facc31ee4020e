/** The triangle of who came back: a row for each month of first downloads, a column for each month after. */
import type { Retention } from './api/reading';

export interface RetentionCell {
	/** How many of the row's organisations downloaded in that month. */
	organisations: number;
	/** 0 to 1. */
	share: number;
	/** Place in the ordered colours, 1 to 5. */
	step: number;
	/** The month is the running one. */
	running: boolean;
}

export interface RetentionRow {
	month: string;
	size: number;
	/** What came before the first day that is known counts as come in this month. */
	orEarlier: boolean;
	/** From the month of the first download on, in which all of them came. */
	cells: RetentionCell[];
}

/** Shares from which on a colour holds. */
export const STEPS = [0, 0.2, 0.4, 0.6, 0.8] as const;

export function retentionRows({ since, cohorts }: Retention): RetentionRow[] {
	return cohorts.map(({ month, organisations }) => {
		const size = organisations[0] ?? 0;
		const cells = organisations.map((count, after) => {
			const share = size > 0 ? count / size : 0;
			return {
				organisations: count,
				share,
				step: STEPS.findLastIndex((from) => share >= from) + 1,
				running: after === organisations.length - 1
			};
		});
		return { month, size, orEarlier: month.slice(0, 7) === since?.slice(0, 7), cells };
	});
}
