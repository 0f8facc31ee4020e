/** The command that sends a first download through a package's own domain. */
import type { PackageSummary } from './api/types';

/** What the reader must put in place is in capitals. Without a domain there is no command. */
export function firstCommand({ name, ecosystem, domains }: PackageSummary): string | undefined {
	const domain = domains[0];
	if (!domain) return undefined;
	const short = name.split('/').at(-1) ?? name;
	switch (ecosystem) {
		case 'oci':
			return `docker pull ${domain}/${short}:TAG`;
		case 'pypi':
			return `pip download --no-deps --index-url https://${domain}/simple/ ${short}`;
		case 'npm':
			return `npm pack --registry https://${domain}/ ${name}`;
		case 'event':
			return `curl -i https://${domain}/PATH`;
		default:
			return `curl -fLO https://${domain}/PATH`;
	}
}
