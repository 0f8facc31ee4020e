/** How a question is asked and shown: comparisons, filters, statements, files, and what registries counted. */
import type { Page } from '@playwright/test';
import { expectNoBarrier } from './axe';
import { expect, openOverview, test } from './page';

type Asked = {
	metrics: string[];
	dimensions?: string[];
	filters?: [string, string, string[]][];
	include?: Record<string, unknown>;
};

/** Answers the questions that `fits` picks with what `body` gives. */
async function answers(page: Page, fits: (asked: Asked) => boolean, status: number, body: unknown) {
	await page.route('**/api/v2/query', async (route) => {
		const asked = route.request().postDataJSON() as Asked;
		if (!fits(asked)) return route.fallback();
		await route.fulfill({ status, json: body });
	});
}

/** Every comparison that is asked for from now on. */
function comparisons(page: Page): Record<string, unknown>[] {
	const asked: Record<string, unknown>[] = [];
	page.on('request', (request) => {
		if (!request.url().endsWith('/api/v2/query')) return;
		const { include } = request.postDataJSON() as Asked;
		if (include?.compare) asked.push(include);
	});
	return asked;
}

test.describe('the comparison', () => {
	test('is by weekday until that is turned off', async ({ page }) => {
		await openOverview(page, '?c=year');
		await page.getByRole('button', { name: /A year earlier/ }).click();
		const weekdays = page.getByRole('checkbox', { name: 'Match days of the week' });
		await expect(weekdays).toBeChecked();
		await expectNoBarrier(page);
		const asked = comparisons(page);
		const turned = () => asked.findIndex((include) => !JSON.stringify(include).includes('match'));
		await weekdays.uncheck();
		await expect(page).toHaveURL(/c=year&w=0/);
		await expect.poll(turned).toBeGreaterThanOrEqual(0);
		await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
		const since = asked.slice(turned());
		expect(since).toContainEqual(expect.objectContaining({ compare: 'year_over_year' }));
		expect(since.filter((include) => JSON.stringify(include).includes('match'))).toEqual([]);
	});

	test('can be with days of one’s own', async ({ page }) => {
		await openOverview(page);
		const asked = comparisons(page);
		await page.getByRole('button', { name: /No comparison/ }).click();
		const menu = page.locator('#comparison');
		await menu.getByLabel('From', { exact: true }).fill('2026-02-01');
		await menu.getByLabel('To', { exact: true }).fill('2026-01-31');
		await expect(menu.getByRole('alert')).toHaveText(/must not be after/);
		await menu.getByLabel('To', { exact: true }).fill('2026-02-28');
		await menu.getByRole('button', { name: 'Apply' }).click();
		await expect(page).toHaveURL(/c=custom:2026-02-01\.\.2026-02-28/);
		await expect(page.getByRole('button', { name: /With 1 Feb – 28 Feb/ })).toBeVisible();
		await expect
			.poll(() => asked)
			.toContainEqual(expect.objectContaining({ compare: ['2026-02-01', '2026-02-28'] }));
		await expect(page.locator('#over-time').getByText('days compared')).toBeVisible();
	});
});

test('a pattern that is none is refused with its place before it filters', async ({ page }) => {
	const pattern = ({ filters = [] }: Asked) =>
		filters.some(([operator, , values]) => operator === 'matches' && values[0] === '(');
	const error = '#/filters/0/2/0: invalid regular expression "("';
	await answers(page, pattern, 400, { error });
	await openOverview(page);
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Dimension').selectOption('Minor version');
	await dialog.getByLabel('Condition').selectOption('matches');
	await dialog.getByLabel('Value').fill('(');
	await dialog.getByRole('button', { name: 'Apply' }).click();
	await expect(dialog.getByRole('alert')).toHaveText(error);
	await expectNoBarrier(page);
	await dialog.getByLabel('Value').fill('^2\\.');
	await dialog.getByRole('button', { name: 'Apply' }).click();
	await expect(page).toHaveURL(/f=matches,version_minor,%5E2%5C%5C\./);
	await expect(page.getByRole('button', { name: /Minor version matches/ }).first()).toBeVisible();
});

