/** The words that every page needs, in English. Another language is another object of this type. */
import type { Preset } from '../range';
import type { Audience, Comparison, Dimension, Metric, Operator } from '../view';

const metrics: Record<Metric, { name: string; counts: string }> = {
	downloads: {
		name: 'Downloads',
		counts:
			'One completed transfer of an artifact, or one redirect issued for it. One docker pull is one download, whatever the client does underneath. What the same client asks for again within a minute is a repeat and counts as a request only. Checks and index pages are not downloads.'
	},
	people: {
		name: 'People',
		counts:
			'Distinct sources of downloads and docs views per day (UTC), added up over the days of the range. A source is a keyed hash that lives for one day, so somebody who comes on two days counts twice.'
	},
	checks: {
		name: 'Checks',
		counts:
			'Questions whether something changed: HEAD requests, 304 answers, index and description pages, resolved tags. Nothing was downloaded.'
	},
	views: { name: 'Docs views', counts: 'Pages seen through the pixel or the script in your docs.' }
};

const audiences: Record<Audience, { name: string; one: string }> = {
	people: { name: 'People', one: 'a person at a terminal or in a browser' },
	ci: { name: 'CI', one: 'a build service' },
	mirror: { name: 'Mirrors', one: 'something that copies for others' },
	bot: { name: 'Bots', one: 'a crawler or scanner' },
	updater: { name: 'Updaters', one: 'a dependency updater' },
	proxy: { name: 'Proxies', one: 'a proxy that hides who asked' },
	unknown: { name: 'Unknown', one: 'cannot be told' }
};

const dimensions: Record<Dimension, string> = {
	version: 'Version',
	version_major: 'Major version',
	version_minor: 'Minor version',
	channel: 'Channel',
	artifact: 'File',
	client: 'Client',
	client_version: 'Client version',
	runtime: 'Runtime',
	runtime_version: 'Runtime version',
	os: 'System',
	arch: 'Architecture',
	libc: 'C library',
	country: 'Country',
	audience: 'Audience',
	organisation: 'Organisation',
	organisation_domain: 'Domain of the organisation',
	org_type: 'Kind of organisation',
	confidence: 'Confidence of the organisation',
	net_type: 'Kind of network',
	kind: 'Kind of event',
	ecosystem: 'Ecosystem',
	domain: 'Domain',
	route: 'Route',
	ci_name: 'CI service',
	status: 'Status',
	referrer_host: 'Referrer',
	source: 'Source',
	campaign: 'Campaign',
	page: 'Page'
};

const operators: Record<Operator, string> = {
	is: 'is',
	is_not: 'is not',
	contains: 'contains',
	contains_not: 'does not contain',
	matches: 'matches',
	matches_not: 'does not match'
};

const ranges: Record<Preset, string> = {
	'24h': 'Last 24 hours',
	day: 'Today',
	'7d': 'Last 7 days',
	'28d': 'Last 28 days',
	'91d': 'Last 91 days',
	'6mo': 'Last 6 months',
	'12mo': 'Last 12 months',
	month: 'This month',
	year: 'This year',
	all: 'All time'
};

const comparisons: Record<Extract<Comparison, string>, string> = {
	off: 'No comparison',
	prev: 'Previous period',
	year: 'A year earlier'
};

const kinds: Record<string, string> = {
	download: 'download',
	check: 'check',
	metadata: 'index page',
	inspect: 'inspect',
	mirror: 'mirror copy',
	script: 'script',
	install_ping: 'install ping',
	view: 'docs view',
	custom: 'custom',
	broken_link: 'broken link',
	repeat: 'repeat'
};

const organisations = {
	business: 'Business',
	education: 'Education',
	government: 'Government',
	nonprofit: 'Non-profit'
};

/** Values that are words and not names; others are shown as they are. */
const values: Partial<Record<Dimension, Record<string, string>>> = {
	kind: kinds,
	org_type: organisations,
	net_type: {
		...organisations,
		residential: 'Residential',
		mobile: 'Mobile',
		hosting: 'Hosting',
		cdn: 'Content network',
		carrier: 'Carrier'
	},
	source: {
		direct: 'Direct',
		'Search engines': 'Search engines',
		'AI assistants': 'AI assistants',
		Newsletters: 'Newsletters',
		'Go packages': 'Go packages'
	}
};

