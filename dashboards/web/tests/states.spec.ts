/** What every page of numbers says while it waits, when nothing came, and when something failed. */
import type { Page, Route } from '@playwright/test';
import { expect, keysAreHeard, reply, test } from './page';
import { ROUTES } from './routes';

// The live page listens, and set-up tells what is configured: running.spec.ts has their states.
const PAGES = ROUTES.filter(
	(path) => /^\/(p|organisations)/.test(path) && !/\/(live|setup)$/.test(path)
).map((path) => (path.endsWith('/planner') ? `${path}?drop=version,2.0.0` : path));

/** Everything that numbers come from, with the answer that has none. */
const NOTHING: Record<string, unknown> = {
	query: { results: [], meta: { warnings: [] }, query: {} },
	'docs/reading?*': { readers: 0, adopters: 0, adopters_who_read: 0, floor: 5, pages: [] },
	'docs/copied?*': { commands: [] },
	'funnel?*': {
		from: '2026-10-24',
		read: 0,
		install: { organisations: 0, median_days: null },
		copied: null,
		downloaded: { organisations: 0, median_days: null },
		stayed: { organisations: 0, of: 0 },
		had_downloaded: 0
	},
	'retention?*': { since: null, cohorts: [] },
	'organisations?*': {
		organisations: [],
		total: 0,
		status: { new: 0, growing: 0, steady: 0, quiet: 0 },
		from: '2026-10-24',
		to: '2026-11-20',
		incomplete: false
	}
};
const EMPTY = /^(Nothing (here|in this range)|No organisations? .*)$/;
const RESOURCES = [...Object.keys(NOTHING), 'organisation?*'];

/** Holds questions back until the test lets them go. */
async function hold(page: Page) {
	const held: Route[] = [];
	let open = false;
	for (const resource of RESOURCES)
		await page.route(`**/api/v2/${resource}`, async (route) => {
			if (open) return route.continue();
			held.push(route);
		});
	return {
		waiting: () => held.length,
		async release() {
			open = true;
			await Promise.all(held.splice(0).map((route) => route.continue()));
		}
	};
}

for (const path of PAGES)
	test.describe(path, () => {
		test('shows where its panels will be until the numbers come', async ({ page }) => {
			const questions = await hold(page);
			await page.goto(path);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			await expect.poll(questions.waiting).toBeGreaterThan(0);
			await expect(page.locator('.skeleton').first()).toBeVisible();
			await questions.release();
			await expect(page.locator('.skeleton')).toHaveCount(0);
		});

		test('says in each panel what failed, and offers to try again', async ({ page }) => {
			for (const resource of RESOURCES) await reply(page, resource, 500, { error: 'out of order' });
			await page.goto(path);
			await expect(page.getByText('out of order').first()).toBeVisible();
			await expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible();
			await expect(page.getByRole('slider')).toHaveCount(0);
		});

		test('says so when there is nothing to show', async ({ page }) => {
			for (const [resource, nothing] of Object.entries(NOTHING))
				await reply(page, resource, 200, nothing);
			await page.goto(path);
			await expect(page.getByText(EMPTY).first()).toBeVisible();
			await expect(page.locator('.skeleton')).toHaveCount(0);
			await expect(page.locator('main')).not.toContainText('NaN');
		});
	});

test('what is shown is dimmed, not taken away, while another view loads', async ({ page }) => {
	await page.goto('/p/acme/rocket');
	const panel = page.locator('#over-time');
	await expect(panel.getByRole('slider')).toBeVisible();
	await keysAreHeard(page);
	const questions = await hold(page);
	await page.keyboard.press('w');
	await expect(page).toHaveURL(/r=7d/);
	await expect(panel).toHaveAttribute('aria-busy', 'true');
	await expect(panel.getByRole('slider')).toBeVisible();
	await questions.release();
	await expect(panel).toHaveAttribute('aria-busy', 'false');
});
