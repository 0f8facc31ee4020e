/**
 * Measures how long the page takes on a slow laptop and a slow line, against a Weir that is running:
 * `node scripts/paint.mjs http://127.0.0.1:8081 NAME PASSWORD [ROUNDS]`. Prints a table for
 * docs/MEASURED.md: medians over rounds with an empty cache. No round is a test; machines differ.
 */
import { chromium } from '@playwright/test';

const [base, name, password, rounds = '5'] = process.argv.slice(2);
if (!password) throw new Error('usage: node scripts/paint.mjs URL NAME PASSWORD [ROUNDS]');

/** "Fast 3G" of the browser's own tools: what its label says, less 10 % of width and 3.75 of latency. */
const LINE = {
	offline: false,
	latency: 562.5,
	downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
	uploadThroughput: (750 * 1024 * 0.9) / 8
};
const SLOWER = 4;

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu']
});
const signedIn = await browser.newContext({ baseURL: base });
const answer = await signedIn.request.post('/api/v2/session', {
	data: { name, password },
	headers: { Origin: base }
});
if (!answer.ok()) throw new Error(`signing in was answered ${answer.status()}`);
const storageState = await signedIn.storageState();
const { packages } = await (await signedIn.request.get('/api/v2/packages')).json();
const busiest = packages.toSorted((a, b) => b.downloads_28d - a.downloads_28d)[0].name;
const places = {
	'sign-in': '/sign-in',
	packages: '/',
	overview: `/p/${busiest}`,
	versions: `/p/${busiest}/-/versions`,
	audience: `/p/${busiest}/-/audience`,
	explore: `/p/${busiest}/-/explore`
};

/** One visit with an empty cache: times in ms, bytes over the line. */
async function visit(path) {
	const context = await browser.newContext({
		baseURL: base,
		...(path !== '/sign-in' && { storageState })
	});
	const page = await context.newPage();
	const tools = await context.newCDPSession(page);
	let bytes = 0;
	tools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
	await tools.send('Network.enable');
	await tools.send('Network.emulateNetworkConditions', LINE);
	await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
	await page.addInitScript(observe);
	await page.goto(path);
	await page.locator('h1').waitFor();
	if (path.startsWith('/p/')) await page.locator('section.panel').first().waitFor();
	await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'));
	const shown = await page.evaluate(() => performance.now());
	const loaded = bytes;
	// A key that changes the view, and one that opens a list.
	for (const key of ['w', 'x', 'n']) {
		await page.keyboard.press(path.startsWith('/p/') ? key : 'Tab');
		await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
	}
	const seen = await page.evaluate(() => globalThis.seen);
	await context.close();
	return { ...seen, shown, bytes: loaded };
}

/** Runs in the page, before it: first and largest paint, how much moved, and the slowest answer to a key. */
function observe() {
	globalThis.seen = { first: 0, largest: 0, slowest: 0, moved: 0 };
	const watch = (type, note, more) =>
		new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
			type,
			buffered: true,
			...more
		});
	watch('paint', (entry) => {
		if (entry.name === 'first-contentful-paint') globalThis.seen.first = entry.startTime;
	});
	watch('layout-shift', (entry) => (globalThis.seen.moved += entry.value));
	watch('largest-contentful-paint', (entry) => (globalThis.seen.largest = entry.startTime));
	watch(
		'event',
		(entry) => (globalThis.seen.slowest = Math.max(globalThis.seen.slowest, entry.duration)),
		{ durationThreshold: 16 }
	);
}

const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

console.log(
	'| page | first paint | largest paint | numbers there | moved | slowest key | over the line |'
);
console.log('|---|---|---|---|---|---|---|');
for (const [place, path] of Object.entries(places)) {
	const visits = [];
	for (let round = 0; round < Number(rounds); round++) visits.push(await visit(path));
	const of = (what) => median(visits.map((one) => one[what]));
	const key = of('slowest') > 0 ? `${Math.round(of('slowest'))} ms` : 'under 16 ms';
	console.log(
		`| ${place} | ${seconds(of('first'))} | ${seconds(of('largest'))} | ${seconds(of('shown'))} | ${of('moved').toFixed(3)} | ${key} | ${Math.round(of('bytes') / 1024)} KB |`
	);
}
await browser.close();
