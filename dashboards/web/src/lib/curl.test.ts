import { expect, test } from 'vitest';
import { queryCommand } from './curl';

test('a quote in a value cannot end the word', () => {
	expect(
		queryCommand('https://stats.acme.example', {
			site_id: "acme/it's",
			metrics: ['downloads'],
			date_range: '28d',
			timezone: 'UTC'
		})
	).toMatchInlineSnapshot(`
		"curl -b weir.cookies -H 'Origin: https://stats.acme.example' \\
		  --json '{"site_id":"acme/it'\\''s","metrics":["downloads"],"date_range":"28d","timezone":"UTC"}' \\
		  https://stats.acme.example/api/v2/query"
	`);
});
