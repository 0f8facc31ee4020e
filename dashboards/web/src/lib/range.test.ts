import { describe, expect, test } from 'vitest';
import {
	addDays,
	clockIn,
	countDays,
	defaultInterval,
	intervalsFor,
	isDay,
	lengthInDays,
	PRESETS,
	step,
	today
} from './range';

describe('days', () => {
	test('only days of the calendar are days', () => {
		expect(isDay('2026-02-28')).toBe(true);
		expect(isDay('2024-02-29')).toBe(true);
		expect(isDay('2026-02-29')).toBe(false);
		expect(isDay('2026-2-1')).toBe(false);
		expect(isDay('tomorrow')).toBe(false);
	});

	test('are counted with both ends, also where the clocks change', () => {
		expect(countDays({ from: '2026-03-28', to: '2026-03-30' })).toBe(3);
		expect(countDays({ from: '2026-10-25', to: '2026-10-25' })).toBe(1);
		expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
		expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
	});

	test('begin at midnight of the zone asked for', () => {
		const instant = new Date('2026-11-20T23:30:00Z');
		expect(today(instant, 'UTC')).toBe('2026-11-20');
		expect(today(instant, 'Europe/Zurich')).toBe('2026-11-21');
		expect(clockIn(instant, 'Europe/Zurich')).toBe('2026-11-21 00:30:00');
	});
});

describe('the step of the time axis', () => {
	test('follows the length of the range', () => {
		expect(PRESETS.map((preset) => defaultInterval(preset))).toEqual([
			'hour',
			'hour',
			'day',
			'day',
			'day',
			'week',
			'week',
			'day',
			'week',
			'month'
		]);
		expect(defaultInterval({ from: '2026-11-20', to: '2026-11-21' })).toBe('hour');
		expect(defaultInterval({ from: '2024-01-01', to: '2026-11-21' })).toBe('month');
	});

	test('is always one of those on offer', () => {
		for (const preset of PRESETS) expect(intervalsFor(preset)).toContain(defaultInterval(preset));
	});
});

describe('stepping', () => {
	const week = { from: '2026-11-02', to: '2026-11-08' };

	test('moves by the length of the range', () => {
		expect(step(week, -1, '2026-11-21')).toEqual({ from: '2026-10-26', to: '2026-11-01' });
		expect(lengthInDays(step(week, 1, '2026-11-21')!)).toBe(7);
	});

	test('ends at today and never starts after it', () => {
		expect(step(week, 1, '2026-11-12')).toEqual({ from: '2026-11-09', to: '2026-11-12' });
		expect(step(week, 1, '2026-11-08')).toBeUndefined();
	});
});
