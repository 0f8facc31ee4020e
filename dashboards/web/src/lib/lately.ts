/** What this viewer chose last, newest first; the browser keeps it. */

const KEY = 'weir-lately';
const MOST = 24;

/** The list with `id` at its head. */
export function newest(list: readonly string[], id: string): string[] {
	return [id, ...list.filter((one) => one !== id)].slice(0, MOST);
}

export function lately(): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
		return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
	} catch {
		return []; // forbidden, or not ours
	}
}

export function remember(id: string): void {
	try {
		localStorage.setItem(KEY, JSON.stringify(newest(lately(), id)));
	} catch {
		// Storage may be forbidden; then nothing comes first.
	}
}
