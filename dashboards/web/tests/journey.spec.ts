/** From a pull by a real client through a real Weir to the number on the page. */
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectNoBarrierInAnyLook } from './axe';
import { freePorts, ROOT, until, Weir } from './weir';

const execute = promisify(execFile);

/** Runs a client as a person at a terminal would: a build service's variables make it say that it is one. */
const run = (program: string, given: string[], cwd?: string) =>
	execute(program, given, { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME } });
const OWNER = { name: 'ada', password: 'a bridge over the weir' };
const SHOWN_WITHIN_MS = 5_000;

interface Demo {
	weir: Weir;
	page: string;
	gateway: number;
	docs: string;
	setUpLink: string;
}

/** Every test fails on an error in the console and on a request that leaves the page's own origin. */
const test = base.extend<{ page: Page }, { demo: Demo }>({
	demo: [
		async ({}, use) => {
			const [gateway, page, docs] = (await freePorts(3)) as [number, number, number];
			const ports = { port: gateway, 'dashboard-port': page, 'docs-port': docs, events: 20_000 };
			const weir = Weir.start((folder) => [
				'demo',
				...Object.entries(ports).flatMap(([name, value]) => [`--${name}`, String(value)]),
				...['--data-dir', join(folder, 'demo')]
			]);
			const setUpLink = await weir.setUpLink();
			await weir.says(/a year of made-up history is in/);
			const local = (port: number) => `http://127.0.0.1:${port}`;
			await use({
				weir,
				gateway,
				page: local(page),
				docs: `http://docs.demo.localhost:${docs}`,
				setUpLink
			});
			await weir.stop();
		},
		// A first start, and a year of history.
		{ scope: 'worker', timeout: 180_000 }
	],
	page: async ({ page, demo }, use) => {
		const complaints = heard(page, demo.page);
		await use(page);
		expect(complaints).toEqual([]);
	}
});

test.describe.configure({ mode: 'serial' });
// A browser without a window names itself a bot, and would be counted as one.
test.use({
	userAgent:
		'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
	contextOptions: { reducedMotion: 'reduce' }
});

test('the link on the console makes the owner, who sees the packages', async ({ page, demo }) => {
	await page.goto(demo.setUpLink);
	await expect(page.getByLabel('One-time code')).not.toHaveValue('');
	await expect(page).toHaveURL(`${demo.page}/setup`);
	await expectNoBarrierInAnyLook(page);
	await page.getByLabel('Name').fill(OWNER.name);
	await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
	await page.getByRole('button', { name: 'Create the account' }).click();

	await expect(page.getByRole('heading', { name: 'Packages' })).toBeVisible();
	await expect(page.getByText('Includes made-up history')).toBeVisible();
	await expect(page.getByRole('row', { name: /acme\/rocket.*file/ })).toBeVisible();
	await expectNoBarrierInAnyLook(page);

	await page.getByRole('link', { name: 'acme/rocket' }).click();
	await expect(page).toHaveURL(`${demo.page}/p/acme/rocket`);
	await expect(latest(page).getByText('made up').first()).toBeVisible();
	await expectNoBarrierInAnyLook(page);
	await page.getByRole('button', { name: 'Show only what was measured' }).click();
	await expect(page.getByRole('button', { name: /Route is not made-up history/ })).toBeVisible();
	await expect(page.getByText('Includes made-up history')).toBeHidden();
});

