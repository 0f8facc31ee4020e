/** How the planner tells dates and shares. */
import { format } from '../i18n';
import { countDays } from '../range';

/** A share under which much can be dropped, and one under which nearly anything can. */
export const THRESHOLDS = [0.05, 0.01] as const;

/** Days to which an estimate is told by day; further ahead that would be false precision. */
const SOON_DAYS = 56;

/** An estimated date: the day where it is near, otherwise the month. */
export function about(day: string, today: string): string {
	return countDays({ from: today, to: day }) <= SOON_DAYS
		? format.day(day)
		: format.bucket(day, 'month');
}

/** A share as it is said: a tenth of a percent matters where there is little. */
export function roughly(share: number): string {
	return share >= 0.1 || Number.isInteger(share * 100)
		? format.wholeShare(share)
		: format.share(share);
}
