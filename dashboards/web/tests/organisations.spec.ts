/** Organisations: the list that narrows and sorts, one of them, the rules, and a wrong match. */
import type { Page } from '@playwright/test';
import { expect, reply, test } from './page';

const LIST = '/p/acme/rocket/-/organisations';
const INITECH = `${LIST}/initech.example`;

const rows = (page: Page) => page.locator('#organisations tbody tr');

test('a counter filters, and the same again takes the filter back', async ({ page }) => {
	await page.goto(LIST);
	await expect(rows(page)).toHaveCount(25);
	const fresh = page.getByRole('button', { name: 'New 2' });
	await fresh.click();
	await expect(page).toHaveURL(`${LIST}?status=new`);
	await expect(fresh).toHaveAttribute('aria-pressed', 'true');
	await expect(rows(page)).toHaveCount(2);
	await expect(rows(page).first()).toContainText('Hooli');
	await fresh.click();
	await expect(page).toHaveURL(LIST);
	await expect(rows(page)).toHaveCount(25);
});

test('type, stage and confidence narrow the list together', async ({ page }) => {
	await page.goto(`${LIST}?r=91d`);
	await page.getByRole('combobox', { name: 'Type' }).selectOption('Company');
	await page.getByRole('combobox', { name: 'Stage' }).selectOption('Ongoing use');
	await expect(rows(page)).toHaveCount(2);
	await page.getByRole('combobox', { name: 'Confidence' }).selectOption('High');
	await expect(page).toHaveURL(`${LIST}?r=91d&type=business&stage=ongoing_use&confidence=90`);
	await expect(rows(page)).toHaveCount(2);
	await page.getByRole('combobox', { name: 'Type' }).selectOption('Education');
	await expect(page.getByText('No organisation fits')).toBeVisible();
	await page.getByRole('button', { name: 'Clear filters' }).click();
	await expect(page).toHaveURL(`${LIST}?r=91d`);
	await expect(rows(page)).toHaveCount(25);
});

test('names and domains are found while they are typed', async ({ page }) => {
	await page.goto(LIST);
	const find = page.getByRole('searchbox', { name: 'Find by name or domain' });
	await find.pressSequentially('university');
	await expect(rows(page)).toHaveCount(1);
	await expect(rows(page)).toContainText('University of Acme');
	await expect(page).toHaveURL(`${LIST}?search=university`);
	await expect(find).toBeFocused();
});

test('numbers sort from the most, names from the first, and the same again turns round', async ({
	page
}) => {
	await page.goto(LIST);
	await expect(rows(page).first()).toContainText('Initech');
	await page.getByRole('button', { name: 'Views' }).click();
	await expect(page.getByRole('columnheader', { name: 'Views' })).toHaveAttribute(
		'aria-sort',
		'descending'
	);
	await expect(rows(page).nth(1)).toContainText('University of Acme');
	const name = page.getByRole('button', { name: 'Organisation', exact: true });
	await name.click();
	await expect(rows(page).first()).toContainText('Branch 1');
	await name.click();
	await expect(page.getByRole('columnheader', { name: 'Organisation' })).toHaveAttribute(
		'aria-sort',
		'descending'
	);
	await expect(rows(page).first()).toContainText('University of Acme');
});

test('a long list has pages, and a filter begins again on the first', async ({ page }) => {
	await page.goto(LIST);
	const pager = page.getByRole('navigation', { name: 'Pages of the list' });
	await expect(pager).toContainText('1–25 of 30');
	await expect(pager.getByRole('button', { name: 'Previous' })).toBeDisabled();
	await pager.getByRole('button', { name: 'Next' }).click();
	await expect(pager).toContainText('26–30 of 30');
	await expect(rows(page)).toHaveCount(5);
	await expect(pager.getByRole('button', { name: 'Next' })).toBeDisabled();
	await page.getByRole('button', { name: 'New 2' }).click();
	await expect(page).toHaveURL(`${LIST}?status=new`);
	await expect(pager).toBeHidden();
});

