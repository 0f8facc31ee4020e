/**
 * Takes the pictures of the page that docs/ and README.md show, from a demo that has just begun:
 * `node scripts/pictures.mjs LINK FOLDER`. The link is the one that its console prints for the first account.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';

const [link, folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node scripts/pictures.mjs LINK FOLDER');

const PICTURES = [
	['overview', 'light', '/p/acme/rocket'],
	['overview', 'dark', '/p/acme/rocket'],
	['planner', 'light', '/p/acme/rocket/-/versions/planner?drop=version,1.2.3'],
	['organisations', 'light', '/organisations']
];

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu']
});
const page = await browser.newPage({
	viewport: { width: 1280, height: 900 },
	baseURL: new URL(link).origin,
	locale: 'en-GB'
});
await page.goto(link);
await page.getByLabel('Name').fill('ada');
await page.getByLabel('Password', { exact: true }).fill('a bridge over the weir');
await page.getByRole('button', { name: 'Create the account' }).click();
await page.getByRole('button', { name: 'Account', exact: true }).waitFor();

/** What the packages have of the last four weeks, while the demo writes its year a month at a time. */
async function counted() {
	const { packages } = await (await page.request.get('/api/v2/packages')).json();
	return packages.map((one) => one.downloads_28d).join();
}
for (let before, now = ''; before !== now || !/[1-9]/.test(now); now = await counted()) {
	before = now;
	await sleep(10_000);
}

for (const [name, colorScheme, path] of PICTURES) {
	await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
	await page.goto(path);
	await page.locator('section.panel, table').first().waitFor();
	await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'));
	const file = colorScheme === 'light' ? name : `${name}-${colorScheme}`;
	await page.screenshot({ path: join(folder, `${file}.png`), animations: 'disabled' });
}
await browser.close();
