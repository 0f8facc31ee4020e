/** The command palette, the package switcher and the keys: everything without a pointer. */
import type { Page } from '@playwright/test';
import { expect, keysAreHeard, openOverview, test } from './page';

/** What the list offers; a page has options of native fields, too. */
const offered = (page: Page) => page.getByRole('listbox').getByRole('option');

async function find(page: Page, wanted: string) {
	await page.keyboard.press('Control+k');
	await page.keyboard.type(wanted);
	await expect(offered(page).first()).toBeVisible();
}

test.describe('the command palette', () => {
	test('opens with its key anywhere, and Escape gives the focus back', async ({ page }) => {
		await page.goto('/settings');
		const account = page.getByRole('button', { name: 'Account' });
		await account.focus();
		await page.keyboard.press('Control+k');
		await expect(page.getByRole('combobox', { name: 'Package, page' })).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toHaveCount(0);
		await expect(account).toBeFocused();
	});

	test('is a combobox: the option that arrows reach is the active one', async ({ page }) => {
		await openOverview(page);
		await page.keyboard.press('Control+k');
		const field = page.getByRole('combobox', { name: 'Package, page' });
		await expect(field).toHaveAttribute('aria-expanded', 'true');
		await field.pressSequentially('theme');
		const options = offered(page);
		await expect(options).toHaveText([/^Dark/, /^Light/, /^System/]);
		await expect(page.getByText('3 found')).toBeAttached();
		for (const [key, at] of [
			['ArrowUp', 2],
			['ArrowDown', 0],
			['PageDown', 2],
			['PageUp', 0],
			['ArrowDown', 1]
		] as const) {
			await page.keyboard.press(key);
			await expect(options.nth(at)).toHaveAttribute('aria-selected', 'true');
			const active = await field.getAttribute('aria-activedescendant');
			await expect(options.nth(at)).toHaveAttribute('id', active!);
		}
		await page.keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
		await expect(page.getByRole('dialog')).toHaveCount(0);
	});

	test('goes to pages and packages, and changes the view', async ({ page }) => {
		await openOverview(page, '?r=7d');
		await find(page, 'explore');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/\/p\/acme\/rocket\/-\/explore\?r=7d$/);
		await find(page, '91');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/r=91d/);
	});

	test('shows what was chosen lately first', async ({ page }) => {
		await openOverview(page);
		await find(page, '12 months');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/r=12mo/);
		await page.keyboard.press('Control+k');
		const lately = page.getByRole('group', { name: 'Lately' });
		await expect(lately.getByRole('option').first()).toContainText('Last 12 months');
	});

	test('says so when nothing fits', async ({ page }) => {
		await openOverview(page);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('qqqq');
		await expect(offered(page)).toHaveCount(0);
		await expect(page.getByText('0 found')).toBeAttached();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('dialog')).toBeVisible();
	});

	test('copies the link to the view', async ({ page, context }) => {
		await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		await openOverview(page, '?r=7d');
		await find(page, 'copy link');
		await page.keyboard.press('Enter');
		await expect
			.poll(() => page.evaluate(() => navigator.clipboard.readText()))
			.toMatch(/\/p\/acme\/rocket\?r=7d$/);
	});
});

test.describe('the package switcher', () => {
	test('finds by typing, and keeps page and range but no filter', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/audience?r=7d&f=is,country,DE');
		await page.getByRole('button', { name: /^Package: acme\/rocket/ }).press('Enter');
		await expect(page.getByRole('combobox', { name: 'Find a package' })).toBeFocused();
		await page.keyboard.type('comp', { delay: 5 });
		await expect(offered(page)).toHaveText([/acme\/compass/]);
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/\/p\/acme\/compass\/-\/audience\?r=7d$/);
	});

	test('shows the packages that were looked at last first', async ({ page }) => {
		await page.goto('/p/acme/compass');
		await expect(page.getByRole('button', { name: /^Package: acme\/compass/ })).toBeVisible();
		await openOverview(page);
		await page.getByRole('button', { name: /^Package: acme\/rocket/ }).click();
		await expect(offered(page).nth(0)).toContainText('acme/rocket');
		await expect(offered(page).nth(1)).toContainText('acme/compass');
	});
});

test.describe('keys', () => {
	test('g and a letter go to a page and keep the view', async ({ page }) => {
		await openOverview(page, '?r=7d');
		await keysAreHeard(page);
		await page.keyboard.press('g');
		await page.keyboard.press('v');
		await expect(page).toHaveURL(/-\/versions\?r=7d$/);
		await page.keyboard.press('g');
		await page.keyboard.press('o');
		await expect(page).toHaveURL(/\/p\/acme\/rocket\?r=7d$/);
		// A letter that no page has means what it means alone.
		await page.keyboard.press('g');
		await page.keyboard.press('w');
		await page.keyboard.press('m');
		await expect(page).toHaveURL(/r=month$/);
		await page.keyboard.press('g');
		await page.keyboard.press('h');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Packages');
	});

	test('brackets step through packages', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/versions?r=7d');
		await expect(page.locator('#all-versions tbody tr').first()).toBeVisible();
		await keysAreHeard(page);
		await page.keyboard.press(']');
		await expect(page).toHaveURL(/\/p\/acme\/(?!rocket)\w+\/-\/versions\?r=7d$/);
		await page.keyboard.press('[');
		await expect(page).toHaveURL(/\/p\/acme\/rocket\/-\/versions\?r=7d$/);
	});

	test('are listed on every page, and can be switched off', async ({ page }) => {
		await page.goto('/settings');
		await expect(page.getByRole('button', { name: 'Account' })).toBeVisible();
		await keysAreHeard(page);
		await page.keyboard.press('?');
		const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
		await expect(list.getByText('G then X')).toBeVisible();
		await list.getByLabel('Single-key shortcuts').uncheck();
		await page.keyboard.press('Escape');
		await expect(list).toHaveCount(0);
		await page.keyboard.press('?');
		await page.keyboard.press('Control+k');
		await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
		await expect(list).toHaveCount(0);
	});
});
