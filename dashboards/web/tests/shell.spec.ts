/** What is seen before the program has come, and how the program takes its place. */
import type { Locator, Page } from '@playwright/test';
import { expectNoBarrierInAnyLook } from './axe';
import { expect, test } from './page';

/** Frames that a person may see first: by address, with what the page has in the mark's place. */
const FRAMES = { '/': 'header a.mark', '/p/acme/rocket': 'header a.mark', '/sign-in': 'p.mark' };
const WIDTHS = [1280, 390];

/** Opens `path` on a line that brings the page and nothing else, until it is let go. */
async function openHeld(page: Page, path: string): Promise<() => void> {
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	await page.route(/\/_app\/|\/api\//, async (route) => {
		await released;
		await route.continue();
	});
	await page.goto(path, { waitUntil: 'commit' });
	return release;
}

const shell = (page: Page) => page.locator('#shell');
const mark = (page: Page) => shell(page).locator('svg');

for (const path of Object.keys(FRAMES))
	test(`without a script or a style, ${path} has its frame, and no barrier in it`, async ({
		page
	}) => {
		await openHeld(page, path);
		await painted(page);
		await expectNoBarrierInAnyLook(page, (page) => expect(mark(page)).toBeVisible());
		await expect(page.getByRole('main')).toBeAttached();
		await expect(page.getByRole('heading', { level: 1, name: 'Weir' })).toBeAttached();
	});

for (const [path, own] of Object.entries(FRAMES))
	for (const width of WIDTHS)
		test(`at ${width} pixels, the page of ${path} comes where its shell was`, async ({ page }) => {
			await page.setViewportSize({ width, height: 900 });
			const release = await openHeld(page, path);
			const before = await placeOf(mark(page));
			release();
			await expect(shell(page)).toHaveCount(0);
			expect(await placeOf(page.locator(`${own} svg`))).toEqual(before);
		});

test('the shell is drawn in the theme that the viewer chose', async ({ page }) => {
	await page.addInitScript(() => localStorage.setItem('weir-theme', 'dark'));
	await openHeld(page, '/');
	const colour = (of: string) =>
		page.locator(of).evaluate((element) => getComputedStyle(element).backgroundColor);
	expect(await colour('html')).toBe('rgb(15, 19, 26)');
	expect(await colour('#shell header')).toBe('rgb(23, 28, 37)');
});

/** Pages with what comes last on them. */
const COMES_LAST = {
	'/sign-in': 'form',
	'/p/acme/rocket': '#week li',
	'/p/acme/rocket/-/versions': '#all-versions tbody tr',
	'/settings/users': 'tbody tr'
};

for (const width of WIDTHS)
	for (const [path, last] of Object.entries(COMES_LAST))
		test(`at ${width} pixels, nothing moves while ${path} comes`, async ({ page }) => {
			await page.setViewportSize({ width, height: 900 });
			await page.addInitScript(() => {
				const moves: Move[] = [];
				Object.assign(window, { moves });
				new PerformanceObserver((list) => moves.push(...list.getEntries().map(move))).observe({
					type: 'layout-shift',
					buffered: true
				});

				function move(entry: PerformanceEntry): Move {
					const { value, sources } = entry as Shift;
					const names = sources.map(({ node }) =>
						(node as Element | null)?.outerHTML?.slice(0, 80)
					);
					return { value, names };
				}
			});
			await page.goto(path);
			await expect(page.locator(last).first()).toBeVisible();
			await expect(page.locator('#shell, .skeleton, .blank, [aria-busy="true"]')).toHaveCount(0);
			const moves = await page.evaluate(() => (window as unknown as { moves: Move[] }).moves);
			const sum = moves.reduce((sum, { value }) => sum + value, 0);
			expect(sum, JSON.stringify(moves, null, 1)).toBeLessThanOrEqual(0.05);
		});

test('where scripts are off, the page says what it needs, and nothing looks as if it came', async ({
	browser
}) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto('/');
	await expect(page.locator('noscript p')).toHaveText(/draws its charts with JavaScript/);
	await expect(page.locator('noscript p')).toBeVisible();
	await expect(page.locator('.soon')).toBeHidden();
	await context.close();
});

/** Waits until something was drawn. That a box is laid out does not say so: a style may hold up the paint. */
const painted = (page: Page) =>
	page.evaluate(
		() =>
			new Promise<void>((resolve) =>
				new PerformanceObserver((list) => {
					if (list.getEntriesByName('first-contentful-paint').length > 0) resolve();
				}).observe({ type: 'paint', buffered: true })
			)
	);

interface Shift extends PerformanceEntry {
	value: number;
	sources: { node: Node | null }[];
}

interface Move {
	value: number;
	names: (string | undefined)[];
}

async function placeOf(what: Locator) {
	const box = await what.boundingBox();
	return box && { x: Math.round(box.x), y: Math.round(box.y), width: box.width };
}
