/** From the door and back without a pointer: only keys are pressed here. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './page';

/** Moves on until `target` has the focus, and holds that it can be seen there. */
async function tabTo(page: Page, target: Locator) {
	await expect(target).toBeVisible();
	for (let presses = 0; presses < 80; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) {
			const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
			expect(outline, 'the focus is seen').not.toBe('none');
			return;
		}
		await page.keyboard.press('Tab');
	}
	throw new Error(`80 steps did not lead to ${target}`);
}

test('signing in, narrowing a view, reading a chart and signing out', async ({ page }) => {
	// A hundred keys, after each of which a page may be drawn.
	test.slow();
	await page.goto('/sign-in');
	await tabTo(page, page.getByLabel('Name'));
	await page.keyboard.type('ada');
	await tabTo(page, page.getByLabel('Password', { exact: true }));
	await page.keyboard.type('correct horse battery');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Packages' })).toBeVisible();

	await tabTo(page, page.getByRole('link', { name: 'acme/rocket' }));
	await page.keyboard.press('Enter');
	await tabTo(page, page.getByRole('button', { name: 'Mirrors' }));
	await page.keyboard.press('Space');
	await expect(page).toHaveURL(/aud=people,ci,mirror/);

	await tabTo(page, page.getByRole('button', { name: /^Range/ }));
	await page.keyboard.press('Enter');
	await tabTo(page, page.getByRole('button', { name: 'Last 91 days' }));
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/r=91d/);

	await tabTo(page, page.locator('#over-time').getByRole('slider'));
	await page.keyboard.press('Home');
	await page.keyboard.press('Enter');
	await expect(page.locator('#over-time').getByRole('row').nth(91)).toBeVisible();

	const tab = page.getByRole('tab', { name: 'Versions' });
	await tabTo(page, tab);
	await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('tab', { name: 'Clients' })).toBeFocused();
	await tabTo(page, page.locator('#clients').getByRole('button', { name: 'curl' }));
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/f=is,client,curl/);

	await page.keyboard.press('Control+k');
	await page.keyboard.type('sign out');
	await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a dialog keeps the focus, and gives it back when it closes', async ({ page }) => {
	await page.goto('/p/acme/rocket');
	const filter = page.getByRole('button', { name: 'Filter', exact: true });
	await tabTo(page, filter);
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Filter' });
	await expect(dialog).toBeVisible();
	for (let presses = 0; presses < 8; presses++) {
		await page.keyboard.press('Tab');
		const inside = await page.evaluate(() => {
			const focused = document.activeElement;
			return focused === document.body || focused?.closest('dialog') !== null;
		});
		expect(inside, 'the focus is in the dialog or at the browser’s own controls').toBe(true);
	}
	await page.keyboard.press('Escape');
	await expect(filter).toBeFocused();
});
