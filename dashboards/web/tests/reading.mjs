/** Canned answers about what organisations read, and how they come from the docs to a package. */

const READING = {
	readers: 412,
	adopters: 96,
	adopters_who_read: 71,
	floor: 5,
	pages: [
		{ page: '/install', organisations: 208, before_adoption: 58 },
		{ page: '/', organisations: 331, before_adoption: 49 },
		{ page: '/guide', organisations: 164, before_adoption: 37 },
		{ page: '/reference', organisations: 97, before_adoption: 12 },
		{ page: '/changelog', organisations: 18, before_adoption: null }
	]
};

const COPIED = {
	commands: [
		{
			command: 'curl -fLO https://get.acme.example/rocket/2.1.0/rocket-linux-amd64.tar.gz',
			copies: 1_284,
			organisations: 141
		},
		{ command: 'docker pull cr.acme.example/server:2', copies: 391, organisations: 52 },
		{ command: 'rocket self-update', copies: 88, organisations: 17 }
	]
};

const FUNNEL = {
	read: 412,
	install: { organisations: 208, median_days: 0.2 },
	copied: { organisations: 141, median_days: 0.1 },
	downloaded: { organisations: 96, median_days: 3.4 },
	stayed: { organisations: 31, of: 58 },
	had_downloaded: 24
};

const SIZES = [38, 29, 44, 31, 27, 52, 36];
/** Of those who came, who is still there after so many months. */
const STAYED = [1, 0.62, 0.51, 0.44, 0.4, 0.37, 0.19];

const RETENTION = {
	since: '2026-05-03',
	cohorts: SIZES.map((size, at) => ({
		month: `2026-${String(5 + at).padStart(2, '0')}-01`,
		organisations: STAYED.slice(0, SIZES.length - at).map((share) => Math.round(size * share))
	}))
};

export const answers = {
	'GET /api/v2/docs/reading': () => [200, READING],
	'GET /api/v2/docs/copied': () => [200, COPIED],
	'GET /api/v2/funnel': (_, url) => [200, { from: url.searchParams.get('from'), ...FUNNEL }],
	'GET /api/v2/retention': () => [200, RETENTION]
};
