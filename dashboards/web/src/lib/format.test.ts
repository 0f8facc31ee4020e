import { describe, expect, test } from 'vitest';
import { formats } from './format';
import { words as german } from './i18n/de';
import { words as english } from './i18n/en';

const en = formats('en-GB', english.format);
const us = formats('en-US', english.format);
const now = new Date('2026-11-21T12:00:00Z');

test('counts are exact below ten thousand and three digits above', () => {
	expect([0, 7, 9_999, 10_000, 38_412, 128_499, 1_160_000, 999_999].map(us.count)).toEqual([
		'0',
		'7',
		'9,999',
		'10K',
		'38.4K',
		'128K',
		'1.16M',
		'1M'
	]);
	expect(formats('de-DE', german.format).count(1_160_000)).toBe('1,16\u00a0Mio.');
});

test('what is not known is a dash and never zero', () => {
	expect([en.count(null), en.full(undefined), en.share(NaN), en.duration(null)]).toEqual([
		'–',
		'–',
		'–',
		'–'
	]);
});

test('shares have one decimal and never vanish', () => {
	expect([1, 0.624, 0.0049, 0.0004, 0.99999, 0].map(en.share)).toEqual([
		'100.0%',
		'62.4%',
		'0.5%',
		'< 0.1%',
		'99.9%',
		'–'
	]);
});

test('a change of counts is in percent, then a factor, and new from zero', () => {
	expect(en.change(105, 100)).toEqual({ text: '+5%', direction: 'up' });
	expect(en.change(55, 100)).toEqual({ text: '−45%', direction: 'down' });
	expect(en.change(100, 100)).toEqual({ text: '±0%', direction: 'flat' });
	expect(en.change(999, 1_000)).toEqual({ text: '±0%', direction: 'flat' });
	expect(en.change(1_099, 100)).toEqual({ text: '+999%', direction: 'up' });
	expect(en.change(1_200, 100)).toEqual({ text: '×12', direction: 'up' });
	expect(en.change(5, 0)).toEqual({ text: 'new', direction: 'up' });
	expect(en.change(0, 0)).toBeUndefined();
	expect(en.change(5, null)).toBeUndefined();
});

test('a change of shares is in points', () => {
	expect(en.points(0.62, 0.41)).toEqual({ text: '+21 pp', direction: 'up' });
	expect(en.points(0.405, 0.41)).toEqual({ text: '−0.5 pp', direction: 'down' });
});

test('days carry the year only when it is another one', () => {
	expect(en.day('2026-11-09', now)).toBe('9 Nov');
	expect(en.day('2025-11-09', now)).toBe('9 Nov 2025');
});

test('buckets are named as the clock reads, whatever the zone of the machine', () => {
	expect(en.bucket('2026-11-09', 'day', now)).toBe('Mon 9 Nov');
	expect(en.bucket('2026-11-09 00:00:00', 'hour', now)).toBe('Mon 9 Nov 00:00');
	expect(en.bucket('2026-11-09', 'week', now)).toBe('week of Mon 9 Nov');
	expect(en.bucket('2026-11-01', 'month', now)).toBe('November 2026');
	expect(en.tick('2026-11-09T07:00:00Z', 'hour', now)).toBe('07:00');
	expect(en.tick('2026-11-09 00:00:00', 'hour', now)).toBe('9 Nov');
	expect(en.tick('2025-12-01', 'month', now)).toBe('Dec 2025');
});

test('time passed is rounded down to one unit', () => {
	expect(en.ago('2026-11-21T11:59:00Z', now)).toBe('just now');
	expect(en.ago('2026-11-21T11:15:00Z', now)).toBe('45 min ago');
	expect(en.ago('2026-11-20T13:00:00Z', now)).toBe('23 hr ago');
	expect(en.ago('2026-11-17T12:00:00Z', now)).toBe('4 days ago');
});

test('durations have one unit', () => {
	expect([12, 89, 300, 7200, 4 * 86_400].map(en.duration)).toEqual([
		'12 s',
		'89 s',
		'5 min',
		'2 h',
		'4 d'
	]);
});

test('countries have names, and codes without a name stay codes', () => {
	expect(['CH', 'XK', 'T1', ''].map(en.country)).toEqual(['Switzerland', 'Kosovo', 'T1', '']);
});
