import { expect, test } from 'vitest';
import { keyed } from './keys';
import { DEFAULT_VIEW, type View } from './view';

const now = new Date('2026-11-21T12:00:00Z');
const press = (key: string, view: View = DEFAULT_VIEW) => keyed(key, view, now, 'UTC');

test('letters choose ranges', () => {
	expect(press('w')?.range).toBe('7d');
	expect(press('e')?.range).toEqual({ from: '2026-11-20', to: '2026-11-20' });
	expect(press('t')?.range).toEqual({ from: '2026-10-23', to: '2026-11-21' });
});

test('arrows step by the length of the range, never past today', () => {
	expect(press('ArrowLeft')?.range).toEqual({ from: '2026-09-27', to: '2026-10-24' });
	expect(press('ArrowRight')).toBeUndefined();
	expect(press('ArrowLeft', { ...DEFAULT_VIEW, range: 'month' })?.range).toEqual({
		from: '2026-10-11',
		to: '2026-10-31'
	});
});

test('figures switch audiences, and the last one cannot be taken away', () => {
	expect(press('2')?.audience).toEqual(['people', 'updater', 'proxy', 'unknown']);
	expect(press('1', { ...DEFAULT_VIEW, audience: ['people'] })?.audience).toEqual(
		DEFAULT_VIEW.audience
	);
});

test('the comparison goes on and off', () => {
	expect(press('x')).toEqual({ comparison: 'prev' });
	expect(press('x', { ...DEFAULT_VIEW, comparison: 'year' })).toEqual({ comparison: 'off' });
});

test('the step goes round those that suit the range', () => {
	expect(press('i')).toEqual({ interval: 'week' });
	expect(press('i', { ...DEFAULT_VIEW, interval: 'week' })).toEqual({ interval: 'day' });
});

test('Escape clears filters only when there are some', () => {
	expect(press('Escape')).toBeUndefined();
	const filters: View['filters'] = [{ operator: 'is', dimension: 'os', values: ['linux'] }];
	expect(press('Escape', { ...DEFAULT_VIEW, filters })).toEqual({ filters: [] });
});

test('other keys are left to the browser', () => {
	for (const key of ['q', '9', 'Tab', 'F5', 'toString']) expect(press(key)).toBeUndefined();
});
