/** Canned answers about accounts. */

const EXPIRES = '2026-12-01T12:00:00Z';
const link = { path: `/invite#${'ab'.repeat(32)}`, expires: EXPIRES };
const user = (id, name, role, packages = null) => ({
	id,
	name,
	role,
	packages,
	second_factor: role === 'owner',
	this: role === 'owner'
});
const line = (at, name, action, object) => ({ at, name, action, object });

export const answers = {
	'POST /api/v2/invitation': ({ secret }) =>
		secret.length === 64
			? [200, { role: 'guest', packages: ['acme/rocket'], name: null }]
			: [404, { error: 'this link was used or has expired; ask for a new one' }],
	'POST /api/v2/invitation/accept': ({ password }) =>
		password.length < 12
			? [422, { error: '#/password: must have at least 12 characters and at most 1024 bytes' }]
			: [200, {}],
	'GET /api/v2/users': () => [
		200,
		{
			users: [
				user('1', 'Ada', 'owner'),
				user('2', 'Bob', 'editor'),
				user('3', 'Gus', 'guest', ['acme/rocket'])
			]
		}
	],
	'PUT /api/v2/users/1': () => [409, { error: 'the last owner stays; make another owner first' }],
	'POST /api/v2/users/3/reset': () => [200, link],
	'GET /api/v2/invitations': () => [
		200,
		{ invitations: [{ id: '4', role: 'viewer', packages: null, by: 'Ada', expires: EXPIRES }] }
	],
	'POST /api/v2/invitations': () => [200, link],
	'GET /api/v2/tokens': () => [
		200,
		{
			tokens: [
				{
					id: '5',
					user: 'Ada',
					name: 'nightly report',
					scopes: ['read', 'export'],
					packages: null,
					expires: EXPIRES,
					used: '2026-11-20'
				}
			]
		}
	],
	'POST /api/v2/tokens': () => [200, { token: `weir_${'0'.repeat(72)}` }],
	'DELETE /api/v2/tokens/5': () => [204],
	'GET /api/v2/sessions': () => [
		200,
		{
			sessions: [
				{ id: '6', since: '2026-11-20T09:00:00Z', used: '2026-11-20T14:04:00Z', this: true },
				{ id: '7', since: '2026-11-18T09:00:00Z', used: '2026-11-19T10:00:00Z', this: false }
			]
		}
	],
	'POST /api/v2/second-factor': () => [
		200,
		{
			secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
			uri: 'otpauth://totp/Weir:Ada',
			qr: { size: 29, path: 'M4 4h1v1h-1zM6 5h1v1h-1zM20 20h1v1h-1z' }
		}
	],
	'PUT /api/v2/second-factor': () => [200, { recovery_codes: ['ABCD-EFGH-JKMN-PQRS'] }],
	'GET /api/v2/audit': () => [
		200,
		{
			lines: [
				line('2026-11-20T13:00:00Z', 'Ada', 'role_changed', 'Gus: guest'),
				line('2026-11-20T12:00:00Z', 'Ada', 'signed_in', 'Ada')
			]
		}
	]
};
