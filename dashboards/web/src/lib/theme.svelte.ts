/** The theme of the page. A script in `app.html` sets a remembered one before the first paint. */
import type { Theme } from './theme';

const KEY = 'weir-theme';

class ThemeState {
	current = $state<Theme>(inPage());

	choose(next: Theme): void {
		this.current = next;
		if (next === 'system') delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = next;
		try {
			localStorage.setItem(KEY, next);
		} catch {
			// Storage may be forbidden; the choice then lasts as long as the page.
		}
	}
}

export const theme = new ThemeState();

function inPage(): Theme {
	const set = document.documentElement.dataset.theme;
	return set === 'light' || set === 'dark' ? set : 'system';
}
