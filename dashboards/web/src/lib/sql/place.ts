/** Where in a statement the server says that something is wrong. */

/** Offsets in UTF-16 units, as a text field counts them. Line and column count from 1, by characters. */
export interface Place {
	start: number;
	end: number;
	line: number;
	column: number;
}

/** ClickHouse counts bytes from 1: `Syntax error: failed at position 35 (ö) (line 2, col 20): …`. */
const FAILED_AT = /failed at position (\d+) /;
/** A name in quotes, perhaps with its database and table before it. */
const QUOTED = /[`'](?:\w+\.)*([\p{L}_][\p{L}\p{N}_]*)[`']/u;
const WORD = /^[\p{L}\p{N}_]+|^\S/u;

/** The place that `message` means: the one that it counts out, or else the first name that it quotes. */
export function placeOf(message: string, sql: string): Place | undefined {
	const counted = FAILED_AT.exec(message)?.[1];
	const start = counted ? atByte(sql, Number(counted) - 1) : firstUse(message, sql);
	return start === undefined ? undefined : placed(sql, start);
}

function atByte(sql: string, byte: number): number {
	const before = new TextEncoder().encode(sql).subarray(0, byte);
	// What ends too early is marked at its last word.
	return Math.min(new TextDecoder().decode(before).length, lastWord(sql));
}

function lastWord(sql: string): number {
	return /[\p{L}\p{N}_]*\S?\s*$/u.exec(sql.trimEnd())?.index ?? 0;
}

function firstUse(message: string, sql: string): number | undefined {
	const name = QUOTED.exec(message)?.[1];
	if (!name) return undefined;
	const whole = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'u');
	return whole.exec(sql)?.index;
}

function placed(sql: string, start: number): Place {
	const lines = sql.slice(0, start).split('\n');
	return {
		start,
		end: start + (WORD.exec(sql.slice(start))?.[0].length ?? 0),
		line: lines.length,
		column: [...(lines.at(-1) ?? '')].length + 1
	};
}

/** The server's words without what only programs read: the place of the request and ClickHouse's name for the error. */
export function saidOf(message: string): string {
	return message
		.replace(/^#\/sql: /, '')
		.replace(/ \([A-Z_]+\)$/, '')
		.trim();
}

/** What ClickHouse calls the error: `SYNTAX_ERROR`. */
export function nameOf(message: string): string | undefined {
	return / \(([A-Z_]+)\)$/.exec(message)?.[1];
}
