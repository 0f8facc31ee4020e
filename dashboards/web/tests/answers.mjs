/**
 * Answers of the API for the interface tests: a made-up package with believable numbers, the same
 * at every run. Filters and audiences scale the numbers, so that a test can see them work.
 */

export const NOW = new Date('2026-11-20T14:05:00Z');
const DAY_MS = 86_400_000;

/** Parts of a whole, by dimension. */
const PARTS = {
	version: {
		'2.1.0': 38,
		'2.0.3': 17,
		'2.0.0': 4,
		'1.9.4': 21,
		'1.9.2': 9,
		'1.8.0': 5,
		'0.9.8': 4,
		'3.0.0-rc.1': 2
	},
	version_major: { 0: 4, 1: 35, 2: 59, 3: 2 },
	channel: { stable: 97, pre: 3 },
	artifact: {
		'rocket-linux-amd64.tar.gz': 52,
		'rocket-linux-arm64.tar.gz': 21,
		'rocket-macos-arm64.tar.gz': 16,
		'rocket-windows-amd64.zip': 9,
		SHA256SUMS: 2
	},
	client: {
		curl: 34,
		'GitHub Actions': 22,
		wget: 14,
		Homebrew: 11,
		'Python requests': 8,
		aria2: 5,
		'Go http': 4,
		'': 2
	},
	client_version: { '8.16.0': 52, '8.14.1': 27, '7.88.1': 14, '7.81.0': 7 },
	os: { linux: 71, macos: 17, windows: 9, '': 3 },
	arch: { amd64: 62, arm64: 35, '': 3 },
	country: {
		US: 31,
		DE: 14,
		IN: 9,
		FR: 7,
		GB: 7,
		JP: 6,
		CH: 5,
		BR: 4,
		CA: 4,
		NL: 3,
		PL: 2,
		AU: 2,
		SG: 2,
		SE: 1,
		ZA: 1,
		KE: 0.4,
		MX: 0.8,
		ID: 0.6,
		'': 0.4
	},
	audience: { people: 34, ci: 52, mirror: 4, bot: 3, updater: 5, proxy: 1, unknown: 1 },
	domain: { 'get.acme.example': 100 },
	source: { 'Search engines': 41, github: 28, '': 17, 'news.ycombinator.com': 9, reddit: 5 },
	page: { '/install': 38, '/': 27, '/guide': 21, '/reference': 14 },
	runtime: { Python: 62, Node: 28, '': 10 },
	runtime_version: { '3.9.18': 18, '3.10.4': 22, '3.12.1': 52, '': 8 },
	libc: { glibc: 81, musl: 12, '': 7 },
	organisation: { Initech: 5, Globex: 3, Hooli: 1, '': 91 },
	organisation_domain: { '': 100 },
	package: { 'acme/rocket': 78, 'acme/server': 19, 'acme/compass': 3 }
};

const METRICS = {
	downloads: 4_200,
	requests: 4_650,
	events: 9_800,
	people: 1_350,
	checks: 5_100,
	views: 2_300,
	versions: 6,
	bytes: 9e9
};

const RELEASES = [
	{ version: '1.9.4', first_seen: '2026-08-28' },
	{ version: '2.0.0', first_seen: '2026-09-16' },
	{ version: '2.0.3', first_seen: '2026-10-08' },
	{ version: '2.1.0', first_seen: '2026-11-05' },
	{ version: '3.0.0-rc.1', first_seen: '2026-11-17' }
];

export const PACKAGES = [
	{
		name: 'acme/rocket',
		ecosystem: 'file',
		domains: ['get.acme.example'],
		try: ['curl -fLO "http://get.acme.example:8080/rocket/{version}/{file}"'],
		configured: true,
		downloads_28d: 116_284,
		last_event: '2026-11-20T14:04:00Z'
	},
	{
		name: 'acme/server',
		ecosystem: 'oci',
		domains: ['cr.acme.example'],
		try: ['docker pull cr.acme.example:8080/server:{tag}'],
		configured: true,
		downloads_28d: 28_903,
		last_event: '2026-11-20T13:12:00Z'
	},
	{
		name: 'acme/compass',
		ecosystem: 'pypi',
		domains: ['pypi.acme.example'],
		try: [],
		configured: false,
		downloads_28d: 4_117,
		last_event: '2026-11-18T00:00:00Z'
	},
	{
		name: 'acme/telemetry',
		ecosystem: 'event',
		domains: ['t.acme.example'],
		try: ['curl -d \'{"step":"start"}\' "http://t.acme.example:8080/-/e/{version}"'],
		configured: true,
		downloads_28d: 0,
		last_event: null
	}
];

