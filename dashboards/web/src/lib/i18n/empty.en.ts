/** Why a panel is empty, in English. */
export const words = {
	without: (filter: string, count: string) => `Without “${filter}”: ${count}`,
	notMeasured: 'Not measured here',
	notMeasuredWhy:
		'Views come from the pixel or the script in your docs, and none came in this range.',
	notMeasuredGo: 'How to add it'
};
