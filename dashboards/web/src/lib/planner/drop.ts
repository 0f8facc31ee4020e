/** What a maintainer thinks of dropping, and its home in the address: `drop=version,3.0`. */
import type { Condition } from '../question';
import { joinEscaped, splitEscaped } from '../view';

export const TARGETS = ['version', 'runtime', 'arch', 'os', 'libc'] as const;
export type Target = (typeof TARGETS)[number];

export interface Drop {
	what: Target;
	/** Of versions and runtimes, the first that stays; of the rest, the one that goes. */
	value: string;
	/** Which runtime, such as `Python`; of no other target. */
	runtime?: string;
}

/** Only events know these, and events are kept for 90 days. */
export function isKeptShortly({ what }: Drop): boolean {
	return what === 'runtime' || what === 'libc';
}

export function parseDrop(text: string | null): Drop | undefined {
	const [first, ...values] = splitEscaped(text ?? '');
	const what = TARGETS.find((target) => target === first);
	if (what === 'runtime') {
		const [runtime, value] = values;
		return runtime && value ? { what, runtime, value } : undefined;
	}
	const [value] = values;
	return what && value ? { what, value } : undefined;
}

export function writeDrop({ what, value, runtime }: Drop): string {
	return joinEscaped([what, ...(runtime === undefined ? [] : [runtime]), value]);
}

/** What would be left behind. */
export function affected({ what, value, runtime }: Drop): Condition[] {
	switch (what) {
		case 'version':
			return [['before', 'version', [value]]];
		case 'runtime':
			return [
				['is', 'runtime', [runtime ?? '']],
				['before', 'runtime_version', [value]]
			];
		default:
			return [['is', what, [value]]];
	}
}

/** What it is a part of: downloads that say which of it they are. */
export function whole({ what, runtime }: Drop): Condition[] {
	if (what !== 'runtime') return [['is_not', what, ['']]];
	return [
		['is', 'runtime', [runtime ?? '']],
		['is_not', 'runtime_version', ['']]
	];
}