test('a pull by curl, an install by pip and a page with the pixel show within 5 s', async ({
	page,
	demo
}) => {
	await signIn(page, `${demo.page}/p/acme/rocket?r=day`);
	await expect(number(page, 'Downloads')).toHaveText('0');
	await expect(page.getByText('Compared with made-up history')).toBeVisible();
	const archive = `http://get.demo.localhost:${demo.gateway}/rocket/1.1.0/linux-arm64.tar.gz`;
	await shows(
		'curl',
		page,
		() => run('curl', ['-fsSL', '-o', '/dev/null', archive]),
		latest(page).getByRole('row', { name: /download 1\.1\.0 curl .*Switzerland.*People/ }),
		number(page, 'Downloads')
	);
	await expect(number(page, 'People')).toHaveText('1');

	const reader = await page.context().newPage();
	await shows(
		'pixel',
		page,
		() => reader.goto(demo.docs),
		latest(page).getByRole('row', { name: /docs view .*Switzerland.*People/ }),
		number(page, 'Docs views')
	);
	await reader.close();

	await page.goto(`${demo.page}/p/weir-demo-compass?r=day`);
	await expect(number(page, 'Downloads')).toHaveText('0');
	const host = 'pypi.demo.localhost';
	const pip = [
		...['install', '--isolated', '--no-cache-dir', '--disable-pip-version-check', '--no-deps'],
		...['--target', join(demo.weir.folder, 'installed'), '--trusted-host', host],
		...['--index-url', `http://${host}:${demo.gateway}/simple/`, 'weir-demo-compass']
	];
	await shows(
		'pip',
		page,
		() => run(join(ROOT, '.setup/venv/bin/pip'), pip),
		latest(page).getByRole('row', { name: /download 2\.1\.0 pip .*Switzerland.*People/ }),
		number(page, 'Downloads')
	);
});

test('a click filters, back takes it off, and the link opens elsewhere after signing in', async ({
	page,
	demo,
	browser
}) => {
	await signIn(page, `${demo.page}/p/acme/rocket`);
	await page
		.locator('#versions')
		.getByRole('button', { name: /2\.1\.0/ })
		.click();
	const chip = (where: Page) => where.getByRole('button', { name: /Version is 2\.1\.0/ });
	await expect(chip(page)).toBeVisible();
	const link = page.url();
	await page.goBack();
	await expect(chip(page)).toBeHidden();

	const elsewhere = await (await browser.newContext()).newPage();
	const complaints = heard(elsewhere, demo.page);
	await elsewhere.goto(link);
	await expectNoBarrierInAnyLook(elsewhere);
	await signIn(elsewhere);
	await expect(elsewhere).toHaveURL(link);
	await expect(chip(elsewhere)).toBeVisible();
	expect(complaints).toEqual([]);
	await elsewhere.getByRole('button', { name: 'Account' }).click();
	await elsewhere.getByRole('button', { name: 'Sign out' }).click();
	await expect(elsewhere).toHaveURL(`${demo.page}/sign-in`);
	const { status } = await elsewhere.evaluate(() =>
		fetch('/api/v2/session')
			.then((it) => it.json())
			.then(({ state }) => ({ status: state }))
	);
	expect(status).toBe('signed_out');
	// What panels asked in the moment that the session ended is refused, and the browser reports it.
	expect(complaints.filter((it) => !it.includes('status of 401'))).toEqual([]);
	await elsewhere.context().close();
});

test('while the engine is away downloads go on, and are counted when it is back', async ({
	page,
	demo
}) => {
	await signIn(page, `${demo.page}/p/acme/rocket?r=day`);
	await expect(number(page, 'Downloads')).toHaveText('1');
	const status = page.getByRole('status');
	const kill = setInterval(() => {
		const engine = demo.weir.engine();
		if (engine) process.kill(engine, 'SIGKILL');
	}, 50);
	await expect(status).toContainText('The database', { timeout: 30_000 });
	const archive = `http://get.demo.localhost:${demo.gateway}/rocket/2.0.0/linux-amd64.tar.gz`;
	// Five clients: one that asks again within a minute is one download.
	for (let pull = 0; pull < 5; pull++)
		await run('curl', ['-fsSL', '-A', `curl/8.${pull}.0`, '-o', '/dev/null', archive]);
	clearInterval(kill);
	await expect(number(page, 'Downloads')).toHaveText('6', { timeout: 60_000 });
	await expect(status).toHaveText('', { timeout: 10_000 });
});

