import AxeBuilder from '@axe-core/playwright';
import { expect, openOverview, reply, test } from './page';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PLACES = {
	overview: '/p/acme/rocket',
	'a filtered overview': '/p/acme/rocket?r=91d&c=prev&f=is,country,DE&aud=people&m=people',
	portfolio: '/',
	'sign-in': '/sign-in',
	setup: '/setup',
	'a page that does not exist': '/nowhere'
};

for (const colorScheme of ['light', 'dark'] as const)
	for (const width of [1280, 390])
		test.describe(`${colorScheme}, ${width} pixels`, () => {
			test.use({ colorScheme, viewport: { width, height: 900 } });

			for (const [name, path] of Object.entries(PLACES))
				test(`${name} has no barrier that axe can find`, async ({ page }) => {
					await page.goto(path);
					await expect(page.locator('h1')).toHaveCount(1);
					await page.waitForLoadState('networkidle');
					await expect(page.locator('.skeleton')).toHaveCount(0);
					const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
					expect(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)])).toEqual([]);
				});
		});

test.describe('opened', () => {
	// A popover that is still fading in has no contrast to measure.
	test.use({ contextOptions: { reducedMotion: 'reduce' } });

	for (const name of ['Options for Version share, downloads', 'Last 28 days', 'acme/rocket'])
		test(`the menu of "${name}" has no barrier either`, async ({ page }) => {
			await openOverview(page);
			await page.getByRole('button', { name }).click();
			await expect(page.locator('[popover]:popover-open')).toBeVisible();
			const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
			expect(violations.map(({ id }) => id)).toEqual([]);
		});

	for (const key of ['?', '/'])
		test(`the dialog behind the key ${key} has no barrier either`, async ({ page }) => {
			await openOverview(page);
			await page.keyboard.press(key);
			await expect(page.getByRole('dialog')).toBeVisible();
			const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
			expect(violations.map(({ id }) => id)).toEqual([]);
		});
});

test('320 pixels are enough without scrolling sideways', async ({ page }) => {
	await page.setViewportSize({ width: 320, height: 800 });
	for (const path of Object.values(PLACES)) {
		await page.goto(path);
		await page.waitForLoadState('networkidle');
		const [content, window] = await page.evaluate(() => [
			document.documentElement.scrollWidth,
			innerWidth
		]);
		expect(content, path).toBeLessThanOrEqual(window!);
	}
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
	await expect(page.locator('h1')).toBeVisible();
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.locator('main')).toBeFocused();
});
