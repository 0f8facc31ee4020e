import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words as de } from './i18n/organisations.de';
import { words as en } from './i18n/organisations.en';
import {
	calendar,
	daysOf,
	levelOf,
	organisationPath,
	reasonSentence,
	ruleSentence,
	spans,
	wishOf
} from './organisations';
import { addDays, PRESETS } from './range';

const count = String;

describe('the address of a list', () => {
	it('says what is wished for and leaves out what it does not know', () => {
		const wish = (search: string) => wishOf(new URLSearchParams(search));
		expect(wish('')).toEqual({ limit: 25 });
		expect(
			wish('status=quiet&type=education&confidence=70&search=acme&sort=name&up=1&page=2')
		).toEqual({
			status: 'quiet',
			type: 'education',
			confidence: 70,
			search: 'acme',
			sort: 'name',
			ascending: true,
			limit: 25,
			offset: 50
		});
		expect(wish('status=loud&type=x&confidence=900&sort=shoe&page=-3&search=+')).toEqual({
			limit: 25
		});
	});

	it('keeps names apart from the path', () => {
		expect(organisationPath('acme/rocket', 'A/B & Söhne')).toBe(
			'/p/acme/rocket/-/organisations/A%2FB%20%26%20S%C3%B6hne'
		);
		expect(organisationPath('*', 'acme.example')).toBe('/organisations/acme.example');
	});
});

describe('days', () => {
	it('of every range end today and begin before', () => {
		for (const range of PRESETS) {
			const { from, to } = daysOf(range, '2026-11-21');
			expect(to).toBe('2026-11-21');
			expect(from <= to).toBe(true);
		}
		expect(daysOf('28d', '2026-11-21').from).toBe('2026-10-25');
		expect(daysOf('year', '2026-11-21').from).toBe('2026-01-01');
	});

	it('are each once in the calendar, in weeks from Monday that end today', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 3_000 }),
				fc.integer({ min: 1, max: 60 }),
				(ago, weeks) => {
					const today = addDays('2026-11-21', -ago);
					const days = calendar([], today, weeks).flat();
					expect(new Date(`${days[0]?.day}T00:00:00Z`).getUTCDay()).toBe(1);
					expect(days.at(-1)?.day).toBe(today);
					expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
					expect(days.length).toBeGreaterThan(7 * (weeks - 1));
				}
			)
		);
	});

	it('are marked by what says most of them', () => {
		const day = (views: number, downloads: number, ci: number) => ({
			day: '2026-11-21',
			views,
			downloads,
			ci
		});
		const mark = (done: ReturnType<typeof day>) =>
			calendar([done], '2026-11-21', 1).flat().at(-1)?.mark;
		expect(mark(day(5, 3, 1))).toBe('build');
		expect(mark(day(5, 1, 0))).toBe('download');
		expect(mark(day(1, 0, 0))).toBe('view');
		expect(mark(day(0, 0, 0))).toBe('none');
	});

	it('of stages fill the bar', () => {
		const stages = [
			{ stage: 'interest' as const, first: '2026-01-01', last: '2026-01-10' },
			{ stage: null, first: '2026-01-11', last: '2026-01-20' },
			{ stage: 'inactive' as const, first: '2026-01-21', last: '2026-03-01' }
		];
		const bar = spans(stages, { from: '2026-01-06', to: '2026-01-25' });
		expect(bar.map(({ share }) => share)).toEqual([0.25, 0.5, 0.25]);
	});
});

describe('sentences', () => {
	const weeks = { what: 'downloads', measure: 'weeks', least: 8, window: 12 };
	const sum = { what: 'ci', measure: 'sum', least: 1, window: 60 };
	const none = { what: 'anything', measure: 'none', least: 0, window: 60 };
	const rule = { stage: 'ongoing_use' as const, sentence: '', when: [weeks, sum, none] };
	const found = [11, 2, 63];
	const reason = {
		rule: 0,
		sentence: '',
		found: rule.when.map((condition, at) => ({ ...condition, found: found[at] ?? 0 }))
	};

	it('tell a rule and why it holds, in each language', () => {
		expect(ruleSentence(rule, en, count)).toBe(
			'downloads in at least 8 of the last 12 weeks, and at least 1 download by a build service in the last 60 days, and no page views or downloads in the last 60 days'
		);
		expect(reasonSentence(reason, en, count)).toBe(
			'downloads in 11 of the last 12 weeks, and 2 downloads by build services in the last 60 days, and no page views or downloads for 63 days'
		);
		expect(reasonSentence(reason, de, count)).toBe(
			'Downloads in 11 der letzten 12 Wochen und 2 Downloads durch Build-Dienste in den letzten 60 Tagen und seit 63 Tagen keine Seitenaufrufe oder Downloads'
		);
	});
});

it('a match is as sure as the documentation says', () => {
	expect([100, 90, 89, 70, 69, 50].map(levelOf)).toEqual([
		'high',
		'high',
		'medium',
		'medium',
		'low',
		'low'
	]);
});
