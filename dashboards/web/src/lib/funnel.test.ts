import { describe, expect, it } from 'vitest';
import { stepRows } from './funnel';

const FUNNEL = {
	from: '2026-08-23',
	read: 200,
	install: { organisations: 100, median_days: 2 },
	copied: { organisations: 60, median_days: 0 },
	downloaded: { organisations: 45, median_days: 1.5 },
	stayed: { organisations: 12, of: 30 },
	had_downloaded: 9
};

describe('the steps of the funnel', () => {
	it('are shares of the step before, and the last of those whose time is over', () => {
		const shares = stepRows(FUNNEL).map(({ ofBefore }) => ofBefore);
		expect(shares).toEqual([undefined, 0.5, 0.6, 0.75, 0.4]);
	});

	it('leave out a step that nothing measures', () => {
		const rows = stepRows({ ...FUNNEL, copied: null });
		expect(rows[2]).toMatchObject({ organisations: undefined, ofBefore: undefined });
		expect(rows[3]?.ofBefore).toBe(0.45);
	});

	it('have no share of nobody', () => {
		const nobody = { organisations: 0, median_days: null };
		const empty = { ...FUNNEL, read: 0, install: nobody, copied: nobody, downloaded: nobody };
		const rows = stepRows({ ...empty, stayed: { organisations: 0, of: 0 } });
		expect(rows.every(({ ofBefore }) => ofBefore === undefined)).toBe(true);
	});
});
