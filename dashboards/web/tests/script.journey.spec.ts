/** From a page of somebody's docs, on an origin of its own, through a real Weir to the numbers on the page “Docs”. */
import { test as base, expect, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import config from '../playwright.config';
import { freePorts, Weir } from './weir';

const COMMAND = 'pip install rocket';
const STORED_WITHIN_MS = 30_000;

interface Site {
	weir: Weir;
	/** The page with the numbers. */
	dashboard: string;
	/** The docs. */
	docs: string;
}

const test = base.extend<{ complaints: string[] }, { site: Site }>({
	site: [
		async ({}, use) => {
			const [gateway, page] = (await freePorts(2)) as [number, number];
			const weir = Weir.start((folder) => {
				const file = join(folder, 'weir.toml');
				writeFileSync(file, configuration({ folder, gateway, page }));
				return ['serve', '--config', file];
			});
			await weir.setUpLink();
			const server = await serve(`http://get.localhost:${gateway}`);
			const docs = `http://docs.localhost:${(server.address() as AddressInfo).port}`;
			await use({ weir, dashboard: `http://127.0.0.1:${page}`, docs });
			server.closeAllConnections();
			server.close();
			await weir.stop();
		},
		{ scope: 'worker', timeout: 90_000 }
	],
	complaints: async ({ page }, use) => {
		const complaints: string[] = [];
		page.on('pageerror', ({ message }) => complaints.push(message));
		page.on('console', (message) => {
			if (message.type() === 'error') complaints.push(message.text());
		});
		await use(complaints);
	}
});

const { launchOptions } = config.use ?? {};
test.describe.configure({ mode: 'serial' });
test.use({
	userAgent:
		'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
	launchOptions: {
		...launchOptions,
		// As a person's browser is: no machine at the wheel, and pages kept for the way back.
		args: [...(launchOptions?.args ?? []), '--disable-blink-features=AutomationControlled'],
		ignoreDefaultArgs: ['--disable-back-forward-cache']
	}
});

for (const site of ['open', 'strict'] as const)
	test(`a reader of ${site === 'open' ? 'docs' : 'docs with a strict policy'} loads, navigates, comes back and copies`, async ({
		page,
		site: { docs },
		complaints
	}) => {
		await page.addInitScript(() =>
			addEventListener('pageshow', ({ persisted }) => Object.assign(self, { persisted }))
		);
		const at = (path: string) => `${docs}/${site}${path}`;
		await tells(page, () => page.goto(at('/start?utm_source=newsletter')));
		await tells(page, () => page.evaluate((to) => history.pushState({}, '', to), at('/guide')));
		await tells(page, () => page.goto(at('/next')));
		await tells(page, () => page.goBack({ waitUntil: 'commit' }));
		expect(await page.evaluate(() => (self as { persisted?: boolean }).persisted)).toBe(true);
		await page.locator('code').selectText();
		await tells(page, () => page.keyboard.press('ControlOrMeta+c'));
		// Where the pixel stands as well, it counts the load, and the script tells that it was there.
		const pixel = page.waitForResponse(/\/-\/px\/docs\.gif$/);
		await tells(page, () => page.goto(at('/beside')));
		expect((await pixel).status()).toBe(200);
		expect(complaints).toEqual([]);
	});

test('what they did is on the page “Docs”', async ({ page, site: { weir, dashboard } }) => {
	await page.goto(await weir.setUpLink());
	await page.getByLabel('Name').fill('ada');
	await page.getByLabel('Password', { exact: true }).fill('a bridge over the weir');
	await page.getByRole('button', { name: 'Create the account' }).click();
	await expect(page.getByRole('button', { name: 'Account' })).toBeVisible();

	await expect(async () => {
		await page.goto(`${dashboard}/p/acme/rocket/-/docs?r=day`);
		await expect(page.locator('#docs-pages tbody tr')).toHaveText(
			[
				/\/open\/guide\s*2/,
				/\/strict\/guide\s*2/,
				/\/open\/beside\s*1/,
				/\/open\/next\s*1/,
				/\/open\/start\s*1/,
				/\/strict\/beside\s*1/,
				/\/strict\/next\s*1/,
				/\/strict\/start\s*1/
			],
			{ timeout: 5_000 }
		);
	}).toPass({ timeout: STORED_WITHIN_MS });
	await expect(page.locator('#copied-commands tbody tr')).toHaveText([
		new RegExp(`${COMMAND}\\s*2`)
	]);
	await expect(page.locator('#docs-sources')).toContainText('Newsletters');
});

/** Does `act`, and waits until the gateway has taken what the script tells of it. */
async function tells(page: Page, act: () => Promise<unknown>) {
	const answer = page.waitForResponse((response) => new URL(response.url()).pathname === '/-/e');
	await act();
	expect((await answer).status()).toBe(204);
}

/** The same pages twice: as they are, and with a policy that lets nothing in but what the gateway serves. */
async function serve(gateway: string): Promise<Server> {
	const script = `<script defer src="${gateway}/-/s.js?id=docs"></script>`;
	const pixel = `<img src="${gateway}/-/px/docs.gif" alt="" referrerpolicy="no-referrer-when-downgrade">`;
	const policy = `default-src 'none'; script-src ${gateway}; connect-src ${gateway}; img-src ${gateway}`;
	const server = createServer(({ url = '/' }, answer) => {
		if (url.startsWith('/strict')) answer.setHeader('content-security-policy', policy);
		answer.setHeader('content-type', 'text/html');
		const title = '<!doctype html><title>Docs</title>';
		answer.end(`${title}${script}<code>${COMMAND}</code>${url.endsWith('/beside') ? pixel : ''}`);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

function configuration(of: { folder: string; gateway: number; page: number }): string {
	return `
data_dir = "${join(of.folder, 'data')}"
[gateway]
http = ["127.0.0.1:${of.gateway}"]
[dashboards]
listen = "127.0.0.1:${of.page}"
[[pixel]]
id = "docs"
domains = ["get.localhost"]
package = "acme/rocket"
pages = ["docs.localhost"]
`;
}
