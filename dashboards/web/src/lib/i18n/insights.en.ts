/** Words of the pages below the overview, in English. They come with those pages, not with the first. */
export const words = {
	versions: {
		adoption: 'Adoption by days since release',
		adoptionCounts:
			'For each of the last releases, its part of all downloads of the package on the days after it was first downloaded. The audience and the filters apply; the range does not.',
		day: 'Days since release',
		dayOf: (day: number) => (day === 1 ? '1 day after' : `${day} days after`),
		noReleases: 'No version was downloaded for the first time in the last twelve months.',
		all: 'All versions',
		allCounts:
			'Versions that were downloaded in the range. First seen is the day of a version’s first download ever. The share of CI is of people’s and CI’s downloads together, whatever audience is shown.',
		version: 'Version',
		firstSeen: 'First seen',
		share: 'Share',
		ci: 'CI share',
		sort: (column: string) => `Sort by ${column}`,
		earlier: 'earlier',
		more: 'Show all versions',
		fewer: 'Show fewer'
	},
	audience: {
		over: 'Who downloads',
		overCounts:
			'Downloads by audience, all audiences together. The audience switch above does not apply here; a click on a name does.',
		floor: 'Noise floor',
		floorCounts:
			'The median of the days’ downloads by mirrors, bots and updaters: what would arrive every day if nobody used the package by hand or in a build.',
		floorSays: (a_day: string) => `About ${a_day} downloads a day would arrive without any users.`,
		floorPart: (share: string) => `That is ${share} of all downloads in the range.`,
		floorNone: 'Hardly anything arrives by itself: mirrors, bots and updaters came on few days.',
		ci: 'CI services',
		channels: 'Channels',
		domains: 'Domains'
	},
	explore: {
		tabs: { pivot: 'Pivot', sql: 'SQL' },
		table: 'What you asked for',
		counts:
			'One number for each combination of the values. The audience, the range and the filters above apply.',
		metric: 'Count',
		by: 'By',
		then: 'and by',
		nothing: '(nothing else)',
		limit: 'Rows',
		hint: 'Show query in the menu gives the same as a command; CSV and JSON are there too.'
	}
};
