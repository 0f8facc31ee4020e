/** Ends the session and goes to the door. */
import { goto } from '$app/navigation';
import { signOut } from './api/client';
import { leaves, stays } from './door';

export async function leave(end: () => Promise<unknown> = signOut): Promise<void> {
	leaves();
	try {
		await end();
	} catch (cause) {
		stays();
		throw cause;
	}
	await goto('/sign-in', { invalidateAll: true });
}
