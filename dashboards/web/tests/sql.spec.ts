/** Statements of one's own: how they are written, kept, run and answered, and who may not. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expectNoBarrier } from './axe';
import { expect, reply, test } from './page';
import { ANSWER } from './sql.mjs';

const EXPLORE = '/p/acme/rocket/-/explore';
const WRONG = 'SELECT version,\n\tsum(answerd)\nFROM daily';

const field = (page: Page) => page.getByRole('textbox', { name: 'Statement' });
const opened = (page: Page, sql: string) => page.goto(`${EXPLORE}?sql=${encodeURIComponent(sql)}`);
const run = (page: Page) => page.getByRole('button', { name: 'Run' }).click();

/** The statements that are sent from now on. */
function sent(page: Page): string[] {
	const all: string[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/api/v2/sql'))
			all.push((request.postDataJSON() as { sql: string }).sql);
	});
	return all;
}

async function signedInAs(page: Page, user: { role: string; packages: string[] | null }) {
	const ways = { password: true, provider: null };
	const about = { name: 'ada', second_factor: false, ...user };
	await reply(page, 'session', 200, { state: 'signed_in', user: about, ways });
}

test('a statement is reached, written, run and left with the keyboard alone', async ({ page }) => {
	const asked = sent(page);
	await page.goto(`${EXPLORE}?r=7d&by=client`);
	await page.getByRole('link', { name: 'SQL' }).press('Enter');
	await expect(page).toHaveURL(/\?r=7d&by=client&sql=$/);
	await field(page).focus();
	await page.keyboard.type('SELECT 1');
	await page.keyboard.press('Tab');
	await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
	await page.keyboard.press('Shift+Tab');
	await page.keyboard.press('Control+Enter');
	await expect(page.getByRole('status').filter({ hasText: '2 rows' })).toHaveText(
		'2 rows · 6.7 ms · 13,393 rows read, 176 kB'
	);
	expect(asked).toEqual(['SELECT 1']);
	await page.getByRole('link', { name: 'Pivot' }).click();
	await expect(page).toHaveURL(/\?r=7d&by=client$/);
	await expect(page.getByRole('combobox', { name: 'By', exact: true })).toHaveValue('client');
});

test('the address keeps the statement of a link, which runs when it is told to', async ({
	page
}) => {
	const asked = sent(page);
	await opened(page, 'SELECT 1');
	await expect(field(page)).toHaveValue('SELECT 1');
	// A link may be anybody's: it is read before it is run.
	await expect(page.getByText('Nothing has been run yet')).toBeVisible();
	await run(page);
	await expect(page.locator('#sql-result')).toBeVisible();
	await field(page).fill('SELECT 2 + 2');
	await expect(page.getByText('as it was when it last ran')).toBeVisible();
	await expect(page).toHaveURL(/sql=SELECT%202%20%2B%202$/);
	await page.reload();
	await expect(field(page)).toHaveValue('SELECT 2 + 2');
	await page.goBack();
	await expect(field(page)).toHaveValue('SELECT 1');
	expect(asked).toEqual(['SELECT 1']);
});

test('the way back leads to what was run, and not through every letter of it', async ({ page }) => {
	await page.goto(`${EXPLORE}?r=7d`);
	await page.getByRole('link', { name: 'SQL' }).click();
	for (const letters of ['SELECT', 'SELECT 1']) {
		await field(page).fill(letters);
		await expect(page).toHaveURL(new RegExp(`sql=${encodeURIComponent(letters)}$`));
	}
	await run(page);
	await field(page).fill('SELECT 2');
	await expect(page).toHaveURL(/sql=SELECT%202$/);
	await page.goBack();
	await expect(field(page)).toHaveValue('SELECT 1');
	await page.goBack();
	await expect(page.getByRole('combobox', { name: 'By', exact: true })).toBeVisible();
});

test('what is too long for an address is said, and runs all the same', async ({ page }) => {
	const long = `SELECT '${'x'.repeat(6_000)}'`;
	const asked = sent(page);
	await opened(page, '');
	await field(page).fill(long);
	await expect(page.getByText('Too long for an address')).toBeVisible();
	await run(page);
	await expect(page.locator('#sql-result')).toBeVisible();
	expect(asked).toEqual([long]);
	await expect(page).toHaveURL(/sql=$/);
});

test('rows stand as they came: numbers to the right, nothing rounded without a sign', async ({
	page
}) => {
	await opened(page, 'SELECT 1');
	await run(page);
	const rows = page.locator('#sql-result tbody tr');
	await expect(rows.nth(0).getByRole('cell')).toHaveText([
		'2.1.0',
		'81204',
		'2026-11-20 14:05:00',
		'NULL'
	]);
	await expect(rows.nth(1).getByRole('cell').nth(1)).toHaveText('≈ 9007199254740992');
	await expect(rows.nth(0).getByRole('cell').nth(1)).toHaveCSS('text-align', 'end');
	await expect(page.locator('#sql-result')).toContainText('Times are UTC');
	await expectNoBarrier(page);
});

test('an answer that was cut off says so, and shows some rows at a time', async ({ page }) => {
	const rows = Array.from({ length: 500 }, (_, i) => [`1.${i}`, i, '2026-11-20 14:05:00', null]);
	await reply(page, 'sql', 200, { ...ANSWER, rows, truncated: true });
	await opened(page, 'SELECT 1');
	await run(page);
	const result = page.locator('#sql-result');
	await expect(result).toContainText('There are more: the answer ends after 500 rows.');
	await expect(result.locator('tbody tr')).toHaveCount(200);
	await result.getByRole('button', { name: 'Show more' }).click();
	await expect(result.locator('tbody tr')).toHaveCount(400);
	await expect(result).toContainText('400 of 500 rows are shown.');
});

