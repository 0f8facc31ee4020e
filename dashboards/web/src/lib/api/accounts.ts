/** Calls about accounts; apart, since only the pages of settings make them. */
import { answer, api, succeed } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type Scope = Schemas['Scope'];
export type User = Schemas['User'];
export type Invitation = Schemas['Invitation'];
export type NewLink = Schemas['NewLink'];
export type Token = Schemas['Token'];
export type OwnSession = Schemas['OwnSession'];
export type Proposal = Schemas['Proposal'];
export type AuditLine = Schemas['AuditLine'];

export const ROLES: Role[] = ['owner', 'admin', 'editor', 'viewer', 'guest'];
export const SCOPES: Scope[] = ['read', 'export', 'import', 'releases:write', 'sql', 'admin'];

/** Names from a line with commas; none of them is null, which is "all". */
export function packagesOf(line: string): string[] | null {
	const names = line
		.split(',')
		.map((name) => name.trim())
		.filter(Boolean);
	return names.length > 0 ? names : null;
}

export async function offer(secret: string): Promise<Schemas['Offer']> {
	return answer(api.POST('/api/v2/invitation', { body: { secret } }));
}

export async function accept(secret: string, name: string, password: string): Promise<void> {
	await succeed(api.POST('/api/v2/invitation/accept', { body: { secret, name, password } }));
}

export async function users(): Promise<User[]> {
	return (await answer(api.GET('/api/v2/users'))).users;
}

export async function setRole(id: string, role: Role, packages: string[] | null): Promise<void> {
	const params = { path: { id } };
	await succeed(api.PUT('/api/v2/users/{id}', { params, body: { role, packages } }));
}

export async function removeUser(id: string): Promise<void> {
	await succeed(api.DELETE('/api/v2/users/{id}', { params: { path: { id } } }));
}

export async function reset(id: string): Promise<NewLink> {
	return answer(api.POST('/api/v2/users/{id}/reset', { params: { path: { id } } }));
}

export async function invitations(): Promise<Invitation[]> {
	return (await answer(api.GET('/api/v2/invitations'))).invitations;
}

export async function invite(role: Role, packages: string[] | null): Promise<NewLink> {
	return answer(api.POST('/api/v2/invitations', { body: { role, packages } }));
}

export async function withdraw(id: string): Promise<void> {
	await succeed(api.DELETE('/api/v2/invitations/{id}', { params: { path: { id } } }));
}

export async function tokens(): Promise<Token[]> {
	return (await answer(api.GET('/api/v2/tokens'))).tokens;
}

export async function createToken(body: Schemas['NewToken']): Promise<string> {
	return (await answer(api.POST('/api/v2/tokens', { body }))).token;
}

export async function revokeToken(id: string): Promise<void> {
	await succeed(api.DELETE('/api/v2/tokens/{id}', { params: { path: { id } } }));
}

export async function sessions(): Promise<OwnSession[]> {
	return (await answer(api.GET('/api/v2/sessions'))).sessions;
}

export async function endSession(id: string): Promise<void> {
	await succeed(api.DELETE('/api/v2/sessions/{id}', { params: { path: { id } } }));
}

export async function endSessions(): Promise<void> {
	await succeed(api.DELETE('/api/v2/sessions'));
}

export async function changePassword(old: string, fresh: string): Promise<void> {
	await succeed(api.PUT('/api/v2/password', { body: { old, new: fresh } }));
}

export async function proposeFactor(): Promise<Proposal> {
	return answer(api.POST('/api/v2/second-factor'));
}

export async function turnOnFactor(
	password: string,
	secret: string,
	code: string
): Promise<string[]> {
	const body = { password, secret, code };
	return (await answer(api.PUT('/api/v2/second-factor', { body }))).recovery_codes;
}

export async function turnOffFactor(password: string): Promise<void> {
	await succeed(api.POST('/api/v2/second-factor/off', { body: { password } }));
}

export async function audit(before?: string): Promise<AuditLine[]> {
	return (await answer(api.GET('/api/v2/audit', { params: { query: { before } } }))).lines;
}