export const words = {
	product: 'Weir',
	skip: 'Skip to content',
	close: 'Close',
	copy: 'Copy',
	copied: 'Copied',
	retry: 'Try again',
	cancel: 'Cancel',
	apply: 'Apply',
	unknown: 'unknown',
	metrics,
	audiences,
	dimensions,
	operators,
	ranges,
	comparisons,
	kinds,
	values,

	/** What `formats` says beside numbers and dates. */
	format: {
		new: 'new',
		points: 'pp',
		justNow: 'just now',
		weekOf: (day: string) => `week of ${day}`
	},

	account: {
		menu: 'Account',
		language: 'Language',
		signedInAs: (name: string) => `Signed in as ${name}`,
		settings: 'Settings',
		signOut: 'Sign out',
		keys: 'Keyboard shortcuts'
	},

	theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark' },

	signIn: {
		title: 'Sign in',
		name: 'Name',
		password: 'Password',
		show: 'Show',
		hide: 'Hide',
		showIt: (label: string) => `Show ${label.toLowerCase()}`,
		submit: 'Sign in',
		wrong: 'Wrong name or password.',
		code: 'Code',
		codeHint: 'Six digits from your app, or a recovery code.',
		wrongCode: 'Wrong code, or one that was used. Wait for the next.',
		wait: (duration: string) => `Too many tries. Wait ${duration} and try again.`
	},

	setup: {
		title: 'Set up Weir',
		intro: 'Make the account that owns this installation. The code was printed when Weir started.',
		code: 'One-time code',
		codeHint: 'It works once, for a day. A new one is printed at each start until an owner exists.',
		passwordHint: 'At least 12 characters.',
		submit: 'Create the account',
		needsCode: 'Enter the code that was printed when Weir started.',
		needsName: 'Enter a name to sign in with.',
		shortPassword: (missing: number) =>
			missing === 1 ? 'One more character, please.' : `${missing} more characters, please.`,
		wrongCode: 'This code is not valid, or it has expired. Weir prints a new one when it starts.',
		already: 'Weir is set up already. Sign in instead.'
	},

	portfolio: {
		title: 'Packages',
		package: 'Package',
		downloads: 'Downloads, 28 d',
		trend: 'Trend',
		people: 'People, 28 d',
		lastSeen: 'Last seen',
		never: 'nothing yet',
		notConfigured: 'not in the configuration',
		none: 'No packages yet',
		noneWhy:
			'Add a [[package]] with a domain to weir.toml; it appears here when the file is saved.',
		caption: 'Packages, most downloads first',
		counts: 'Without mirrors and bots, as each package shows it.'
	},

	madeUp: {
		tag: 'made up',
		tagCounts: 'The demo wrote this event; it never happened.',
		includes: 'Includes made-up history',
		includesWhy:
			'The demo wrote a year of events that never happened, so that there is something to see. They count like real ones.',
		compared: 'Compared with made-up history',
		comparedWhy:
			'What is shown was measured. The changes are against events that the demo wrote and that never happened.',
		measured: 'Show only what was measured'
	},

	pages: {
		label: 'Pages',
		overview: 'Overview',
		versions: 'Versions',
		organisations: 'Organisations',
		audience: 'Audience',
		docs: 'Docs',
		funnel: 'Funnel',
		explore: 'Explore'
	},

	packages: { switch: 'Package', find: 'Find a package', all: 'All packages' },

	controls: {
		label: 'View',
		audience: 'Audience',
		range: 'Range',
		compare: 'Compare with',
		compareDays: (days: string) => `With ${days}`,
		interval: 'Step',
		filter: 'Filter',
		custom: 'Custom range',
		from: 'From',
		to: 'To',
		wrongRange: 'The first day must not be after the last.',
		clearAll: 'Clear all',
		filters: 'Filters',
		remove: (text: string) => `Remove filter: ${text}`,
		value: 'Value',
		dimension: 'Dimension',
		operator: 'Condition',
		intervals: { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' },
		zone: (name: string) => `Days begin at midnight in ${name}`
	},

	kpi: {
		label: 'Key numbers',
		latestMajor: 'On latest major',
		latestMajorOf: (major: string, metric: string) =>
			`${major}.x, share of ${metric.toLowerCase()}`,
		latestMajorCounts: (metric: string) =>
			`Share of ${metric.toLowerCase()} in the range whose version has the newest stable major number that was downloaded in 91 days. The change is in points.`,
		against: {
			prev: 'than the period before',
			year: 'than a year earlier',
			custom: 'than in the days compared'
		}
	},

	chart: {
		releases: 'and releases',
		mean: '7-day mean',
		days: 'days',
		previous: 'previous period',
		yearBefore: 'a year earlier',
		daysCompared: 'days compared',
		now: 'so far',
		released: (versions: string) => `First seen: ${versions}`,
		keys: 'Arrow keys move along the chart, Page Up and Page Down by a week, Enter shows the table.',
		share: (metric: string) => `Version share, ${metric.toLowerCase()}`,
		shareShort: 'Share',
		older: 'Other',
		where: 'Where',
		map: (top: string) => `World map. Most: ${top}.`,
		mapEmpty: 'World map without a country.',
		time: 'Time',
		change: 'Change'
	},

	tabs: {
		versions: 'Versions',
		clients: 'Clients',
		platforms: 'Platforms',
		files: 'Files',
		countries: 'Countries',
		audience: 'Audience',
		sources: 'Sources',
		pages: 'Pages',
		what: 'What',
		who: 'Who and where',
		more: 'Show all',
		fewer: 'Show fewer',
		hint: 'Click filters, Alt-click leaves out'
	},

	latest: {
		title: 'Latest',
		counts:
			'The newest events as they were stored, to the minute, of every audience and kind. Refreshed every two seconds while this page is visible.',
		live: 'live',
		paused: 'not answered',
		events: 'Latest events',
		columns: {
			time: 'Time',
			kind: 'Kind',
			version: 'Version',
			client: 'Client',
			platform: 'Platform',
			country: 'Country',
			audience: 'Audience',
			file: 'File'
		}
	},

	panel: {
		menu: (title: string) => `Options for ${title}`,
		link: 'Copy link',
		linkCopied: 'Link copied',
		csv: 'Download CSV',
		json: 'Download JSON',
		table: 'Show as table',
		tableOf: (title: string) => `${title}, as a table`,
		chart: 'Show as chart',
		query: 'Show query',
		counts: 'What this counts',
		signInOnce: 'Sign in once and keep the session in a file:',
		theCall: 'Then ask the same question:',
		resolved: 'How it was understood:',
		incomplete: (warnings: string[] = []) => `Not complete: ${warnings.join('; ')}.`,
		epochs: (days: { day: string; epochs: number }[]) =>
			`People are approximate: ${days.map(({ day, epochs }) => `${epochs} epochs on ${day}`).join(', ')}.`
	},

	empty: {
		never: 'Send your first download through Weir',
		neverWhy: 'Nothing has come through for this package yet. Try it with its own domain.',
		fill: 'Put your own values in place of what stands in braces.',
		command: (nth: number) => `Command ${nth}`,
		waiting: 'Waiting for the first event…',
		noDomain: 'This package has no domain yet. Give it one in weir.toml.',
		range: 'Nothing in this range',
		rangeWhy: (when: string) => `The last event came ${when}.`,
		rangeGo: 'Show the last 28 days with data',
		filters: 'The filters leave nothing',
		filtersWhy: 'Take one off, or clear them all.',
		audience: 'Nobody of this audience in this range',
		audienceGo: 'Show every audience',
		noRows: 'Nothing here',
		noPackage: 'There is no package of this name',
		noPackageWhy: 'It is not in the configuration, and no event has named it.',
		error: 'This could not be loaded',
		request: (id: string) => `Request ${id}`
	},

	status: {
		down: (reason: string | null | undefined) =>
			`The database does not answer. Downloads go on and are kept on disk until it is back.${reason ? ` Reason: ${reason}.` : ''}`,
		starting: 'The database is starting.',
		catchingUp: (batches: string, oldest: string) =>
			`Catching up: ${batches} batches wait to be stored, the oldest for ${oldest}. Numbers may be low.`,
		dropped: (lost: number, text: string) =>
			`${text} ${lost === 1 ? 'event was' : 'events were'} lost since the start and counted nowhere. The log says why.`,
		offline: 'The server does not answer. Showing the last numbers received.'
	},

	placeData: 'Places and networks:',

	commands: 'Commands',

	notFound: {
		title: 'There is no such page',
		home: 'Go to your packages'
	},
	noAnswer: 'the server did not answer',
	failed: 'The page could not be loaded'
};

export type Dictionary = typeof words;
