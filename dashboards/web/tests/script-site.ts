/** A site with docs that carry the script, and the host that it tells: what the script sends is kept, in order. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageScript } from '../scripts/page-script.mjs';

export interface Told {
	/** As the script's own address had it. */
	query: string;
	body: { page: string; from?: string; beside?: boolean; copied?: string };
	headers: IncomingMessage['headers'];
}

export interface Asked {
	method: string;
	path: string;
	purpose: string;
}

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export class Site {
	readonly told: Told[] = [];
	readonly asked: Asked[] = [];
	/** Pages by path. */
	pages: Record<string, string> = {};
	private readonly statuses = new Map<string, () => number>();
	/** Sent with each page. */
	policy = '';

	private constructor(
		private readonly server: ReturnType<typeof createServer>,
		private readonly script: string
	) {}

	static async start(): Promise<Site> {
		const server = createServer((request, response) => site.answer(request, response));
		const site = new Site(server, await pageScript());
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return site;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	/** The docs, on a name of their own. */
	url(path: string): string {
		return `http://docs.localhost:${this.port}${path}`;
	}

	/** The gateway's host. */
	get gateway(): string {
		return `http://get.localhost:${this.port}`;
	}

	/** A page that carries the script. */
	page(path: string, body = '', flags = ''): void {
		const script = `<script defer src="${this.gateway}/-/s.js?id=docs${flags}"></script>`;
		this.pages[path] = `<!doctype html><title>${path}</title>${script}${body}`;
	}

	get pixel(): string {
		return `<img src="${this.gateway}/-/px/docs.gif" alt="">`;
	}

	/** Answers `path` with the status that `status` gives. */
	on(path: string, status: () => number): void {
		this.statuses.set(path, status);
	}

	stop(): void {
		this.server.closeAllConnections();
		this.server.close();
	}

	private answer(request: IncomingMessage, response: ServerResponse): void {
		const { pathname: path, search } = new URL(request.url ?? '/', 'http://x');
		const purpose = String(request.headers['sec-purpose'] ?? '');
		this.asked.push({ method: request.method ?? '', path: path + search, purpose });
		const status = this.statuses.get(path);
		if (status) return void response.writeHead(status()).end();
		if (path === '/-/e') return this.take(search, request, response);
		const page = this.pages[path];
		if (path === '/-/s.js') response.setHeader('content-type', 'text/javascript').end(this.script);
		else if (path.startsWith('/-/px/')) response.setHeader('content-type', 'image/gif').end(PIXEL);
		else if (page === undefined) response.writeHead(204).end();
		else {
			if (this.policy) response.setHeader('content-security-policy', this.policy);
			response.setHeader('content-type', 'text/html').end(page);
		}
	}

	private take(query: string, request: IncomingMessage, response: ServerResponse): void {
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			if (text) this.told.push({ query, body: JSON.parse(text), headers: request.headers });
			response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
		});
	}
}
