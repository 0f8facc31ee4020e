/** Calls about organisations; apart, since only their pages make them. */
import { answer, api, succeed } from './client';
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Organisation = Schemas['Organisation'];
export type OrganisationPage = Schemas['OrganisationPage'];
export type OrganisationProfile = Schemas['OrganisationProfile'];
export type StageRule = Schemas['StageRule'];
export type StageReason = Schemas['StageReason'];
export type Stage = Schemas['Stage'];
export type Status = Schemas['Standing'];
export type Correction = Schemas['Correction'];
export type Wish = NonNullable<paths['/api/v2/organisations']['get']['parameters']['query']>;

export async function organisations(wish: Wish, signal?: AbortSignal): Promise<OrganisationPage> {
	return answer(api.GET('/api/v2/organisations', { params: { query: wish }, signal }));
}

export async function organisation(
	one: { package: string; organisation: string },
	signal?: AbortSignal
): Promise<OrganisationProfile> {
	return answer(api.GET('/api/v2/organisation', { params: { query: one }, signal }));
}

export async function stages(): Promise<StageRule[]> {
	return (await answer(api.GET('/api/v2/stages'))).rules;
}

export async function correct(correction: Correction): Promise<void> {
	await succeed(api.POST('/api/v2/corrections', { body: correction }));
}
