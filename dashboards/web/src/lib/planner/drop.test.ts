import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affected, parseDrop, TARGETS, whole, writeDrop, type Drop } from './drop';

describe('what is to be dropped', () => {
	it('is read from the address, and nothing from an address that says nothing', () => {
		expect(parseDrop('version,3.0')).toEqual({ what: 'version', value: '3.0' });
		expect(parseDrop('runtime,Python,3.10')).toEqual({
			what: 'runtime',
			runtime: 'Python',
			value: '3.10'
		});
		for (const nothing of [null, '', 'version', 'version,', 'runtime,Python', 'planet,Mars'])
			expect(parseDrop(nothing)).toBeUndefined();
	});

	it('is written as it is read, whatever the value holds', () => {
		const text = fc.string({ minLength: 1 });
		const drop = fc.oneof(
			fc.record({ what: fc.constant('runtime' as const), runtime: text, value: text }),
			fc.record({
				what: fc.constantFrom(...TARGETS.filter((target) => target !== 'runtime')),
				value: text
			})
		);
		fc.assert(
			fc.property(drop, (one: Drop) => void expect(parseDrop(writeDrop(one))).toEqual(one))
		);
	});

	it('is set against those that say what they are', () => {
		const python: Drop = { what: 'runtime', runtime: 'Python', value: '3.10' };
		expect(affected(python)).toEqual([
			['is', 'runtime', ['Python']],
			['before', 'runtime_version', ['3.10']]
		]);
		expect(whole(python)).toEqual([
			['is', 'runtime', ['Python']],
			['is_not', 'runtime_version', ['']]
		]);
		expect(affected({ what: 'arch', value: 'armv7' })).toEqual([['is', 'arch', ['armv7']]]);
		expect(whole({ what: 'arch', value: 'armv7' })).toEqual([['is_not', 'arch', ['']]]);
	});
});
