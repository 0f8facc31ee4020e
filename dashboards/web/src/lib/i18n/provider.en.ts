/** Words about signing in through a provider, in English. */
export const words = {
	signIn: (name: string) => `Sign in with ${name}`,
	accept: (name: string) => `Continue with ${name}`,
	or: 'or',
	only: (name: string) => `Accounts here sign in with ${name}.`,
	problems: {
		refused: (name: string) =>
			`${name} did not sign you in. Try again, or ask whoever runs it whether you may use Weir.`,
		expired: () => 'That took too long, or was used before. Sign in again.',
		unreachable: (name: string) =>
			`${name} does not answer. Try again in a moment. Downloads go on meanwhile.`,
		unproven: (name: string) =>
			`What ${name} sent cannot be believed. Try again; if it stays so, whoever runs Weir finds the reason in its log.`,
		domain: (name: string) =>
			`Your address at ${name} is not verified, or not of a domain that may come in. Verify it there, or use another account.`,
		not_invited: (name: string) =>
			`You signed in with ${name}, and have no account here. Ask an owner or admin for an invitation.`,
		link: () => 'The invitation was used or has expired. Ask for a new one.',
		taken: () => 'You have an account already. Sign in without the invitation.',
		failed: () =>
			'That did not work. Try again in a moment; if it stays so, whoever runs Weir finds the reason in its log.'
	}
};
