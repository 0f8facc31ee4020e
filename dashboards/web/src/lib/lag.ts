/** How long after a release it is taken up, and how many releases lie between what is used and the newest. */
import type { QueryAnswer, Release } from './api/types';
import { addDays, countDays } from './range';
import { byVersion } from './series';
import type { Table } from './table';

export interface Lag {
	version: string;
	/** Days from the release until half, and nine of ten, had followed. */
	median: number;
	late: number;
	/** How many followed: organisations or downloads. */
	count: number;
}

/** Fewer have no ninetieth percentile to speak of. */
export const LEAST = { organisations: 5, downloads: 50 };
/** Days after a release that are looked at. */
export const REACH_DAYS = 90;

/** From an answer by day, version and organisation. */
export function organisationLags(releases: Release[], answer: QueryAnswer): Lag[] {
	const first = new Map<string, string>();
	for (const { dimensions, metrics } of answer.results) {
		const [day = '', version = '', organisation = ''] = dimensions;
		if (organisation === '' || !metrics[0]) continue;
		const key = `${version}\0${organisation}`;
		const known = first.get(key);
		if (known === undefined || day < known) first.set(key, day);
	}
	return lags(
		releases,
		[...first].map(([key, day]) => ({ version: key.split('\0')[0] ?? '', day, count: 1 })),
		LEAST.organisations
	);
}

/** From an answer by day and version. */
export function downloadLags(releases: Release[], answer: QueryAnswer): Lag[] {
	const counted = answer.results.map(({ dimensions: [day = '', version = ''], metrics }) => ({
		day,
		version,
		count: metrics[0] ?? 0
	}));
	return lags(releases, counted, LEAST.downloads);
}

function lags(
	releases: Release[],
	followed: { version: string; day: string; count: number }[],
	least: number
): Lag[] {
	return releases.flatMap(({ version, first_seen }) => {
		const last = addDays(first_seen, REACH_DAYS);
		const days = followed
			.filter((one) => one.version === version && one.day >= first_seen && one.day <= last)
			.map(({ day, count }) => ({
				after: countDays({ from: first_seen, to: day }) - 1,
				count
			}))
			.sort((a, b) => a.after - b.after);
		const count = days.reduce((sum, day) => sum + day.count, 0);
		if (count < least) return [];
		const quantile = (part: number) => {
			let sum = 0;
			return days.find((day) => (sum += day.count) >= part * count)?.after ?? 0;
		};
		return [{ version, median: quantile(0.5), late: quantile(0.9), count }];
	});
}

export function lagTable(rows: Lag[], columns: [string, string, string, string]): Table {
	return { columns, rows: rows.map((row) => [row.version, row.median, row.late, row.count]) };
}

export interface Behind {
	/** Releases between the newest and the last of these, where they are several. */
	from: number;
	to: number | undefined;
	/** Of downloads of any release. */
	share: number;
	versions: string[];
}

/** Up to four one by one, then together. */
const STEPS = [
	[0, 0],
	[1, 1],
	[2, 2],
	[3, 3],
	[4, 4],
	[5, 9],
	[10, undefined]
] as const;

/** Downloads by how many minor releases lie between their version and the newest; from an answer by version. */
export function behind(answer: QueryAnswer): Behind[] {
	const found = answer.results.flatMap(({ dimensions: [version = ''], metrics }) => {
		const line = lineOf(version);
		const downloads = metrics[0] ?? 0;
		return line !== undefined && downloads > 0 ? [{ version, line, downloads }] : [];
	});
	const lines = [...new Set(found.map(({ line }) => line))]
		.map((name) => ({ name }))
		.sort(byVersion)
		.reverse();
	const place = new Map(lines.map(({ name }, at) => [name, at]));
	const total = found.reduce((sum, { downloads }) => sum + downloads, 0);
	return STEPS.flatMap(([from, to]) => {
		const inside = found.filter(({ line }) => {
			const at = place.get(line) ?? 0;
			return at >= from && at <= (to ?? Infinity);
		});
		if (inside.length === 0) return [];
		const downloads = inside.reduce((sum, one) => sum + one.downloads, 0);
		const versions = inside.map(({ version }) => version);
		return [{ from, to, share: downloads / total, versions }];
	});
}

/** The minor release that a version belongs to; a pre-release belongs to none. */
function lineOf(version: string): string | undefined {
	const match = /^v?(\d{1,6})(?:\.(\d+))?(?:\.\d+)*$/.exec(version);
	return match ? `${match[1]}.${match[2] ?? '0'}` : undefined;
}
