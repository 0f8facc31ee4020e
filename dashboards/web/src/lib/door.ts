/** Where somebody goes who is not signed in, and whether signing in leads back. */

let leaving = false;

/**
 * Somebody leaves on purpose. What the page still asks for is refused from now on, which must not lead whoever signs in
 * next to where they were.
 */
export function leaves(): void {
	leaving = true;
}

/** Somebody is signed in, or still is. */
export function stays(): void {
	leaving = false;
}

/** The way to sign in from `here`, a path with its query. */
export function doorFrom(here: string): string {
	return leaving ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`;
}
