import { expect, test } from 'vitest';
import { EXAMPLES, exampleSql } from './examples';

test('the name of a package cannot end its literal', () => {
	expect(exampleSql('failed', "a'b\\")).toContain("package = 'a\\'b\\\\' AND");
});

test('each names its columns, since stars are refused', () => {
	for (const example of EXAMPLES) expect(exampleSql(example, 'acme/rocket')).not.toMatch(/\*/);
});
