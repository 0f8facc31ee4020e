/** What would happen if something were dropped, what a release moved, and what a week was like. */
import { expect, openOverview, reply, test } from './page';

const NONE = { results: [], meta: { warnings: [] }, query: {} };

test.describe('the planner', () => {
	test('is reached from the versions, and keeps its choice in the address', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions?f=is,country,DE');
		await page.getByRole('link', { name: 'Plan what to drop' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Planner');
		await expect(page.getByRole('link', { name: 'Versions', exact: true })).toHaveAttribute(
			'aria-current',
			'page'
		);
		await expect(page.getByText('Choose what is to be dropped')).toBeVisible();
		await page.getByRole('combobox', { name: 'First that stays' }).fill('2.0.0');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/planner\?f=is,country,DE&drop=version,2\.0\.0$/);
		await expect(page.locator('#decline')).toContainText('Share of versions before 2.0.0');
		// A change of the view keeps the choice.
		await page.getByRole('button', { name: /Country is Germany/ }).click();
		await expect(page).toHaveURL(/planner\?drop=version,2\.0\.0$/);
		await page.goBack();
		await page.goBack();
		await expect(page.getByText('Choose what is to be dropped')).toBeVisible();
	});

	test('tells the share now, when it is over, and what to write', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions/planner?drop=version,2.0.0');
		const now = page.getByRole('region', { name: 'Share now' });
		await expect(now).toContainText(/Share now\s*1\d\.\d%/);
		await expect(now).toContainText(/Under 5%\s*about/);
		await expect(
			page.locator('#left-behind').getByRole('link', { name: 'Initech' })
		).toHaveAttribute('href', '/p/acme/rocket/-/organisations/Initech');
		const text = page.getByRole('region', { name: 'Text to copy' });
		await expect(text).toContainText('The next release drops support for versions before 2.0.0.');
		await expect(text).toContainText('3 organisations that we know of still use it.');
		await expect(text).toContainText('Please move to 2.0.0 or later.');
		const chart = page.locator('#decline').getByRole('slider');
		await chart.press('End');
		await expect(page.locator('#decline')).toContainText('80% band');
		await chart.press('Enter');
		await expect(page.locator('#decline').getByRole('columnheader')).toHaveText([
			'Week',
			'Share, %',
			'Fitted, %',
			'Low, %',
			'High, %'
		]);
	});

	test('has no date for what does not fall', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions/planner?drop=arch,arm64');
		await expect(page.getByText('not falling')).toHaveCount(2);
		await expect(page.getByRole('region', { name: 'Text to copy' })).not.toContainText('We expect');
	});

	test('offers the runtimes that were seen', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions/planner');
		await page.getByRole('combobox', { name: 'Drop' }).selectOption('runtime');
		await expect(page.getByRole('combobox', { name: 'Runtime' })).toHaveValue('Python');
		await page.getByRole('combobox', { name: 'First that stays' }).fill('3.10');
		await page.getByRole('button', { name: 'Look' }).click();
		await expect(page).toHaveURL(/drop=runtime,Python,3\.10$/);
		await expect(page.locator('#decline')).toContainText('Share of Python before 3.10');
	});

	test('says what it does not know, and what went wrong', async ({ page }) => {
		await reply(page, 'query', 200, NONE);
		await page.goto('/p/acme/rocket/-/versions/planner?drop=libc,musl');
		await expect(page.getByText('No organisations are known here')).toBeVisible();
		await expect(
			page.getByText('too few weeks to say').or(page.getByText('nobody'))
		).not.toHaveCount(0);
		await page.unroute('**/api/v2/query');
		await reply(page, 'query', 400, { error: '#/filters: "x" is no version' });
		await page.goto('/p/acme/rocket/-/versions/planner?drop=version,x');
		await expect(page.locator('#decline')).toContainText('"x" is no version');
	});

	test.describe('in a German browser', () => {
		test.use({ locale: 'de-DE' });

		test('speaks German', async ({ page }) => {
			await page.goto('/p/acme/rocket/-/versions/planner?drop=arch,arm64');
			await expect(page.getByRole('heading', { level: 1 })).toHaveText('Planer');
			await expect(page.getByText('nimmt nicht ab')).toHaveCount(2);
		});
	});
});

