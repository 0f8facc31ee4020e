/**
 * Tells the gateway which pages are seen and which install commands are copied: `/-/s.js?id=PIXEL`.
 *
 * It keeps nothing in the browser and sends what `../src/ecosystem/page_script.rs` reads, to `/-/e` beside it under the
 * same query. Every byte of it is on every page of somebody's docs: docs/script.md says how few they are.
 */
(() => {
	const source = (document.currentScript as HTMLScriptElement).src;
	const asked = (flag: string) => source.includes('&' + flag);
	// A machine at the wheel and a page under construction count where they are asked to.
	if (
		navigator.doNotTrack == '1' ||
		(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl ||
		(!asked('local') && (navigator.webdriver || /^(localhost$|127\.|\[|$)/.test(location.hostname)))
	)
		return;

	const send = (told: object) =>
		fetch(source.replace('/s.js', '/e'), {
			method: 'POST',
			// Text: a request that needs no other before it.
			body: JSON.stringify({ page: location.href, ...told }),
			keepalive: true,
			credentials: 'omit'
		}).catch(() => {});

	/** The page's own pixel counts this load of it, if it has one that was not fetched ahead of the view. */
	let beside: boolean | null = !(document as { prerendering?: boolean }).prerendering && null;
	let from = document.referrer;
	let last = '';
	const view = () => {
		const path = location.pathname + (asked('hash') ? location.hash : '');
		// Also what is drawn before anybody looks is hidden.
		if (document.visibilityState == 'hidden' || path == last) return;
		last = path;
		beside ??= !!document.querySelector('img[src*="/-/px/"]');
		send({ from, beside });
		beside = false;
		from = location.href;
	};
	view();
	document.addEventListener('visibilitychange', view);
	addEventListener('pageshow', ({ persisted }) => {
		if (persisted) {
			last = '';
			view();
		}
	});
	const { navigation } = self as { navigation?: EventTarget };
	if (navigation) navigation.addEventListener('navigatesuccess', view);
	else {
		const push = history.pushState;
		history.pushState = function (...given) {
			push.apply(this, given);
			view();
		};
		addEventListener('popstate', view);
	}

	const copied = (text: unknown) => {
		const [, command] =
			/^[ $>#]*((sudo )?(npx |uvx |(curl|wget) .*\||(pip[3x]?|uv|p?npm|yarn|bun|brew|cargo|go|gem|apt(-get)?|dnf|conda|composer|dotnet|helm|docker|podman)( \w+)? (i|install|add|get|pull|require) ).*)/m.exec(
				`${text}`
			) ?? [];
		if (command) send({ copied: command.slice(0, 120) });
	};
	document.addEventListener('copy', () => copied(getSelection()));
	const clipboard = navigator.clipboard;
	if (clipboard) {
		const write = clipboard.writeText;
		clipboard.writeText = (text) => (copied(text), write.call(clipboard, text));
	}
})();
