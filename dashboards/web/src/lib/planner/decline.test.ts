import { describe, expect, it } from 'vitest';
import { addDays } from '../range';
import { fit, fitted, LEAST_WEEKS, passes, shareNow, type Week } from './decline';

const MONDAY = '2026-05-04';

/** Weeks whose shares follow `share`, of `whole` downloads each. */
function weeks(count: number, share: (week: number) => number, whole = 10_000): Week[] {
	return Array.from({ length: count }, (_, week) => ({
		label: addDays(MONDAY, 7 * week),
		part: Math.round(share(week) * whole),
		whole
	}));
}

const logistic = (half: number, pace: number) => (week: number) =>
	1 / (1 + Math.exp(pace * (week - half)));

describe('a declining share', () => {
	it('is found again where it is logistic, now and ahead', () => {
		const truth = logistic(4, 0.12);
		const found = fit(weeks(20, truth))!;
		expect(found.slope).toBeCloseTo(-0.12, 3);
		expect(found.falls).toBe(true);
		for (const week of [0, 10, 19, 40]) expect(found.at(week).share).toBeCloseTo(truth(week), 2);
		// 5 % is passed where the log-odds are ln(0.05 / 0.95), 24.5 weeks after the half.
		expect(passes(found, 0.05, 20)?.expected).toBe(29);
		expect(passes(found, 0.01, 20)?.expected).toBe(43);
	});

	it('lies in a band that widens with the distance and with the scatter', () => {
		const calm = fit(weeks(16, logistic(8, 0.1)))!;
		const restless = fit(weeks(16, (week) => logistic(8, 0.1)(week) * (week % 2 ? 1.15 : 0.85)))!;
		const width = (found: typeof calm, week: number) =>
			Math.log(found.at(week).high / found.at(week).low);
		expect(width(calm, 40)).toBeGreaterThan(width(calm, 16));
		expect(width(restless, 16)).toBeGreaterThan(2 * width(calm, 16));
		const passing = passes(restless, 0.05, 16)!;
		expect(passing.earliest!).toBeLessThan(passing.expected);
		expect(passing.latest ?? Infinity).toBeGreaterThan(passing.expected);
	});

	it('covers four of five weeks that follow, where weeks scatter by chance', () => {
		// A linear congruential generator (Numerical Recipes), so that every run sees the same chance.
		let seed = 7;
		const random = () => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
		const truth = logistic(6, 0.08);
		const drawn = (week: number) => {
			let part = 0;
			for (let one = 0; one < 400; one++) part += Number(random() < truth(week));
			return part;
		};
		let [inside, all] = [0, 0];
		for (let round = 0; round < 60; round++) {
			const known = weeks(14, truth, 400).map((week, at) => ({ ...week, part: drawn(at) }));
			const found = fit(known)!;
			for (const week of [14, 17, 20]) {
				const share = drawn(week) / 400;
				const { low, high } = found.at(week);
				inside += Number(share >= low && share <= high);
				all++;
			}
		}
		expect(inside / all).toBeGreaterThan(0.74);
		expect(inside / all).toBeLessThan(0.9);
	});
});

describe('a decline that slows down', () => {
	it('is followed as it goes lately, from where it began', () => {
		// All of it for ten weeks, then quickly down, then slowly.
		const share = (week: number) =>
			week < 10 ? 1 : week < 15 ? logistic(12, 0.8)(week) : logistic(-7, 0.1)(week);
		const kept = fitted(weeks(26, share));
		expect(kept[0]!.label).toBe(addDays(MONDAY, 7 * 10));
		const found = fit(kept)!;
		expect(found.falls).toBe(true);
		// Without weights of their own the first weeks would have it far too steep.
		expect(found.slope).toBeGreaterThan(-0.24);
		const lately = found.at(15).share;
		expect(Math.abs(lately - share(25))).toBeLessThan(0.025);
	});
});

describe('a week with very many downloads', () => {
	it('does not outweigh all others', () => {
		const crowded = weeks(16, logistic(8, 0.1), 2_000);
		crowded[3] = { ...crowded[3]!, part: 100_000, whole: 1_000_000 };
		expect(fit(crowded)!.slope).toBeCloseTo(-0.1, 1);
	});
});

describe('a share that has stopped falling', () => {
	it('is not said to fall because it once did', () => {
		const share = (week: number) => logistic(6, 0.2)(Math.min(week, 13));
		const found = fit(weeks(26, share))!;
		expect(found.slope).toBeLessThan(-0.05);
		expect(found.falls).toBe(false);
		expect(passes(found, 0.05, 26)).toBeUndefined();
		// Two weeks of rest are none.
		const resting = (week: number) => logistic(6, 0.2)(Math.min(week, 24));
		expect(fit(weeks(26, resting))!.falls).toBe(true);
	});
});

describe('a share that does not fall', () => {
	it('has no date, whether it is level, rises or only trembles', () => {
		const trembling = (week: number) => 0.2 + 0.03 * Math.sin(week * 2.4);
		for (const share of [() => 0.2, (week: number) => 0.1 + week / 100, trembling]) {
			const found = fit(weeks(16, share))!;
			expect(found.falls).toBe(false);
			expect(passes(found, 0.05, 16)).toBeUndefined();
		}
	});

	it('falls too slowly where it needs more than two years', () => {
		const found = fit(weeks(26, logistic(10, 0.005), 1_000_000))!;
		expect(found.falls).toBe(true);
		expect(passes(found, 0.05, 26)).toBeUndefined();
	});
});

describe('what is too little to judge by', () => {
	it('gets no curve', () => {
		expect(fit(weeks(LEAST_WEEKS - 1, () => 0.3))).toBeUndefined();
		expect(fit(weeks(20, () => 0))).toBeUndefined();
	});

	it('leaves out weeks without any downloads, and those long ago', () => {
		const all = weeks(40, () => 0.5);
		all[39] = { ...all[39]!, part: 0, whole: 0 };
		const kept = fitted(all);
		expect(kept).toHaveLength(26);
		expect(kept.at(-1)).toBe(all[38]);
		expect(shareNow(all)).toBe(0.5);
		expect(shareNow([])).toBeUndefined();
	});
});
