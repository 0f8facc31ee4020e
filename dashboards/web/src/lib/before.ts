/** Which pages organisations had read by their first download more often than readers do. */
import type { Reading } from './api/reading';

export interface PageRow {
	page: string;
	/** Organisations that read it in the range. */
	readers: number;
	/** Of those that adopted after reading; unknown where they are few. */
	before: number | undefined;
	beforeShare: number | undefined;
	allShare: number;
	/** How many times as often. */
	lift: number | undefined;
}

/** What is known first, by lift; then what is not, by readers. */
export function beforeRows({ readers, adopters_who_read, pages }: Reading): PageRow[] {
	const rows = pages.map(({ page, organisations, before_adoption }): PageRow => {
		const before = before_adoption ?? undefined;
		const beforeShare =
			before === undefined || adopters_who_read === 0 ? undefined : before / adopters_who_read;
		const allShare = readers > 0 ? organisations / readers : 0;
		return {
			page,
			readers: organisations,
			before,
			beforeShare,
			allShare,
			lift: beforeShare === undefined || allShare === 0 ? undefined : beforeShare / allShare
		};
	});
	return rows.sort((a, b) => (b.lift ?? -1) - (a.lift ?? -1) || b.readers - a.readers);
}
