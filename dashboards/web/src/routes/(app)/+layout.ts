import { error, redirect } from '@sveltejs/kit';
import { ApiError, session } from '$lib/api/client';
import { SESSION } from '$lib/ask.svelte';
import { doorFrom } from '$lib/door';
import type { LayoutLoad } from './$types';

/** Behind the door: without an owner to `/setup`, without a session to `/sign-in`. */
export const load: LayoutLoad = async ({ depends, fetch, untrack, url }) => {
	depends(SESSION);
	const found = await session(fetch).catch((cause: unknown) => {
		if (cause instanceof ApiError) error(cause.status || 503, cause.message);
		throw cause;
	});
	if (found.state === 'setup') redirect(307, '/setup');
	const here = untrack(() => url.pathname + url.search);
	if (found.state === 'signed_out') redirect(307, doorFrom(here));
	return { user: found.user ?? null };
};
