/** Words of the pages about organisations, in English. */
import type { Stage, Status } from '../api/organisations';

type What = 'anything' | 'views' | 'downloads' | 'ci';

const stages: Record<Stage, string> = {
	interest: 'Interest',
	investigation: 'Investigation',
	experimentation: 'Experimentation',
	ongoing_use: 'Ongoing use',
	inactive: 'Inactive'
};

const statuses: Record<Status, { name: string; means: string }> = {
	new: { name: 'New', means: 'First seen within the last 28 days' },
	growing: { name: 'Growing', means: 'At least half as much again as in the 28 days before' },
	steady: { name: 'Steady', means: 'About as much as in the 28 days before' },
	quiet: { name: 'Quiet', means: 'At most half as much as in the 28 days before' }
};

const types: Record<string, string> = {
	business: 'Company',
	education: 'Education',
	government: 'Government',
	nonprofit: 'Non-profit'
};

const many: Record<What, string> = {
	anything: 'page views or downloads',
	views: 'page views',
	downloads: 'downloads',
	ci: 'downloads by build services'
};

const one: Record<What, string> = {
	anything: 'page view or download',
	views: 'page view',
	downloads: 'download',
	ci: 'download by a build service'
};

const counted = (what: string, n: number, text: string) =>
	`${text} ${(n === 1 ? one : many)[what as What]}`;
const named = (what: string) => many[what as What];

export const words = {
	title: 'Organisations',
	intro: 'across all packages',
	allOrganisations: 'All organisations',
	stages,
	statuses,
	types,
	list: 'Organisations',
	organisation: 'Organisation',
	type: 'Type',
	stage: 'Stage',
	noStage: 'none',
	downloads: 'Downloads',
	ci: 'CI',
	views: 'Views',
	packages: 'Packages',
	latest: 'Latest',
	first: 'First seen',
	last: 'Last seen',
	status: 'Status',
	sort: (column: string) => `Sort by ${column}`,
	anyType: 'Any type',
	anyStage: 'Any stage',
	anyConfidence: 'Any confidence',
	fromMedium: 'Medium or high',
	high: 'High',
	confidence: 'Confidence',
	sure: (percent: string, level: 'low' | 'medium' | 'high') => `${level} confidence, ${percent}`,
	find: 'Find by name or domain',
	filters: 'Filters',
	showing: (from: string, to: string, of: string) => `${from}–${to} of ${of}`,
	previous: 'Previous',
	next: 'Next',
	pager: 'Pages of the list',
	none: 'No organisation fits',
	noneWhy: 'Another filter or a longer search may find some.',
	clear: 'Clear filters',
	nothing: 'No organisation has been seen yet',
	nothingWhy:
		'Organisations are named where [organisations] enabled = true, and where a company, school, administration or foundation has a network of its own.',
	noSuch: 'No such organisation',
	noSuchWhy:
		'It has not been seen with this package, or somebody has said that the match was wrong.',
	listCounts:
		'Organisations whose networks asked for a download or a page. Downloads, CI and views are of the range; stage and status are of its last day. Providers, hosting and clouds are never among them. Days are UTC days.',

	allRules: 'All rules',
	rules: 'Rules about stages',
	rulesIntro:
		'The first rule that holds decides. Nothing of it is stored: other rules give another history.',
	thisOne: 'holds now',
	and: ', and ',
	rule: {
		weeks: (what: string, least: string, window: string) =>
			`${named(what)} in at least ${least} of the last ${window} weeks`,
		sum: (what: string, n: number, least: string, window: string) =>
			`at least ${counted(what, n, least)} in the last ${window} days`,
		none: (what: string, window: string) => `no ${named(what)} in the last ${window} days`
	},
	found: {
		weeks: (what: string, found: string, window: string) =>
			`${named(what)} in ${found} of the last ${window} weeks`,
		sum: (what: string, n: number, found: string, window: string) =>
			`${counted(what, n, found)} in the last ${window} days`,
		none: (what: string, found: string) => `no ${named(what)} for ${found} days`,
		never: (what: string) => `no ${named(what)} ever`
	},

	journey: 'Journey',
	journeyCounts:
		'What came from this organisation’s networks on each UTC day. People are never counted by organisation, so one download may be anybody’s.',
	view: 'View',
	download: 'Download',
	build: 'CI',
	key: 'Key',
	day: 'Day',
	onDay: (views: string, downloads: string, ci: string) =>
		`${views} views, ${downloads} downloads, of which CI ${ci}`,
	stageBar: 'Stages over time',
	stageFrom: (stage: string, first: string, last: string) => `${stage}: ${first} to ${last}`,
	versions: 'Versions over time',
	versionsCounts:
		'Downloads of this organisation by the first part of the version, whatever the audience.',
	pages: 'Pages read in the first 90 days',
	pagesCounts:
		'Pages that this organisation read for the first time within 90 days of its first day, in that order.',
	page: 'Page',
	firstRead: 'First read',
	lastRead: 'Last read',
	noPages: 'No page was read.',
	packagesUsed: 'Packages of ours that it uses',
	packagesCounts:
		'Packages that this organisation downloaded or read about, as far as you may see them.',
	package: 'Package',

	evidence: 'Match',
	evidenceOf: (codes: string) => `Rests on: ${codes}`,
	wrongMatch: 'Wrong match?',
	wrongIntro:
		'A correction holds for the past and for what comes, for everybody. No event is changed, and it can be taken back.',
	notThem: 'This was never them: it is nobody',
	otherName: 'They are called something else',
	name: 'Name',
	domain: 'Domain',
	domainHint: 'Empty leaves it as it is',
	keepType: 'As it is',
	note: 'Why',
	correct: 'Correct',
	corrected: 'Corrected.',
	undo: 'Undo',
	undone: 'As it was stored again.',
	cancel: 'Cancel'
};
