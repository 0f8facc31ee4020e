/** Addresses within the page. */

/** The overview of a package, whose name may hold slashes. */
export function packagePath(name: string): string {
	return `/p/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** What a package is remembered by among what was chosen lately. */
export function packageId(name: string): string {
	return `package:${name}`;
}

/** The pages of a package, in the order of the top bar. */
export const PAGES = [
	'overview',
	'versions',
	'organisations',
	'audience',
	'docs',
	'funnel',
	'explore'
] as const;
export type PageName = (typeof PAGES)[number];

/** A page of a package. `-` stands between the two, since a name may end like a page. */
export function pagePath(name: string, page: PageName): string {
	return page === 'overview' ? packagePath(name) : `${packagePath(name)}/-/${page}`;
}

/** Explore of a package, split by one or two dimensions, under the view that `search` writes. */
export function explorePath(name: string, dimensions: readonly string[], search: string): string {
	const by = dimensions.length > 0 ? `by=${dimensions.slice(0, 2).join(',')}` : '';
	const query = [search, by].filter(Boolean).join('&');
	return `${pagePath(name, 'explore')}${query && '?'}${query}`;
}

/** What would happen if something were dropped: below the versions. */
export function plannerPath(name: string): string {
	return `${pagePath(name, 'versions')}/planner`;
}

/** The page of the top bar that a path of the package leads to, or is below; none for what stands beside them. */
export function pageOf(pathname: string): PageName | undefined {
	const after = /\/-\/([a-z]+)(?:\/[^/]+)?$/.exec(pathname)?.[1];
	return after ? PAGES.find((page) => page === after) : 'overview';
}

/** What happens now: of a package, or of all. */
export function livePath(name: string | undefined): string {
	return name ? `${packagePath(name)}/-/live` : '/live';
}

/** How a package begins, and what is worth doing next. */
export function setUpPath(name: string): string {
	return `${packagePath(name)}/-/setup`;
}

/** Where to go after signing in: only ever a path of this site. Browsers leave out tabs and line breaks. */
export function safeNext(next: string | null): string {
	return next && /^\/(?![/\\])[!-~]*$/.test(next) && !/^\/(sign-in|setup|invite)\b/.test(next)
		? next
		: '/';
}
