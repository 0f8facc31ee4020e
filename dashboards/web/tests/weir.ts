/** A real Weir: started on free ports with a folder of its own, and gone when it is stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = process.env.WEIR ?? join(ROOT, 'target/debug/weir');

export class Weir {
	/** Everything it has said so far. */
	said = '';

	private constructor(
		readonly folder: string,
		private readonly program: ChildProcess
	) {
		const listen = (chunk: Buffer) => (this.said += chunk.toString());
		program.stdout?.on('data', listen);
		program.stderr?.on('data', listen);
	}

	/** `arguments_` may need the folder of its own. */
	static start(arguments_: (folder: string) => string[]): Weir {
		if (!existsSync(PROGRAM))
			throw new Error(
				`${PROGRAM} is missing: run \`cargo build --package weir\`, or name the program in WEIR`
			);
		const folder = mkdtempSync(join(tmpdir(), 'weir-journey-'));
		return new Weir(folder, spawn(PROGRAM, arguments_(folder), { cwd: ROOT }));
	}

	/** Waits until it has said what fits `words`, and gives the match. */
	async says(words: RegExp): Promise<RegExpExecArray> {
		return until(`Weir says ${words}`, () => {
			if (this.program.exitCode !== null) throw new Error(`Weir ended: ${this.said}`);
			return words.exec(this.said) ?? undefined;
		});
	}

	/** The link that makes the owner. */
	async setUpLink(): Promise<string> {
		const [link] = await this.says(/http:\/\/[\d.:]+\/setup#code=[A-Z0-9-]+/);
		return link;
	}

	/** The engine's process: the program's only child. */
	engine(): number | undefined {
		return readdirSync('/proc')
			.map(Number)
			.find((pid) => pid > 0 && parentOf(pid) === this.program.pid);
	}

	async stop(): Promise<void> {
		if (this.program.exitCode === null) {
			const ended = new Promise((resolve) => this.program.once('exit', resolve));
			this.program.kill('SIGTERM');
			await ended;
		}
		rmSync(this.folder, { recursive: true, force: true });
	}
}

function parentOf(pid: number): number | undefined {
	try {
		// The name, in brackets, may hold spaces and brackets itself.
		const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
		return Number(afterName?.split(' ')[1]);
	} catch {
		return undefined; // gone meanwhile
	}
}

/** Asks `found` again and again until it gives something. */
export async function until<T>(what: string, found: () => T | undefined): Promise<T> {
	const deadline = Date.now() + 120_000;
	for (;;) {
		const value = found();
		if (value !== undefined) return value;
		if (Date.now() > deadline) throw new Error(`waited two minutes in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** Ports that nobody listens on. They are asked for together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer());
	const ports = await Promise.all(
		servers.map(
			(server) =>
				new Promise<number>((resolve) =>
					server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
				)
		)
	);
	await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
	return ports;
}
