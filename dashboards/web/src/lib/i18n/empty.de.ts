/** Why a panel is empty, in German. */
import type { words as en } from './empty.en';

export const words: typeof en = {
	without: (filter, count) => `Ohne „${filter}“: ${count}`,
	notMeasured: 'Hier nicht gemessen',
	notMeasuredWhy:
		'Aufrufe kommen vom Pixel oder vom Skript in der Dokumentation; in diesem Zeitraum kam keiner.',
	notMeasuredGo: 'So kommt es hinein'
};
