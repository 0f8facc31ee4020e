/** Calls about statements of one's own; apart, since one page makes them. */
import { answer, api, ApiError } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type SqlAnswer = Schemas['SqlAnswer'];
export type SqlTable = Schemas['SqlTable'];

export async function run(sql: string, signal: AbortSignal): Promise<SqlAnswer> {
	const told = await answer(api.POST('/api/v2/sql', { body: { sql, format: 'json' }, signal }));
	if (typeof told === 'string') throw new ApiError(200, 'the answer is no JSON');
	return told;
}

/** Every row, as ClickHouse writes the file. */
export async function parquet(sql: string): Promise<Blob> {
	const body = { sql, format: 'parquet' as const };
	return answer(api.POST('/api/v2/sql', { body, parseAs: 'blob' }));
}

export async function readable(_: true, signal: AbortSignal): Promise<SqlTable[]> {
	return (await answer(api.GET('/api/v2/sql/schema', { signal }))).tables;
}

/** ClickHouse is a server that somebody else runs: nobody may ask it from here. */
export function isElsewhere(error: ApiError | undefined): boolean {
	return error?.status === 404;
}
