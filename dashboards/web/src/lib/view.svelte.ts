/** The view in the address bar, and the one way to change it. */
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { parseView, writeView, type View } from './view';

class Viewed {
	readonly current: View = $derived(parseView(page.url.searchParams));

	/** Shows another view as a new entry of the browser's history. */
	show(change: Partial<View>): void {
		const search = writeView({ ...this.current, ...change });
		if (search !== writeView(this.current)) {
			void goto(viewPath(page.url.pathname, search), { keepFocus: true, noScroll: true });
		}
	}
}

export const viewed = new Viewed();

export function viewPath(path: string, search: string): string {
	return search ? `${path}?${search}` : path;
}
