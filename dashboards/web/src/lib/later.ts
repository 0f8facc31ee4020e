/** What can wait until a page has drawn and asked for its numbers: a connection carries few things at once. */

/** Loads when whatever runs now has ended, with the effects that it sets off. */
export async function later<T>(load: () => Promise<T>): Promise<T> {
	await new Promise((ended) => setTimeout(ended));
	return load();
}
