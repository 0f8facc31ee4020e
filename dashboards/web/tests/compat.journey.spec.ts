/** The published scripts of other products, told one other address: what they send arrives, in real Chromium and npm. */
import { test as base, expect, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, Weir } from './weir';

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));
const WEBSITE = '0a6b6c4e-6b3a-4c43-9a52-9d3f5a1f2f11';
const IDLE_MS = 100;

interface Site {
	weir: Weir;
	/** Where snippets send. */
	gateway: string;
	/** Pages of the docs, on a host of their own. */
	docs: string;
}

interface Stored {
	kind: string;
	version: string;
	page: string;
	source: string;
	route: string;
	artifact: string;
	props: Record<string, string>;
}

const test = base.extend<object, { site: Site }>({
	site: [
		async ({}, use) => {
			const [gateway, dashboard] = (await freePorts(2)) as [number, number];
			const weir = Weir.start((folder) => {
				const file = join(folder, 'weir.toml');
				writeFileSync(file, configuration({ folder, gateway, dashboard }));
				return ['serve', '--config', file];
			});
			await weir.setUpLink();
			const pages = await serve();
			const docs = `http://docs.localhost:${(pages.address() as AddressInfo).port}`;
			await use({ weir, gateway: `http://stats.localhost:${gateway}`, docs });
			pages.close();
			await weir.stop();
		},
		{ scope: 'worker', timeout: 90_000 }
	]
});

test.describe.configure({ mode: 'serial' });

test("Plausible's script counts views, navigation and events", async ({ page, site }) => {
	await page.goto(`${site.docs}/start?utm_source=newsletter`);
	await answered(page, '/api/event', 202, async () => {
		await page.evaluate(async (endpoint) => {
			const module = '/modules/@plausible-analytics/tracker/plausible.js';
			const { init, track } = await import(module);
			Object.assign(window, { track });
			init({ domain: 'docs.localhost', endpoint, captureOnLocalhost: true });
		}, `${site.gateway}/api/event`);
	});
	await answered(page, '/api/event', 202, () =>
		page.evaluate(() => history.pushState({}, '', '/guide'))
	);
	await answered(page, '/api/event', 202, () =>
		page.evaluate(() =>
			(window as unknown as { track: (name: string, options: object) => void }).track('Copied', {
				props: { command: 'pip install rocket' }
			})
		)
	);
	const events = await stored(site, 'plausible', 3);
	expect(events.map(({ kind, page }) => `${kind} ${page}`).sort()).toEqual([
		'custom /guide',
		'view /guide',
		'view /start'
	]);
	expect(events.find((event) => event.page === '/start')?.source).toBe('Newsletters');
	expect(events.find((event) => event.kind === 'custom')?.props).toEqual({
		event: 'Copied',
		command: 'pip install rocket'
	});
});

test("Plausible's older script counts as well", async ({ page, site }) => {
	await page.goto(`${site.docs}/older`);
	await answered(page, '/api/event', 202, () =>
		page.evaluate(async (apiHost) => {
			const module = '/modules/plausible-tracker/build/module/index.js';
			const { default: Plausible } = await import(module);
			const { trackEvent } = Plausible({ domain: 'docs.localhost', apiHost });
			trackEvent('Opened', { props: { tab: 'macOS' } });
		}, site.gateway)
	);
	const events = await stored(site, 'plausible', 4);
	expect(events.find((event) => event.page === '/older')?.props).toEqual({
		event: 'Opened',
		tab: 'macOS'
	});
});

test("Umami's client counts views and events", async ({ site }) => {
	const { Umami } = await import('@umami/node');
	const umami = new Umami({ websiteId: WEBSITE, hostUrl: fromNode(site.gateway) });
	const view = await umami.track({ url: '/start', hostname: 'docs.localhost', title: 'Start' });
	expect(view.status).toBe(200);
	expect(Object.keys(await view.json())).toEqual(['cache', 'sessionId', 'visitId']);
	expect((await umami.track('copied', { lines: 2 })).status).toBe(200);
	expect((await umami.identify({ mail: 'ada@example.org' })).status).toBe(200);
	const other = new Umami({ websiteId: 'other', hostUrl: fromNode(site.gateway) });
	expect((await other.track('copied')).status).toBe(400);

	const events = await stored(site, 'umami', 2);
	expect(events.map(({ kind, page, props }) => ({ kind, page, props }))).toEqual([
		{ kind: 'view', page: '/start', props: {} },
		{ kind: 'custom', page: '', props: { event: 'copied', lines: '2' } }
	]);
});

test('pictures and beacons count in a page of another site', async ({ page, site }) => {
	await page.goto(`${site.docs}/readme`);
	const scarf = `${site.gateway}/a.png?x-pxid=${WEBSITE}&page=${encodeURIComponent(`${site.docs}/readme`)}`;
	const count = `${site.gateway}/count?p=%2Freadme&rnd=abc`;
	const shown = await page.evaluate(async (source) => {
		const image = new Image();
		image.src = source;
		await image.decode();
		return image.width;
	}, scarf);
	expect(shown).toBe(1);
	expect(await page.evaluate((url) => navigator.sendBeacon(url), count)).toBe(true);
	const [picture] = await stored(site, 'scarf', 1);
	const [beacon] = await stored(site, 'goatcounter', 1);
	expect([picture?.page, beacon?.kind]).toEqual(['/readme', 'view']);
});

