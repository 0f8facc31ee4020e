/** Words of the command palette and of the list of keys, in English. */
export const words = {
	find: 'Package, page, range or action',
	lately: 'Lately',
	found: (count: number) => (count === 1 ? '1 found' : `${count} found`),
	actions: 'Actions',
	metric: 'Count',
	filter: 'Add a filter',
	clear: 'Clear filters',
	print: 'Print this page',
	yesterday: 'Yesterday',
	thirty: 'Last 30 days',

	keys: {
		title: 'Keyboard shortcuts',
		enabled: 'Single-key shortcuts',
		ranges: 'Ranges',
		view: 'View',
		pages: 'Pages',
		custom: 'Custom range',
		step: 'Earlier, later',
		interval: 'Next step of the axis',
		compare: 'Comparison on or off',
		audience: 'Audience on or off',
		packages: 'Previous, next package',
		list: 'This list',
		then: (first: string, second: string) => `${first} then ${second}`
	}
};
