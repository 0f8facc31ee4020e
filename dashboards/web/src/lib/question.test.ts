import { expect, test } from 'vitest';
import { conditions, question } from './question';
import { AUDIENCES, DEFAULT_VIEW, parseView } from './view';

test('a panel asks for its numbers in the range and zone of the view', () => {
	const view = parseView('r=2026-08-01..2026-10-31&f=is,country,DE,AT');
	expect(
		question(
			'acme/rocket',
			view,
			{ metrics: ['downloads'], dimensions: ['client'], limit: 10 },
			'Europe/Zurich'
		)
	).toMatchInlineSnapshot(`
			{
			  "date_range": [
			    "2026-08-01",
			    "2026-10-31",
			  ],
			  "dimensions": [
			    "client",
			  ],
			  "filters": [
			    [
			      "is_not",
			      "audience",
			      [
			        "mirror",
			        "bot",
			      ],
			    ],
			    [
			      "is",
			      "country",
			      [
			        "DE",
			        "AT",
			      ],
			    ],
			  ],
			  "metrics": [
			    "downloads",
			  ],
			  "order_by": [
			    [
			      "downloads",
			      "desc",
			    ],
			  ],
			  "pagination": {
			    "limit": 10,
			    "offset": 0,
			  },
			  "site_id": "acme/rocket",
			  "timezone": "Europe/Zurich",
			}
		`);
});

test('a series asks for every label, its releases and the comparison in view', () => {
	const view = parseView('r=91d&c=year&aud=people&i=week');
	expect(
		question(
			'acme/rocket',
			view,
			{ metrics: ['people'], overTime: true, compare: 'as viewed', releases: true },
			'UTC'
		)
	).toMatchInlineSnapshot(`
		{
		  "date_range": "91d",
		  "dimensions": [
		    "time:week",
		  ],
		  "filters": [
		    [
		      "is",
		      "audience",
		      [
		        "people",
		      ],
		    ],
		  ],
		  "include": {
		    "compare": "year_over_year",
		    "match_day_of_week": true,
		    "releases": true,
		    "time_labels": true,
		  },
		  "metrics": [
		    "people",
		  ],
		  "site_id": "acme/rocket",
		  "timezone": "UTC",
		}
	`);
});

test('without a comparison in view only those who always compare do', () => {
	const ask = (compare: 'as viewed' | 'always') =>
		question('acme/rocket', DEFAULT_VIEW, { metrics: ['downloads'], compare }, 'UTC').include;
	expect(ask('as viewed')).toBeUndefined();
	expect(ask('always')).toEqual({ compare: 'previous_period', match_day_of_week: true });
});

test('the audience is named the shorter way', () => {
	expect(conditions(DEFAULT_VIEW)).toEqual([['is_not', 'audience', ['mirror', 'bot']]]);
	expect(conditions({ ...DEFAULT_VIEW, audience: ['people'] })).toEqual([
		['is', 'audience', ['people']]
	]);
	expect(conditions({ ...DEFAULT_VIEW, audience: [...AUDIENCES] })).toEqual([]);
});

test('the comparison is by weekday, of days of choice, or as the view says', () => {
	const included = (search: string) =>
		question(
			'acme/rocket',
			parseView(search),
			{ metrics: ['downloads'], compare: 'as viewed' },
			'UTC'
		).include;
	expect(included('c=prev')).toEqual({ compare: 'previous_period', match_day_of_week: true });
	expect(included('c=year&w=0')).toEqual({ compare: 'year_over_year' });
	expect(included('c=custom:2026-01-01..2026-01-31')).toEqual({
		compare: ['2026-01-01', '2026-01-31']
	});
	expect(included('c=custom:2026-02-01..2026-01-31')).toBeUndefined();
});
