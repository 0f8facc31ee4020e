/** Addresses within the page. */

/** The overview of a package, whose name may hold slashes. */
export function packagePath(name: string): string {
	return `/p/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** Where to go after signing in: only ever a path of this site. */
export function safeNext(next: string | null): string {
	return next && /^\/(?![/\\])/.test(next) && !/^\/(sign-in|setup)\b/.test(next) ? next : '/';
}
