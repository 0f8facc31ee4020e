/** The view in the address bar, and the one way to change it. */
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { LIST_KEYS } from './organisation-keys';
import { pageOf, pagePath } from './paths';
import { encodeReadably, parseView, writeView, type View } from './view';

class Viewed {
	readonly current: View = $derived(parseView(page.url.searchParams));

	/** What a page keeps beside the view. */
	own(key: Own): string | undefined {
		return page.url.searchParams.get(key) ?? undefined;
	}

	/**
	 * Keeps something else beside the view, or nothing, as a new entry of the browser's history or in
	 * place of the one that is shown.
	 */
	keep(key: Own, value: string | undefined, { replace = false } = {}): void {
		const own = (other: Own) => (other === key ? value : this.own(other));
		goTo(withOwn(writeView(this.current), own), replace);
	}

	/** Shows another view as a new entry of the browser's history. */
	show(change: Partial<View>): void {
		const search = writeView({ ...this.current, ...change });
		if (search !== writeView(this.current)) goTo(withOwn(search, (key) => this.own(key)));
	}

	/** The same page of another package. Its clients and versions are its own, so filters stay behind. */
	elsewhere(packageName: string): string {
		const search = writeView({ ...this.current, filters: [] });
		return viewPath(pagePath(packageName, pageOf(page.url.pathname) ?? 'overview'), search);
	}
}

/** What pages keep in the address beside the view; another view begins at the first page of a list. */
const OWN = ['by', 'sql', 'drop', 'release', ...LIST_KEYS.filter((key) => key !== 'page')] as const;
type Own = (typeof OWN)[number];

/** What a page keeps in the address beside the view stays there. */
function withOwn(search: string, own: (key: Own) => string | undefined): string {
	const kept = OWN.flatMap((key) => {
		const value = own(key);
		// An empty statement says that one is being written.
		if (value === undefined || (value === '' && key !== 'sql')) return [];
		return [`${key}=${encodeReadably(value)}`];
	});
	return [search, ...kept].filter(Boolean).join('&');
}

function goTo(search: string, replaceState = false): void {
	const how = { keepFocus: true, noScroll: true, replaceState };
	void goto(viewPath(page.url.pathname, search), how);
}

export const viewed = new Viewed();

export function viewPath(path: string, search: string): string {
	return search ? `${path}?${search}` : path;
}
