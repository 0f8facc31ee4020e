/** In English. Dates, counts and shares come as the locale writes them. */
export const words = {
	title: 'Planner',
	intro:
		'Who would be left behind if a version, a runtime or a platform were dropped, and when nobody is.',
	link: 'Plan what to drop',
	back: 'Back to versions',

	choose: 'What is to be dropped',
	what: 'Drop',
	targets: {
		version: 'versions before',
		runtime: 'runtimes before',
		arch: 'the architecture',
		os: 'the system',
		libc: 'the C library'
	},
	runtime: 'Runtime',
	value: { before: 'First that stays', is: 'What goes' },
	example: { version: '3.0', runtime: '3.10', arch: 'armv7', os: 'windows', libc: 'musl' },
	look: 'Look',
	notSaid: 'Not known',
	nothingKnown: 'No download in this time said which it was.',
	start: 'Choose what is to be dropped',
	startWhy:
		'Then this page tells who still uses it, how fast that falls, and what to write into the changelog.',

	decline: (what: string) => `Share of ${what}`,
	declineCounts: (weeks: number, shortly: boolean) =>
		`Downloads of what would be dropped, of all downloads that say which they are, by week; the audience and the filters apply, the range does not. The dashed line is a logistic curve through at most ${weeks} full weeks since the share began to move, the later ones weighing more; the surface around it holds four of five weeks if things go on as they did.${shortly ? ' This is known for single events only, which are kept for 90 days.' : ''}`,
	now: 'Share now',
	nowOf: 'of the last four weeks',
	among: { people: 'among people', ci: 'in CI' },
	passes: (threshold: string) => `Under ${threshold}`,
	expected: (date: string) => `about ${date}`,
	between: (from: string, to: string) => `${from} to ${to}`,
	notBefore: (from: string) => `not before ${from}, with no end in sight`,
	thisWeek: 'this week',
	already: 'already',
	notFalling: 'not falling',
	notFallingWhy: 'The share has not fallen by more than weeks differ anyway.',
	tooSlow: 'not in two years',
	tooFew: 'too few weeks to say',
	tooFewWhy: (weeks: number) => `A curve needs ${weeks} full weeks with downloads.`,
	none: 'nobody',
	noneWhy: 'Nothing that would be dropped was downloaded in this time.',
	observed: 'share of the week',
	fitted: 'fitted',
	band: '80% band',
	week: 'Week',
	columns: { share: 'Share, %', fitted: 'Fitted, %', low: 'Low, %', high: 'High, %' },
	chartKeys: (label: string) => `week of ${label}`,
	noData: (label: string) => `${label}: no downloads`,

	leftBehind: 'Organisations still there',
	leftBehindCounts:
		'Organisations that downloaded what would be dropped in the last 90 days, by the network that they came from; whoever works from home or in a rented data centre is in none. The audience switch does not apply.',
	organisation: 'Organisation',
	downloads: 'Downloads',
	lastSeen: 'Last seen',
	noOrganisations: 'No organisation is known to use it',
	noOrganisationsWhy:
		'Nothing of it was downloaded from a network that is known to belong to an organisation.',
	notLookedUp: 'No organisations are known here',
	notLookedUpWhy:
		'No download of this package has one. They are named where the settings under [organisations] turn that on.',
	leftBehindCut:
		'There are more downloads than are listed; organisations that came seldom may be missing.',
	more: (count: string) => `Show all ${count}`,
	fewer: 'Show fewer',

	changelog: 'For the changelog',
	changelogText: 'Text to copy',
	changelogWhy: 'Written from the numbers above. Change it as you like.',
	named: {
		version: (value: string) => `versions before ${value}`,
		runtime: (value: string, runtime: string) => `${runtime} before ${value}`,
		arch: (value: string) => `the architecture ${value}`,
		os: (value: string) => `the system ${value}`,
		libc: (value: string) => `the C library ${value}`
	},
	text: {
		drops: (what: string) => `The next release drops support for ${what}.`,
		now: (share: string, since: string, day: string) =>
			`In the four weeks to ${day}, ${share} of downloads still used it${since}.`,
		before: (share: string, day: string) => ` (${share} in the four weeks from ${day})`,
		nobody: (day: string) => `In the four weeks to ${day} it was not downloaded.`,
		expected: (threshold: string, date: string) =>
			`We expect less than ${threshold} from about ${date}.`,
		organisations: (count: number) =>
			count === 1
				? 'One organisation that we know of still uses it.'
				: `${count} organisations that we know of still use it.`,
		stays: {
			version: (value: string) => `Please move to ${value} or later.`,
			runtime: (value: string, runtime: string) => `Please move to ${runtime} ${value} or later.`,
			other: 'The last release that supports it stays available.'
		}
	},

	lag: 'Upgrade lag',
	lagBy: {
		organisations: 'days until organisations follow',
		downloads: 'days until it is downloaded'
	},
	lagCounts: {
		organisations:
			'For each of the last releases, the days from its first download by anybody until each organisation’s first download of it. The dot is the median, the line ends at the 90th percentile. Organisations that have not followed yet are in none, so the newest releases look faster than they will. The range does not apply.',
		downloads:
			'No organisations are known here, so this counts downloads: for each of the last releases, the days from its first download until each download of it. The dot is the median, the line ends at the 90th percentile, at most 90 days. That tells how long a release goes on being fetched, which is more than how long people waited. The range does not apply.'
	},
	lagColumns: {
		version: 'Version',
		median: 'Median, days',
		late: '90th percentile, days',
		count: { organisations: 'Organisations', downloads: 'Downloads' }
	},
	lagNone: 'No release of the last months has enough downloads to tell.',
	days: (count: string) => `${count} d`,
	lagSays: (version: string, median: string, late: string) =>
		`${version}: median ${median} days, 90th percentile ${late} days`,

	behind: 'Versions behind',
	behindCounts:
		'Downloads in the range by how many releases lie between the version and the newest one. A release is a minor one here: 2.1.0 and 2.1.5 are the same. Pre-releases and versions without a number are left out.',
	behindBy: (releases: string) => `${releases} behind`,
	newest: 'the newest',
	behindColumns: { behind: 'Releases behind', share: 'Share, %', versions: 'Versions' },
	behindNone: 'No version with a number was downloaded in the range.'
};
