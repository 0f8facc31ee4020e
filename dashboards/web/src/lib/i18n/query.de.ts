/** Words about questions and what answered them, in German. */
import type { words as en } from './query.en';

export const words: typeof en = {
	compare: {
		weekdays: 'Gleiche Wochentage',
		weekdaysWhy: 'Ein Samstag steht dann neben einem Samstag. Über Monate ändert das nichts.',
		custom: 'Mit selbst gewählten Tagen vergleichen'
	},
	filter: {
		pattern: 'Ein regulärer Ausdruck (RE2), etwa ^2\\.'
	},
	query: {
		tabs: { curl: 'curl', sql: 'SQL', explore: 'Erkunden' },
		label: 'Wege zu dieser Abfrage',
		ran: (table: string, rows: string, bytes: string, time: string) =>
			`${table}: ${rows} Zeilen gelesen, ${bytes}, ${time}`,
		ranWhy:
			'Die Anweisungen hinter der Antwort in der Reihenfolge ihres Beginns, so wie clickhouse-client sie annimmt. Innerhalb weniger Sekunden läuft die gleiche Anweisung nicht noch einmal.',
		statement: (nth: number) => `Anweisung ${nth}`,
		exploreWhy:
			'Dieselben Zahlen als Tabelle nach frei gewählten Merkmalen, mit demselben Zeitraum und denselben Filtern.',
		exploreGo: 'Erkunden'
	},
	parquet: 'Als Parquet laden',
	parquetWhy: 'Alle Zeilen, von ClickHouse geschrieben',
	imported: {
		title: 'Zählung der Registries, ungefiltert',
		counts:
			'Was Registries nach eigenen Regeln gezählt haben, eingebracht durch einen Import. Manche dieser Downloads hat auch Weir gesehen, und Publikum und Filter wirken hier nicht. Deshalb wird es nie zu anderen Zahlen addiert.',
		hint: 'Von den Registries gezählt. Nie Teil der Zahlen darüber.'
	}
};
