/** The page under test, with the clock of the canned answers and an ear for refused content. */
import { test as base, expect, type Page } from '@playwright/test';
import { NOW } from './answers.mjs';

/** How many times slower than this machine the browser is to be. */
const SLOWER = Number(process.env.WEIR_WEB_SLOWER ?? 1);

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
		// A page learns that its requests are held some time after the browser has said so. From the start they are.
		await page.route('**/api/v2/**', (route) => route.fallback());
		if (SLOWER > 1) {
			const tools = await page.context().newCDPSession(page);
			await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
		}
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

/** Answers one call of the API with an error until it is mended. Once it is held, what is asked waits for that. */
export async function broken(page: Page, path: string, status: number, body: unknown) {
	const mended = held();
	let waits = false;
	await page.route(`**/api/v2/${path}`, async (route) => {
		if (!waits) return route.fulfill({ status, json: body });
		await mended.answer;
		await route.fallback();
	});
	return { hold: () => void (waits = true), mend: mended.release };
}

/** An answer that waits until the test lets it go. */
export function held(): { answer: Promise<void>; release: () => void } {
	let release = () => {};
	const answer = new Promise<void>((resolve) => (release = resolve));
	return { answer, release };
}

/** Waits until single keys are heard: what hears them comes after the numbers. */
export async function keysAreHeard(page: Page) {
	const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
	await expect(async () => {
		await page.keyboard.press('?');
		await expect(list).toBeVisible({ timeout: 500 });
	}).toPass();
	await page.keyboard.press('Escape');
	// Closed is not enough: as long as it stands in the page, keys may still be its own.
	await expect(page.locator('#keys-title')).toHaveCount(0);
}

/** Opens the overview and waits until each panel has its numbers. */
export async function openOverview(page: Page, search = '') {
	await page.goto(`/p/acme/rocket${search}`);
	await expect(page.locator('#countries, #versions').first()).toBeVisible();
	await expect(page.locator('.skeleton')).toHaveCount(0);
}

export { expect };
