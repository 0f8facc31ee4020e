import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { world as projected } from '../../../scripts/map.mjs';

const world = JSON.parse(readFileSync(new URL('./world.json', import.meta.url), 'utf8'));

test('the map in the tree is the one that `npm run map` draws', () => {
	expect(world).toEqual(projected());
});

test('small countries have not vanished', () => {
	for (const code of ['SG', 'MT', 'HK', 'LI', 'XK', 'VA']) expect(world.shapes[code]).toMatch(/^M/);
});
