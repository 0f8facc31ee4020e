/** The command that sends a first download through a package's own domain. */
import type { PackageSummary } from './api/types';

/** What the reader must put in place is in capitals. Without a domain there is no command. */
export function firstCommand({ name, ecosystem, domains }: PackageSummary): string | undefined {
	const domain = domains[0];
	if (!domain) return undefined;
	// Such names never leave the machine, and no certificate can be had for them.
	const scheme = domain.endsWith('.localhost') ? 'http' : 'https';
	const short = name.split('/').at(-1) ?? name;
	switch (ecosystem) {
		case 'oci':
			return `docker pull ${domain}/${short}:TAG`;
		case 'pypi':
			return `pip download --no-deps --index-url ${scheme}://${domain}/simple/ ${short}`;
		case 'npm':
			return `npm pack --registry ${scheme}://${domain}/ ${name}`;
		case 'event':
			return `curl -i ${scheme}://${domain}/PATH`;
		default:
			return `curl -fLO ${scheme}://${domain}/PATH`;
	}
}
