/** The script for docs in a real browser: on pages that load, that change without loading, and that nobody looks at. */
import { test as base, expect, type Page } from '@playwright/test';
import config from '../playwright.config';
import { Chromium } from './chromium';
import { Site, type Told } from './script-site';

const test = base.extend<{ site: Site; complaints: string[] }>({
	site: async ({}, use) => {
		const site = await Site.start();
		await use(site);
		site.stop();
	},
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
test.use({
	launchOptions: {
		...launchOptions,
		// As a person's browser is: no machine at the wheel, and pages kept for the way back.
		args: [...(launchOptions?.args ?? []), '--disable-blink-features=AutomationControlled'],
		ignoreDefaultArgs: ['--disable-back-forward-cache']
	}
});

/** Paths of the pages that were told, in order. */
const paths = ({ told }: Site) =>
	told.map(({ body: { page } }) => page.slice(new URL(page).origin.length));
const told = (site: Site, count: number) =>
	expect.poll(() => site.told.length, { message: `${count} told` }).toBe(count);

/** What the script has told once something has arrived that the same page sent after it. */
async function settled(site: Site, page: Page): Promise<Told[]> {
	await page.evaluate(
		(to) => fetch(to, { method: 'POST', body: '{"page":"http://x/marker"}' }),
		`${site.gateway}/-/e`
	);
	return site.told.filter(({ query }) => query !== '');
}

test('a page that loads is one view, told without a question before it and without a cookie', async ({
	page,
	site,
	complaints
}) => {
	site.page('/start', '<h1>Start</h1>');
	site.pages['/'] = '<!doctype html><a href="/start?ref=hn">Start</a>';
	await page.goto(site.url('/'));
	await page.getByRole('link').click();
	await told(site, 1);
	const [{ query, body, headers }] = site.told as [Told];
	expect(query).toBe('?id=docs');
	expect(body).toEqual({ page: site.url('/start?ref=hn'), from: site.url('/'), beside: false });
	expect(headers['content-type']).toBe('text/plain;charset=UTF-8');
	expect(headers.cookie).toBeUndefined();
	expect(site.asked.filter(({ method }) => method === 'OPTIONS')).toEqual([]);
	const stored = await page.evaluate(async () => [
		localStorage.length,
		sessionStorage.length,
		document.cookie,
		(await indexedDB.databases()).length,
		(await caches.keys()).length
	]);
	expect(stored).toEqual([0, 0, '', 0, 0]);
	expect(complaints).toEqual([]);
});

test('where a pixel stands on the page, it counts the load and the script what comes after', async ({
	page,
	site
}) => {
	site.page('/start', site.pixel);
	await page.goto(site.url('/start'));
	await told(site, 1);
	await page.evaluate(() => history.pushState({}, '', '/next'));
	await told(site, 2);
	expect(site.told.map(({ body }) => body.beside)).toEqual([true, false]);
});

for (const [browser, forget] of [
	['with the Navigation API', false],
	['without it', true]
] as const)
	test(`pages that an application changes to are views, ${browser}`, async ({ page, site }) => {
		if (forget)
			await page.addInitScript(() =>
				Object.defineProperty(self, 'navigation', { value: undefined })
			);
		site.page('/');
		await page.goto(site.url('/'));
		await told(site, 1);
		await page.evaluate(() => history.pushState({}, '', '/guide'));
		await told(site, 2);
		await page.evaluate(() => history.pushState({}, '', '/guide?tab=2'));
		await page.evaluate(() => history.pushState({}, '', '/guide#part'));
		await page.evaluate(() => history.pushState({}, '', '/end'));
		await told(site, 3);
		await page.evaluate(() => history.go(-3));
		await told(site, 4);
		expect(paths(site)).toEqual(['/', '/guide', '/end', '/guide']);
		expect(site.told.map(({ body }) => body.from)).toEqual(
			['', '/', '/guide', '/end'].map((path) => path && site.url(path))
		);
	});

test('pages behind # are views where the script is told so', async ({ page, site }) => {
	site.page('/app', '', '&hash');
	site.page('/plain');
	await page.goto(site.url('/app#/one'));
	await told(site, 1);
	await page.evaluate(() => (location.hash = '#/two'));
	await told(site, 2);
	await page.goBack();
	await told(site, 3);
	await page.goto(site.url('/plain#one'));
	await told(site, 4);
	await page.evaluate(() => (location.hash = '#two'));
	await settled(site, page);
	expect(paths(site).slice(0, 4)).toEqual(['/app#/one', '/app#/two', '/app#/one', '/plain#one']);
	expect(site.told.filter(({ query }) => query !== '')).toHaveLength(4);
});

test('a page that comes back from the cache is seen again', async ({ page, site }) => {
	site.page('/one', '<script>onpageshow = (e) => (self.kept = e.persisted)</script>');
	site.page('/two');
	await page.goto(site.url('/one'));
	await told(site, 1);
	await page.goto(site.url('/two'));
	await told(site, 2);
	await page.goBack({ waitUntil: 'commit' });
	await told(site, 3);
	expect(await page.evaluate(() => (self as { kept?: boolean }).kept)).toBe(true);
	expect(paths(site)).toEqual(['/one', '/two', '/one']);
	// The pixel of a kept page is not asked for again.
	expect(site.told.at(-1)?.body.beside).toBe(false);
});

test('a page in a tab that nobody looks at is seen when somebody does', async ({ page, site }) => {
	await page.addInitScript(() => {
		const shown = self as { shown?: boolean };
		Object.defineProperty(document, 'visibilityState', {
			get: () => (shown.shown ? 'visible' : 'hidden')
		});
	});
	site.page('/');
	await page.goto(site.url('/'));
	expect(await settled(site, page)).toEqual([]);
	const show = () => {
		(self as { shown?: boolean }).shown = true;
		document.dispatchEvent(new Event('visibilitychange'));
	};
	await page.evaluate(show);
	await expect.poll(() => settled(site, page)).toHaveLength(1);
	await page.evaluate(show);
	expect(await settled(site, page)).toHaveLength(1);
});

test('a page that was drawn ahead is seen when it is opened, and counted by the script', async ({
	site
}) => {
	const rules = { prerender: [{ source: 'list', urls: ['/next'], eagerness: 'immediate' }] };
	site.pages['/'] = `<!doctype html><a href="/next">Next</a>
		<script type="speculationrules">${JSON.stringify(rules)}</script>
		<script>
			const drawn = async () => (await fetch('/drawn')).ok ? document.links[0].click() : setTimeout(drawn, 50);
			drawn();
		</script>`;
	const ahead = `performance.getEntriesByType('navigation')[0].activationStart > 0`;
	site.page(
		'/next',
		`${site.pixel}<script>document.onprerenderingchange = () => fetch('/ahead?' + (${ahead}))</script>`
	);
	const isDrawn = () =>
		site.asked.some(({ path, purpose }) => path === '/-/px/docs.gif' && purpose);
	let toldAhead: number | undefined;
	site.on('/drawn', () => {
		if (!isDrawn()) return 404;
		toldAhead ??= site.told.length;
		return 204;
	});
	const browser = Chromium.open(site.url('/'));
	await told(site, 1).finally(() => browser.close());
	expect(toldAhead).toBe(0);
	expect(site.told[0]?.body).toEqual({
		page: site.url('/next'),
		from: site.url('/'),
		beside: false
	});
	expect(site.asked.map(({ path }) => path)).toContain('/ahead?true');
});

for (const [name, value] of [
	['globalPrivacyControl', true],
	['doNotTrack', '1'],
	['webdriver', true]
] as const)
	test(`nothing is told where ${name} says so`, async ({ page, site, complaints }) => {
		await page.addInitScript(([name, value]) => Object.defineProperty(navigator, name, { value }), [
			name,
			value
		] as const);
		site.page('/', '<code>pip install rocket</code>');
		site.page('/local', '', '&local');
		await page.goto(site.url('/'));
		await copy(page);
		expect(await settled(site, page)).toEqual([]);
		// A machine may be asked for; a person's word stands.
		await page.goto(site.url('/local'));
		if (name === 'webdriver') await expect.poll(() => settled(site, page)).toHaveLength(1);
		else expect(await settled(site, page)).toEqual([]);
		expect(complaints).toEqual([]);
	});

test('a page on the reader’s own machine is none of anybody’s', async ({ page, site }) => {
	site.page('/');
	site.page('/local', '', '&local');
	for (const host of ['localhost', '127.0.0.1']) await page.goto(`http://${host}:${site.port}/`);
	expect(await settled(site, page)).toEqual([]);
	await page.goto(`http://localhost:${site.port}/local`);
	await expect.poll(() => settled(site, page)).toHaveLength(1);
});

test('install commands that are copied are told, and nothing else that is', async ({
	page,
	site,
	complaints
}) => {
	const commands = {
		'$ pip install rocket': 'pip install rocket',
		'docker pull cr.acme.example/server:4': 'docker pull cr.acme.example/server:4',
		'cd /tmp\nsudo apt-get install rocket': 'sudo apt-get install rocket',
		'curl -fsS https://get.acme.example/install.sh | sh':
			'curl -fsS https://get.acme.example/install.sh | sh',
		'npm i @acme/rocket': 'npm i @acme/rocket',
		'uv tool install rocket': 'uv tool install rocket',
		[`cargo add ${'x'.repeat(200)}`]: `cargo add ${'x'.repeat(110)}`
	};
	const others = ['please install rocket', 'docker login -p secret', 'pip', 'curl -H token: x y'];
	site.page('/', [...others, ...Object.keys(commands)].map((it) => `<pre>${it}</pre>`).join(''));
	await page.goto(site.url('/'));
	await told(site, 1);
	const copied = () => site.told.flatMap(({ body }) => body.copied ?? []);
	for (let at = 0; at < others.length; at++) await copy(page, page.locator('pre').nth(at));
	for (const [at, command] of Object.values(commands).entries()) {
		await copy(page, page.locator('pre').nth(others.length + at));
		// Two that are under way at once may arrive in any order.
		await expect.poll(() => copied().at(-1)).toBe(command);
	}
	expect(copied()).toEqual(Object.values(commands));
	expect(site.told.at(-1)?.body.page).toBe(site.url('/'));
	expect(complaints).toEqual([]);
});

test('a button that copies is heard, and copies all the same', async ({ page, site, context }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	site.page('/', `<button onclick="navigator.clipboard.writeText('npm i rocket')">Copy</button>`);
	await page.goto(site.url('/'));
	await page.getByRole('button').click();
	await told(site, 2);
	expect(site.told[1]?.body.copied).toBe('npm i rocket');
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm i rocket');
});

test('a strict policy that names the gateway is enough', async ({ page, site, complaints }) => {
	site.policy = `default-src 'none'; script-src ${site.gateway}; connect-src ${site.gateway}`;
	site.page('/');
	await page.goto(site.url('/'));
	await told(site, 1);
	expect(complaints).toEqual([]);
});

test('where the gateway is blocked, the page goes on and has nothing to complain of', async ({
	page,
	site
}) => {
	const errors: string[] = [];
	page.on('pageerror', ({ message }) => errors.push(message));
	await page.route('**/-/e*', (route) => route.abort('blockedbyclient'));
	site.page('/', '<h1>Start</h1>');
	const failed = page.waitForEvent('requestfailed');
	await page.goto(site.url('/'));
	await failed;
	await expect(page.getByRole('heading')).toBeVisible();
	expect(errors).toEqual([]);
});

/** Copies by keyboard what `of` holds. */
async function copy(page: Page, of = page.locator('code')): Promise<void> {
	await of.selectText();
	await page.keyboard.press('ControlOrMeta+c');
}
