import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formats } from './format';
import { words as german } from './i18n/de';
import { words as english } from './i18n/en';
import { words as de } from './i18n/week.de';
import { words as en } from './i18n/week.en';
import { addDays } from './range';
import { notes, type Facts } from './week';
import { sentence } from './week-words';

function said(facts: Facts, words = en.week, locale = 'en-GB'): string[] {
	const names = new Intl.ListFormat(locale, { type: 'conjunction' });
	const list = (all: string[]) => names.format(all);
	return notes(facts).map((note) =>
		sentence(
			note,
			words,
			formats(locale, (locale.startsWith('de') ? german : english).format),
			list
		)
	);
}

// Days of another year are told with it.
beforeAll(() => void vi.setSystemTime('2026-11-21T12:00:00Z'));
afterAll(() => void vi.useRealTimers());

const taken = (version: string, part: number, whole: number) => ({ version, part, whole });

/** Nine weeks of 100 a day and 40 at weekends, and what differs. */
function days(change: Record<string, number> = {}, level = 100) {
	return Array.from({ length: 63 }, (_, i) => {
		const label = addDays('2026-09-19', i);
		const weekend = new Date(`${label}T00:00:00Z`).getUTCDay() % 6 === 0;
		const usual = level * (weekend ? 0.4 : 1) + ((i * 7) % 5) - 2;
		return { label, count: change[label] ?? Math.max(0, Math.round(usual)) };
	});
}

describe('a week with nothing to say', () => {
	it.each<[string, Facts]>([
		['no facts', {}],
		['usual days', { days: days() }],
		['a day that is off by less than chance would be', { days: days({ '2026-11-18': 5 }, 3) }],
		[
			'a day that is off by less than chance would be, where days were all alike',
			{ days: days().map(({ label }) => ({ label, count: label === '2026-11-18' ? 36 : 60 })) }
		],
		[
			'a package that began three weeks ago',
			{ days: days({ '2026-11-18': 900 }).map((d, i) => (i < 42 ? { ...d, count: 0 } : d)) }
		],
		[
			'a release of yesterday',
			{ pace: { days: 1, newest: taken('2', 90, 100), before: taken('1', 1, 100) } }
		],
		[
			'a release long ago',
			{ pace: { days: 61, newest: taken('2', 90, 100), before: taken('1', 1, 100) } }
		],
		[
			'a release that hardly anybody fetched',
			{ pace: { days: 9, newest: taken('2', 9, 10), before: taken('1', 1, 100) } }
		],
		[
			'the same organisations',
			{ organisations: { now: ['A'], weeks: [['A'], ['A'], ['A'], ['A']], earlier: ['B'] } }
		],
		[
			'organisations since this week',
			{ organisations: { now: ['A'], weeks: [[], [], [], []], earlier: [] } }
		],
		[
			'organisations until last week',
			{ organisations: { now: [], weeks: [['A'], ['A'], ['A'], ['A']], earlier: [] } }
		],
		[
			'one that missed a week before',
			{ organisations: { now: ['B'], weeks: [['A', 'B'], ['A'], [], ['A']], earlier: [] } }
		],
		[
			'countries that grow like all',
			{
				countries: [
					{ name: 'DE', now: 400, before: 200 },
					{ name: 'FR', now: 200, before: 100 }
				]
			}
		],
		[
			'a country that only kept its level',
			{
				countries: [
					{ name: 'DE', now: 200, before: 200 },
					{ name: 'FR', now: 400, before: 100 },
					{ name: '', now: 9_000, before: 100 }
				]
			}
		],
		[
			'a client whose few doubled',
			{
				clients: [
					{ name: 'uv', now: 20, before: 10 },
					{ name: 'pip', now: 990, before: 1_000 }
				]
			}
		]
	])('is silent about %s', (_, facts) => {
		expect(said(facts)).toEqual([]);
	});
});

describe('the notes of a week', () => {
	const facts: Facts = {
		pace: { days: 11, newest: taken('4.1.0', 340, 1_000), before: taken('4.0.0', 210, 1_000) },
		organisations: {
			now: ['Initech', 'Hooli', 'Globex', 'Acme', 'Stays'],
			weeks: [['Stays', 'Umbrella'], ['Umbrella'], ['Umbrella'], ['Umbrella']],
			earlier: []
		},
		days: days({ '2026-11-18': 260, '2026-11-20': 12, '2026-11-14': 38 }),
		countries: [
			{ name: 'DE', now: 900, before: 300 },
			{ name: 'FR', now: 310, before: 300 }
		],
		clients: [
			{ name: 'uv', now: 400, before: 0 },
			{ name: 'pip', now: 600, before: 610 }
		]
	};

	it('are one sentence each, most telling first', () => {
		expect(said(facts)).toMatchInlineSnapshot(`
			[
			  "4.1.0 has 34.0% of downloads 11 days after its release, faster than 4.0.0, which had 21.0% then.",
			  "4 organisations downloaded for the first time in twelve weeks or more, among them Initech, Hooli and Globex.",
			  "Umbrella downloaded every week until now, and not in the last.",
			  "Wed 18 Nov was unusually busy: 260 downloads, where 100 are usual.",
			  "Fri 20 Nov was unusually quiet: 12 downloads, where 100 are usual.",
			  "Germany moved most: +200%, 900 downloads after 300 the week before.",
			  "uv moved most: 400 downloads after none the week before.",
			]
		`);
		expect(said(facts, de.week, 'de-DE')).toMatchInlineSnapshot(`
			[
			  "4.1.0 hat 11 Tage nach Erscheinen 34,0 % der Downloads und ist schneller als 4.0.0 mit damals 21,0 %.",
			  "4 Organisationen haben zum ersten Mal seit mindestens zwölf Wochen heruntergeladen, darunter Initech, Hooli und Globex.",
			  "Umbrella hat bisher jede Woche heruntergeladen, in der letzten nicht.",
			  "Am Mi., 18. Nov. war ungewöhnlich viel los: 260 Downloads, üblich sind 100.",
			  "Am Fr., 20. Nov. war ungewöhnlich wenig los: 12 Downloads, üblich sind 100.",
			  "Deutschland hat sich am meisten bewegt: +200 %, 900 Downloads nach 300 in der Woche davor.",
			  "uv hat sich am meisten bewegt: 400 Downloads nach keinem in der Woche davor.",
			]
		`);
	});

	it('tell slower from neither', () => {
		const pace = (part: number, whole = 1_000): Facts => ({
			pace: { days: 11, newest: taken('2', part, whole), before: taken('1', 300, 1_000) }
		});
		expect(said(pace(200))[0]).toContain('slower than 1');
		// Four points less is too little, ten points of a hundred downloads are too unsure.
		expect(said(pace(260))[0]).toContain('; 1 had 30.0% then');
		expect(said(pace(21, 105))[0]).toContain('; 1 had 30.0% then');
	});

	it('name one that stopped, and one that came', () => {
		const one: Facts = {
			organisations: {
				now: ['New'],
				weeks: [['Old'], ['Old'], ['Old'], ['Old']],
				earlier: []
			}
		};
		expect(said(one)).toEqual([
			'New downloaded for the first time in twelve weeks or more.',
			'Old downloaded every week until now, and not in the last.'
		]);
	});

	it('have a rule for each kind in both languages', () => {
		for (const words of [en, de])
			for (const { kind } of notes(facts))
				expect(words.week.rules[kind].length).toBeGreaterThan(40);
	});
});