test('a first package waits for its first event, and its command brings it', async ({
	browser
}) => {
	const [gateway, dashboard, upstream] = (await freePorts(3)) as [number, number, number];
	const files = createServer((_, response) => response.end('an archive'));
	await new Promise<void>((listening) => files.listen(upstream, '127.0.0.1', listening));
	const weir = Weir.start((folder) => {
		const file = join(folder, 'weir.toml');
		writeFileSync(file, onePackage({ folder, gateway, dashboard, upstream }));
		return ['serve', '--config', file];
	});
	const page = await (await browser.newContext()).newPage();
	const complaints = heard(page, `http://127.0.0.1:${dashboard}`);
	await page.goto(await weir.setUpLink());
	await page.getByLabel('Name').fill(OWNER.name);
	await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
	await page.getByRole('button', { name: 'Create the account' }).click();

	// The tables of a first start are made while the account is.
	await expect(page.getByText('Waiting for the first event')).toBeVisible({ timeout: 20_000 });
	await expect(page).toHaveURL(/\/p\/acme\/first$/);
	await expectNoBarrierInAnyLook(page);
	const written = await page.getByRole('region', { name: 'Command 1' }).innerText();
	expect(written).toContain('{version}');
	await run('sh', ['-c', written.replace('{version}', '1.0.0')], weir.folder);
	await expect(number(page, 'Downloads')).toHaveText('1', { timeout: SHOWN_WITHIN_MS });
	await expect(latest(page).getByRole('row', { name: /download 1\.0\.0 curl/ })).toBeVisible();
	expect(complaints).toEqual([]);
	await page.context().close();
	await weir.stop();
	files.close();
});

function onePackage(at: { folder: string; gateway: number; dashboard: number; upstream: number }) {
	return `
		data_dir = "${at.folder}/data"
		[gateway]
		http = ["127.0.0.1:${at.gateway}"]
		[dashboards]
		listen = "127.0.0.1:${at.dashboard}"
		[[package]]
		name = "acme/first"
		kind = "file"
		domains = ["get.first.localhost"]
		[[package.route]]
		path = "/first/{version}.tar.gz"
		to = "http://127.0.0.1:${at.upstream}/{version}.tar.gz"`;
}

/** What the browser complains about, and what the page asks of others, from now on. */
function heard(page: Page, origin: string): string[] {
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
	page.on('console', (message) => {
		// The browser reports the answers of an engine that is away as errors of its own.
		if (message.type() === 'error' && !message.text().includes('status of 503'))
			complaints.push(message.text());
	});
	page.on('request', (request) => {
		if (!request.url().startsWith(`${origin}/`)) complaints.push(`asked ${request.url()}`);
	});
	return complaints;
}

async function signIn(page: Page, link?: string) {
	if (link) await page.goto(link);
	await page.getByLabel('Name').fill(OWNER.name);
	await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('button', { name: 'Account' })).toBeVisible();
}

const latest = (page: Page) => page.getByRole('region', { name: 'Latest events' });
const number = (page: Page, name: string) =>
	page.getByRole('region', { name: 'Key numbers' }).getByRole('button', { name }).locator('.value');

/** Does something that counts, and measures until its row and the number of one are on the page. */
async function shows(
	what: string,
	page: Page,
	act: () => Promise<unknown>,
	row: Locator,
	count: Locator
) {
	await act();
	const done = Date.now();
	const seconds = () => ((Date.now() - done) / 1000).toFixed(1);
	const timed = async (shown: Promise<void>) => shown.then(seconds);
	const [inLatest, inNumber] = await Promise.all([
		timed(expect(row.first()).toBeVisible({ timeout: SHOWN_WITHIN_MS })),
		timed(expect(count).toHaveText('1', { timeout: SHOWN_WITHIN_MS }))
	]);
	console.log(`${what}: in Latest after ${inLatest} s, in the number after ${inNumber} s`);
}
