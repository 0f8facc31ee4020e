/**
 * How a share declines: a logistic curve through weekly shares, which is a straight line through their
 * log-odds, fitted by weighted least squares. A share near nought or one bends of itself, and never
 * leaves the range.
 *
 * A week weighs by how sure it is: chance alone (binomial) and what weeks differ by besides, as random
 * effects are estimated (DerSimonian and Laird 1986). Later weeks weigh more, since a decline that has
 * slowed down goes on slowly.
 */
import { studentQuantile } from '../student';

export interface Week {
	/** Its Monday. */
	label: string;
	part: number;
	whole: number;
}

export interface Fit {
	/** Share expected `at` weeks after the first that was fitted, with the ends of an 80 % band. */
	at: (week: number) => { share: number; low: number; high: number };
	/** Change of the log-odds in a week. */
	slope: number;
	/** Whether the slope is below nought even at the upper end of its own 80 % interval, and has not ended. */
	falls: boolean;
}

export interface Passing {
	/** Weeks after the first that was fitted. */
	expected: number;
	/** Ends of the 80 % band; none where it does not get there within the horizon. */
	earliest: number | undefined;
	latest: number | undefined;
}

/** Fewer weeks make any line fit. */
export const LEAST_WEEKS = 6;
/** What is older says little of where it goes. */
export const MOST_WEEKS = 26;
/** Looking further ahead than this is no forecast: two years. */
export const HORIZON_WEEKS = 104;

/** A share above this is all of it. */
const ALL = 0.98;
/** A week weighs half as much as one this many weeks later. */
const HALF_LIFE_WEEKS = 6;
/** So many weeks without a decline are its end. */
const STOPPED_WEEKS = 8;
const BAND = 0.9; // of one side: 80 % lie between both

/**
 * The last weeks that had any downloads at all, from the one in which the share began to move: while there is
 * nothing else to use yet, all of it is no habit.
 */
export function fitted(weeks: Week[]): Week[] {
	const known = weeks.filter(({ whole }) => whole > 0);
	const alone = known.findLastIndex(({ part, whole }) => part > ALL * whole);
	return known.slice(alone + 1).slice(-MOST_WEEKS);
}

/** Fits what [`fitted`] left; nothing where that is too little, or nothing was ever left behind. */
export function fit(weeks: Week[]): Fit | undefined {
	if (weeks.length < LEAST_WEEKS || weeks.every(({ part }) => part === 0)) return undefined;
	const points = pointsOf(weeks);
	const { line, besides, scatter, reach, ofSlope } = trend(points);
	const usual = sum(points, (p, i) => p.recency * weeks[i]!.whole) / sum(points, (p) => p.recency);
	return {
		slope: line.slope,
		falls: line.slope + ofSlope < 0 && !hasStopped(points, line.slope),
		at: (x) => {
			const y = line.at(x);
			const ofLine = 1 / line.weight + (x - line.meanX) ** 2 / line.spread;
			const ofWeek = chanceOf(share(y), usual) + besides;
			const error = reach * Math.sqrt(scatter * (ofLine + ofWeek));
			return { share: share(y), low: share(y - error), high: share(y + error) };
		}
	};
}

/** Whether the last weeks by themselves are level, and not as steep as all of them together. */
function hasStopped(points: Point[], slope: number): boolean {
	const last = points.slice(-STOPPED_WEEKS).map((p) => ({ ...p, recency: 1 }));
	const { line, ofSlope } = trend(last);
	return line.slope - ofSlope > slope && line.slope + ofSlope >= 0;
}

function pointsOf(weeks: Week[]): Point[] {
	const start = weeks[0]!.label;
	const last = weeksBetween(start, weeks.at(-1)!.label);
	return weeks.map(({ label, part, whole }) => {
		// Half a download more on either side keeps the odds finite where a week had none or all.
		const share = (part + 0.5) / (whole + 1);
		const x = weeksBetween(start, label);
		return {
			x,
			y: Math.log(share / (1 - share)),
			chance: chanceOf(share, whole),
			recency: 0.5 ** ((last - x) / HALF_LIFE_WEEKS)
		};
	});
}

/** The line through weeks, how far they lie off it, and how sure its slope is. */
function trend(points: Point[]) {
	const besides = excess(points);
	const weight = (p: Point) => p.recency / (p.chance + besides);
	const line = through(points, weight);
	const recency = sum(points, (p) => p.recency);
	// As many weeks of equal weight would say as much.
	const weeksWorth = recency ** 2 / sum(points, (p) => p.recency ** 2);
	const freedom = Math.max(1, weeksWorth - 2);
	const misfit = sum(points, (p) => weight(p) * (p.y - line.at(p.x)) ** 2) / recency;
	const scatter = Math.max(1, (misfit * weeksWorth) / freedom);
	const reach = studentQuantile(BAND, freedom);
	return { line, besides, scatter, reach, ofSlope: reach * Math.sqrt(scatter / line.spread) };
}

/** A week as log-odds, `chance` being their variance by chance alone. */
interface Point {
	x: number;
	y: number;
	chance: number;
	recency: number;
}

function chanceOf(share: number, whole: number): number {
	return 1 / Math.max(0.5, whole * share * (1 - share));
}

/** The straight line of weighted least squares. */
function through(points: Point[], weightOf: (point: Point) => number) {
	const weight = sum(points, weightOf);
	const meanX = sum(points, (p) => weightOf(p) * p.x) / weight;
	const meanY = sum(points, (p) => weightOf(p) * p.y) / weight;
	const spread = sum(points, (p) => weightOf(p) * (p.x - meanX) ** 2);
	const slope = sum(points, (p) => weightOf(p) * (p.x - meanX) * (p.y - meanY)) / spread;
	return { weight, meanX, spread, slope, at: (x: number) => meanY + slope * (x - meanX) };
}

/** Variance of the log-odds beyond chance, by the method of moments. */
function excess(points: Point[]): number {
	const weight = (p: Point) => 1 / p.chance;
	const line = through(points, weight);
	const misfit = sum(points, (p) => weight(p) * (p.y - line.at(p.x)) ** 2);
	const all = sum(points, weight);
	const squares = sum(points, (p) => weight(p) ** 2);
	return Math.max(0, (misfit - (points.length - 2)) / (all - squares / all));
}

function sum<T>(all: T[], of: (one: T, index: number) => number): number {
	return all.reduce((total, one, index) => total + of(one, index), 0);
}

/** When the share falls under `threshold` for good, counted from `from`; nothing if it does not within the horizon. */
export function passes(fit: Fit, threshold: number, from: number): Passing | undefined {
	if (!fit.falls) return undefined;
	const first = (of: 'share' | 'low' | 'high') => {
		for (let ahead = 0; ahead <= HORIZON_WEEKS; ahead++)
			if (fit.at(from + ahead)[of] < threshold) return from + ahead;
		return undefined;
	};
	const expected = first('share');
	return expected === undefined
		? undefined
		: { expected, earliest: first('low'), latest: first('high') };
}

/** The share of the last four weeks that had any downloads. */
export function shareNow(weeks: Week[]): number | undefined {
	const last = weeks.filter(({ whole }) => whole > 0).slice(-4);
	const total = last.reduce((sum, { whole }) => sum + whole, 0);
	return total > 0 ? last.reduce((sum, { part }) => sum + part, 0) / total : undefined;
}

export function weeksBetween(from: string, to: string): number {
	return Math.round((Date.parse(to) - Date.parse(from)) / (7 * 86_400_000));
}

function share(logOdds: number): number {
	return 1 / (1 + Math.exp(-logOdds));
}
