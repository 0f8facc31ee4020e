/** The same question at a shell. */
import type { Question } from './api/types';

export function signInCommand(origin: string): string {
	const body = JSON.stringify({ name: 'NAME', password: 'PASSWORD' });
	return `curl -c weir.cookies -H 'Origin: ${origin}' \\\n  --json ${quoted(body)} \\\n  ${origin}/api/v2/session`;
}

export function queryCommand(origin: string, question: Question): string {
	return `curl -b weir.cookies -H 'Origin: ${origin}' \\\n  --json ${quoted(JSON.stringify(question))} \\\n  ${origin}/api/v2/query`;
}

/** A single-quoted word of the POSIX shell. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
