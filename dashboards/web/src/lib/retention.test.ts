import { describe, expect, it } from 'vitest';
import { retentionRows } from './retention';

describe('the triangle of retention', () => {
	const rows = retentionRows({
		since: '2026-09-14',
		cohorts: [
			{ month: '2026-09-01', organisations: [10, 8, 1] },
			{ month: '2026-11-01', organisations: [4] }
		]
	});

	it('gives each month its share of those who came first, and a colour by it', () => {
		expect(rows[0]?.cells.map(({ share, step }) => [share, step])).toEqual([
			[1, 5],
			[0.8, 5],
			[0.1, 1]
		]);
	});

	it('knows the month that is not over', () => {
		const running = rows.map(({ cells }) => cells.map((cell) => cell.running));
		expect(running).toEqual([[false, false, true], [true]]);
	});

	it('says which organisations may have come before anything was kept', () => {
		expect(rows.map(({ orEarlier }) => orEarlier)).toEqual([true, false]);
	});
});
