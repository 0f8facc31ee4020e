import type { Question, QueryAnswer } from '../src/lib/api/types';
import { answer } from './answers.mjs';
import { expect, held, reply, test } from './page';

test('the top bar tells how many are there now, and leads to the live view', async ({ page }) => {
	await page.goto('/p/acme/rocket/-/versions');
	await page.getByRole('link', { name: 'Live: 14 people in the last 5 minutes' }).click();
	await expect(page).toHaveURL('/p/acme/rocket/-/live');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Live');
	await expect(page.locator('#now')).toContainText('14');
	await expect(page.getByRole('region', { name: 'Latest events' }).getByRole('row')).toHaveCount(
		31
	);
	await expect(page.getByRole('link', { name: 'Overview' })).not.toHaveAttribute('aria-current');
});

test('the stream can be held, and its minutes read as a table', async ({ page }) => {
	await page.goto('/live');
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(page.getByRole('button', { name: 'Go on' })).toHaveAttribute('aria-pressed', 'true');
	await page.getByRole('button', { name: 'Options for Last 30 minutes' }).click();
	await page.getByRole('button', { name: 'Show as table' }).click();
	const table = page.getByRole('region', { name: 'Last 30 minutes, as a table' });
	await expect(table.getByRole('row')).toHaveCount(31);
});

test('a silence that is unusual is told', async ({ page }) => {
	await page.clock.setFixedTime(new Date('2026-11-20T14:45:00Z'));
	await page.goto('/p/acme/rocket/-/live');
	await expect(page.getByText('No event for 40 min; usually one comes every 20 s.')).toBeVisible();
});

test('a live view that was refused asks who is there, and comes back', async ({ page }) => {
	let asked = 0;
	const again = held();
	await page.route('**/api/v2/live?*', async (route) => {
		if (asked++ === 0) return route.fulfill({ status: 503, json: { error: 'not ready' } });
		await again.answer;
		await route.fallback();
	});
	await page.goto('/live');
	await expect(page.getByText('connecting again…')).toBeVisible();
	again.release();
	await expect(page.locator('#now')).toContainText('14');
	expect(asked).toBeGreaterThan(1);
});

test('set-up shows the event that came, what the checks found and what is left', async ({
	page
}) => {
	await page.goto('/p/acme/rocket/-/setup');
	await expect(page.getByRole('region', { name: 'Command 1' })).toContainText('get.acme.example');
	await expect(page.getByText('It works. The newest event:')).toBeVisible();
	await expect(page.getByText('Found: 404 Not Found')).toBeVisible();
	const next = page.locator('#next');
	await expect(next.getByRole('listitem')).toHaveCount(2);
	await expect(next).toContainText('2 of 4 done');
	await page.getByRole('button', { name: 'npm', exact: true }).click();
	await expect(page.locator('#kinds')).toContainText('kind = "npm"');
});

test('checks run once when the page opens, and again when asked', async ({ page }) => {
	let looks = 0;
	page.on('request', (request) => {
		if (request.url().endsWith('/api/v2/checks')) looks++;
	});
	await page.goto('/p/acme/rocket/-/setup');
	await expect(page.getByText('DNS knows get.acme.example')).toBeVisible();
	expect(looks).toBe(1);
	await page.getByRole('button', { name: 'Check again' }).click();
	await expect.poll(() => looks).toBe(2);
});

test('a package that nobody has asked for waits for its first event', async ({ page }) => {
	await page.route('**/api/v2/live?*', (route) =>
		route.fulfill({
			headers: { 'Content-Type': 'text/event-stream' },
			body: 'retry: 600000\nevent: events\ndata: {"events":[],"first":true}\n\n'
		})
	);
	await page.goto('/p/acme/rocket/-/setup');
	await expect(page.getByText('Waiting for the first event…')).toBeVisible();
});

test('the overview says what is worth doing until it is done', async ({ page }) => {
	await page.goto('/p/acme/rocket');
	await expect(page.getByText('2 things are worth doing, first: Put the pixel')).toBeVisible();
});

test('owners see how the program runs, with the lines to write', async ({ page }) => {
	await page.goto('/settings/general');
	await expect(page.getByText('/var/lib/weir · 42 GB free')).toBeVisible();
	await page.getByRole('link', { name: 'Audience rules' }).click();
	await expect(page.getByRole('row', { name: 'acme-fetch 1,204' })).toBeVisible();
	await expect(page.getByRole('row', { name: 'agent:tool People 81,204' })).toBeVisible();
	await page.getByRole('link', { name: 'Place data' }).click();
	await expect(page.getByRole('row', { name: /countries .*19 days old CC-BY-4.0/ })).toBeVisible();
	await page.getByRole('link', { name: 'Exports' }).click();
	await expect(page.getByRole('row', { name: /nightly day \/srv\/exports/ })).toBeVisible();
	await page.getByRole('link', { name: 'Public pages' }).click();
	await expect(page.getByRole('row', { name: /acme\/rocket http/ })).toBeVisible();
});

test('who may not see how the program runs is told so', async ({ page }) => {
	await reply(page, 'operation', 403, { error: 'your role or your token does not allow this' });
	await page.goto('/settings/general');
	await expect(page.getByText('Only owners and admins see this.')).toBeVisible();
});

test('a failure names its request', async ({ page }) => {
	await page.route('**/api/v2/query', (route) =>
		route.fulfill({
			status: 500,
			headers: { 'X-Request-Id': '00c0ffee00c0ffee' },
			json: { error: 'ClickHouse refused the statement' }
		})
	);
	await page.goto('/p/acme/rocket/-/versions');
	await expect(page.getByText('Request 00c0ffee00c0ffee').first()).toBeVisible();
});

test('of filters that leave nothing it is said what each takes away', async ({ page }) => {
	await page.route('**/api/v2/query', (route) => {
		const question = route.request().postDataJSON() as Question;
		const filtered = question.filters?.some(([, dimension]) => dimension === 'country');
		const json = answer(question) as QueryAnswer;
		if (filtered) json.results.forEach((row) => (row.metrics = row.metrics.map(() => 0)));
		return route.fulfill({ json });
	});
	await page.goto('/p/acme/rocket?f=is,country,DE');
	const offer = page.getByRole('button', { name: /^Without “Country is Germany”: [1-9]/ });
	await offer.click();
	await expect(page).toHaveURL('/p/acme/rocket');
});

test('the live map lights the countries of the last half hour, and names them', async ({
	page
}) => {
	await page.goto('/live');
	const places = page.locator('#places');
	await expect(places.getByRole('img')).toHaveAccessibleName(/World map\. Newest: .+ \d/);
	await expect(places.locator('.lit').first()).toBeVisible();
	const shades = await places
		.locator('.lit')
		.evaluateAll((all) => all.map((one) => getComputedStyle(one).getPropertyValue('--left')));
	expect(Math.max(...shades.map(Number))).toBe(1);
	expect(Math.min(...shades.map(Number))).toBeLessThan(1);
});
