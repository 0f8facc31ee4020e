/** All versions of a package, put together from the answers that know something of them. */
import type { QueryAnswer, Release } from './api/types';
import type { Table } from './table';

export interface VersionRow {
	version: string;
	/** Day of the first download ever, where it lies in the time that was asked about. */
	firstSeen?: string;
	downloads: number;
	/** Of all downloads in the range, 0 to 1. */
	share: number | undefined;
	people: number | undefined;
	/** CI's part of people's and CI's downloads; unknown where neither downloaded. */
	ci: number | undefined;
	/** Downloads over the range, one per bucket. */
	trend: number[];
}

export interface VersionAnswers {
	/** Downloads and people by version. */
	counts: QueryAnswer;
	/** Downloads by version and audience, of people and CI. */
	audiences?: QueryAnswer;
	/** Downloads by time and version. */
	trends?: QueryAnswer;
	/** Downloads of all versions. */
	total?: number;
	releases: Release[];
}

export function versionRows({
	counts,
	audiences,
	trends,
	total,
	releases
}: VersionAnswers): VersionRow[] {
	const first = new Map(releases.map(({ version, first_seen }) => [version, first_seen]));
	const labels = trends?.meta.time_labels ?? [];
	const place = new Map(labels.map((label, i) => [label, i]));
	const lines = new Map<string, number[]>();
	for (const { dimensions, metrics } of trends?.results ?? []) {
		const [label = '', version = ''] = dimensions;
		const at = place.get(label);
		if (at === undefined) continue;
		const line = lines.get(version) ?? labels.map(() => 0);
		line[at] = metrics[0] ?? 0;
		lines.set(version, line);
	}
	return counts.results
		.filter(({ metrics }) => (metrics[0] ?? 0) > 0)
		.map(({ dimensions, metrics }) => {
			const version = dimensions[0] ?? '';
			const [downloads = 0, people] = metrics;
			const firstSeen = first.get(version);
			return {
				version,
				...(firstSeen !== undefined && { firstSeen }),
				downloads: downloads ?? 0,
				share: total ? (downloads ?? 0) / total : undefined,
				people: people ?? undefined,
				ci: ciShare(audiences, version),
				trend: lines.get(version) ?? []
			};
		});
}

function ciShare(audiences: QueryAnswer | undefined, version: string): number | undefined {
	const of = (audience: string) =>
		audiences?.results.find(
			({ dimensions }) => dimensions[0] === version && dimensions[1] === audience
		)?.metrics[0] ?? 0;
	const [people, ci] = [of('people'), of('ci')];
	return people + ci > 0 ? ci / (people + ci) : undefined;
}

export type VersionColumn = 'version' | 'firstSeen' | 'downloads' | 'people' | 'ci';

/** Greatest first; a version by its numbers, what is unknown last. */
export function sorted(rows: VersionRow[], column: VersionColumn): VersionRow[] {
	const unknownLast = (a: number | string | undefined, b: number | string | undefined) => {
		if (a === undefined || b === undefined)
			return Number(a === undefined) - Number(b === undefined);
		return a < b ? 1 : a > b ? -1 : 0;
	};
	return [...rows].sort((a, b) =>
		column === 'version'
			? b.version.localeCompare(a.version, 'en', { numeric: true })
			: unknownLast(a[column], b[column])
	);
}

export function versionTable(rows: VersionRow[], columns: string[]): Table {
	const percent = (share: number | undefined) =>
		share === undefined ? null : Math.round(share * 1000) / 10;
	return {
		columns,
		rows: rows.map((row) => [
			row.version,
			row.firstSeen ?? '',
			row.downloads,
			percent(row.share),
			row.people ?? null,
			percent(row.ci)
		])
	};
}
