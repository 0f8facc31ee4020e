import { defineConfig } from '@playwright/test';

const PORT = Number(process.env.WEIR_WEB_PORT ?? 4173);

export default defineConfig({
	testDir: 'tests',
	outputDir: 'test-results',
	fullyParallel: true,
	workers: 2,
	timeout: 60_000,
	// How soon is measured where it is promised, and said there. Anything else comes when the machine gets to it.
	expect: { timeout: 15_000 },
	reporter: [['list']],
	use: {
		baseURL: `http://127.0.0.1:${PORT}`,
		locale: 'en-GB',
		timezoneId: 'UTC',
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	projects: [
		{ name: 'canned', testIgnore: /journey/ },
		// Alone, since it measures seconds.
		{ name: 'journey', testMatch: /journey/, dependencies: ['canned'], timeout: 120_000 }
	],
	webServer: {
		command: `node tests/serve.mjs ${PORT}`,
		url: `http://127.0.0.1:${PORT}/`,
		reuseExistingServer: false
	}
});
