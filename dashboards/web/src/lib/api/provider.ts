/** Calls about signing in through a provider; apart, since only the door makes them. */
import { answer, api, succeed } from './client';

/** Gives the code that is missing after a provider's word. */
export async function giveCode(code: string): Promise<void> {
	await succeed(api.POST('/api/v2/session/code', { body: { code } }));
}

/** The provider's address, to sign in there and come back to `next`. */
export async function depart(next?: string, invitation?: string): Promise<string> {
	return (await answer(api.POST('/api/v2/oidc', { body: { next, invitation } }))).address;
}
