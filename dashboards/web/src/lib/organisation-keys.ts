/** What of a list of organisations is in the address, beside the view. Apart, since every page's view keeps it. */
export const LIST_KEYS = [
	'status',
	'type',
	'stage',
	'confidence',
	'search',
	'sort',
	'up',
	'page'
] as const;