test.describe('below the versions', () => {
	test('upgrade lag is by organisation where some are known enough, else by download', async ({
		page
	}) => {
		await page.goto('/p/acme/rocket/-/versions');
		await expect(page.locator('#lag')).toContainText('days until it is downloaded');
		await expect(page.locator('#behind')).toContainText('the newest 2.1.0');
		await page.getByRole('button', { name: 'Options for Upgrade lag' }).click();
		await page.getByRole('button', { name: 'What this counts' }).click();
		await expect(page.getByRole('dialog')).toContainText('No organisations are known here');
	});
});

test.describe('what a release moved', () => {
	test('opens from its name by keyboard, and closes', async ({ page }) => {
		await openOverview(page, '?r=91d');
		const chart = page.getByRole('region', { name: 'Downloads and releases' });
		await chart.getByRole('button', { name: '2.0.0' }).press('Enter');
		await expect(page).toHaveURL(/release=2\.0\.0/);
		const card = page.locator('#impact');
		await expect(card).toContainText('What 2.0.0 moved');
		await expect(card).toContainText(
			/downloads in the 14 days after it: \w+ (than )?normal variation/
		);
		await card.getByRole('button', { name: 'Close' }).click();
		await expect(card).toHaveCount(0);
		await expect(page).not.toHaveURL(/release=/);
	});

	test('opens by a click on the line of a release', async ({ page }) => {
		await openOverview(page, '?r=91d');
		const chart = page.getByRole('region', { name: 'Downloads and releases' });
		const plot = chart.getByRole('slider');
		const beside = await chart.getByRole('button', { name: '2.1.0' }).evaluate((name) => {
			const { left, width } = name.getBoundingClientRect();
			const plot = name.parentElement!.querySelector('[role="slider"]')!.getBoundingClientRect();
			return { x: left + width / 2 + 3 - plot.left, y: plot.height / 2 };
		});
		await plot.click({ position: beside });
		await expect(page).toHaveURL(/release=2\.1\.0/);
		await expect(page.locator('#impact')).toContainText('What 2.1.0 moved');
	});

	test('opens from the list of all releases, and from an address', async ({ page }) => {
		await openOverview(page, '?r=91d&release=3.0.0-rc.1');
		await expect(page.locator('#impact')).toContainText('Too early to say: 3 full days are over.');
		await page
			.getByRole('combobox', { name: 'Did a release move anything?' })
			.selectOption('2.0.3');
		await expect(page).toHaveURL(/release=2\.0\.3/);
		await expect(page.locator('#impact')).toContainText('What 2.0.3 moved');
		await page.goto('/p/acme/rocket?release=9.9');
		await expect(page.getByText('9.9 was not seen for the first time')).toBeVisible();
	});
});

test.describe('the week', () => {
	test('is told in sentences that lead to their numbers and show their rule', async ({ page }) => {
		await openOverview(page);
		const panel = page.locator('#week');
		const pace = panel.getByRole('link', { name: /2\.1\.0 has .* of downloads/ });
		await expect(pace).toHaveAttribute('href', /versions#adoption$/);
		const rule = panel.getByText('The release is between 3 and 60 days old.');
		await expect(rule).toBeHidden();
		await panel.getByText('Why this is said').first().click();
		await expect(rule).toBeVisible();
	});

	test('says so where there is nothing to say', async ({ page }) => {
		const days = Array.from({ length: 63 }, (_, i) => ({
			dimensions: [new Date(Date.UTC(2026, 8, 18 + i)).toISOString().slice(0, 10)],
			metrics: [7]
		}));
		await reply(page, 'query', 200, { ...NONE, results: days });
		await page.goto('/p/acme/rocket');
		await expect(page.locator('#week')).toContainText('Nothing out of the ordinary');
	});

	test('counts organisations among the key numbers', async ({ page }) => {
		await openOverview(page);
		const tile = page.getByRole('region', { name: 'Key numbers' });
		await expect(tile).toContainText(/Organisations\s*3/);
	});
});
