/** A browser that nobody watches: with its tools attached, Chromium draws no page ahead. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Chromium {
	private constructor(
		private readonly program: ChildProcess,
		private readonly folder: string
	) {}

	static open(url: string): Chromium {
		const folder = mkdtempSync(join(tmpdir(), 'weir-chromium-'));
		const flags = [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--no-first-run',
			'--disable-sync'
		];
		const program = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [
			...flags,
			`--user-data-dir=${folder}`,
			url
		]);
		return new Chromium(program, folder);
	}

	async close(): Promise<void> {
		const ended = new Promise((resolve) => this.program.once('exit', resolve));
		if (this.program.exitCode === null && this.program.kill()) await ended;
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}
}
