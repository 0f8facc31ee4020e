/** Signing in through a real provider, in a real browser, to a real Weir. */
import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNoBarrierInAnyLook } from './axe';
import { freePorts, ROOT, until, Weir } from './weir';

const SECRET = 'what the provider knows us by';

interface Site {
	weir: Weir;
	page: string;
	provider: Provider;
}

/** The provider of the Rust tests. */
class Provider {
	private said = '';

	private constructor(private readonly process: ChildProcess) {
		process.stdout?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
	}

	static start(dashboard: string): Provider {
		const folder = join(ROOT, 'dashboards/tests/provider');
		const redirect = `${dashboard}/api/v2/oidc/callback`;
		return new Provider(spawn('node', ['provider.mjs', SECRET, redirect], { cwd: folder }));
	}

	/** The address that it calls itself by. */
	async issuer(): Promise<string> {
		return until(
			'the provider listens',
			() => /listening on (\S+)/.exec(this.said)?.[1] ?? undefined
		);
	}

	async knows(person: string, claims: object): Promise<void> {
		const body = JSON.stringify({ person, claims });
		await fetch(`${await this.issuer()}/control`, { method: 'POST', body });
	}

	stop() {
		this.process.kill();
	}
}

const test = base.extend<object, { site: Site }>({
	site: [
		async ({}, use) => {
			const [gateway, dashboard] = (await freePorts(2)) as [number, number];
			const page = `http://127.0.0.1:${dashboard}`;
			const provider = Provider.start(page);
			const issuer = await provider.issuer();
			const weir = Weir.start((folder) => {
				writeFileSync(join(folder, 'oidc.secret'), SECRET, { mode: 0o600 });
				const file = join(folder, 'weir.toml');
				writeFileSync(file, configuration({ folder, gateway, dashboard, page, issuer }));
				return ['serve', '--config', file];
			});
			await weir.setUpLink();
			await use({ weir, page, provider });
			await weir.stop();
			provider.stop();
		},
		{ scope: 'worker', timeout: 90_000 }
	]
});

test.describe.configure({ mode: 'serial' });

test('somebody signs in by a group, and comes back to where they were going', async ({
	page,
	site
}) => {
	await site.provider.knows('grace', { preferred_username: 'grace', groups: ['crew'] });
	await page.goto(`${site.page}/sign-in?next=%2Fsettings%3Fa%3D1`);
	await expectNoBarrierInAnyLook(page);
	await page.getByRole('button', { name: 'Sign in with Acme' }).click();
	await atTheProvider(page, 'grace');
	await expect(page).toHaveURL(`${site.page}/settings?a=1`);
	await expect(page.getByRole('button', { name: 'Account' })).toBeVisible();

	await page.getByRole('button', { name: 'Account' }).click();
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await expect(page).toHaveURL(`${site.page}/sign-in`);
});

test('somebody whom nobody invited is told what to do, in their language', async ({
	browser,
	site
}) => {
	for (const [locale, button, words] of [
		['en-GB', 'Sign in with Acme', 'Ask an owner or admin for an invitation'],
		['de-DE', 'Mit Acme anmelden', 'Eine Einladung kommt von']
	] as const) {
		const page = await (await browser.newContext({ locale })).newPage();
		await page.goto(`${site.page}/sign-in?next=//evil.example`);
		await page.getByRole('button', { name: button }).click();
		await atTheProvider(page, 'mallory');
		await expect(page.getByRole('alert')).toContainText(words);
		expect(new URL(page.url()).origin).toBe(site.page);
		await expectNoBarrierInAnyLook(page);
		await page.context().close();
	}
});

test('what went wrong is told by its word, and any other word says nothing', async ({
	page,
	site
}) => {
	await page.goto(`${site.page}/sign-in?problem=unreachable`);
	await expect(page.getByRole('alert')).toContainText('Acme does not answer');
	await page.goto(`${site.page}/sign-in?problem=%3Cimg%20src%3Dx%3E`);
	await expect(page.getByRole('button', { name: 'Sign in with Acme' })).toBeVisible();
	await expect(page.getByRole('alert')).toBeHidden();
});

/** Fills the provider's own forms until it lets go. */
async function atTheProvider(page: Page, name: string) {
	await page.locator('input[name=login]').fill(name);
	await page.locator('input[name=password]').fill('any');
	await page.locator('button[type=submit]').click();
	await page.getByRole('button', { name: 'Continue' }).click();
}

interface At {
	folder: string;
	gateway: number;
	dashboard: number;
	page: string;
	issuer: string;
}

function configuration(at: At) {
	return `
		data_dir = "${at.folder}/data"
		[gateway]
		http = ["127.0.0.1:${at.gateway}"]
		[dashboards]
		listen = "127.0.0.1:${at.dashboard}"
		public_url = "${at.page}"
		[dashboards.oidc]
		issuer = "${at.issuer}"
		client_id = "weir"
		client_secret_file = "oidc.secret"
		name = "Acme"
		scopes = ["profile", "groups"]
		[[dashboards.oidc.group]]
		name = "crew"
		role = "editor"
		[[package]]
		name = "acme/first"
		kind = "file"
		domains = ["get.first.localhost"]
		[[package.route]]
		path = "/first/{version}.tar.gz"
		to = "http://127.0.0.1:1/{version}.tar.gz"`;
}
