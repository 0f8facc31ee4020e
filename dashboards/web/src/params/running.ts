/** Pages of the settings that show how the program runs. */
export const match = (page: string): boolean =>
	['general', 'places', 'audiences', 'exports', 'public'].includes(page);
