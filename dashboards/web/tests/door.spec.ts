import { expect, held, openOverview, reply, test } from './page';

const session = (state: string) => ({
	state,
	user: null,
	ways: { password: true, provider: null },
	product: { version: '0.1.0' }
});

test('without a session the page asks to sign in and comes back', async ({ page }) => {
	await reply(page, 'session', 200, session('signed_out'));
	await page.goto('/p/acme/rocket?r=7d');
	await expect(page).toHaveURL('/sign-in?next=%2Fp%2Facme%2Frocket%3Fr%3D7d');
	await page.unroute('**/api/v2/session');

	await page.getByLabel('Name').fill('ada');
	await page.getByLabel('Password', { exact: true }).fill('wrong');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toHaveText('Wrong name or password.');

	await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page).toHaveURL('/p/acme/rocket?r=7d');
});

test('too many tries say how long to wait', async ({ page }) => {
	await page.route('**/api/v2/session', (route) =>
		route.fulfill({
			status: 429,
			headers: { 'Retry-After': '40' },
			json: { error: 'too many tries' }
		})
	);
	await page.goto('/sign-in');
	await page.getByLabel('Name').fill('ada');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toHaveText('Too many tries. Wait 40 s and try again.');
});

test('the first run leads to set-up, and the code leaves the address', async ({ page }) => {
	await reply(page, 'session', 200, session('setup'));
	await page.goto('/');
	await expect(page).toHaveURL('/setup');
	await page.goto('/sign-in');
	await page.goto('/setup#code=K7QM-2XPD');
	await expect(page.getByLabel('One-time code')).toHaveValue('K7QM-2XPD');
	await expect(page).toHaveURL('/setup');
});

test('the link with the code is taken where set-up is open already', async ({ page }) => {
	await reply(page, 'session', 200, session('setup'));
	await page.goto('/');
	await expect(page.getByLabel('One-time code')).toHaveValue('');
	await page.goto('/setup#code=K7QM-2XPD');
	await expect(page.getByLabel('One-time code')).toHaveValue('K7QM-2XPD');
	await expect(page).toHaveURL('/setup');
});

test('set-up explains each mistake beside its field', async ({ page }) => {
	await page.goto('/setup');
	await page.getByLabel('One-time code').fill('XXXX-XXXX');
	await page.getByLabel('Password', { exact: true }).fill('elevenchars');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByText('Enter a name to sign in with.')).toBeVisible();
	await expect(page.getByText('One more character, please.')).toBeVisible();
	await expect(page.getByLabel('Name')).toBeFocused();

	await page.getByLabel('Name').fill('ada');
	await page.getByLabel('Password', { exact: true }).fill('twelve chars');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByText('This code is not valid')).toBeVisible();
	await expect(page.getByLabel('One-time code')).toBeFocused();

	await page.getByLabel('One-time code').fill('K7QM-2XPD');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByRole('heading', { name: 'Packages' })).toBeVisible();
});

test('a password can be looked at', async ({ page }) => {
	await page.goto('/sign-in');
	const field = page.getByLabel('Password', { exact: true });
	await expect(field).toHaveAttribute('type', 'password');
	await page.getByRole('button', { name: 'Show password' }).click();
	await expect(field).toHaveAttribute('type', 'text');
});

test('signing out ends at the door', async ({ page }) => {
	await page.goto('/p/acme/rocket');
	await page.getByRole('button', { name: 'Account' }).click();
	await reply(page, 'session', 200, session('signed_out'));
	await page.getByRole('button', { name: 'Sign out' }).click();
	await expect(page).toHaveURL('/sign-in');
});

test('what is refused while somebody signs out leads nobody back', async ({ page }) => {
	await openOverview(page);
	const ended = held();
	await page.route('**/api/v2/session', async (route) => {
		if (route.request().method() === 'DELETE') await ended.answer;
		await route.fulfill({ json: session('signed_out') });
	});
	const asked = held();
	await page.route('**/api/v2/query', async (route) => {
		await asked.answer;
		await route.fulfill({ status: 401, json: { error: 'sign in' } });
	});
	await page.getByRole('button', { name: 'Account' }).click();
	await page.getByRole('button', { name: 'Sign out' }).click();
	const question = page.waitForRequest('**/api/v2/query');
	await page.locator('#versions').getByRole('button').first().click();
	await question;
	asked.release();
	await expect(page).toHaveURL('/sign-in');
	ended.release();
	await expect(page.getByLabel('Name')).toBeVisible();
	await expect(page).toHaveURL('/sign-in');
});
