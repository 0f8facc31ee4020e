import { readFileSync } from 'node:fs';
import { broken, expect, keysAreHeard, openOverview, reply, test } from './page';

test.describe('the view', () => {
	test('is the address: a deep link shows it', async ({ page }) => {
		await openOverview(page, '?r=91d&aud=people,ci&m=people&f=is,country,DE,AT');
		await expect(page.getByRole('button', { name: 'Last 91 days' })).toBeVisible();
		await expect(page.getByRole('button', { name: 'People', exact: true })).toHaveAttribute(
			'aria-pressed',
			'true'
		);
		await expect(page.getByRole('button', { name: 'Updaters' })).toHaveAttribute(
			'aria-pressed',
			'false'
		);
		await expect(page.getByRole('button', { name: /Country is Germany or Austria/ })).toBeVisible();
	});

	test('goes back with the browser', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('button', { name: 'Last 28 days' }).click();
		await page.getByRole('button', { name: 'Last 7 days' }).click();
		await expect(page).toHaveURL(/\?r=7d$/);
		await page.getByRole('button', { name: 'Mirrors' }).click();
		await expect(page).toHaveURL(/aud=people,ci,mirror,updater,proxy,unknown/);
		await page.goBack();
		await page.goBack();
		await expect(page).toHaveURL(/\/p\/acme\/rocket$/);
		await expect(page.getByRole('button', { name: 'Last 28 days' })).toBeVisible();
	});

	test('takes a range of one’s own', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('button', { name: 'Last 28 days' }).click();
		await page.getByLabel('From', { exact: true }).fill('2026-08-01');
		await page.getByLabel('To', { exact: true }).fill('2026-10-31');
		await page.getByRole('button', { name: 'Apply' }).click();
		await expect(page).toHaveURL(/r=2026-08-01\.\.2026-10-31/);
		await expect(page.getByRole('button', { name: '1 Aug – 31 Oct' })).toBeVisible();
	});

	test('is narrowed by dragging over the chart', async ({ page }) => {
		await openOverview(page);
		const chart = page.locator('#over-time').getByRole('slider');
		const at = (share: number) =>
			chart.evaluate((plot, share) => ({ x: plot.clientWidth * share, y: 120 }), share);
		await chart.hover({ position: await at(0.32) });
		await page.mouse.down();
		await chart.hover({ position: await at(0.5) });
		await page.mouse.up();
		await expect(page).toHaveURL(/r=2026-11-01\.\.2026-11-06/);
	});

	test('obeys single keys, and leaves them alone in fields', async ({ page }) => {
		await openOverview(page);
		await keysAreHeard(page);
		await page.keyboard.press('w');
		await expect(page).toHaveURL(/r=7d/);
		await page.keyboard.press('x');
		await expect(page).toHaveURL(/c=prev/);
		await page.keyboard.press('/');
		await page.getByRole('combobox', { name: 'Value' }).pressSequentially('fat');
		await expect(page).toHaveURL(/r=7d/);
	});
});

test.describe('a row', () => {
	test('filters on click, and no more on the next', async ({ page }) => {
		await openOverview(page);
		const row = page.getByRole('button', { name: 'Germany', exact: true });
		await row.click();
		await expect(page).toHaveURL(/f=is,country,DE/);
		await expect(row).toHaveAttribute('aria-pressed', 'true');
		await row.click();
		await expect(page).toHaveURL(/\/p\/acme\/rocket$/);
	});

	test('is left out on Alt-click', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('button', { name: 'Germany', exact: true }).click({ modifiers: ['Alt'] });
		await page.getByRole('button', { name: 'Remove filter: Country is not Germany' }).click();
		await expect(page).toHaveURL(/\/p\/acme\/rocket$/);
	});

	test('of clients opens the versions of that client', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('tab', { name: 'Clients' }).click();
		await page.getByRole('button', { name: 'curl', exact: true }).click();
		await page.getByRole('button', { name: 'curl · 8.16.0' }).click();
		await expect(page).toHaveURL(/f=is,client,curl&f=is,client_version,8\.16\.0/);
	});

	test('of platforms filters by system and architecture', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('tab', { name: 'Platforms' }).click();
		await page.getByRole('button', { name: 'linux · arm64' }).click();
		await expect(page).toHaveURL(/f=is,os,linux&f=is,arch,arm64/);
	});
});

