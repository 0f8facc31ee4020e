/** From the docs to a package: what was read, how far organisations came, and whether they stayed. */
import type { Page } from '@playwright/test';
import { broken, expect, reply, test } from './page';

const READING = {
	readers: 100,
	adopters: 60,
	adopters_who_read: 50,
	floor: 5,
	pages: [
		{ page: '/docs/', organisations: 90, before_adoption: 50 },
		{ page: '/docs/compare', organisations: 9, before_adoption: 19 },
		{ page: '/docs/faq', organisations: 4, before_adoption: null }
	]
};
const FUNNEL = {
	from: '2026-10-25',
	read: 200,
	install: { organisations: 100, median_days: 2.04 },
	copied: null,
	downloaded: { organisations: 45, median_days: 0.1 },
	stayed: { organisations: 12, of: 30 },
	had_downloaded: 9
};
const RETENTION = {
	since: '2026-09-14',
	cohorts: [
		{ month: '2026-09-01', organisations: [10, 8, 1] },
		{ month: '2026-10-01', organisations: [4, 3] }
	]
};

async function told(page: Page) {
	await reply(page, 'docs/reading?*', 200, READING);
	await reply(page, 'docs/copied?*', 200, { commands: [] });
	await reply(page, 'funnel?*', 200, FUNNEL);
	await reply(page, 'retention?*', 200, RETENTION);
}

test('pages read before adopting are told by lift, and few organisations are not', async ({
	page
}) => {
	await told(page);
	await page.goto('/p/acme/rocket/-/docs');
	const panel = page.locator('#read-before-adopting');
	const rows = panel.locator('tbody tr');
	await expect(rows).toHaveText([
		/\/docs\/compare\s*38\.0%\s*9\.0%\s*×4\.2/,
		/\/docs\//,
		/faq\s*< 5/
	]);
	await expect(panel).toContainText('50 of 60 organisations');
	await expect(page.locator('#copied-commands')).toContainText('No copied command was reported');
});

test('a click on a page filters by it', async ({ page }) => {
	await told(page);
	await page.goto('/p/acme/rocket/-/docs');
	const first = page.locator('#docs-pages tbody button').first();
	const name = (await first.textContent()) ?? '';
	await first.click();
	await expect(page).toHaveURL(new RegExp(`f=is,page,${name}`));
	await expect(first).toHaveAttribute('aria-pressed', 'true');
});

test('the funnel is a list of steps, and says what is not measured', async ({ page }) => {
	await told(page);
	await page.goto('/p/acme/rocket/-/funnel');
	const steps = page.locator('#funnel li');
	await expect(steps).toHaveText([
		/Read the docs\s*200/,
		/how to install\s*100\s*50\.0% of the step before · median 2 days/,
		/Copied a command\s*–\s*not measured/,
		/First download\s*45\s*45\.0% of the step before · same day/,
		/4 weeks\s*12\s*40\.0% of 30/
	]);
	await expect(page.locator('#funnel')).toContainText('No person is followed');
	// Nothing is offered that the numbers would not obey.
	await expect(page.getByRole('button', { name: 'Filter' })).toHaveCount(0);

	await page.getByRole('button', { name: 'Options for From the docs to use' }).click();
	await page.getByRole('button', { name: 'Show as table' }).click();
	await expect(page.locator('#funnel tbody tr')).toHaveCount(5);
});

test('retention is reached from the funnel; the running month is dashed', async ({ page }) => {
	await told(page);
	await page.goto('/p/acme/rocket/-/funnel');
	await page.getByRole('link', { name: 'Retention' }).click();
	await expect(page).toHaveURL(/\/-\/funnel\/retention$/);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Retention');
	await expect(page).toHaveTitle('Retention · acme/rocket · Weir');
	const rows = page.locator('#retention tbody tr');
	await expect(rows.first()).toHaveText(/Sept? 2026\s*or earlier\s*10\s*100%\s*80%\s*10%/);
	await expect(rows.nth(1).locator('.running')).toHaveText(/75%\s*not over yet/);
	const pages = page.getByRole('navigation', { name: 'Pages' });
	await expect(pages.getByRole('link', { name: 'Funnel' })).toHaveAttribute('aria-current', 'page');
});

test('what went wrong is said, and tried again', async ({ page }) => {
	await told(page);
	const funnel = await broken(page, 'funnel?*', 500, { error: 'out of order' });
	await page.goto('/p/acme/rocket/-/funnel');
	const panel = page.locator('#funnel');
	await expect(panel).toContainText('out of order');
	funnel.hold();
	await panel.getByRole('button', { name: 'Try again' }).click();
	funnel.mend();
	await expect(panel.locator('li')).toHaveCount(5);
});
