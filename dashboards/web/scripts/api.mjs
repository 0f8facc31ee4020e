/**
 * Writes the types of the API from its golden description to `src/lib/api/schema.ts`. Calls are
 * typed by path and method; names of operations, which only have to please other generators, are
 * left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../openapi.json', import.meta.url);
const target = new URL('../src/lib/api/schema.ts', import.meta.url);
const header =
	'/** The API as `dashboards/openapi.json` describes it; written by `npm run api`. */\n\n';

export async function schema() {
	const description = JSON.parse(readFileSync(source, 'utf8'));
	for (const methods of Object.values(description.paths)) {
		for (const operation of Object.values(methods)) delete operation.operationId;
	}
	// TypeScript does not allow a tuple that holds itself; a condition within a condition is not typed.
	const { schemas } = description.components;
	for (const name of Object.keys(schemas)) {
		const itself = JSON.stringify({ $ref: `#/components/schemas/${name}` });
		schemas[name] = JSON.parse(JSON.stringify(schemas[name]).replaceAll(itself, '{}'));
	}
	return header + astToString(await openapiTS(description));
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(target, await schema());
