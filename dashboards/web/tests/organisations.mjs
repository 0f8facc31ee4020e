/**
 * Canned answers about organisations, filtered, sorted and in pages as the address wishes. A
 * correction is taken and forgotten.
 */
import { NOW } from './answers.mjs';

const DAY_MS = 86_400_000;
const before = (days) => new Date(NOW - days * DAY_MS).toISOString().slice(0, 10);

const named = (name, type, confidence, status, stage, downloads, ci, views, seen) => {
	const domain = confidence >= 70 ? `${name.toLowerCase().replaceAll(' ', '-')}.example` : '';
	return {
		key: domain || name,
		name,
		domain,
		type,
		confidence,
		status,
		stage,
		because: '',
		downloads,
		ci,
		views,
		latest_version: downloads > 0 ? (ci > 0 ? '2.1.0' : '1.9.4') : '',
		packages: 1 + (downloads % 3),
		first_seen: before(seen),
		last_seen: before(status === 'quiet' ? 31 : seen % 3)
	};
};

const KNOWN = [
	named('Initech', 'business', 96, 'growing', 'ongoing_use', 1_284, 1_102, 211, 154),
	named('Globex', 'business', 92, 'steady', 'ongoing_use', 642, 588, 64, 301),
	named('Hooli', 'business', 74, 'new', 'experimentation', 18, 0, 37, 19),
	named('University of Acme', 'education', 97, 'steady', 'investigation', 9, 0, 144, 212),
	named('Ministry of Rockets', 'government', 88, 'quiet', 'inactive', 0, 0, 4, 340),
	named('Open Rocketry Foundation', 'nonprofit', 58, 'new', 'interest', 0, 0, 12, 6)
];
/** Enough for a second page. */
const MORE = Array.from({ length: 24 }, (_, i) =>
	named(`Branch ${i + 1}`, 'business', 71, 'steady', 'experimentation', 200 - 5 * i, 0, 40 - i, 90)
);
const ALL = [...KNOWN, ...MORE];

const RULES = [
	['inactive', [['anything', 'none', 0, 56]]],
	['ongoing_use', [['ci', 'weeks', 3, 4]]],
	['experimentation', [['downloads', 'sum', 1, 28]]],
	[
		'investigation',
		[
			['views', 'sum', 5, 28],
			['views', 'weeks', 2, 4]
		]
	],
	['interest', [['views', 'sum', 1, 28]]]
].map(([stage, when]) => ({
	stage,
	sentence: '',
	when: when.map(([what, measure, least, window]) => ({ what, measure, least, window }))
}));

function list({ searchParams }) {
	const wish = Object.fromEntries(searchParams);
	const search = wish.search?.toLowerCase() ?? '';
	const others = ALL.filter(
		(one) =>
			(!wish.type || one.type === wish.type) &&
			(!wish.stage || one.stage === wish.stage) &&
			one.confidence >= Number(wish.confidence ?? 0) &&
			`${one.name} ${one.domain}`.toLowerCase().includes(search)
	);
	const found = others.filter(({ status }) => !wish.status || status === wish.status);
	const by = wish.sort ?? 'downloads';
	const turn = wish.ascending === 'true' ? 1 : -1;
	found.sort((a, b) => turn * (a[by] < b[by] ? -1 : a[by] > b[by] ? 1 : 0));
	const offset = Number(wish.offset ?? 0);
	const count = (status) => others.filter((one) => one.status === status).length;
	return {
		organisations: found.slice(offset, offset + Number(wish.limit ?? 100)),
		total: found.length,
		status: {
			new: count('new'),
			growing: count('growing'),
			steady: count('steady'),
			quiet: count('quiet')
		},
		from: wish.from,
		to: wish.to,
		incomplete: false
	};
}

/** It read, then tried, then built on each working day. */
function days(seen) {
	return Array.from({ length: seen }, (_, i) => seen - i)
		.filter((ago) => ![0, 6].includes(new Date(NOW - ago * DAY_MS).getUTCDay()))
		.map((ago) => ({
			day: before(ago),
			views: (ago * 7) % 5,
			downloads: ago < 110 ? (ago * 3) % 4 : 0,
			ci: ago < 60 ? 1 + (ago % 9) : 0
		}))
		.filter(({ views, downloads, ci }) => views + downloads + ci > 0);
}

function profile(one) {
	return {
		organisation: one,
		evidence: 'allocation, route',
		ids: [7_001, 7_002],
		reason: {
			rule: 1,
			sentence: '',
			found: [{ what: 'ci', measure: 'weeks', least: 3, window: 4, found: 4 }]
		},
		days: days(154),
		stages: [
			{ stage: 'interest', first: before(154), last: before(141) },
			{ stage: 'investigation', first: before(140), last: before(111) },
			{ stage: 'experimentation', first: before(110), last: before(46) },
			{ stage: 'ongoing_use', first: before(45), last: before(0) }
		],
		pages: [
			{ page: '/', first_day: before(154), last_day: before(2) },
			{ page: '/install', first_day: before(139), last_day: before(58) },
			{ page: '/reference', first_day: before(88), last_day: before(1) }
		],
		packages: [
			{
				package: 'acme/rocket',
				downloads: 1_284,
				ci: 1_102,
				views: 211,
				first_seen: before(154),
				last_seen: before(0)
			},
			{
				package: 'acme/server',
				downloads: 92,
				ci: 61,
				views: 8,
				first_seen: before(70),
				last_seen: before(1)
			}
		]
	};
}

export const answers = {
	'GET /api/v2/organisations': (_, url) => [200, list(url)],
	'GET /api/v2/organisation': (_, url) => {
		const one = ALL.find(({ key }) => key === url.searchParams.get('organisation'));
		return one ? [200, profile(one)] : [404, { error: 'no such organisation' }];
	},
	'GET /api/v2/stages': () => [200, { rules: RULES, own: false }],
	'POST /api/v2/corrections': ({ ids }) =>
		ids.length > 0 ? [204] : [422, { error: '#/ids: must have at least 1' }]
};
