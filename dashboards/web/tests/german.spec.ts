/** The page in German: words, numbers, dates and names of countries, and the way there and back. */
import { expect, openOverview, reply, test } from './page';

test.describe('a browser that prefers German', () => {
	test.use({ locale: 'de-DE' });

	test('is spoken to in German from the door to the last panel', async ({ page }) => {
		await page.goto('/sign-in');
		await expect(page.locator('html')).toHaveAttribute('lang', 'de');
		await page.getByLabel('Name').fill('ada');
		await page.getByLabel('Passwort', { exact: true }).fill('correct horse battery');
		await page.getByRole('button', { name: 'Passwort anzeigen' }).click();
		await page.getByRole('button', { name: 'Anmelden' }).click();
		await expect(page.getByRole('heading', { name: 'Pakete' })).toBeVisible();
		await expect(page.getByRole('row', { name: /acme\/compass/ })).toContainText('vorgestern');

		await page.getByRole('link', { name: 'acme/rocket' }).click();
		await expect(page.getByRole('button', { name: 'Letzte 28 Tage' })).toBeVisible();
		await expect(page.locator('#countries')).toContainText('Deutschland');
		await page.getByRole('button', { name: 'Deutschland' }).click();
		await expect(
			page.getByRole('button', { name: 'Filter entfernen: Land ist Deutschland' })
		).toBeVisible();
		await page.locator('#over-time').getByRole('slider').focus();
		await page.keyboard.press('ArrowLeft');
		await expect(page.locator('#over-time').getByRole('slider')).toHaveAttribute(
			'aria-valuetext',
			'Fr., 20. Nov.'
		);
		await page.getByRole('button', { name: 'Optionen für Downloads' }).click();
		await expect(page.getByRole('button', { name: 'Link kopieren' })).toBeVisible();
		await page.keyboard.press('Escape');

		await page.getByRole('link', { name: 'Versionen', exact: true }).click();
		await expect(page.locator('#all-versions')).toContainText('Erstmals gesehen');
		// Decimal commas and a space before the sign of percent.
		await expect(page.locator('#all-versions tbody tr').first()).toContainText(/\d,\d\u00a0%/);
		await page.goto('/settings/users');
		await expect(page.getByRole('heading', { name: 'Benutzer' })).toBeVisible();
	});

	test('reads words of sources in German, and names as they are', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/docs');
		const sources = page.locator('#docs-sources');
		await expect(sources.getByRole('button', { name: 'Suchmaschinen' })).toBeVisible();
		await expect(sources.getByRole('button', { name: 'github' })).toBeVisible();
		await sources.getByRole('button', { name: 'Suchmaschinen' }).click();
		await expect(page).toHaveURL(/Search/);
		await expect(
			page.getByRole('button', { name: 'Filter entfernen: Quelle ist Suchmaschinen' })
		).toBeVisible();
	});

	test('is told what went wrong in German, and what the API said where it has no code', async ({
		page
	}) => {
		const busy = { error: 'ClickHouse is busy', code: 'store_busy' };
		await reply(page, 'query', 503, busy);
		await page.goto('/p/acme/rocket');
		await expect(page.getByText('ClickHouse hat gerade zu viel zu tun.').first()).toBeVisible();
		await expect(page.getByText(busy.error)).toHaveCount(0);
		await page.unroute('**/api/v2/query');
		await reply(page, 'query', 500, { error: 'out of order' });
		await page.goto('/p/acme/rocket');
		await expect(page.getByText('out of order').first()).toBeVisible();
	});

	test('is told in German that nobody answers', async ({ page }) => {
		await openOverview(page);
		await page.route('**/api/v2/**', (route) => route.abort());
		await page.goto('/p/acme/rocket?range=7d');
		await expect(page.getByText('Der Server antwortet nicht.').first()).toBeVisible();
	});

	test('downloads only its own words', async ({ page }) => {
		const coming: Promise<string>[] = [];
		page.on('response', (response) => {
			if (response.url().endsWith('.js')) coming.push(response.text().catch(() => ''));
		});
		await openOverview(page);
		await page.waitForLoadState('networkidle');
		const scripts = await Promise.all(coming);
		expect(scripts.some((text) => text.includes('Letzte 28 Tage'))).toBe(true);
		expect(scripts.some((text) => text.includes('Last 28 days'))).toBe(false);
	});

	test('may choose English, which holds from then on', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('button', { name: 'Konto' }).click();
		await page.getByRole('button', { name: 'English' }).click();
		await expect(page.getByRole('button', { name: 'Last 28 days' })).toBeVisible();
		await expect(page.locator('html')).toHaveAttribute('lang', 'en');
		await page.goto('/sign-in');
		await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
		await page.getByRole('button', { name: 'Deutsch' }).click();
		await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible();
	});
});

test('any other browser is spoken to in English', async ({ browser, baseURL }) => {
	const context = await browser.newContext({ locale: 'fr-CH', ...(baseURL && { baseURL }) });
	const page = await context.newPage();
	await page.goto('/sign-in');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await context.close();
});
