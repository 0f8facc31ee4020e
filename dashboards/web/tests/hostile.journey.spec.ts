/** Strings that somebody sent to be run by whoever reads the page: shown as text, on every page, in a real browser. */
import { test as base, expect, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, Weir } from './weir';

const MARKUP = `"'><img src=x onerror="window.ran=1"></script><script>window.ran=1</script>`;
const PACKAGE = 'acme/<svg onload=window.ran=1>';
const OWNER = { name: '<b onmouseover=window.ran=1>ada', password: 'a bridge over the weir' };

interface Site {
	weir: Weir;
	page: string;
}

const test = base.extend<object, { site: Site }>({
	site: [
		async ({}, use) => {
			const [gateway, dashboard] = (await freePorts(2)) as [number, number];
			const page = `http://127.0.0.1:${dashboard}`;
			const weir = Weir.start((folder) => {
				writeFileSync(join(folder, 'tokens'), 'letmein\n', { mode: 0o600 });
				const file = join(folder, 'weir.toml');
				writeFileSync(file, configuration({ folder, gateway, dashboard }));
				return ['serve', '--config', file];
			});
			await weir.setUpLink();
			await use({ weir, page });
			await weir.stop();
		},
		{ scope: 'worker', timeout: 90_000 }
	]
});

test('markup in packages, versions, clients, referrers, organisations and names is text', async ({
	page,
	site
}) => {
	const complaints = heard(page, site.page);
	await page.goto(await site.weir.setUpLink());
	await page.getByLabel('Name').fill(OWNER.name);
	await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByRole('button', { name: 'Account', exact: true })).toBeVisible();
	await stored(site.page);

	const package_ = `/p/${PACKAGE.split('/').map(encodeURIComponent).join('/')}`;
	const filters = encodeURIComponent(`is:version:${MARKUP}`);
	for (const path of [
		'/',
		package_,
		`${package_}?r=7d`,
		`${package_}/-/versions`,
		`${package_}/-/audience`,
		`${package_}/-/explore`,
		`${package_}?f=${filters}`,
		`/p/${encodeURIComponent(MARKUP)}`,
		`/settings`,
		`/settings/users`,
		`/settings/audit`,
		`/settings/tokens`,
		`/sign-in?problem=${encodeURIComponent(MARKUP)}&next=${encodeURIComponent(MARKUP)}`,
		`/invite#${encodeURIComponent(MARKUP)}`
	]) {
		await page.goto(`${site.page}${path}`);
		await page.waitForLoadState('networkidle');
		const found = await page.evaluate(() => ({
			ran: 'ran' in window,
			images: document.querySelectorAll('img[src="x"]').length,
			handlers: document.querySelectorAll('[onerror], [onload], [onmouseover]').length
		}));
		expect(found, path).toEqual({ ran: false, images: 0, handlers: 0 });
	}
	await page.goto(`${site.page}${package_}?r=7d`);
	await expect(page.getByText(MARKUP).filter({ visible: true }).first()).toBeVisible();
	expect(complaints).toEqual([]);
});

test('no script from a string, no frame around the page', async ({ page, site }) => {
	await page.goto(`${site.page}/sign-in`);
	const refused = await page.evaluate(() => {
		const tries: Record<string, () => unknown> = {
			markup: () => (document.body.innerHTML = '<img src=x onerror=window.ran=1>'),
			script: () => {
				const script = document.createElement('script');
				script.text = 'window.ran = 1';
				document.body.append(script);
			}
		};
		return Object.entries(tries).map(([name, attempt]) => {
			try {
				attempt();
				return `${name} went through`;
			} catch (error) {
				return `${name}: ${(error as Error).name}`;
			}
		});
	});
	expect(refused).toEqual(['markup: TypeError', 'script: TypeError']);
	expect(await page.evaluate(() => 'ran' in window)).toBe(false);

	await page.goto('about:blank');
	await page.setContent(`<iframe src="${site.page}/sign-in"></iframe>`);
	const frame = page.frameLocator('iframe');
	await expect(frame.getByRole('button', { name: 'Sign in' })).toHaveCount(0);
});

/** Imports one hostile event, as soon as that can be done. */
async function stored(origin: string) {
	const event = {
		time: new Date().toISOString(),
		package: PACKAGE,
		version: MARKUP,
		client: MARKUP,
		client_version: MARKUP,
		referrer_host: MARKUP,
		source: MARKUP,
		campaign: MARKUP,
		org_name: MARKUP,
		org_domain: MARKUP,
		os: MARKUP,
		arch: MARKUP,
		artifact: MARKUP,
		route: MARKUP,
		country: 'CH',
		audience: 'people',
		status: 302
	};
	const body = JSON.stringify({ ...event, id: 'one' });
	const headers = { authorization: 'Bearer letmein' };
	const deadline = Date.now() + 60_000;
	for (;;) {
		const answer = await fetch(`${origin}/api/v2/import?from=weir`, {
			method: 'POST',
			headers,
			body
		});
		const said = await answer.text();
		if (answer.status === 200) return;
		// The tables of a first start are being made.
		if (answer.status !== 503 || Date.now() > deadline) throw new Error(said);
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

/** What the browser complains about, and every dialog, from now on. */
function heard(page: Page, origin: string): string[] {
	const complaints: string[] = [];
	page.on('dialog', (dialog) => {
		complaints.push(`a dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
	page.on('console', (message) => {
		// Answers that are errors are reported as errors of the browser's own.
		if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text()))
			complaints.push(message.text());
	});
	page.on('request', (request) => {
		if (!request.url().startsWith(`${origin}/`)) complaints.push(`asked ${request.url()}`);
	});
	return complaints;
}

function configuration(at: { folder: string; gateway: number; dashboard: number }) {
	return `
		data_dir = "${at.folder}/data"
		[gateway]
		http = ["127.0.0.1:${at.gateway}"]
		[dashboards]
		listen = "127.0.0.1:${at.dashboard}"
		import_tokens_file = "tokens"
		[[package]]
		name = "acme/first"
		kind = "file"
		domains = ["get.first.localhost"]
		[[package.route]]
		path = "/first/{version}.tar.gz"
		to = "http://127.0.0.1:1/{version}.tar.gz"`;
}
