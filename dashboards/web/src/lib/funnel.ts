/** The steps of the funnel, each against the one before. */
import type { Funnel } from './api/reading';

export type StepName = 'read' | 'install' | 'copied' | 'downloaded' | 'stayed';

export interface StepRow {
	name: StepName;
	/** Unknown where nothing measures the step. */
	organisations: number | undefined;
	/** Of the nearest step before that is measured; of those whose time is over, for the last. 0 to 1. */
	ofBefore: number | undefined;
	medianDays: number | undefined;
	/** Of how many the last step could be told. */
	due?: number;
}

export function stepRows({ read, install, copied, downloaded, stayed }: Funnel): StepRow[] {
	let before = read;
	const next = (name: StepName, step: Funnel['install'] | null | undefined): StepRow => {
		const row = {
			name,
			organisations: step?.organisations,
			ofBefore: step && before > 0 ? step.organisations / before : undefined,
			medianDays: step?.median_days ?? undefined
		};
		before = step?.organisations ?? before;
		return row;
	};
	const none = { ofBefore: undefined, medianDays: undefined };
	return [
		{ name: 'read', organisations: read, ...none },
		next('install', install),
		next('copied', copied),
		next('downloaded', downloaded),
		{
			name: 'stayed',
			organisations: stayed.organisations,
			...none,
			ofBefore: stayed.of > 0 ? stayed.organisations / stayed.of : undefined,
			due: stayed.of
		}
	];
}
