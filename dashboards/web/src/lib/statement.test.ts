import { expect, test } from 'vitest';
import { script } from './statement';

test('a statement comes with its parameters, each as what it is', () => {
	const statement = {
		table: 'daily',
		sql: 'SELECT count() FROM daily WHERE day >= {from:Date} AND package IN {p0:Array(String)}',
		parameters: { from: '2026-11-01', limit: 10, p0: ["it's", 'a\\b'] },
		rows_read: 1,
		bytes_read: 2,
		elapsed_s: 0.1
	};
	expect(script(statement)).toMatchInlineSnapshot(`
		"SET param_from = '2026-11-01';
		SET param_limit = 10;
		SET param_p0 = ['it\\'s', 'a\\\\b'];
		SELECT count() FROM daily WHERE day >= {from:Date} AND package IN {p0:Array(String)};"
	`);
});
