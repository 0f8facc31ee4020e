/** Every call the page makes, and the one error they fail with. */
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { EventRow, PackageSummary, QueryAnswer, Question, Session, Status } from './types';

/** Status 0 means that no answer came at all. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly retryAfterSeconds?: number
	) {
		super(message);
	}
}

type Fetch = typeof globalThis.fetch;
interface Outcome<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

function connect(fetch: Fetch = globalThis.fetch.bind(globalThis)) {
	return createClient<paths>({ baseUrl: '', fetch: (request) => fetch(request) });
}

const api = connect();

export async function session(fetch: Fetch): Promise<Session> {
	return answer(connect(fetch).GET('/api/v2/session'));
}

export async function setUp(code: string, name: string, password: string): Promise<void> {
	await succeed(api.POST('/api/v2/setup', { body: { code, name, password } }));
}

export async function signIn(name: string, password: string): Promise<void> {
	await succeed(api.POST('/api/v2/session', { body: { name, password } }));
}

export async function signOut(): Promise<void> {
	await succeed(api.DELETE('/api/v2/session'));
}

export async function packages(signal?: AbortSignal): Promise<PackageSummary[]> {
	return (await answer(api.GET('/api/v2/packages', { signal }))).packages;
}

export async function query(question: Question, signal?: AbortSignal): Promise<QueryAnswer> {
	return answer(api.POST('/api/v2/query', { body: question, signal }));
}

export async function events(
	{ package: name, limit }: { package: string; limit: number },
	signal?: AbortSignal
): Promise<EventRow[]> {
	const params = { query: { package: name, limit } };
	return (await answer(api.GET('/api/v2/events', { params, signal }))).events;
}

export async function status(signal?: AbortSignal): Promise<Status> {
	return answer(api.GET('/api/v2/status', { signal }));
}

async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
	const data = await succeed(call);
	if (data === undefined) throw new ApiError(200, 'the answer was empty');
	return data;
}

async function succeed<T>(call: Promise<Outcome<T>>): Promise<T | undefined> {
	const { data, error, response } = await call.catch((cause: unknown) => {
		if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
		throw new ApiError(0, 'the server did not answer');
	});
	if (response.ok) return data;
	const after = Number(response.headers.get('Retry-After') ?? NaN);
	throw new ApiError(
		response.status,
		reason(error, response),
		Number.isNaN(after) ? undefined : after
	);
}

function reason(error: unknown, response: Response): string {
	if (typeof error === 'object' && error !== null && 'error' in error) return String(error.error);
	return `the server answered ${response.status} ${response.statusText}`.trim();
}