test('one of them tells how far it has come and why, and the way back keeps the list', async ({
	page
}) => {
	await page.goto(`${LIST}?status=growing`);
	await page.getByRole('link', { name: 'Initech' }).click();
	await expect(page).toHaveURL(new RegExp(`^[^?]*${INITECH}`));
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Initech');
	await expect(page.locator('main')).toContainText(
		'Ongoing use — downloads by build services in 4 of the last 4 weeks'
	);
	await expect(page.locator('#first-pages tbody tr')).toHaveCount(3);
	await expect(page.locator('#packages tbody tr')).toHaveCount(2);
	await page.goBack();
	await expect(page).toHaveURL(`${LIST}?status=growing`);
	await expect(rows(page)).toHaveCount(1);
});

test('what a package of theirs leads to is the same organisation there', async ({ page }) => {
	await page.goto(INITECH);
	await page.locator('#packages').getByRole('link', { name: 'acme/server' }).click();
	await expect(page).toHaveURL('/p/acme/server/-/organisations/initech.example');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Initech');
});

test('across all packages the list counts packages, and leads to one over all', async ({
	page
}) => {
	await page.goto('/organisations');
	await expect(page.getByRole('columnheader', { name: 'Packages' })).toBeVisible();
	await page.getByRole('link', { name: 'Globex' }).click();
	await expect(page).toHaveURL('/organisations/globex.example');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Globex');
});

test('all rules are told in their order, with the one that holds now', async ({ page }) => {
	await page.goto(INITECH);
	await page.getByRole('button', { name: 'All rules' }).click();
	const dialog = page.getByRole('dialog', { name: 'Rules about stages' });
	await expect(dialog.getByRole('listitem')).toHaveCount(5);
	await expect(dialog.getByRole('listitem').filter({ hasText: 'holds now' })).toHaveText(
		/^Ongoing use: downloads by build services in at least 3 of the last 4 weeks/
	);
	await expect(dialog.getByRole('listitem').nth(3)).toContainText(
		'at least 5 page views in the last 28 days, and page views in at least 2 of the last 4 weeks'
	);
	await dialog.getByRole('button', { name: 'Close' }).click();
	await expect(dialog).toBeHidden();
});

test('a wrong match is said to be nobody, and taken back', async ({ page }) => {
	const sent: unknown[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/api/v2/corrections')) sent.push(request.postDataJSON());
	});
	await page.goto(INITECH);
	await page.getByRole('button', { name: 'Wrong match?' }).click();
	const dialog = page.getByRole('dialog', { name: 'Wrong match?' });
	await dialog.getByLabel('Why').fill('a reseller');
	await dialog.getByRole('button', { name: 'Correct' }).click();
	await expect(dialog).toBeHidden();
	await expect(page.getByText('Corrected.')).toBeVisible();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('As it was stored again.')).toBeVisible();
	expect(sent).toEqual([
		{ ids: [7_001, 7_002], verdict: 'wrong', note: 'a reseller' },
		{ ids: [7_001, 7_002], verdict: 'undo' }
	]);
});

test('another name is sent with its domain, and what is refused is said', async ({ page }) => {
	await reply(page, 'corrections', 422, { error: '#/domain: is no domain' });
	await page.goto(INITECH);
	await page.getByRole('button', { name: 'Wrong match?' }).click();
	const dialog = page.getByRole('dialog', { name: 'Wrong match?' });
	await dialog.getByLabel('They are called something else').check();
	await expect(dialog.getByLabel('Name')).toHaveValue('Initech');
	await dialog.getByLabel('Domain').fill('no domain');
	await dialog.getByRole('button', { name: 'Correct' }).click();
	await expect(dialog.getByRole('alert')).toHaveText('is no domain');
});

test('who may only look has nothing to correct', async ({ page }) => {
	await reply(page, 'session', 200, {
		state: 'signed_in',
		user: { name: 'gus', role: 'guest', packages: ['acme/rocket'], second_factor: false },
		ways: { password: true, provider: null },
		product: { version: '0.1.0' }
	});
	await page.goto(INITECH);
	await expect(page.getByRole('button', { name: 'All rules' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'Wrong match?' })).toHaveCount(0);
});

test('an organisation that is not known is said not to be, with the way to the list', async ({
	page
}) => {
	await page.goto(`${LIST}/nobody.example`);
	await expect(page.getByText('No such organisation')).toBeVisible();
	await page.locator('main').getByRole('link', { name: 'Organisations' }).click();
	await expect(page).toHaveURL(LIST);
});
