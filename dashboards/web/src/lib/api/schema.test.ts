import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schema } from '../../../scripts/api.mjs';

test('the types in the tree are those that `npm run api` writes', async () => {
	const written = readFileSync(new URL('./schema.ts', import.meta.url), 'utf8');
	expect(written === (await schema()), 'run `npm run api`').toBe(true);
});
