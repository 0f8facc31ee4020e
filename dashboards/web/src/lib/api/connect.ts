/**
 * Carries out calls of the API. Their types are those that openapi-fetch makes of its description; what
 * it does at run time weighs more than all that is needed here.
 */
import type { Client } from 'openapi-fetch';
import type { paths } from './schema';

type Fetch = typeof globalThis.fetch;

interface Given {
	params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
	body?: unknown;
	signal?: AbortSignal | null;
	parseAs?: 'json' | 'text' | 'blob';
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type Api = Pick<Client<paths>, (typeof METHODS)[number]>;

export function connect(fetch: Fetch): Api {
	const calls = METHODS.map((method) => [
		method,
		(template: string, given?: Given) => call(fetch, method, template, given)
	]);
	return Object.fromEntries(calls) as Api;
}

async function call(fetch: Fetch, method: string, template: string, given: Given = {}) {
	const { params, body, signal, parseAs = 'json' } = given;
	const response = await fetch(address(template, params), {
		method,
		signal: signal ?? null,
		...(body !== undefined && {
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body)
		})
	});
	if (!response.ok) return { error: parsed(await response.text()), response };
	if (parseAs === 'blob') return { data: await response.blob(), response };
	const text = await response.text();
	return { data: parseAs === 'text' ? text : parsed(text), response };
}

/** `/users/{id}` with its values; a list is a key that is repeated. */
export function address(template: string, params: Given['params'] = {}): string {
	const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(String(params.path?.[name]))
	);
	const query = new URLSearchParams();
	for (const [key, value] of Object.entries(params.query ?? {}))
		for (const one of [value].flat())
			if (one !== undefined && one !== null) query.append(key, String(one));
	return query.size > 0 ? `${path}?${query}` : path;
}

/** Of an empty answer nothing; what is not JSON stays text. */
function parsed(text: string): unknown {
	if (!text) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
