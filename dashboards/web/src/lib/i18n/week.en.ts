/** In English. Dates, counts and shares come as the locale writes them. */
import type { Kind } from '../week';

const how: Record<Kind, string> = {
	pace: 'The release is between 3 and 60 days old. Compared are the shares of all downloads on the last three full days, and on the same days after the release before. Faster or slower is said from 5 points on, where chance would hardly do that (three standard errors).',
	new: 'Downloads in the last seven full days and none in the twelve weeks before.',
	gone: 'Downloads in each of the four weeks before and none in the last seven full days.',
	moved:
		'The last seven full days against the seven before. Said of the one that moved most, where it moved by at least 5 % of all downloads more than all downloads did, and by four standard errors.',
	unusual:
		'A day of the last seven against the same weekday of the eight weeks before: at least 30 % off their median, and four times as far as those days usually lie from it.'
};

export const words = {
	impact: {
		choose: 'Did a release move anything?',
		none: 'choose one',
		title: (version: string) => `What ${version} moved`,
		announced: (version: string) => `About ${version}`,
		close: 'Close',
		unknown: (version: string) =>
			`${version} was not seen for the first time in the last 12 months.`,
		says: {
			up: (change: string, metric: string, days: number) =>
				`${change} ${metric.toLowerCase()} in the ${days} days after it: more than normal variation.`,
			down: (change: string, metric: string, days: number) =>
				`${change} ${metric.toLowerCase()} in the ${days} days after it: less than normal variation.`,
			within: (change: string, metric: string, days: number) =>
				`${change} ${metric.toLowerCase()} in the ${days} days after it: within normal variation.`
		},
		early: (days: number) =>
			days === 1
				? 'Too early to say: one full day is over. A full week is needed.'
				: `Too early to say: ${days} full days are over. A full week is needed.`,
		few: 'Too little before it to tell what is normal: it takes seven weeks, and 30 downloads on either side.',
		before: (days: number) => `${days} days before`,
		after: (days: number) => `${days} days after`,
		normal: 'Normal variation',
		range: (low: string, high: string) => `${low} to ${high}`,
		columns: { day: 'Day', count: 'Count', side: 'Side' },
		sides: { usual: 'earlier', before: 'before', after: 'after' },
		counts: (metric: string) =>
			`${metric} on the days after the release was first downloaded, against as many days before, which are the same weekdays. Normal is what nine of ten such pairs of fortnights differ by, from the twelve weeks before. The audience and the filters apply, the range does not. What else happened in these days is in it too.`
	},
	organisations: {
		name: 'Organisations',
		counts:
			'Organisations that downloaded or read the docs in the range, by the network that they came from. Who came from none that is known is in none.',
		none: 'Nothing in the range came from the network of an organisation that is known.'
	},
	week: {
		title: 'This week, in words',
		counts:
			'Sentences that rules found worth saying of the last seven full days; no model is asked. Each tells its rule. The audience and the filters apply, the range does not.',
		quiet: 'Nothing out of the ordinary',
		quietWhy: 'No rule found anything worth saying of the last seven full days.',
		how: 'Why this is said',
		columns: { says: 'Sentence', how: 'Rule' },
		rules: how,
		pace: {
			plain: (version: string, share: string, days: number, before: string, then: string) =>
				`${version} has ${share} of downloads ${days} days after its release; ${before} had ${then} then.`,
			faster: (version: string, share: string, days: number, before: string, then: string) =>
				`${version} has ${share} of downloads ${days} days after its release, faster than ${before}, which had ${then} then.`,
			slower: (version: string, share: string, days: number, before: string, then: string) =>
				`${version} has ${share} of downloads ${days} days after its release, slower than ${before}, which had ${then} then.`
		},
		new: (count: number, names: string, more: boolean) =>
			count === 1
				? `${names} downloaded for the first time in twelve weeks or more.`
				: `${count} organisations downloaded for the first time in twelve weeks or more${more ? ', among them' : ':'} ${names}.`,
		gone: (count: number, names: string, more: boolean) =>
			count === 1
				? `${names} downloaded every week until now, and not in the last.`
				: `${count} organisations downloaded every week until now, and not in the last${more ? ', among them' : ':'} ${names}.`,
		moved: (name: string, change: string, now: string, before: string) =>
			`${name} moved most: ${change}, ${now} downloads after ${before} the week before.`,
		appeared: (name: string, now: string) =>
			`${name} moved most: ${now} downloads after none the week before.`,
		unusual: {
			high: (day: string, count: string, usual: string) =>
				`${day} was unusually busy: ${count} downloads, where ${usual} are usual.`,
			low: (day: string, count: string, usual: string) =>
				`${day} was unusually quiet: ${count} downloads, where ${usual} are usual.`
		}
	}
};