test('filtered by organisation, people are not asked for, and the other numbers stay', async ({
	page
}) => {
	const refused = ({ metrics, filters = [] }: Asked) =>
		metrics.includes('people') && filters.some(([, dimension]) => dimension === 'org_type');
	const error = '#/metrics/1: people are not counted by organisation; ask for downloads';
	await answers(page, refused, 400, { error });
	await openOverview(page, '?f=is_not,org_type,business');
	await expect(page.getByRole('button', { name: /^Downloads [\d.,k]+/ })).toBeVisible();
	await expect(page.getByRole('button', { name: /^People –/ })).toBeVisible();
});

test('a panel shows the statements that answered it, and leads to Explore', async ({ page }) => {
	const explain = [
		{
			table: 'splits',
			sql: 'SELECT value AS d0\nFROM splits\nWHERE day >= {from:Date}',
			parameters: { from: '2026-10-24' },
			rows_read: 12_345,
			bytes_read: 4_200,
			elapsed_s: 0.0042
		}
	];
	await answers(page, ({ include }) => include?.explain === true, 200, {
		results: [],
		meta: { warnings: [], explain },
		query: {}
	});
	await openOverview(page);
	await page.getByRole('button', { name: 'Options for Countries' }).click();
	await page.getByRole('button', { name: 'Show query' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('region', { name: 'Then ask the same question:' })).toContainText(
		'"dimensions":["country"]'
	);
	await dialog.getByRole('tab', { name: 'curl' }).press('ArrowRight');
	await expect(dialog.getByText('splits: 12,345 rows read, 4.2 kB, 4.2 ms')).toBeVisible();
	await expect(dialog.getByRole('region', { name: 'Statement 1' })).toContainText(
		"SET param_from = '2026-10-24';"
	);
	await expectNoBarrier(page);
	await dialog.getByRole('tab', { name: 'Explore' }).click();
	await dialog.getByRole('link', { name: 'Open in Explore' }).click();
	await expect(page).toHaveURL(/\/p\/acme\/rocket\/-\/explore\?by=country$/);
});

test('a panel is a Parquet file by a link', async ({ page }) => {
	await openOverview(page, '?f=is,os,linux');
	await page.getByRole('button', { name: 'Options for Countries' }).click();
	const link = page.getByRole('link', { name: 'Download Parquet' });
	const address = new URL((await link.getAttribute('href'))!, page.url());
	expect(address.searchParams.get('format')).toBe('parquet');
	expect(address.searchParams.get('dimensions')).toBe('country');
	expect(address.searchParams.get('filters')).toContain('["is","os",["linux"]]');
});

test('what registries counted stands apart, whatever is filtered', async ({ page }) => {
	await answers(page, ({ metrics }) => metrics[0] === 'imported', 200, {
		results: [
			{ dimensions: ['2026-11-18', 'pypi'], metrics: [900] },
			{ dimensions: ['2026-11-19', 'pypi'], metrics: [1_100] },
			{ dimensions: ['2026-11-19', 'docker-hub'], metrics: [500] }
		],
		meta: { warnings: [], time_labels: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'] },
		query: {}
	});
	await openOverview(page, '?f=is,country,DE');
	const panel = page.getByRole('region', { name: 'Registry totals, unfiltered' });
	await expect(panel.getByRole('listitem')).toHaveText(['docker-hub 500', 'pypi 2,000']);
	await expect(panel.locator('rect.hatched')).toHaveCount(3);
	await expectNoBarrier(page);
	await panel.getByRole('button', { name: /Options for/ }).click();
	await page.getByRole('button', { name: 'Show as table' }).click();
	await expect(panel.getByRole('row')).toHaveCount(4);
});

test('without imported totals there is no place for them', async ({ page }) => {
	await openOverview(page);
	await expect(page.getByRole('region', { name: 'Registry totals, unfiltered' })).toHaveCount(0);
});

test('an announced release leads to where it is described', async ({ page }) => {
	await page.route('**/api/v2/query', async (route) => {
		const { include } = route.request().postDataJSON() as Asked;
		if (!include?.releases) return route.fallback();
		const answer = await (await route.fetch()).json();
		const release = { version: '2.1.0', first_seen: '2026-11-05' };
		const url = 'https://acme.example/2.1.0';
		answer.meta.releases = [{ ...release, url, notes: 'Faster.' }];
		await route.fulfill({ json: answer });
	});
	await openOverview(page, '?release=2.1.0');
	const card = page.locator('#impact');
	const link = card.getByRole('link', { name: 'About 2.1.0' });
	await expect(link).toHaveAttribute('href', 'https://acme.example/2.1.0');
	await expect(card).toContainText('Faster.');
	await expectNoBarrier(page);
});
