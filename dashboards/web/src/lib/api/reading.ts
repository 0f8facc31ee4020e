/** What organisations read, and how they come from the docs to a package. */
import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Reading = Schemas['Reading'];
export type Copied = Schemas['Copied'];
export type Funnel = Schemas['Funnel'];
export type Retention = Schemas['Retention'];

/** UTC days; `to` is the day after the last. */
export interface Asked {
	package: string;
	from: string;
	to: string;
}

export const reading = (query: Asked, signal?: AbortSignal): Promise<Reading> =>
	answer(api.GET('/api/v2/docs/reading', { params: { query }, signal }));

export const copied = (query: Asked, signal?: AbortSignal): Promise<Copied> =>
	answer(api.GET('/api/v2/docs/copied', { params: { query }, signal }));

export const funnel = (query: Asked, signal?: AbortSignal): Promise<Funnel> =>
	answer(api.GET('/api/v2/funnel', { params: { query }, signal }));

export const retention = (
	query: { package: string; months: number },
	signal?: AbortSignal
): Promise<Retention> => answer(api.GET('/api/v2/retention', { params: { query }, signal }));
