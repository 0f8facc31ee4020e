import { describe, expect, it } from 'vitest';
import { beforeRows } from './before';

const page = (name: string, organisations: number, before: number | null) => ({
	page: name,
	organisations,
	before_adoption: before
});

describe('pages read before adopting', () => {
	it('are ordered by how much more often, and those of few come last', () => {
		const rows = beforeRows({
			readers: 100,
			adopters: 60,
			adopters_who_read: 50,
			floor: 5,
			pages: [
				page('/', 90, 45),
				page('/faq', 40, null),
				page('/compare', 9, 19),
				page('/x', 41, null)
			]
		});
		expect(rows.map((row) => row.page)).toEqual(['/compare', '/', '/x', '/faq']);
		const [first, second, third] = rows;
		expect(first).toMatchObject({ beforeShare: 0.38, allShare: 0.09 });
		expect(first?.lift).toBeCloseTo(4.22, 2);
		expect(second?.lift).toBeCloseTo(1);
		expect(third).toMatchObject({ before: undefined, beforeShare: undefined, lift: undefined });
	});

	it('have no share of nobody', () => {
		const none = { readers: 0, adopters: 0, adopters_who_read: 0, floor: 5 };
		const [row] = beforeRows({ ...none, pages: [page('/', 0, 6)] });
		expect(row).toMatchObject({ allShare: 0, beforeShare: undefined, lift: undefined });
	});
});
