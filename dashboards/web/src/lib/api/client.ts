/** Every call the page makes, and the one error they fail with. */
import type { ErrorCode } from '$lib/i18n/errors';
import { connect } from './connect';
import type { components } from './schema';
import type { EventRow, PackageSummary, QueryAnswer, Question, Session, Status } from './types';

/** Status 0 means that no answer came at all. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly retryAfterSeconds?: number,
		/** By which the server's log knows the request. */
		readonly requestId?: string,
		/** What it is called; the message says it in the language of this viewer. */
		readonly code?: ErrorCode
	) {
		super(message);
	}
}

type Fetch = typeof globalThis.fetch;
type ErrorBody = components['schemas']['ErrorBody'];
interface Outcome<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

export const api = connect((...request) => globalThis.fetch(...request));

export async function session(fetch: Fetch): Promise<Session> {
	return answer(connect(fetch).GET('/api/v2/session'));
}

export async function setUp(code: string, name: string, password: string): Promise<void> {
	await succeed(api.POST('/api/v2/setup', { body: { code, name, password } }));
}

/** Signs in, or says that a code of the second factor is needed as well. */
export async function signIn(
	name: string,
	password: string,
	code?: string
): Promise<Session['state']> {
	return (await answer(api.POST('/api/v2/session', { body: { name, password, code } }))).state;
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

export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
	const data = await succeed(call);
	if (data === undefined) throw new ApiError(200, 'the answer was empty');
	return data;
}

export async function succeed<T>(call: Promise<Outcome<T>>): Promise<T | undefined> {
	const { data, error, response } = await call.catch(async (cause: unknown) => {
		if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
		// Every page has loaded its words by then.
		throw new ApiError(0, (await import('$lib/i18n')).t.noAnswer);
	});
	if (response.ok) return data;
	const after = Number(response.headers.get('Retry-After'));
	throw new ApiError(
		response.status,
		await inWords(error, response),
		after || undefined,
		response.headers.get('X-Request-Id') ?? undefined,
		(error as Partial<ErrorBody> | undefined)?.code
	);
}

/** The words come with the first error; where they do not, there is little to say. */
async function inWords(error: unknown, response: Response): Promise<string> {
	const words = await import('$lib/i18n/errors').catch(() => undefined);
	return words?.told(error, response) ?? `${response.status}`;
}