test("npm runs Scarf's hook, and an install arrives", async ({ site }) => {
	const app = join(site.weir.folder, 'app');
	const write = (folder: string, manifest: object) => {
		mkdirSync(join(app, folder), { recursive: true });
		writeFileSync(join(app, folder, 'package.json'), JSON.stringify(manifest));
	};
	write('.', { name: 'consumer', version: '0.1.0', dependencies: { '@acme/rocket': '1.2.3' } });
	write('node_modules/@acme/rocket', {
		name: '@acme/rocket',
		version: '1.2.3',
		dependencies: { '@scarf/scarf': '1.4.0' }
	});
	cpSync(join(MODULES, '@scarf/scarf'), join(app, 'node_modules/@scarf/scarf'), {
		recursive: true,
		dereference: true
	});
	const run = (wishes: Record<string, string>) =>
		promisify(execFile)('npm', ['rebuild', '--ignore-scripts=false', '--foreground-scripts'], {
			cwd: app,
			env: {
				...process.env,
				SCARF_LOCAL_PORT: new URL(site.gateway).port,
				SCARF_VERBOSE: 'true',
				...wishes
			}
		});
	await run({ SCARF_ANALYTICS: 'false' });
	// It gives up on `npm ls` after three seconds, which a busy machine may take.
	await expect(async () => {
		const { stdout } = await run({ SCARF_ANALYTICS: 'true' });
		expect(stdout).toContain('Response status: 200');
	}).toPass({ timeout: 60_000 });
	const installs = (await stored(site, 'scarf', 2)).filter(({ kind }) => kind === 'install_ping');
	expect(installs.map(({ version, props }) => ({ version, props }))).toEqual([
		{ version: '1.2.3', props: { node: process.versions.node } }
	]);
});

/** Does `act`, and waits until what that sends to `path` is answered. */
async function answered(page: Page, path: string, status: number, act: () => Promise<unknown>) {
	const answer = page.waitForResponse((response) => new URL(response.url()).pathname === path);
	await act();
	expect((await answer).status()).toBe(status);
}

/** The `count` events of one protocol, once they are stored, the oldest first. */
async function stored(site: Site, route: string, count: number): Promise<Stored[]> {
	const deadline = Date.now() + 60_000;
	let found: Stored[] = [];
	while (found.length < count && Date.now() < deadline) {
		await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
		// The engine says where it will listen before it does.
		found = await rows(site, route).catch(() => []);
	}
	expect(found, site.weir.said).toHaveLength(count);
	return found;
}

/** What is stored of one protocol at this moment; nothing while the engine has no tables. */
async function rows(site: Site, route: string): Promise<Stored[]> {
	const file = join(site.weir.folder, 'data/clickhouse/access.json');
	const access = JSON.parse(readFileSync(file, 'utf8'));
	const answer = await fetch(
		`http://127.0.0.1:${access.port}/?database=weir&default_format=JSONEachRow`,
		{
			method: 'POST',
			headers: { 'x-clickhouse-user': 'weir_dash', 'x-clickhouse-key': access.dash },
			body: `SELECT * FROM events WHERE route = '${route}' ORDER BY event_id`
		}
	);
	if (!answer.ok) return [];
	const lines = (await answer.text()).split('\n').filter(Boolean);
	return lines.map((line) => JSON.parse(line));
}

/** Node resolves no name below localhost by itself. */
function fromNode(gateway: string): string {
	return gateway.replace('stats.localhost', 'localhost');
}

/** An empty page at every path, and the packages' files below `/modules/`. */
async function serve(): Promise<Server> {
	const server = createServer((request, answer) => {
		const path = normalize(new URL(request.url ?? '/', 'http://docs').pathname);
		const named = join(MODULES, path.replace('/modules/', ''));
		// The older script imports its parts without saying what they are.
		const file = extname(named) ? named : `${named}.js`;
		if (path.startsWith('/modules/')) {
			answer.setHeader('content-type', 'text/javascript');
			answer.end(readFileSync(file));
		} else {
			answer.setHeader('content-type', 'text/html');
			answer.end('<!doctype html><title>Docs</title>');
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

function configuration(of: { folder: string; gateway: number; dashboard: number }): string {
	const site = (id: string, compat: string[]) => `
[[site]]
id = "${id}"
domains = ["stats.localhost", "localhost"]
compat = ${JSON.stringify(compat)}
package = "acme/rocket"
pages = ["docs.localhost"]
`;
	return `
data_dir = "${join(of.folder, 'data')}"
[gateway]
http = ["127.0.0.1:${of.gateway}"]
[dashboards]
listen = "127.0.0.1:${of.dashboard}"
${site('docs.localhost', ['plausible'])}
${site(WEBSITE, ['umami', 'goatcounter', 'scarf'])}
${site('@acme/rocket', ['scarf'])}
`;
}
