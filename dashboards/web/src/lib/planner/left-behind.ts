/** Organisations that would be left behind, from an answer by day, organisation and its domain. */
import type { QueryAnswer } from '../api/types';
import type { Table } from '../table';

export interface LeftBehind {
	/** What tells it apart: its domain, or its name where it has none. */
	key: string;
	name: string;
	downloads: number;
	/** Day of the last download of what is to go. */
	lastSeen: string;
}

/** Whoever came last is first: they are the ones to talk to. */
export function leftBehind(answer: QueryAnswer): LeftBehind[] {
	const found = new Map<string, LeftBehind>();
	for (const { dimensions, metrics } of answer.results) {
		const [day = '', name = '', domain = ''] = dimensions;
		const downloads = metrics[0] ?? 0;
		if (name === '' || downloads === 0) continue;
		const key = domain || name;
		const known = found.get(key) ?? { key, name, downloads: 0, lastSeen: day };
		known.downloads += downloads;
		if (day > known.lastSeen) known.lastSeen = day;
		found.set(key, known);
	}
	return [...found.values()].sort(
		(a, b) =>
			b.lastSeen.localeCompare(a.lastSeen) ||
			b.downloads - a.downloads ||
			a.name.localeCompare(b.name)
	);
}

export function leftBehindTable(rows: LeftBehind[], columns: [string, string, string]): Table {
	return { columns, rows: rows.map((row) => [row.name, row.downloads, row.lastSeen]) };
}
