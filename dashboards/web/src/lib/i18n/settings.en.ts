/** The words of settings and links in English; apart, since few addresses need them. */
import type { AuditLine, Role, Scope } from '../api/accounts';

const roles: Record<Role, { name: string; may: string }> = {
	owner: { name: 'Owner', may: 'everything' },
	admin: { name: 'Admin', may: 'users, tokens and the audit log' },
	editor: { name: 'Editor', may: 'all numbers, and imports' },
	viewer: { name: 'Viewer', may: 'all numbers' },
	guest: { name: 'Guest', may: 'the numbers of some packages' }
};

const scopes: Record<Scope, { name: string; may: string }> = {
	read: { name: 'Read', may: 'ask questions' },
	export: { name: 'Export', may: 'take rows away' },
	import: { name: 'Import', may: 'bring events and counts in' },
	'releases:write': { name: 'Releases', may: 'say when releases came out' },
	sql: { name: 'SQL', may: 'run statements of one’s own on all packages' },
	admin: { name: 'Admin', may: 'manage users, read the audit log' }
};

const actions: Record<AuditLine['action'], string> = {
	set_up: 'set up the installation',
	signed_in: 'signed in',
	invited: 'made an invitation',
	withdrew: 'took an invitation back',
	user_added: 'joined',
	role_changed: 'changed the role of',
	user_removed: 'removed',
	reset_asked: 'made a link for a new password of',
	password_changed: 'changed the password of',
	sessions_ended: 'ended sessions',
	second_factor_on: 'turned on the second factor of',
	second_factor_off: 'turned off the second factor of',
	recovery_code_used: 'used a recovery code',
	token_made: 'made the token',
	token_revoked: 'revoked the token',
	release_announced: 'announced a release',
	identity_linked: 'can sign in through the provider:',
	shut_out: 'was in no group any more:',
	match_refused: 'said that a match was wrong of organisation',
	match_renamed: 'renamed organisation',
	correction_undone: 'took back a correction of organisation'
};

export const words = {
	title: 'Settings',
	pages: 'Settings pages',
	account: 'Account',
	users: 'Users',
	tokens: 'Tokens',
	audit: 'Audit log',
	roles,
	scopes,
	actions,
	role: 'Role',
	name: 'Name',
	password: 'Password',
	packages: 'Packages',
	packagesHint: 'Names with commas between them.',
	all: 'all',
	actionsOf: 'Actions',
	ends: 'Works until',
	once: 'Shown once: copy it now.',
	you: 'you',
	saved: 'Saved.',
	wrongPassword: 'This is not your password.',

	own: {
		signedIn: (role: string) => `Your role is ${role.toLowerCase()}.`,
		password: 'Password',
		old: 'Password until now',
		fresh: 'New password',
		change: 'Change the password',
		changed: 'The password is changed. Your other sessions have ended.',
		factor: 'Second factor',
		factorOn: 'On. Signing in takes a code of your app.',
		factorOff: 'Off. With it, a stolen password alone opens nothing.',
		begin: 'Turn on',
		scan: 'Scan this with an app that makes codes, or type the secret.',
		qr: 'QR code of the secret',
		secret: 'Secret',
		code: 'Code that the app shows',
		confirm: 'Turn it on',
		off: 'Turn it off',
		recovery: 'Recovery codes',
		recoveryWhy: 'Each signs you in once when the app is lost. Keep them somewhere else.',
		sessions: 'Sessions',
		since: 'Since',
		used: 'Last used',
		thisOne: 'this browser',
		end: 'End',
		endAll: 'Sign out everywhere'
	},

	people: {
		title: 'Users',
		factor: 'Second factor',
		on: 'on',
		off: 'off',
		roleOf: (name: string) => `Role of ${name}`,
		packagesOf: (name: string) => `Packages of ${name}`,
		save: 'Save',
		reset: 'New password',
		resetOf: (name: string) => `Link for a new password of ${name}`,
		remove: 'Remove',
		sure: (name: string) => `Remove ${name}, with their sessions and tokens?`,
		invite: 'Invite somebody',
		make: 'Make a link',
		link: 'Link for somebody new',
		open: 'Open invitations',
		by: 'By',
		withdraw: 'Take back'
	},

	token: {
		title: 'Tokens',
		none: 'No tokens yet.',
		user: 'User',
		may: 'May',
		used: 'Last used',
		never: 'never',
		revoke: 'Revoke',
		sure: (name: string) => `Revoke the token ${name}? What uses it stops working.`,
		make: 'Make a token',
		purpose: 'What it is for',
		packagesHint: 'Names with commas between them; empty for all that you may see.',
		days: 'Days it works',
		create: 'Make it',
		fresh: 'New token'
	},

	log: {
		title: 'Audit log',
		when: 'When',
		who: 'Who',
		what: 'What',
		none: 'Nothing yet.',
		more: 'Earlier'
	},

	invite: {
		title: 'You are invited',
		intro: (role: string, may: string) => `As ${role.toLowerCase()} you have ${may}.`,
		resetTitle: 'Choose a new password',
		resetIntro: (name: string) =>
			`For ${name}. Your sessions end and your second factor is turned off.`,
		create: 'Create the account',
		change: 'Change the password',
		wrong: 'This link was used, was taken back or has expired. Ask for a new one.'
	}
};
