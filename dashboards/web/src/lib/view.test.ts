import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { INTERVALS, PRESETS, type Range } from './range';
import {
	AUDIENCES,
	COMPARISONS,
	DEFAULT_VIEW,
	DIMENSIONS,
	METRICS,
	OPERATORS,
	parseView,
	writeView,
	type ApiDimension,
	type Dimension,
	type View
} from './view';

const day = fc
	.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));

const days = fc.tuple(day, day).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }));

const range: fc.Arbitrary<Range> = fc.oneof(fc.constantFrom(...PRESETS), days);

const filter = fc.record({
	operator: fc.constantFrom(...OPERATORS),
	dimension: fc.constantFrom(...DIMENSIONS),
	values: fc.array(
		fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.constantFrom('', ',', '\\', '\\,', 'a&b=c#d', '+')
		),
		{ minLength: 1, maxLength: 4 }
	)
});

const view: fc.Arbitrary<View> = fc
	.record({
		range,
		comparison: fc.oneof(fc.constantFrom(...COMPARISONS), days),
		sameWeekdays: fc.boolean(),
		interval: fc.option(fc.constantFrom(...INTERVALS), { nil: undefined }),
		audience: fc.subarray([...AUDIENCES], { minLength: 1 }),
		metric: fc.constantFrom(...METRICS),
		filters: fc.array(filter, { maxLength: 5 })
	})
	.map(({ interval, ...rest }) => (interval ? { ...rest, interval } : rest));

describe('a view', () => {
	test('written and read again is the same view', () => {
		fc.assert(
			fc.property(view, (written) => {
				expect(parseView(writeView(written))).toEqual(written);
				expect(parseView(new URL(`http://weir.test/?${writeView(written)}`).search)).toEqual(
					written
				);
			})
		);
	});

	test('is read from any text without an error', () => {
		fc.assert(
			fc.property(fc.string(), (search) => {
				const read = parseView(search);
				expect(parseView(writeView(read))).toEqual(read);
			})
		);
	});

	test('at its defaults leaves the address bare', () => {
		expect(writeView(DEFAULT_VIEW)).toBe('');
		expect(parseView('')).toEqual(DEFAULT_VIEW);
	});

	test('reads as words in the address', () => {
		expect(
			writeView({
				range: { from: '2026-08-01', to: '2026-10-31' },
				comparison: { from: '2026-01-01', to: '2026-01-31' },
				sameWeekdays: false,
				interval: 'week',
				audience: ['people', 'ci'],
				metric: 'people',
				filters: [
					{ operator: 'is', dimension: 'country', values: ['DE', 'AT'] },
					{ operator: 'is_not', dimension: 'artifact', values: ['a,b.tar.gz'] }
				]
			})
		).toMatchInlineSnapshot(
			`"r=2026-08-01..2026-10-31&c=custom:2026-01-01..2026-01-31&w=0&i=week&aud=people,ci&m=people&f=is,country,DE,AT&f=is_not,artifact,a%5C,b.tar.gz"`
		);
	});

	test('drops what it does not know and keeps the rest', () => {
		expect(
			parseView('r=9y&c=maybe&aud=martians&m=luck&f=is,shoe,42&f=is,os&f=is,os,linux')
		).toEqual({
			...DEFAULT_VIEW,
			filters: [{ operator: 'is', dimension: 'os', values: ['linux'] }]
		});
	});

	test('can name every dimension of the API but those that the page asks by itself', () => {
		expectTypeOf<Exclude<ApiDimension, Dimension>>().toEqualTypeOf<'package' | 'registry'>();
	});

	test('refuses a range that ends before it begins', () => {
		expect(parseView('r=2026-10-31..2026-08-01').range).toBe('28d');
	});
});
