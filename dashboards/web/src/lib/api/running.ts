/** Calls about how a package begins and how the program runs; apart, since few pages make them. */
import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Check = Schemas['Check'];
export type Step = Schemas['ScorecardStep'];
export type Operation = Schemas['Operation'];
export type RuleHit = Schemas['RuleHit'];

export async function check(name: string): Promise<Check[]> {
	return (await answer(api.POST('/api/v2/checks', { body: { package: name } }))).checks;
}

export async function scorecard(name: string, signal?: AbortSignal): Promise<Step[]> {
	const params = { query: { package: name } };
	return (await answer(api.GET('/api/v2/scorecard', { params, signal }))).steps;
}

export async function operation(signal?: AbortSignal): Promise<Operation> {
	return answer(api.GET('/api/v2/operation', { signal }));
}

export async function ruleHits(signal?: AbortSignal): Promise<RuleHit[]> {
	return (await answer(api.GET('/api/v2/operation/rules', { signal }))).rules;
}
