/** Words of the command palette and of the list of keys, in German. */
import type { words as english } from './commands.en';

export const words: typeof english = {
	find: 'Paket, Seite, Zeitraum oder Aktion',
	lately: 'Zuletzt',
	found: (count: number) => (count === 1 ? '1 Treffer' : `${count} Treffer`),
	actions: 'Aktionen',
	metric: 'Zählen',
	filter: 'Filter hinzufügen',
	clear: 'Filter entfernen',
	print: 'Diese Seite drucken',
	yesterday: 'Gestern',
	thirty: 'Letzte 30 Tage',

	keys: {
		title: 'Tastenkürzel',
		enabled: 'Kürzel aus einer Taste',
		ranges: 'Zeiträume',
		view: 'Ansicht',
		pages: 'Seiten',
		custom: 'Eigener Zeitraum',
		step: 'Früher, später',
		interval: 'Nächster Schritt der Achse',
		compare: 'Vergleich ein oder aus',
		audience: 'Publikum ein oder aus',
		packages: 'Voriges, nächstes Paket',
		list: 'Diese Liste',
		then: (first: string, second: string) => `${first}, dann ${second}`
	}
};
