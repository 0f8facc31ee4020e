import { expect, reply, test } from './page';

const SECRET = 'ab'.repeat(32);

test('a second factor is asked for after the password', async ({ page }) => {
	await page.route('**/api/v2/session', (route) => {
		if (route.request().method() === 'GET') return route.fallback();
		const { code } = route.request().postDataJSON() as { code?: string };
		const state = code === undefined ? 'second_factor' : 'signed_in';
		if (code !== undefined && code !== '123456')
			return route.fulfill({ status: 401, json: { error: 'wrong code' } });
		return route.fulfill({
			json: {
				state,
				user: null,
				ways: { password: true, provider: null },
				product: { version: '0.1.0' }
			}
		});
	});
	await page.goto('/sign-in');
	await page.getByLabel('Name').fill('ada');
	await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
	await page.keyboard.press('Enter');
	await expect(page.getByLabel('Code')).toBeFocused();
	await page.keyboard.type('000000');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('Wrong code');
	await page.getByLabel('Code').fill('123456');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL('/');
});

test('a link makes an account, and its secret leaves the address', async ({ page }) => {
	await page.goto(`/invite#${SECRET}`);
	await expect(page.getByText('As guest you have acme/rocket.')).toBeVisible();
	await expect(page).toHaveURL('/invite');
	await page.getByLabel('Name').fill('ada');
	await page.getByLabel('Password', { exact: true }).fill('short');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByText('must have at least 12 characters')).toBeVisible();
	await page.getByLabel('Password', { exact: true }).fill('long enough for everybody');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page).toHaveURL('/');
});

test('a link that was used says so, and another that is opened there is taken', async ({
	page
}) => {
	await page.goto('/invite#0000');
	await expect(page.getByRole('alert')).toContainText('was used, was taken back or has expired');
	await expect(page).toHaveURL('/invite');
	await page.goto(`/invite#${SECRET}`);
	await expect(page.getByText('As guest you have acme/rocket.')).toBeVisible();
	await expect(page).toHaveURL('/invite');
});

test('an owner invites a guest of one package', async ({ page }) => {
	await page.goto('/');
	await page.getByRole('button', { name: 'Account' }).click();
	await page.getByRole('link', { name: 'Settings' }).click();
	await page.getByRole('link', { name: 'Users' }).click();
	await expect(page.getByRole('row', { name: /Gus Guest acme\/rocket/ })).toBeVisible();
	await page.getByLabel('Role', { exact: true }).selectOption('guest');
	const asked = page.waitForRequest(
		(request) => request.method() === 'POST' && request.url().endsWith('/api/v2/invitations')
	);
	await page.getByLabel('Packages').fill('acme/rocket, acme/server');
	await page.getByRole('button', { name: 'Make a link' }).click();
	expect((await asked).postDataJSON()).toEqual({
		role: 'guest',
		packages: ['acme/rocket', 'acme/server']
	});
	await expect(page.getByText(`/invite#${SECRET}`)).toBeVisible();
});

test('a role is changed and what the server refuses is said', async ({ page }) => {
	await page.goto('/settings/users');
	await page.getByRole('button', { name: 'Role of Ada' }).click();
	const form = page.getByRole('form', { name: 'Role of Ada' });
	await form.getByLabel('Role', { exact: true }).selectOption('viewer');
	await form.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('alert').first()).toHaveText(
		'the last owner stays; make another owner first'
	);
});

test('a token is made, shown once and revoked', async ({ page }) => {
	await page.goto('/settings/tokens');
	await expect(
		page.getByRole('row', { name: /nightly report Ada Read, Export all/ })
	).toBeVisible();
	await page.getByLabel('What it is for').fill('ci');
	await page.getByLabel('Import: bring events').check();
	const asked = page.waitForRequest((request) => request.method() === 'POST');
	await page.getByRole('button', { name: 'Make it' }).click();
	expect((await asked).postDataJSON()).toEqual({
		name: 'ci',
		scopes: ['read', 'import'],
		packages: null,
		days: 90
	});
	await expect(page.getByLabel('New token')).toContainText('weir_');
	page.on('dialog', (dialog) => void dialog.accept());
	const revoked = page.waitForRequest((request) => request.method() === 'DELETE');
	await page.getByRole('button', { name: 'Revoke nightly report' }).click();
	expect((await revoked).url()).toContain('/api/v2/tokens/');
});

test('a second factor is turned on with a code and its recovery codes are shown', async ({
	page
}) => {
	await page.goto('/settings');
	const section = page.locator('section', { hasText: 'Second factor' });
	await section.getByRole('button', { name: 'Turn on' }).click();
	await expect(section.getByRole('img', { name: 'QR code of the secret' })).toBeVisible();
	await section.getByLabel('Code that the app shows').fill('123456');
	await section.getByLabel('Password', { exact: true }).fill('correct horse battery');
	await section.getByRole('button', { name: 'Turn it on' }).click();
	await expect(section.getByLabel('Recovery codes')).toContainText('ABCD-EFGH-JKMN-PQRS');
});

test('a guest has no pages about others', async ({ page }) => {
	const user = { name: 'Gus', role: 'guest', packages: ['acme/rocket'], second_factor: false };
	await reply(page, 'session', 200, {
		state: 'signed_in',
		user,
		ways: { password: true, provider: null },
		product: { version: '0.1.0' }
	});
	await page.goto('/settings');
	const pages = page.getByRole('navigation', { name: 'Settings pages' });
	await expect(pages.getByRole('link')).toHaveText(['Account', 'Tokens']);
});

test('the log says who did what', async ({ page }) => {
	await page.goto('/settings/audit');
	await expect(page.getByRole('row', { name: /Ada changed the role of Gus: guest/ })).toBeVisible();
});
