/** Words of the settings that show how the program runs, in English. */
export const words = {
	pages: {
		general: 'General',
		places: 'Place data',
		audiences: 'Audience rules',
		exports: 'Exports',
		public: 'Public pages'
	},
	adminsOnly: 'Only owners and admins see this.',
	inFile: 'This stands in the configuration file and is changed there. For example:',
	line: 'Lines for weir.toml',
	command: 'Command',

	general: {
		version: 'Version',
		folder: 'Data folder',
		free: (bytes: string) => `${bytes} free`,
		events: 'Single events are kept',
		days: (days: number) => `${days} days`,
		counts: 'Counts are kept',
		months: (months: number) => `${months} months`,
		spool: 'Events that may wait',
		waiting: (batches: number, bytes: string) =>
			batches === 0
				? 'none waits'
				: `${batches === 1 ? '1 batch waits' : `${batches} batches wait`}, ${bytes}`,
		clickhouse: 'ClickHouse',
		own: 'run by Weir itself',
		cluster: (name: string) => `cluster ${name}`,
		states: {
			ready: 'ready',
			starting: 'starting',
			down: 'down',
			external: 'a server of its own',
			unknown: 'unknown from here'
		},
		stored: 'Everything is stored up to',
		optedOut: 'Opted out today',
		optedOutOf: (requests: number) => (requests === 1 ? '1 request' : `${requests} requests`),
		kept: 'What is kept of those who are counted',
		keptWhy: 'Each domain tells them, from what is running:'
	},

	places: {
		why: 'What tells countries, networks and kinds of networks. It is asked on this machine alone.',
		source: 'Source',
		made: 'Made',
		age: (days: number) => (days === 1 ? '1 day old' : `${days} days old`),
		licence: 'Licence',
		credit: 'Credit',
		none: 'There is no place data: countries and networks are unknown.',
		update: 'Fetch it anew',
		byItself: 'It is fetched anew by itself.',
		byHand: 'It is fetched when you say so, or by itself with update = true under [geo].'
	},

	audiences: {
		rules: 'Rules in force',
		rulesWhy: 'They are asked in this order; the first that holds decides whose download it is.',
		rule: 'Rule',
		audience: 'Audience',
		hits: 'Events, 7 d',
		noRules: 'The gateway runs elsewhere; its rules are known there.',
		own: 'Files of your own rules',
		noOwn: 'No rules of your own are in force, only those of the program.',
		unknown: 'Clients that no rule knows',
		unknownWhy: 'Of the last seven days. Give those that come often a name and a class.',
		allKnown: 'Every client of the last days is known.',
		client: 'Client',
		requests: 'Requests',
		ruleFile: 'A rule to begin with',
		noRule: 'no rule'
	},

	exports: {
		why: 'What leaves by the clock. Each file is there whole or not at all.',
		name: 'Name',
		every: 'Every',
		intervals: { hour: 'hour', day: 'day', month: 'month' } as Record<string, string>,
		to: 'To',
		done: 'Done up to',
		never: 'not yet',
		none: 'Nothing is exported by the clock.'
	},

	public: {
		why: 'Everybody may read the downloads by week of these packages, without an account. Fewer than ten visitors of a day are left out.',
		package: 'Package',
		address: 'Address',
		none: 'No package is public.'
	}
};
