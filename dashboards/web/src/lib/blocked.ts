/** How much of what is read the script for docs is kept from telling: an estimate from pages that carry the pixel too. Pure. */
import type { QueryAnswer } from './api/types';

/** The pixel's views, and the script's of pages with a pixel, as the gateway calls them. */
export const PIXEL = 'pixel';
export const BESIDE = 'script beside pixel';

/** Fewer views than this make no estimate. */
export const FLOOR = 100;

export interface Blocked {
	host: string;
	/** Views that the pixel counted. */
	pixel: number;
	/** Those of them that the script told. */
	script: number;
	/** Share that it did not tell; of few views there is none. */
	share: number | undefined;
}

/** Hosts whose pages carry both, most views first: rows of views and events by host and route. */
export function blockedByHost(rows: QueryAnswer['results']): Blocked[] {
	const hosts = new Map<string, { pixel: number; script: number }>();
	for (const { dimensions, metrics } of rows) {
		const [host = '', route] = dimensions;
		const counts = hosts.get(host) ?? { pixel: 0, script: 0 };
		if (route === PIXEL) counts.pixel += metrics[0] ?? 0;
		if (route === BESIDE) counts.script += metrics[1] ?? 0;
		hosts.set(host, counts);
	}
	return [...hosts]
		.filter(([, { pixel, script }]) => pixel > 0 && script > 0)
		.map(([host, counts]) => ({ host, ...counts, share: share(counts) }))
		.sort((a, b) => b.pixel - a.pixel);
}

// The script may tell of a page whose picture was still on its way: no share is below nothing.
function share({ pixel, script }: { pixel: number; script: number }): number | undefined {
	return pixel < FLOOR ? undefined : Math.max(0, 1 - script / pixel);
}
