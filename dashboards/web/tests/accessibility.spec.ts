import { expectNoBarrier, expectReadable } from './axe';
import { expect, keysAreHeard, openOverview, reply, test } from './page';
import { ROUTES } from './routes';

const PLACES = [
	...ROUTES,
	'/p/acme/rocket?r=91d&c=prev&f=is,country,DE&aud=people&m=people',
	'/p/acme/rocket?r=91d&release=2.0.0',
	'/p/acme/rocket/-/versions/planner?drop=version,2.0.0',
	'/p/acme/rocket/-/explore?by=client,os',
	'/p/acme/rocket/-/explore?sql=SELECT%201',
	'/p/acme/nothing',
	'/nowhere'
];
const WIDTHS = [1280, 390];
/** Without scrolling sideways; 640 is a window of 1280 at a zoom of 200 %. */
const ENOUGH = [640, 320];
const LOOKS = [
	{ colorScheme: 'light', forcedColors: 'none' },
	{ colorScheme: 'dark', forcedColors: 'none' },
	{ colorScheme: 'light', forcedColors: 'active' }
] as const;

test('the list of pages is that of the file tree', () => {
	expect(ROUTES).toContain('/p/acme/rocket/-/versions');
	expect(ROUTES).toContain('/sign-in');
	expect(ROUTES.length).toBeGreaterThanOrEqual(12);
});

test.describe('every page', () => {
	test.use({ contextOptions: { reducedMotion: 'reduce' } });

	for (const place of PLACES)
		test(`${place} has no barrier at any width, light, dark and in forced colours`, async ({
			page
		}) => {
			// Six judgements of a whole page, on a machine that may be busy.
			test.slow();
			await page.goto(place);
			await expect(page.locator('#shell')).toHaveCount(0);
			await expect(page.locator('h1')).toHaveCount(1);
			await page.waitForLoadState('networkidle');
			for (const width of WIDTHS) {
				await page.setViewportSize({ width, height: 900 });
				await expect(page.locator('.skeleton')).toHaveCount(0);
				for (const look of LOOKS) {
					await page.emulateMedia(look);
					const where = `${place} ${width} ${Object.values(look).join(' ')}`;
					if (look === LOOKS[0]) await expectNoBarrier(page, where);
					else await expectReadable(page, where);
				}
			}
			for (const width of ENOUGH) {
				await page.setViewportSize({ width, height: 800 });
				const content = () => page.evaluate(() => document.documentElement.scrollWidth);
				await expect.poll(content, `${place} ${width}`).toBeLessThanOrEqual(width);
			}
		});
});

test.describe('opened', () => {
	test.use({ contextOptions: { reducedMotion: 'reduce' } });

	for (const name of ['Options for Version share, downloads', 'Last 28 days', 'acme/rocket'])
		test(`the menu of "${name}" has no barrier either`, async ({ page }) => {
			await openOverview(page);
			await page.getByRole('button', { name }).click();
			await expect(page.locator('[popover]:popover-open')).toBeVisible();
			await expectNoBarrier(page);
		});

	for (const key of ['?', '/', 'Control+k'])
		test(`the dialog behind the key ${key} has no barrier either`, async ({ page }) => {
			await openOverview(page);
			await keysAreHeard(page);
			await page.keyboard.press(key);
			await expect(page.getByRole('dialog')).toBeVisible();
			await expectNoBarrier(page);
		});
});

test('paper has nothing to press, is light, and tells its address', async ({ page }) => {
	await openOverview(page, '?f=is,country,DE');
	await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
	await page.setViewportSize({ width: 718, height: 1000 });
	await expect(page.getByText('Last 28 days · People, CI')).toContainText('Country is Germany');
	await expect(page.getByRole('link', { name: /\?f=is,country,DE$/ })).toBeVisible();
	for (const gone of ['.controls', 'nav', '.tools', '.button'])
		for (const one of await page.locator(gone).all()) await expect(one).toBeHidden();
	await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
	// Charts are drawn again for the width of the paper.
	const tooWide = () =>
		page
			.locator('svg')
			.evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > 718).length);
	await expect.poll(tooWide).toBe(0);
});

test('nothing moves for those who want it still', async ({ page }) => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	await openOverview(page);
	const moving = await page.evaluate(() =>
		[...document.querySelectorAll('*')]
			.map((element) => getComputedStyle(element))
			.filter((style) => style.transitionDuration !== '0s' || style.animationName !== 'none')
			.map(({ transitionDuration, animationName }) => `${transitionDuration} ${animationName}`)
	);
	expect(moving).toEqual([]);
});

test('nothing is written into style attributes by the markup', async ({ page, request }) => {
	await openOverview(page);
	expect(await (await request.get('/')).text()).not.toMatch(/ style=/);
});

test('the chart is read with the arrow keys and has a table twin', async ({ page }) => {
	await openOverview(page);
	const panel = page.locator('#over-time');
	const chart = panel.getByRole('slider');
	await chart.focus();
	await page.keyboard.press('ArrowLeft');
	await expect(chart).toHaveAttribute('aria-valuetext', 'Fri 20 Nov');
	await page.keyboard.press('PageUp');
	await expect(chart).toHaveAttribute('aria-valuetext', 'Fri 13 Nov');
	await expect(panel.locator('[aria-live]').filter({ hasText: 'Downloads' })).toContainText(
		'7-day mean'
	);
	await page.keyboard.press('Enter');
	await expect(panel.getByRole('row')).toHaveCount(29);
});

test('the skip link leads to the content', async ({ page }) => {
	await reply(page, 'query', 200, { results: [], meta: { warnings: [] }, query: {} });
	await page.goto('/p/acme/rocket');
	await expect(page.getByRole('heading', { level: 1, name: 'acme/rocket' })).toBeVisible();
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.locator('main')).toBeFocused();
});