test('a filter can be written by hand, with the values there are', async ({ page }) => {
	await openOverview(page);
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Dimension').selectOption('Country');
	await expect(dialog.locator('option[value="Switzerland"]')).toHaveCount(1);
	await dialog.getByLabel('Value').fill('Switzerland');
	await dialog.getByRole('button', { name: 'Apply' }).click();
	await expect(page).toHaveURL(/f=is,country,CH/);
});

test('a download shows within five seconds, without a reload', async ({ page }) => {
	let downloads = 41;
	await page.route('**/api/v2/query', async (route) => {
		const question = route.request().postDataJSON() as { metrics: string[]; dimensions?: string[] };
		if (question.dimensions || question.metrics.length < 2) return route.continue();
		const metrics = [downloads, 9, 3, 0];
		await route.fulfill({
			json: { results: [{ dimensions: [], metrics }], meta: { warnings: [] }, query: {} }
		});
	});
	await page.goto('/p/acme/rocket');
	const tile = page.getByRole('button', { name: /^Downloads 41/ });
	await expect(tile).toBeVisible();
	downloads = 42;
	await expect(page.getByRole('button', { name: /^Downloads 42/ })).toBeVisible({ timeout: 6_000 });
});

test.describe('a panel', () => {
	test('gives its numbers as a file', async ({ page }) => {
		await openOverview(page);
		const waiting = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Options for Versions' }).click();
		await page.getByRole('button', { name: 'Download CSV' }).click();
		const file = await waiting;
		expect(file.suggestedFilename()).toBe('acme-rocket-versions.csv');
		expect(readFileSync(await file.path(), 'utf8')).toMatch(
			/^Version,Downloads,"Downloads, previous period"\r\n2\.1\.0,\d+,\d+\r\n/
		);
	});

	test('shows its query and what it counts', async ({ page }) => {
		await openOverview(page);
		await page.getByRole('button', { name: 'Options for Versions' }).click();
		await page.getByRole('button', { name: 'Show query' }).click();
		await expect(page.getByRole('dialog')).toContainText('"dimensions":["version"]');
		await page.keyboard.press('Escape');
		await page.getByRole('button', { name: 'Options for Versions' }).click();
		await page.getByRole('button', { name: 'What this counts' }).click();
		await expect(page.getByRole('dialog')).toContainText('One docker pull is one download');
	});
});

test('the theme is chosen and remembered', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await openOverview(page);
	const ground = page.locator('html');
	await expect(ground).toHaveCSS('background-color', 'rgb(246, 247, 249)');
	await page.getByRole('button', { name: 'Theme' }).click();
	await page.getByRole('button', { name: 'Dark' }).click();
	await page.reload();
	await expect(ground).toHaveCSS('background-color', 'rgb(15, 19, 26)');
});

test('nothing is asked of any other host', async ({ page, baseURL }) => {
	const hosts = new Set<string>();
	page.on('request', (request) => hosts.add(new URL(request.url()).origin));
	await openOverview(page);
	await page.goto('/');
	await expect(page.getByRole('row')).toHaveCount(5);
	expect([...hosts]).toEqual([baseURL]);
});

