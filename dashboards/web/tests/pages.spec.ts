/** The pages of a package beside its overview. */
import { broken, expect, test } from './page';

test.describe('the pages of a package', () => {
	test('are reached from the top bar, and keep the view', async ({ page }) => {
		await page.goto('/p/acme/rocket?r=7d&f=is,country,DE');
		const pages = page.getByRole('navigation', { name: 'Pages' });
		await expect(pages.getByRole('link', { name: 'Overview' })).toHaveAttribute(
			'aria-current',
			'page'
		);
		await pages.getByRole('link', { name: 'Versions' }).click();
		await expect(page).toHaveURL(/\/p\/acme\/rocket\/-\/versions\?r=7d&f=is,country,DE$/);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Versions');
		await expect(page.getByRole('button', { name: /Country is Germany/ })).toBeVisible();
		await page.goBack();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('acme/rocket');
	});

	test('say so when there is no such package', async ({ page }) => {
		await page.goto('/p/acme/nothing/-/versions');
		await expect(page.getByText('There is no package of this name')).toBeVisible();
	});

	test('say what went wrong, and try again', async ({ page }) => {
		const questions = await broken(page, 'query', 500, { error: 'out of order' });
		await page.goto('/p/acme/rocket/-/audience');
		const panel = page.locator('#who-downloads');
		await expect(panel.getByText('out of order')).toBeVisible();
		questions.hold();
		await panel.getByRole('button', { name: 'Try again' }).click();
		questions.mend();
		await expect(panel.getByRole('slider')).toBeVisible();
	});
});

test.describe('versions', () => {
	test('the curves of the last releases begin on their first day', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions');
		const panel = page.locator('#adoption');
		await expect(panel.locator('.legend')).toContainText('2.1.0');
		// Pre-releases are none.
		await expect(panel.locator('.legend')).not.toContainText('3.0.0-rc.1');
		await panel.getByRole('slider').press('Home');
		await expect(panel.getByText('0 days after')).toBeVisible();
		await panel.getByRole('slider').press('Enter');
		const head = panel.getByRole('columnheader');
		await expect(head.first()).toHaveText('Days since release');
	});

	test('the table sorts by its columns, and a click filters', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions');
		const rows = page.locator('#all-versions tbody tr');
		await expect(rows.first()).toContainText('2.1.0');
		await page.getByRole('button', { name: 'Version', exact: true }).click();
		await expect(rows.first()).toContainText('3.0.0-rc.1');
		await expect(page.getByRole('columnheader', { name: 'Version' })).toHaveAttribute(
			'aria-sort',
			'descending'
		);
		await page.getByRole('button', { name: '1.9.4' }).click();
		await expect(page).toHaveURL(/f=is,version,1\.9\.4/);
	});
});

test.describe('audience', () => {
	test('shows everybody, whoever else is looked at', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/audience?aud=people');
		const panel = page.locator('#who-downloads');
		for (const name of ['People', 'CI', 'Mirrors', 'Bots'])
			await expect(panel.getByRole('button', { name, exact: true })).toBeVisible();
		await panel.getByRole('button', { name: 'CI', exact: true }).click();
		await expect(page).toHaveURL(/aud=ci/);
		await expect(page.getByText(/About \d+ downloads a day would arrive/)).toBeVisible();
	});
});

test.describe('explore', () => {
	test('splits by two dimensions that are in the address', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/explore?by=client,os');
		const rows = page.locator('#explore tbody tr');
		await expect(rows.first()).toContainText('curl · linux');
		await page.getByRole('combobox', { name: 'and by' }).selectOption('');
		await expect(page).toHaveURL(/by=client$/);
		await page.getByRole('combobox', { name: 'Count' }).selectOption('people');
		await expect(page).toHaveURL(/m=people&by=client$/);
		await expect(page.getByRole('combobox', { name: 'By', exact: true })).toHaveValue('client');
	});

	test('asks nothing that the address has no name for', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/explore?by=visitor');
		await expect(page.getByRole('combobox', { name: 'By', exact: true })).toHaveValue('version');
	});
});
