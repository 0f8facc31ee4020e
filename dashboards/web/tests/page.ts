/** The page under test, with the clock of the canned answers and an ear for refused content. */
import { test as base, expect, type Page } from '@playwright/test';
import { NOW } from './answers.mjs';

/** Every test fails on an error in the console: a script, a style or a request that was refused. */
export const test = base.extend<{ page: Page }>({
	page: async ({ page }, use) => {
		const complaints: string[] = [];
		page.on('pageerror', (error) => complaints.push(error.message));
		page.on('console', (message) => {
			// A status that a test asked for is reported by the browser as an error too.
			if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
				complaints.push(message.text());
		});
		await page.clock.setFixedTime(NOW);
		await use(page);
		expect(complaints).toEqual([]);
	}
});

/** Answers one call of the API differently. */
export async function reply(page: Page, path: string, status: number, body: unknown) {
	await page.route(`**/api/v2/${path}`, (route) =>
		route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) })
	);
}

/** Opens the overview and waits until each panel has its numbers. */
export async function openOverview(page: Page, search = '') {
	await page.goto(`/p/acme/rocket${search}`);
	await expect(page.locator('#countries, #versions').first()).toBeVisible();
	await expect(page.locator('.skeleton')).toHaveCount(0);
}

export { expect };
