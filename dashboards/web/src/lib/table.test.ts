import { expect, test } from 'vitest';
import { toCsv, toJson } from './table';

const table = {
	columns: ['Version', 'Downloads'],
	rows: [
		['2.1.0', 1204],
		['a,"b"\nc', null]
	]
};

test('a file for spreadsheets quotes what needs it', () => {
	expect(toCsv(table)).toBe('Version,Downloads\r\n2.1.0,1204\r\n"a,""b""\nc",\r\n');
});

test('text that a spreadsheet would run is made plain', () => {
	const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '=A1,B1'];
	expect(toCsv({ columns: ['x'], rows: cells.map((cell) => [cell]) })).toBe(
		"x\r\n'=1+1\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\n'\tx\r\n\"'=A1,B1\"\r\n"
	);
});

test('negative numbers stay numbers', () => {
	expect(toCsv({ columns: ['x'], rows: [[-1]] })).toBe('x\r\n-1\r\n');
});

test('a file for programs has one object per row', () => {
	expect(JSON.parse(toJson(table))).toEqual([
		{ Version: '2.1.0', Downloads: 1204 },
		{ Version: 'a,"b"\nc', Downloads: null }
	]);
});
