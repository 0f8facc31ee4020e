/** Words of the pages Docs, Funnel and Retention, in English. */
export const words = {
	call: 'The same at a shell, once signed in:',
	docs: {
		views: 'Docs views',
		pages: 'Pages',
		pagesCounts:
			'Views of each page in the range, and the organisations that read it then. Views of bots are left out unless the audience says otherwise; organisations are those that a network names, never persons.',
		page: 'Page',
		viewsShort: 'Views',
		organisations: 'Organisations',
		noPages: 'No page is told apart',
		noPagesWhy:
			'Name the hosts of the docs in the pixel’s “pages”; then the path of each page is kept.',
		sources: 'Sources',
		referrers: 'Referring sites',
		readmes: 'README hosts',
		readmesCounts:
			'Views that a host’s own proxy of pictures fetched for somebody. Who read is not told, so visitors and organisations are not known: a dash, and not a small number.',
		host: 'Host',
		visitors: 'Visitors',
		hidden: 'The proxy of this host hides who reads.',
		proxies: {
			'github-camo': 'README on GitHub, npm',
			'pypi-camo': 'README on PyPI',
			'go-camo': 'An image proxy (go-camo)',
			camo: 'An image proxy (camo)'
		} as Record<string, string>,
		noReadmes: 'No README was read in this range',
		noReadmesWhy: 'Put the pixel or a badge into the README; views through GitHub count as well.',
		copied: 'Copied commands',
		copiedCounts:
			'Commands that were copied from the docs, as the page reported them (an event “copy” with its command), and the organisations that copied them. The range applies; audience and filters do not.',
		command: 'Command',
		copies: 'Copied',
		noCopied: 'No copied command was reported',
		noCopiedWhy: 'Put the script on the docs: it tells which install commands are copied.',
		before: 'Read before adopting',
		beforeCounts: (floor: number) =>
			`Adopting is an organisation’s first download ever, in this range. Of the organisations that had read any page by that day, the share that had read this one; beside it the share of all organisations that read in this range. The lift is one over the other. With fewer than ${floor} organisations no share is given. Days are UTC days; audience and filters do not apply.`,
		beforeSays: (read: string, adopters: string) =>
			`${read} of ${adopters} organisations that downloaded for the first time had read the docs by then.`,
		beforeShare: 'Read by the first download',
		allShare: 'All readers',
		lift: 'Lift',
		few: (floor: number) => `Fewer than ${floor} organisations.`,
		noBefore: 'No organisation read the docs in this range',
		noBeforeWhy:
			'Organisations are recognised where that is switched on and a network of their own is known.'
	},
	blocked: {
		title: 'What blockers take',
		counts: (floor: string) =>
			`Pages of a host that carry both the pixel and the script: views that the pixel counted, those of them that the script told, and the share that it did not, which is an estimate. Who blocks both is in neither. Hosts with fewer than ${floor} views have no share.`,
		host: 'Site',
		byPixel: 'Pixel',
		byScript: 'Script',
		share: 'Not told',
		few: (floor: string) => `Fewer than ${floor} views.`,
		none: 'No page carries both the pixel and the script',
		noneWhy:
			'Put both on the docs for a while: what the script tells less of is what blockers take.'
	},
	funnel: {
		tabs: 'Funnel and retention',
		title: 'From the docs to use',
		counts:
			'Organisations that first read the docs in the range and had never downloaded before; each step counts those that did it after the step before, until now. Still here: another download four weeks after the first or later, of those whose four weeks are over. Bots, mirrors and proxies are left out. Audience and filters do not apply.',
		steps: {
			read: 'Read the docs',
			install: 'Read how to install',
			copied: 'Copied a command',
			downloaded: 'First download',
			stayed: 'Still here after 4 weeks'
		},
		step: 'Step',
		organisations: 'Organisations',
		ofBefore: 'Of the step before',
		median: 'Median time',
		wentOn: (share: string) => `${share} of the step before`,
		after: (time: string) => `median ${time}`,
		sameDay: 'same day',
		days: (days: number, text: string) => `${text} ${days === 1 ? 'day' : 'days'}`,
		notMeasured: 'not measured: no page reports what is copied',
		ofDue: (due: string) => `of ${due} whose four weeks are over`,
		noneDue: 'nobody’s four weeks are over yet',
		left: (count: string) => `${count} more read the docs and had downloaded before.`,
		since: (day: string) => `Single events are kept for a time: the funnel begins on ${day}.`,
		person: 'By organisation. No person is followed from a page to a package.',
		none: 'No organisation began to read the docs in this range',
		noneWhy:
			'Organisations are recognised where that is switched on and a network of their own is known. A longer range may have some.'
	},
	retention: {
		tab: 'Retention',
		title: 'Retention by organisation',
		counts:
			'Organisations by the month of their first download, and the share of them that downloaded again in each month after it. Build services count, mirrors, bots and proxies do not. Months are UTC months; the running one is dashed, because it is not over. Range, audience and filters do not apply.',
		month: 'First download in',
		size: 'Organisations',
		after: 'Months after the first download',
		monthOf: (nth: number) => (nth === 1 ? '1 month after' : `${nth} months after`),
		of: (count: string, size: string) => `${count} of ${size} organisations`,
		running: 'not over yet',
		months: 'Months',
		earlier: 'or earlier',
		scale: 'Share that came back',
		none: 'No organisation has downloaded yet',
		noneWhy:
			'Organisations are recognised where that is switched on and a network of their own is known.'
	}
};
