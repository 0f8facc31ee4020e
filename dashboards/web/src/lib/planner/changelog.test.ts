import { describe, expect, it } from 'vitest';
import { words as de } from '../i18n/planner.de';
import { words as en } from '../i18n/planner.en';
import { changelog } from './changelog';
import type { Drop } from './drop';
import type { Forecast, Passing } from './forecast';

const format = {
	share: (share: number) => `${Math.round(share * 100)}%`,
	day: (day: string) => day,
	about: (day: string) => day.slice(0, 7)
};
const known: Forecast = {
	weeks: [{ label: '2026-05-04', part: 40, whole: 100 }],
	now: 0.03,
	blank: false,
	unused: false,
	fit: undefined,
	start: '2026-05-04'
};
const passing: Passing = { kind: 'expected', on: '2027-03-01', from: '2027-01-04', to: undefined };
const write = (drop: Drop, forecast: Partial<Forecast>, organisations: number, words = en) =>
	changelog(
		drop,
		{ ...known, ...forecast },
		{ threshold: 0.01, passing },
		organisations,
		'2026-11-15',
		words,
		format
	);

describe('the text for the changelog', () => {
	const python: Drop = { what: 'runtime', runtime: 'Python', value: '3.10' };

	it('says what is dropped, who used it, and what to do', () => {
		expect(write(python, {}, 2)).toMatchInlineSnapshot(
			`"The next release drops support for Python before 3.10. In the four weeks to 2026-11-15, 3% of downloads still used it (40% in the four weeks from 2026-05-04). We expect less than 1% from about 2027-03. 2 organisations that we know of still use it. Please move to Python 3.10 or later."`
		);
		expect(write(python, {}, 1, de)).toMatchInlineSnapshot(
			`"Die nächste Version unterstützt Folgendes nicht mehr: Python vor 3.10. In den vier Wochen bis zum 2026-11-15 entfielen darauf noch 3% der Downloads (40% in den vier Wochen ab 2026-05-04). Ab etwa 2027-03 erwarten wir weniger als 1%. Von einer Organisation wissen wir, dass sie es noch nutzt. Bitte auf Python 3.10 oder neuer umsteigen."`
		);
	});

	it('claims nothing where nobody said which they are', () => {
		const nothing = { now: undefined, blank: true, unused: true, weeks: [] };
		const text = changelog(
			python,
			{ ...known, ...nothing },
			{ threshold: 0.01, passing: { kind: 'too few' } },
			0,
			'2026-11-15',
			en,
			format
		);
		expect(text).toBe(
			'The next release drops support for Python before 3.10. Please move to Python 3.10 or later.'
		);
	});

	it('leaves out what is not known', () => {
		const arm: Drop = { what: 'arch', value: 'armv7' };
		expect(
			changelog(
				arm,
				{ ...known, now: 0, unused: true, weeks: [] },
				{ threshold: 0.01, passing: { kind: 'already' } },
				0,
				'2026-11-15',
				en,
				format
			)
		).toMatchInlineSnapshot(
			`"The next release drops support for the architecture armv7. In the four weeks to 2026-11-15 it was not downloaded. The last release that supports it stays available."`
		);
	});
});