export const STATUS = {
	engine: { state: 'ready', since: '2026-11-18T08:00:00Z', message: null },
	spool: { pending_batches: 0, pending_bytes: 0, oldest_s: null },
	catching_up: false,
	dropped: {},
	opted_out_today: 3,
	place_data: [
		{
			name: 'countries',
			licence: 'CC-BY-4.0',
			attribution: 'Places by Acme',
			link: 'https://places.acme.example/',
			made: '2026-11-01T00:00:00Z'
		}
	],
	stored_until: '2026-11-20T14:05:00Z'
};

export function events(limit) {
	const pick = (dimension, seed) => {
		const parts = Object.entries(PARTS[dimension]);
		let rest = noise(seed) * parts.reduce((sum, [, part]) => sum + part, 0);
		return parts.find(([, part]) => (rest -= part) < 0)?.[0] ?? '';
	};
	return Array.from({ length: limit }, (_, i) => {
		const os = pick('os', i * 7) || 'linux';
		const arch = pick('arch', i * 11) || 'amd64';
		const check = i % 5 === 3;
		return {
			id: String(i).padStart(32, '0'),
			organisation: i % 4 === 1 ? 'Acme Research' : '',
			time: new Date(NOW - (i * 47 + 30) * 1000).toISOString().slice(0, 17) + '00Z',
			kind: check ? 'check' : i === 8 ? 'broken_link' : 'download',
			package: 'acme/rocket',
			version: i === 8 ? '' : pick('version', i * 3),
			client: pick('client', i * 5),
			client_version: i % 3 ? '8.16.0' : '',
			os,
			arch,
			country: pick('country', i * 13),
			audience: pick('audience', i * 17),
			artifact: i === 8 ? 'rocket-plan9-amd64.tar.gz' : `rocket-${os}-${arch}.tar.gz`,
			status: i === 8 ? 404 : check ? 200 : 302,
			route: i === 8 ? '' : '/rocket/{version}/{file}'
		};
	});
}

export function answer(question) {
	const { first, last } = period(question.date_range);
	const [time, ...others] = splitTime(question.dimensions ?? []);
	const filters = question.filters ?? [];
	const scale = audienceAndFilters(filters);
	const stableOnly = filters.some(
		([, dimension, values]) => dimension === 'channel' && values.includes('stable')
	);
	const labels = time ? buckets(time, first, last) : [];
	const compared = question.include?.compare;
	const rows = combinations(others).flatMap(({ values, part }) => {
		const one = (stretch, dimensions) => ({ dimensions, stretch, part });
		return time
			? labels.map((label) => one(bucketDays(time, label), [label, ...values]))
			: [one(daysBetween(first, last), values)];
	});
	const results = rows
		.map(({ dimensions, stretch, part }) => {
			const adopted =
				adoption(question, dimensions, time, last) *
				(time ? decline(filters, scale, dimensions[0], last) : 1);
			// Each organisation once, however often it came.
			const value = (metric, shift) =>
				metric === 'organisations'
					? 3
					: Math.round(
							stretch.reduce((sum, day) => sum + daily(metric, day - shift * DAY_MS), 0) *
								part *
								adopted *
								scale *
								(time === 'hour' ? 1 / 24 : 1)
						);
			const metrics = question.metrics.map((metric) => value(metric, 0));
			const shift = compared === 'year_over_year' ? 364 : daysBetween(first, last).length;
			const before = question.metrics.map((metric, i) =>
				Math.round(value(metric, shift) * (0.86 + 0.3 * noise(i + dimensions.join().length)))
			);
			return {
				dimensions,
				metrics,
				...(compared && { comparison: { metrics: before, change: before.map(() => null) } })
			};
		})
		.filter(({ metrics }) => time || metrics.length > 1 || metrics[0] > 0)
		.filter(({ dimensions }) => !stableOnly || dimensions[0] !== '3')
		.filter(({ dimensions }) =>
			filters.every(([operator, dimension, values]) => {
				const at = (question.dimensions ?? []).indexOf(dimension);
				return operator !== 'is_not' || at < 0 || !values.includes(dimensions[at]);
			})
		);
	if (!time) results.sort((a, b) => b.metrics[0] - a.metrics[0]);
	return {
		results: results.slice(0, question.pagination?.limit ?? 1000),
		meta: {
			warnings: [],
			...(question.include?.total_rows && { total_rows: results.length }),
			...(question.include?.time_labels && {
				time_labels: labels,
				partial: 'the last bucket is still filling'
			}),
			...(compared &&
				time && {
					comparison_time_labels: labels.map((label) =>
						shiftLabel(label, daysBetween(first, last).length)
					)
				}),
			...(question.include?.releases && {
				releases: RELEASES.filter(
					({ first_seen }) => first_seen >= day(first) && first_seen <= day(last)
				)
			})
		},
		query: { ...question, date_range: [day(first), day(last)], table: 'daily' }
	};
}

