import { describe, expect, it } from 'vitest';
import type { QueryAnswer } from '../api/types';
import { leftBehind, leftBehindTable } from './left-behind';

const answer = (rows: [string, string, number, string?][]) =>
	({
		results: rows.map(([day, name, downloads, domain = '']) => ({
			dimensions: [day, name, domain],
			metrics: [downloads]
		}))
	}) as QueryAnswer;

describe('organisations that are left behind', () => {
	it('have their downloads added up, and the last day they were seen', () => {
		const rows = leftBehind(
			answer([
				['2026-10-01', 'Initech', 4],
				['2026-11-02', 'Globex', 2],
				['2026-11-02', 'Initech', 1],
				['2026-09-30', 'Hooli', 90],
				['2026-11-05', '', 7],
				['2026-11-05', 'Umbrella', 0]
			])
		);
		expect(rows).toEqual([
			{ key: 'Initech', name: 'Initech', downloads: 5, lastSeen: '2026-11-02' },
			{ key: 'Globex', name: 'Globex', downloads: 2, lastSeen: '2026-11-02' },
			{ key: 'Hooli', name: 'Hooli', downloads: 90, lastSeen: '2026-09-30' }
		]);
		expect(leftBehindTable(rows, ['a', 'b', 'c']).rows[2]).toEqual(['Hooli', 90, '2026-09-30']);
	});

	it('are told apart by their domain, and else by their name', () => {
		const rows = leftBehind(
			answer([
				['2026-11-01', 'Acme', 1, 'acme.example'],
				['2026-11-02', 'Acme', 2, 'acme.test'],
				['2026-11-03', 'Acme', 3]
			])
		);
		expect(rows.map(({ key, downloads }) => [key, downloads])).toEqual([
			['Acme', 3],
			['acme.test', 2],
			['acme.example', 1]
		]);
	});
});
