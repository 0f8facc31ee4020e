/** What goes into files: lines of the configuration, and a picture in the languages of READMEs. Pure. */

/** What can be measured. */
export const KINDS = ['oci', 'pypi', 'npm', 'cargo', 'helm', 'file', 'docs', 'readme'] as const;
export type Kind = (typeof KINDS)[number];

/** Lines of `weir.toml` that measure something of this kind; what stands in braces is for the reader to fill. */
export function configuration(kind: Kind, name: string, domain: string): string {
	const project = name.split('/').at(-1) ?? name;
	switch (kind) {
		case 'file':
			return `[[package]]
name = "${name}"
kind = "file"
domains = ["${domain}"]
  [[package.route]]
  path = "/${project}/{version}/{+file}"
  to = "{address of your releases}/{version}/{+file}"`;
		case 'oci':
			return `[[package]]
name = "${name}"
kind = "oci"
domains = ["${domain}"]
image = "${project}"
upstream = "{address of the image at its registry}"`;
		case 'docs':
		case 'readme':
			return `[[pixel]]
id = "${kind}"
domains = ["${domain}"]
package = "${name}"`;
		default:
			return `[[index]]
kind = "${kind}"
domains = ["${domain}"]
upstream = "{address of the registry}"
packages = ["${project}*"]`;
	}
}

export const MARKUPS = ['Markdown', 'HTML', 'reST', 'AsciiDoc'] as const;
export type Markup = (typeof MARKUPS)[number];

/** What tells of readers. */
export const WAYS = ['pixel', 'badge', 'script'] as const;
export type Way = (typeof WAYS)[number];

/** Numbers that a badge can show. */
export const BADGES = ['downloads', 'people', 'organisations', 'latest-share'] as const;
export type Badge = (typeof BADGES)[number];

/** Where a pixel is. */
export interface Pixel {
	/** Scheme and authority of its host. */
	root: string;
	id: string;
}

/** The pixel of an `<img>` line. */
export function pixelIn(line: string): Pixel | undefined {
	const [, root, id] = /src="([^"]*)\/-\/px\/([^"]*)\.gif"/.exec(line) ?? [];
	return root === undefined || id === undefined ? undefined : { root, id };
}

/** The `<img>` line of a badge. */
export function badge({ root }: Pixel, packageName: string, shown: Badge): string {
	const name = packageName.split('/').map(encodeURIComponent).join('/');
	return `<img src="${root}/-/badge/${name}/${shown}.svg" alt="${shown}">`;
}

/** The line that loads the script for pages. */
export function script({ root, id }: Pixel): string {
	return `<script defer src="${root}/-/s.js?id=${id}"></` + 'script>';
}

/** The picture of an `<img>` line in another language. */
export function picture(line: string, markup: Markup): string {
	const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? '';
	const [address, alt] = [attribute('src'), attribute('alt')];
	switch (markup) {
		case 'Markdown':
			return `![${alt}](${address})`;
		case 'HTML':
			return line;
		case 'reST':
			return `.. image:: ${address}\n   :alt:${alt && ` ${alt}`}`;
		case 'AsciiDoc':
			return `image::${address}["${alt}"]`;
	}
}
