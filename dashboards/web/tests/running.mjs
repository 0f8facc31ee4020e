/** Canned answers about how the program runs, and a live stream that says one of each message. */
import { events, NOW } from './answers.mjs';

const minutes = Array.from({ length: 30 }, (_, i) => ({
	time: new Date(NOW - (29 - i) * 60_000).toISOString(),
	people: (i * 7) % 5,
	events: 3 + ((i * 11) % 9)
}));

export const COUNTS = { as_of: NOW.toISOString(), people: 14, minutes };

const check = (what, of, outcome, found) => ({ what, of, outcome, found });
const step = (step, done) => ({ step, done });

export const OPERATION = {
	version: '0.1.0',
	data_dir: '/var/lib/weir',
	free_bytes: 42_000_000_000,
	event_days: 90,
	count_months: 25,
	spool_bytes: 10_737_418_240,
	clickhouse: null,
	cluster: null,
	statements: ['http://get.acme.example:8080/-/privacy'],
	place_updates: false,
	rule_files: [],
	rules: [
		{ rule: 'agent:crawler', audience: 'bot' },
		{ rule: 'agent:tool', audience: 'people' }
	],
	unknown_clients: [{ name: 'acme-fetch', requests: 1_204 }],
	exports: [
		{ name: 'nightly', every: 'day', to: '/srv/exports', done_until: '2026-11-20T00:00:00Z' }
	],
	public: ['acme/rocket']
};

export const answers = {
	'GET /api/v2/operation': () => [200, OPERATION],
	'GET /api/v2/operation/rules': () => [200, { rules: [{ rule: 'agent:tool', events: 81_204 }] }],
	'GET /api/v2/scorecard': () => [
		200,
		{
			steps: [
				step('domain', true),
				step('download', true),
				step('docs', false),
				step('owner', false)
			]
		}
	],
	'POST /api/v2/checks': () => [
		200,
		{
			checks: [
				check('route', 'acme/rocket', 'good', 'get.acme.example'),
				check('dns', 'get.acme.example', 'good', '192.0.2.7'),
				check('gateway', 'get.acme.example', 'bad', '404 Not Found'),
				check('certificate', 'get.acme.example', 'unsure', 'connection refused')
			]
		}
	]
};

/** Stays open, as the real one does. */
export function stream(response) {
	const say = (event, data, id) =>
		response.write(`event: ${event}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
	response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
	say('hello', { usual_gap_s: 20 });
	say('events', { events: events(30), first: true }, 'run-30');
	say('counts', COUNTS);
}
