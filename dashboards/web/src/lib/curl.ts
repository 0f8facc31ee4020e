/** The same question at a shell. */
import type { Question } from './api/types';

export function signInCommand(origin: string): string {
	const body = JSON.stringify({ name: 'NAME', password: 'PASSWORD' });
	return `curl -c weir.cookies -H 'Origin: ${origin}' \\\n  --json ${quoted(body)} \\\n  ${origin}/api/v2/session`;
}

export function queryCommand(origin: string, question: Question): string {
	return `curl -b weir.cookies -H 'Origin: ${origin}' \\\n  --json ${quoted(JSON.stringify(question))} \\\n  ${origin}/api/v2/query`;
}

export function sqlCommand(origin: string, sql: string): string {
	return `curl -b weir.cookies -H 'Origin: ${origin}' \\\n  --json ${quoted(JSON.stringify({ sql }))} \\\n  ${origin}/api/v2/sql`;
}

export function listenCommand(origin: string, target: string): string {
	return `curl -N -b weir.cookies ${quoted(`${origin}/api/v2/live?package=${encodeURIComponent(target)}`)}`;
}

/** A resource that is read. */
export function getCommand(origin: string, path: string): string {
	return `curl -b weir.cookies \\\n  ${quoted(origin + path)}`;
}

/** A single-quoted word of the POSIX shell. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
