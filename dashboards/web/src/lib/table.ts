/** A panel's numbers as a table, and the files they can be saved as. */
export type Cell = string | number | null;
export interface Table {
	columns: string[];
	rows: Cell[][];
}

/**
 * RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe in front: package
 * names, versions and user agents are the sender's to choose.
 */
export function toCsv({ columns, rows }: Table): string {
	return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/** One object per row, keyed by column. */
export function toJson({ columns, rows }: Table): string {
	const objects = rows.map((row) =>
		Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]))
	);
	return JSON.stringify(objects, null, '\t') + '\n';
}

function csvCell(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell);
	const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