test('an answer is saved as CSV, JSON and Parquet, and told as a command', async ({ page }) => {
	await opened(page, "SELECT 'it''s'");
	await run(page);
	const choose = async (name: string) => {
		await page.getByRole('button', { name: 'Options for Result' }).click();
		await page.getByRole('button', { name }).click();
	};
	const saved = async (name: string) => {
		const [download] = await Promise.all([page.waitForEvent('download'), choose(name)]);
		return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')];
	};
	const [name, csv] = await saved('Download CSV');
	expect([name, csv?.split('\r\n').slice(0, 3)]).toEqual([
		'weir-sql.csv',
		[
			'version,downloads,last_time,note',
			'2.1.0,81204,2026-11-20 14:05:00,',
			`'=2+5,9007199254740992,2026-11-19 08:00:00,${'x'.repeat(60)}`
		]
	]);
	expect(JSON.parse((await saved('Download JSON'))[1]!)[0].version).toBe('2.1.0');

	await page.route('**/api/v2/sql', (route) => route.fulfill({ body: 'PAR1…PAR1' }));
	expect(await saved('Download Parquet')).toEqual(['weir-sql.parquet', 'PAR1…PAR1']);

	await choose('Show query');
	await expect(page.getByRole('dialog')).toContainText(
		String.raw`{"sql":"SELECT '\''it'\'''\''s'\''"}`
	);
});

test('an error is told with its place, marked in the text, and led to', async ({ page }) => {
	await opened(page, WRONG);
	await run(page);
	const problem = page.getByRole('alert');
	await expect(problem).toContainText('Unknown expression identifier');
	await expect(problem).toContainText('listed under “Tables and columns”');
	await expect(problem).toContainText('Line 2, column 6');
	await expect(problem.locator('mark')).toHaveText('answerd');
	await expect(page.locator('.editor mark')).toHaveText('answerd');
	await expect(field(page)).toHaveAttribute('aria-invalid', 'true');
	await expectNoBarrier(page);

	await problem.getByRole('button', { name: 'Go there' }).click();
	await page.keyboard.type('answered');
	await expect(field(page)).toHaveValue(WRONG.replace('answerd', 'answered'));
	// The mark was of another text.
	await expect(page.locator('.editor mark')).toHaveCount(0);
	await page.keyboard.press('Control+Enter');
	await expect(problem).toHaveCount(0);
	await expect(page.locator('#sql-result')).toBeVisible();
});

test('nobody has to wait: a statement is cancelled, and the connection with it', async ({
	page
}) => {
	await page.route('**/api/v2/sql', () => undefined);
	await opened(page, 'SELECT 1');
	const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/sql'));
	await run(page);
	await expect(page.getByRole('status').filter({ hasText: 'Running' })).toBeVisible();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await ended;
	await expect(page.getByText('Cancelled. The server ends the statement.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Run' })).toBeVisible();
});

test('a name from the list is put where the cursor is', async ({ page }) => {
	await opened(page, 'SELECT FROM daily');
	await field(page).focus();
	await field(page).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(6, 6));
	await page.locator('summary', { hasText: 'daily' }).click();
	await page.getByRole('button', { name: 'Insert answered' }).click();
	await expect(field(page)).toHaveValue('SELECT answered FROM daily');
	await expect(field(page)).toBeFocused();
	await expect(page).toHaveURL(/sql=SELECT%20answered%20FROM%20daily$/);
});

test('an example is a statement about this package', async ({ page }) => {
	await opened(page, '');
	await page.getByRole('button', { name: 'Which requests fail' }).click();
	await expect(field(page)).toHaveValue(/WHERE package = 'acme\/rocket' AND status >= 400/);
	await expect(field(page)).toBeFocused();
	await page.getByRole('button', { name: 'Examples' }).click();
	await expectNoBarrier(page);
	await page.getByRole('button', { name: 'When in the week' }).first().click();
	await expect(field(page)).toHaveValue(/FROM hourly/);
	await page.goBack();
	await expect(field(page)).toHaveValue(/status >= 400/);
});

test.describe('whoever may not', () => {
	for (const user of [
		{ role: 'viewer', packages: null },
		{ role: 'editor', packages: ['acme/rocket'] }
	])
		test(`is offered none, and told why: ${user.role} of ${user.packages ?? 'all'}`, async ({
			page
		}) => {
			await signedInAs(page, user);
			await page.goto(EXPLORE);
			await expect(page.locator('#explore')).toBeVisible();
			await expect(page.getByRole('link', { name: 'SQL' })).toHaveCount(0);
			await opened(page, 'SELECT 1');
			await expect(page.getByText('Statements are not open to you')).toBeVisible();
			await expect(field(page)).toHaveCount(0);
		});

	test('is told where to ask when ClickHouse is somebody’s own', async ({ page }) => {
		await reply(page, 'sql/schema', 404, { error: 'no SQL here' });
		await opened(page, 'SELECT 1');
		await expect(page.getByText('There is no SQL here')).toBeVisible();
	});
});

test.describe('in German', () => {
	test.use({ locale: 'de-DE' });

	test('the same is said in German, key caps too', async ({ page }) => {
		await opened(page, WRONG);
		await expect(page.getByRole('button', { name: 'Ausführen' })).toContainText('Strg ↵');
		await page.getByRole('textbox', { name: 'Anweisung' }).press('Control+Enter');
		await expect(page.getByRole('alert')).toContainText('Zeile 2, Zeichen 6');
	});
});