/** Version 2 grows over the range at the cost of 1, so that shares move. */
function adoption(question, dimensions, time, last) {
	if (!time || !question.dimensions.includes('version_major')) return 1;
	const age = (last - Date.parse(dimensions[0].slice(0, 10))) / DAY_MS;
	return (
		{ 1: 1 + age / 40, 2: Math.max(0.05, 1 - age / 80), 3: age > 4 ? 0 : 1 }[dimensions[1]] ?? 1
	);
}

/** What comes before a version becomes less over the range, as logistic growth of the rest has it. */
function decline(filters, scale, label, last) {
	if (!filters.some(([operator]) => operator === 'before')) return 1;
	const weeks = (last - Date.parse(label.slice(0, 10))) / (7 * DAY_MS);
	return 1 / (1 + Math.exp(2.2 - weeks / 6)) / scale;
}

function fits(operator, name, value) {
	if (operator === 'before')
		return name !== '' && name.localeCompare(value, 'en', { numeric: true }) < 0;
	return operator.startsWith('contains') ? name.includes(value) : name === value;
}

function audienceAndFilters(filters) {
	return filters.reduce((scale, [operator, dimension, values]) => {
		const parts = PARTS[dimension];
		if (!parts) return 0;
		const whole = Object.values(parts).reduce((sum, part) => sum + part, 0);
		const named = Object.entries(parts)
			.filter(([name]) => values.some((value) => fits(operator, name, value)))
			.reduce((sum, [, part]) => sum + part, 0);
		return (scale * (operator.endsWith('_not') ? whole - named : named)) / whole;
	}, 1);
}

function combinations(dimensions) {
	return dimensions.reduce(
		(rows, dimension) => {
			const parts = Object.entries(PARTS[dimension] ?? { '': 1 });
			const whole = parts.reduce((sum, [, part]) => sum + part, 0);
			return rows.flatMap(({ values, part }) =>
				parts.map(([name, share]) => ({ values: [...values, name], part: (part * share) / whole }))
			);
		},
		[{ values: [], part: 1 }]
	);
}

function splitTime(dimensions) {
	const time = dimensions.find((dimension) => dimension.startsWith('time:'));
	return [time?.slice(5), ...dimensions.filter((dimension) => dimension !== time)];
}

/** Growth, a weekly rhythm, a jump after each release, and the running day cut short. */
function daily(metric, at) {
	const age = (NOW - at) / DAY_MS;
	const weekday = new Date(at).getUTCDay();
	const rhythm = weekday === 0 || weekday === 6 ? 0.55 : 1.1;
	const release = RELEASES.some(
		({ first_seen }) => at >= Date.parse(first_seen) && at - Date.parse(first_seen) < 3 * DAY_MS
	)
		? 1.22
		: 1;
	const soFar = age < 1 ? 14 / 24 : 1;
	return (
		METRICS[metric] *
		Math.exp(-age / 260) *
		rhythm *
		release *
		soFar *
		(0.93 + 0.14 * noise(at / DAY_MS))
	);
}

function noise(seed) {
	const wave = Math.sin(seed * 127.1 + 11.7) * 43_758.5453;
	return wave - Math.floor(wave);
}

function period(range) {
	const end = Date.parse(NOW.toISOString().slice(0, 10));
	if (Array.isArray(range)) return { first: Date.parse(range[0]), last: Date.parse(range[1]) };
	const days = {
		'24h': 1,
		day: 1,
		'7d': 7,
		'28d': 28,
		'91d': 91,
		'6mo': 183,
		'12mo': 365,
		month: 20,
		year: 324,
		all: 500
	}[range];
	return { first: end - (days - 1) * DAY_MS, last: end };
}

function buckets(time, first, last) {
	const days = daysBetween(first, last);
	if (time === 'hour')
		return days.flatMap((at) =>
			Array.from({ length: 24 }, (_, h) => `${day(at)} ${String(h).padStart(2, '0')}:00:00`)
		);
	if (time === 'day') return days.map(day);
	if (time === 'month') return [...new Set(days.map((at) => `${day(at).slice(0, 7)}-01`))];
	return [...new Set(days.map((at) => day(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS)))];
}

function bucketDays(time, label) {
	const start = Date.parse(label.slice(0, 10));
	const length = { hour: 1, day: 1, week: 7, month: 30 }[time];
	return daysBetween(start, start + (length - 1) * DAY_MS).filter((at) => at <= NOW);
}

function daysBetween(first, last) {
	return Array.from(
		{ length: Math.round((last - first) / DAY_MS) + 1 },
		(_, i) => first + i * DAY_MS
	);
}

function shiftLabel(label, days) {
	return day(Date.parse(label.slice(0, 10)) - days * DAY_MS) + label.slice(10);
}

function day(at) {
	return new Date(at).toISOString().slice(0, 10);
}
