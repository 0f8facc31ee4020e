import { expect, test } from 'vitest';
import { cellText, isNumeric, shortType, tableOf } from './cells';

test('numbers are known by their type, whatever stands around it', () => {
	for (const type of [
		'UInt64',
		'Int8',
		'Float64',
		'BFloat16',
		'Decimal(18, 3)',
		'Nullable(UInt8)',
		'LowCardinality(Nullable(Int32))',
		'SimpleAggregateFunction(sum, UInt64)'
	])
		expect(isNumeric(type), type).toBe(true);
	for (const type of [
		'String',
		"DateTime('UTC')",
		"Enum8('Int8' = 1)",
		'Array(UInt8)',
		'IntervalDay',
		'Map(String, UInt8)',
		"SimpleAggregateFunction(min, DateTime('UTC'))"
	])
		expect(isNumeric(type), type).toBe(false);
});

test('a type is told without how it is stored', () => {
	expect(shortType('LowCardinality(Nullable(String))')).toBe('Nullable(String)');
	expect(shortType('SimpleAggregateFunction(anyLast, LowCardinality(String))')).toBe('String');
	expect(shortType("Enum8('a, b' = 1, '(' = 2)")).toBe('Enum8');
	expect(shortType("DateTime('UTC')")).toBe("DateTime('UTC')");
});

test('cells stand as they came, and say where digits were lost', () => {
	expect(['a', 1.5, true, [1, 'x'], { a: 1 }, null].map(cellText)).toEqual([
		'a',
		'1.5',
		'true',
		'[1,"x"]',
		'{"a":1}',
		'NULL'
	]);
	expect(cellText(2 ** 53 - 1)).toBe('9007199254740991');
	expect(cellText(2 ** 53)).toBe('≈ 9007199254740992');
});

test('files keep numbers and what is missing, and everything else as text', () => {
	const columns = [
		{ name: 'n', type: 'UInt8' },
		{ name: 'list', type: 'Array(UInt8)' }
	];
	expect(
		tableOf({
			columns,
			rows: [
				[1, [2]],
				[null, []]
			] as never
		})
	).toEqual({
		columns: ['n', 'list'],
		rows: [
			[1, '[2]'],
			[null, '[]']
		]
	});
});
