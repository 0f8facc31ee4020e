/** A statement that answered, as clickhouse-client takes it. */
import type { Statement } from './api/types';

/** Its parameters as settings, then its text. */
export function script({ sql, parameters }: Statement): string {
	const settings = Object.entries(parameters).map(
		([name, value]) => `SET param_${name} = ${literal(value)};`
	);
	return [...settings, `${sql};`].join('\n');
}

/** A number, a text or a list of them in ClickHouse's own notation. */
function literal(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
	if (typeof value === 'number') return String(value);
	return `'${String(value).replace(/[\\']/g, '\\$&')}'`;
}
