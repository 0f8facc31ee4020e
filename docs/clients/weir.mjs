/**
 * Tells Weir of something that happened. Copy it into your program or page and change the address.
 *
 *     event({ version: '1.2.3', step: 'install', ok: true });
 *
 * It says nothing, never fails and takes a second at most; await it where the program ends. DO_NOT_TRACK=1 keeps it
 * silent, and so do Global Privacy Control and "Do Not Track" in a browser.
 */
const env = globalThis.process?.env ?? {};
const URL = env.WEIR_URL ?? 'https://get.acme.example/-/collect';

export async function event(values) {
	if (isUnwanted()) return;
	try {
		// As plain text, which a browser sends without asking first.
		const body = JSON.stringify(values);
		await fetch(URL, {
			method: 'POST',
			body,
			keepalive: true,
			credentials: 'omit',
			signal: AbortSignal.timeout(1000)
		});
	} catch {
		// Nobody's work stops because nobody counts it.
	}
}

function isUnwanted() {
	const { globalPrivacyControl, doNotTrack } = globalThis.navigator ?? {};
	const wish = (env.DO_NOT_TRACK ?? '0').toLowerCase();
	return globalPrivacyControl === true || doNotTrack === '1' || !['', '0', 'false'].includes(wish);
}
