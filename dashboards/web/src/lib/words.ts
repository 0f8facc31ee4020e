/** How values of dimensions are shown. */
import { format, t } from './i18n';
import { AUDIENCES, type Audience, type Dimension, type Filter } from './view';

export function valueName(dimension: Dimension, value: string): string {
	if (value === '') return t.unknown;
	if (dimension === 'country') return format.country(value);
	if (dimension === 'audience') return audienceName(value);
	return t.values[dimension]?.[value] ?? value;
}

export function audienceName(value: string): string {
	const known = AUDIENCES.find((audience) => audience === value);
	return known ? t.audiences[known].name : value;
}

/** Fixed for ever: a colour never changes when others are filtered away. */
export function audienceColour(audience: Audience): string {
	const place = AUDIENCES.indexOf(audience) + 1;
	return `var(--series-${place > 6 ? 'other' : place})`;
}

/** `Country is Germany or Austria`. */
export function filterText({ dimension, operator, values }: Filter): string {
	const names = values.map((value) => valueName(dimension, value));
	return `${t.dimensions[dimension]} ${t.operators[operator]} ${format.either(names)}`;
}
