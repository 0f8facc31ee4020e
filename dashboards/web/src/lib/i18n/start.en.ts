/** Words of the set-up page and of what is worth doing next, in English. */
import type { Check, Step } from '../api/running';
import type { Badge, Kind, Way } from '../snippets';

const checked: Record<Check['what'], { name: (of: string) => string; fix: string }> = {
	route: {
		name: () => 'The configuration has a domain for it',
		fix: 'Add the lines below to weir.toml; they count as soon as the file is saved.'
	},
	dns: {
		name: (of) => `DNS knows ${of}`,
		fix: 'Add an A or AAAA record for the domain that leads to this machine or to the proxy in front of it.'
	},
	gateway: {
		name: (of) => `This gateway answers at ${of}`,
		fix: 'The domain leads elsewhere, or a firewall is in between. Let it lead to the address in [gateway] http, and let the proxy in front pass the Host header on.'
	},
	certificate: {
		name: (of) => `The certificate of ${of} is valid`,
		fix: 'Renew the certificate where HTTPS ends, and see that it names this domain.'
	},
	upstream: {
		name: (of) => `The upstream ${of} answers`,
		fix: 'See that the address in weir.toml is right, and that this machine may connect to it.'
	}
};

const steps: Record<Step['step'], { name: string; fix: string }> = {
	domain: {
		name: 'Use a domain of your own',
		fix: 'Point a name of yours here and put it into domains: clients keep it when the registry behind it changes.'
	},
	download: {
		name: 'Get a download through',
		fix: 'Run one of the commands above, and put it into your README.'
	},
	release: {
		name: 'Let versions be recognised',
		fix: 'Let the route have {version} in its path, so that each download says which it is.'
	},
	docs: {
		name: 'Put the pixel into the docs',
		fix: 'Put the picture on the pages of your docs: it shows what is read before somebody downloads.'
	},
	readme: {
		name: 'Put the pixel into the README',
		fix: 'Put the picture into the README. Code hosts fetch it through a proxy, so it counts views and no people.'
	},
	audience: {
		name: 'Find out who downloads',
		fix: 'More than one download in twenty is of an unknown audience. See Settings, Audience rules, and name the clients that come most.'
	},
	places: {
		name: 'Bring data about networks up to date',
		fix: 'Run weir geo update, or set update = true under [geo].'
	},
	owner: {
		name: 'Add a second owner',
		fix: 'Invite somebody as owner under Settings, Users: one lost password locks nobody out then.'
	}
};

const kinds: Record<Kind, string> = {
	oci: 'Container image',
	pypi: 'Python',
	npm: 'npm',
	cargo: 'Cargo',
	helm: 'Helm',
	file: 'Files',
	docs: 'Docs site',
	readme: 'README'
};

export const words = {
	title: 'Set-up',
	first: 'Send a download through the gateway',
	firstWhy: 'Run one of these with your own values. It is counted within seconds.',
	noCommand: 'The configuration has no command for this package. Add lines like those below.',
	waiting: (elapsed: string) => `Waiting for the first event… ${elapsed}`,
	arrived: 'It works. The newest event:',
	countedAs: (audience: string) => `counted as ${audience}`,
	from: (country: string) => `from ${country}`,
	checks: 'Checks',
	checksWhy: 'This server looks at what a download comes by, from where it stands.',
	again: 'Check again',
	checking: 'Looking…',
	good: 'good',
	bad: 'wrong',
	unsure: 'cannot be told from here',
	found: (found: string) => `Found: ${found}`,
	checked,
	readme: 'In your docs and README',
	ways: {
		pixel: {
			name: 'Pixel',
			why: 'A picture of one pixel counts views. It sets no cookie and keeps no address.'
		},
		badge: {
			name: 'Badge',
			why: 'A badge shows everybody a number of the last four weeks, once the package has public = true. With badge = true in the pixel’s lines, a look at it counts as a view.'
		},
		script: {
			name: 'Script',
			why: 'The script also sees pages that change without loading, and install commands that are copied. It stores nothing and respects “do not track”. In place of the pixel; with both, the share that blockers take is estimated.'
		}
	} satisfies Record<Way, { name: string; why: string }>,
	badge: 'Number on the badge',
	badges: {
		downloads: 'Downloads',
		people: 'People',
		organisations: 'Organisations',
		'latest-share': 'On latest major'
	} satisfies Record<Badge, string>,
	markup: 'Language of the file',
	noPixel: 'This package has no pixel yet. Add these lines to weir.toml:',
	more: 'What else do you want to measure?',
	moreWhy: 'These lines go into weir.toml. Put your own values in place of what stands in braces.',
	kinds,
	lines: 'Lines for weir.toml',
	next: 'Worth doing next',
	steps,
	done: (done: number, all: number) => `${done} of ${all} done`,
	allDone: 'Everything is done.',
	open: (open: number) =>
		open === 1 ? 'One thing is worth doing:' : `${open} things are worth doing, first:`,
	show: 'Show'
};
