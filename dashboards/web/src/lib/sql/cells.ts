/** Cells of a statement's answer, as they came: nothing is rounded, grouped or moved to another time zone. */
import type { SqlAnswer } from '$lib/api/sql';
import type { Cell, Table } from '$lib/table';

const NUMBER = /^(?:U?Int|B?Float|Decimal)\d*\b/;
const AROUND = /^(Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?(.*)\)$/;

/** Whether a type of ClickHouse holds numbers, whatever stands around it: `Nullable(UInt8)`. */
export function isNumeric(type: string): boolean {
	const inner = AROUND.exec(type)?.[2];
	return inner ? isNumeric(inner) : NUMBER.test(type);
}

/** A type in short: how it is stored, and the values of a list of names, are left out. */
export function shortType(type: string): string {
	const [, around, inner] = AROUND.exec(type) ?? [];
	if (inner) return around === 'Nullable' ? `Nullable(${shortType(inner)})` : shortType(inner);
	return type.replace(/^(Enum\d+)\(.*\)$/, '$1');
}

/** A cell in words. Whole numbers beyond 2⁵³ have lost their last digits on the way. */
export function cellText(value: unknown): string {
	if (value === null) return 'NULL';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
		return `≈ ${value}`;
	return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** An answer as files are made of it. */
export function tableOf({ columns, rows }: Pick<SqlAnswer, 'columns' | 'rows'>): Table {
	return { columns: columns.map(({ name }) => name), rows: rows.map((row) => row.map(cell)) };
}

function cell(value: unknown): Cell {
	return value === null || typeof value === 'number' ? value : cellText(value);
}
