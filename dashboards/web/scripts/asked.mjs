/**
 * What each page asks of a Weir that is running, as JSON: `node scripts/asked.mjs URL COOKIE`. The pages are those
 * that the busiest package's overview and the first organisation lead to. For `make figures`.
 */
import { chromium } from '@playwright/test';

const [base, cookie] = process.argv.slice(2);
if (!cookie) throw new Error('usage: node scripts/asked.mjs URL COOKIE');
const [name, ...value] = cookie.split('=');

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu']
});
const context = await browser.newContext({
	baseURL: base,
	viewport: { width: 1280, height: 2000 }
});
await context.addCookies([{ name, value: value.join('='), url: base }]);
const { packages } = await (await context.request.get('/api/v2/packages')).json();
const busiest = packages.toSorted((a, b) => b.downloads_28d - a.downloads_28d)[0].name;

/** Visits a page: the pages that it leads to, and what it asked until nothing was on its way. */
async function visit(path) {
	const page = await context.newPage();
	const asked = [];
	page.on('request', (request) => {
		const { pathname, search } = new URL(request.url());
		if (!pathname.startsWith('/api/')) return;
		const one = { method: request.method(), path: pathname + search, body: request.postDataJSON() };
		if (!asked.some((other) => JSON.stringify(other) === JSON.stringify(one))) asked.push(one);
	});
	await page.goto(path);
	await page.locator('h1').waitFor();
	// One page listens for as long as it is open, so the network never rests there.
	await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'), null, {
		timeout: 300_000
	});
	const links = await page
		.locator('a[href^="/"]:not([href^="/api/"], [download])')
		.evaluateAll((all) => all.map((a) => a.pathname));
	await page.close();
	return { asked, links };
}

/** Of the other packages, and of organisations but the first, the pages are alike. */
function alike(path, seen) {
	if (path.startsWith('/p/') && path !== `/p/${busiest}` && !path.startsWith(`/p/${busiest}/-/`))
		return true;
	const profile = /^(.*\/organisations\/)[^/]/.exec(path)?.[1];
	return profile !== undefined && Object.keys(seen).some((other) => other.startsWith(profile));
}

const found = {};
const ahead = ['/', `/p/${busiest}`];
for (let path = ahead.shift(); path; path = ahead.shift()) {
	if (path in found || alike(path, found)) continue;
	const { asked, links } = await visit(path);
	found[path] = asked;
	ahead.push(...links);
}
await browser.close();
console.log(JSON.stringify(found, null, 1));