test.describe('without numbers', () => {
	const nothing = { results: [], meta: { warnings: [], time_labels: [] }, query: {} };
	const silent = {
		name: 'acme/rocket',
		ecosystem: 'file',
		domains: ['get.acme.example'],
		try: ['curl -fLO "http://get.acme.example:8080/rocket/{version}"'],
		configured: true,
		downloads_28d: 0,
		last_event: null
	};

	test('a new package says what to try, and turns when the first event comes', async ({ page }) => {
		let events: unknown[] = [];
		await reply(page, 'packages', 200, { packages: [silent] });
		await page.route('**/api/v2/events?*', (route) => route.fulfill({ json: { events } }));
		await page.goto('/');
		await expect(page.getByText(silent.try[0]!)).toBeVisible();
		events = [
			{
				time: '2026-11-20T14:05:00Z',
				kind: 'download',
				package: 'acme/rocket',
				version: '2.1.0',
				client: 'curl',
				client_version: '8.16.0',
				os: 'linux',
				arch: 'amd64',
				country: 'CH',
				audience: 'people',
				artifact: 'rocket.tar.gz',
				status: 302,
				route: '/rocket/{version}'
			}
		];
		await expect(page.getByRole('region', { name: 'Latest' }).first()).toContainText('Switzerland');
	});

	test('an unknown package is named as such', async ({ page }) => {
		await page.route('**/api/v2/events?*', (route) => route.fulfill({ json: { events: [] } }));
		await page.goto('/p/acme/typo');
		await expect(page.getByText('There is no package of this name')).toBeVisible();
	});

	test('an empty range offers the last one with data', async ({ page }) => {
		await reply(page, 'query', 200, nothing);
		await page.goto('/p/acme/rocket?r=2024-01-01..2024-01-31');
		await page.getByRole('button', { name: 'Show the last 28 days with data' }).first().click();
		await expect(page).toHaveURL(/r=2026-10-24\.\.2026-11-20/);
	});

	test('filters that leave nothing can be cleared', async ({ page }) => {
		await reply(page, 'query', 200, nothing);
		await page.goto('/p/acme/rocket?f=is,os,plan9');
		await expect(page.getByText('The filters leave nothing').first()).toBeVisible();
		await page.getByRole('button', { name: 'Clear all' }).first().click();
		await expect(page).toHaveURL(/\/p\/acme\/rocket$/);
	});

	test('an error says what failed, and trying again helps', async ({ page }) => {
		const questions = await broken(page, 'query', 503, { error: 'ClickHouse does not answer' });
		await reply(page, 'status', 200, {
			engine: { state: 'down', message: 'exit status 137' },
			spool: { pending_batches: 4, pending_bytes: 9_000, oldest_s: 40 },
			catching_up: false,
			dropped: {}
		});
		await page.goto('/p/acme/rocket');
		await expect(page.getByRole('status')).toContainText('Downloads go on');
		await expect(page.getByText('ClickHouse does not answer').first()).toBeVisible();
		// A panel asks again by itself, too.
		questions.hold();
		await page.locator('#over-time').getByRole('button', { name: 'Try again' }).click();
		questions.mend();
		await expect(page.locator('#over-time').getByRole('slider')).toBeVisible();
	});

	test('lost events are told', async ({ page }) => {
		await reply(page, 'status', 200, {
			engine: { state: 'ready' },
			spool: { pending_batches: 0, pending_bytes: 0 },
			catching_up: false,
			dropped: { disk_full: 3, late: 2 }
		});
		await page.goto('/p/acme/rocket');
		await expect(page.getByRole('status')).toContainText('5 events were lost');
	});

	test('a spool behind the times is told', async ({ page }) => {
		await reply(page, 'status', 200, {
			engine: { state: 'ready' },
			spool: { pending_batches: 1_204, pending_bytes: 9_000, oldest_s: 340 },
			catching_up: true,
			dropped: {}
		});
		await page.goto('/p/acme/rocket');
		await expect(page.getByRole('status')).toHaveText(
			'Catching up: 1,204 batches wait to be stored, the oldest for 6 min. Numbers may be low.'
		);
	});
});

test.describe('390 pixels', () => {
	test.use({ viewport: { width: 390, height: 844 } });

	test('the bar is one row, the pages another with the current one in sight', async ({ page }) => {
		await page.goto('/p/acme/rocket/-/explore');
		const pages = page.getByRole('navigation', { name: 'Pages' });
		await expect(pages.getByRole('link', { name: 'Explore' })).toBeInViewport({ ratio: 0.95 });
		const account = page.getByRole('button', { name: 'Account' });
		await expect(account).toBeVisible();
		const [mark, end] = [
			await page.getByRole('link', { name: 'Weir', exact: true }).boundingBox(),
			await account.boundingBox()
		];
		expect(Math.abs((mark?.y ?? 0) - (end?.y ?? 99))).toBeLessThan(8);
	});
});
