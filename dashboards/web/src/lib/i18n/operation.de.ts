/** Words of the settings that show how the program runs, in German. */
import type { words as en } from './operation.en';

export const words: typeof en = {
	pages: {
		general: 'Allgemein',
		places: 'Ortsdaten',
		audiences: 'Publikumsregeln',
		exports: 'Exporte',
		public: 'Öffentliche Seiten'
	},
	adminsOnly: 'Nur Owner und Admins sehen das.',
	inFile: 'Das steht in der Konfigurationsdatei und wird dort geändert. Zum Beispiel:',
	line: 'Zeilen für weir.toml',
	command: 'Befehl',

	general: {
		version: 'Version',
		folder: 'Datenordner',
		free: (bytes) => `${bytes} frei`,
		events: 'Einzelne Ereignisse bleiben',
		days: (days) => `${days} Tage`,
		counts: 'Zählungen bleiben',
		months: (months) => `${months} Monate`,
		spool: 'Ereignisse, die warten dürfen',
		waiting: (batches, bytes) =>
			batches === 0
				? 'keines wartet'
				: `${batches === 1 ? '1 Stapel wartet' : `${batches} Stapel warten`}, ${bytes}`,
		clickhouse: 'ClickHouse',
		own: 'von Weir selbst betrieben',
		cluster: (name) => `Cluster ${name}`,
		states: {
			ready: 'bereit',
			starting: 'startet',
			down: 'ausgefallen',
			external: 'ein eigener Server',
			unknown: 'von hier aus unbekannt'
		},
		stored: 'Alles ist gespeichert bis',
		optedOut: 'Heute widersprochen',
		optedOutOf: (requests) => (requests === 1 ? '1 Anfrage' : `${requests} Anfragen`),
		kept: 'Was von den Gezählten aufbewahrt wird',
		keptWhy: 'Jede Domain gibt darüber Auskunft, nach dem, was gerade läuft:'
	},

	places: {
		why: 'Woraus Länder, Netze und Arten von Netzen bekannt sind. Gefragt wird allein auf dieser Maschine.',
		source: 'Quelle',
		made: 'Stand',
		age: (days) => (days === 1 ? '1 Tag alt' : `${days} Tage alt`),
		licence: 'Lizenz',
		credit: 'Nennung',
		none: 'Es gibt keine Ortsdaten: Länder und Netze sind unbekannt.',
		update: 'Neu holen',
		byItself: 'Sie werden von selbst neu geholt.',
		byHand: 'Sie werden auf Zuruf geholt, oder von selbst mit update = true unter [geo].'
	},

	audiences: {
		rules: 'Geltende Regeln',
		rulesWhy:
			'Sie werden in dieser Reihenfolge gefragt; die erste, die zutrifft, entscheidet, wessen Download es ist.',
		rule: 'Regel',
		audience: 'Publikum',
		hits: 'Ereignisse, 7 T.',
		noRules: 'Das Gateway läuft anderswo; seine Regeln sind dort bekannt.',
		own: 'Dateien eigener Regeln',
		noOwn: 'Es gelten keine eigenen Regeln, nur die des Programms.',
		unknown: 'Clients, die keine Regel kennt',
		unknownWhy: 'Aus den letzten sieben Tagen. Häufigen einen Namen und eine Klasse geben.',
		allKnown: 'Jeder Client der letzten Tage ist bekannt.',
		client: 'Client',
		requests: 'Anfragen',
		ruleFile: 'Eine Regel für den Anfang',
		noRule: 'keine Regel'
	},

	exports: {
		why: 'Was nach der Uhr hinausgeht. Jede Datei ist ganz da oder gar nicht.',
		name: 'Name',
		every: 'Jede(n)',
		intervals: { hour: 'Stunde', day: 'Tag', month: 'Monat' },
		to: 'Nach',
		done: 'Erledigt bis',
		never: 'noch nie',
		none: 'Nach der Uhr wird nichts exportiert.'
	},

	public: {
		why: 'Die wöchentlichen Downloads dieser Pakete darf jeder ohne Konto lesen. Weniger als zehn Besucher eines Tages werden ausgelassen.',
		package: 'Paket',
		address: 'Adresse',
		none: 'Kein Paket ist öffentlich.'
	}
};
