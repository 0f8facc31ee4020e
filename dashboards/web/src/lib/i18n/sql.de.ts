/** Words of Explore's statements, in German. */
import type { words as english } from './sql.en';

const examples: (typeof english)['examples'] = {
	busiest: 'Wann in der Woche wird das Paket am meisten heruntergeladen?',
	old: 'Wer lädt noch herunter, was älter als ein halbes Jahr ist?',
	several: 'Welche Organisationen verwenden mehrere Pakete?',
	thousandth: 'Wie lange brauchte jede Version bis zum 1000. Download?',
	failed: 'Welche Anfragen schlagen fehl, und bei welchen Clients?'
};

/** Of tables, by name. */
const tables: Record<string, string> = {
	events:
		'Eine Zeile je Ereignis, mit allem, was darüber bekannt ist. 90 Tage lang, wenn nichts anderes eingestellt ist.',
	daily: 'Zahlen eines UTC-Tages nach Version, Art und Publikum.',
	hourly: 'Zahlen einer UTC-Stunde nach Art und Publikum.',
	splits: 'Zahlen eines UTC-Tages nach einer Eigenschaft, die in der Spalte „property“ steht.',
	people:
		'Verschiedene Personen eines UTC-Tages. Tage lassen sich addieren, Zeilen mit verschiedenem „by“ nicht.',
	releases: 'Wann jede Version zum ersten und zum letzten Mal heruntergeladen wurde.',
	organisations: 'Zahlen eines UTC-Tages nach Organisation und Version.',
	imported_totals: 'Was Registries selbst gezählt haben. Mit FINAL zu lesen.'
};

/** Of columns: by name, or by table and name where one means something else there. */
const columns: Record<string, string> = {
	answer: 'Wie geantwortet wurde',
	answered: 'Ohne Fehler',
	arch: 'Architektur',
	artifact: 'Datei',
	asn: 'Nummer des Netzes',
	audience: 'Wer fragte: Personen, CI, Spiegel …',
	audience_reasons: 'Die Regeln, die das entschieden',
	by: 'Wonach die Zeile unterscheidet',
	bytes: 'Gesendete Bytes',
	campaign: 'Kampagne eines Doku-Aufrufs',
	channel: 'stable, pre oder nightly',
	ci: 'Ob ein Build-Dienst fragte',
	ci_name: 'Welcher Build-Dienst',
	client: 'Das Programm, das fragte',
	client_version: 'Dessen Version',
	country: 'Zwei Buchstaben (ISO 3166)',
	day: 'UTC-Tag',
	detail: 'Was zum Wert gehört',
	digest: 'Prüfsumme des Inhalts',
	domain: 'Gefragter Host',
	downloads: 'Wie die Registry zählte',
	ecosystem: 'Registry oder Protokoll',
	first_seen: 'Erster Download',
	hour: 'Beginn einer UTC-Stunde',
	imported_at: 'Wann es übernommen wurde',
	kind: 'download, check, view und andere',
	last_seen: 'Jüngster Download',
	libc: 'C-Bibliothek',
	method: 'HTTP-Methode',
	net_type: 'Art des Netzes',
	org_confidence: 'Wie sicher, in Prozent',
	org_domain: 'Domain der Organisation',
	org_evidence: 'Worauf die Zuordnung beruht',
	org_id: 'Nummer der Organisation',
	org_name: 'Name der Organisation',
	org_type: 'Unternehmen, Hochschule …',
	os: 'Betriebssystem',
	os_version: 'Dessen Version',
	package: 'Name des Pakets',
	page: 'Pfad einer Doku-Seite',
	people: 'Verschiedene Personen',
	property: 'Wonach geteilt wird',
	props: 'Was ein eigenes Ereignis sagte',
	referrer_host: 'Verweisende Website',
	region: 'Landesteil',
	requests: 'Alle, auch Fehler',
	route: 'Route der Konfiguration',
	runtime: 'Python, Node und andere',
	runtime_version: 'Deren Version',
	source: 'Woher ein Doku-Aufruf kam',
	span: 'Des Tages oder aller Tage bis dahin',
	status: 'HTTP-Status',
	time: 'In UTC',
	value: 'Wert der Eigenschaft',
	version: 'Wie sie verlangt wurde',
	version_major: 'Deren erste Zahl',
	'imported_totals.source': 'Die Registry',
	'people.kind': 'Leer, wo sie nicht zählt',
	'people.version': 'Leer, wo sie nicht zählt'
};

/** What to do about an error, by ClickHouse's name for it. */
const hints: Record<string, string> = {
	ACCESS_DENIED:
		'Spalten einzeln nennen statt *. Was einen Besucher vom anderen unterscheiden könnte, ist gar nicht lesbar.',
	UNKNOWN_IDENTIFIER: 'Die Spalten jeder Tabelle stehen unter „Tabellen und Spalten“.',
	UNKNOWN_TABLE: 'Die lesbaren Tabellen stehen unter „Tabellen und Spalten“.',
	NOT_AN_AGGREGATE: 'Die Spalte in GROUP BY aufnehmen oder in eine Funktion wie any() setzen.',
	TIMEOUT_EXCEEDED:
		'Eine Anweisung hat 10 Sekunden. Weniger Tage verlangen, oder daily lesen statt events.',
	MEMORY_LIMIT_EXCEEDED: 'Nach weniger Spalten gruppieren oder weniger Tage verlangen.'
};

export const words: typeof english = {
	statement: 'Anweisung',
	placeholder: 'SELECT version, sum(answered) AS anzahl FROM daily GROUP BY version',
	examplesMenu: 'Beispiele',
	examples,
	run: 'Ausführen',
	cancel: 'Abbrechen',
	running: 'Läuft …',
	cancelled: 'Abgebrochen. Der Server beendet die Anweisung.',
	tooLong: 'Zu lang für eine Adresse: Ein Link oder erneutes Laden hat diese Anweisung nicht.',
	may: 'Ein SELECT in der Sprache von ClickHouse. Es liest Zahlen und was sie beschreibt, von allen Paketen, und nichts, was einen Besucher vom anderen unterscheidet; ändern kann es nichts. 10 Sekunden, 100.000 Zeilen.',
	result: 'Ergebnis',
	nothingYet: 'Noch wurde nichts ausgeführt',
	nothingYetWhy: 'Eine Anweisung schreiben oder mit einer Frage beginnen:',
	noRows: 'Die Anweisung ergab keine Zeilen',
	noRowsWhy: 'Sie ist in Ordnung, aber nichts erfüllt ihre Bedingungen.',
	counts:
		'Was die Anweisung sagt. Publikum, Zeitraum und Filter der anderen Seiten gelten nicht. Werte stehen so da, wie ClickHouse sie schreibt, und Zeiten der Tabellen sind UTC.',
	rows: (count: number, text: string) => `${text} ${count === 1 ? 'Zeile' : 'Zeilen'}`,
	read: (text: string) => `${text} Zeilen gelesen`,
	truncated: (limit: string) => `Es gibt mehr: Die Antwort endet nach ${limit} Zeilen.`,
	earlier: 'Von der Anweisung, wie sie zuletzt ausgeführt wurde.',
	shown: (shown: string, all: string) => `${shown} von ${all} Zeilen werden gezeigt.`,
	more: 'Mehr zeigen',
	utc: 'Zeiten sind UTC. Werte stehen so da, wie ClickHouse sie schreibt.',
	parquet: 'Parquet herunterladen',
	call: 'Dasselbe in einer Shell, nach der Anmeldung:',
	failed: 'Die Anweisung wurde nicht beantwortet',
	at: (line: string, column: string) => `Zeile ${line}, Zeichen ${column}`,
	goThere: 'Zur Stelle',
	hints,
	tablesTitle: 'Tabellen und Spalten',
	tablesWhy: 'Ein Klick setzt den Namen an die Schreibmarke.',
	table: 'Die Tabelle selbst',
	tables,
	columns,
	insert: (name: string) => `${name} einfügen`,
	notAllowed: 'Anweisungen sind für dieses Konto nicht möglich',
	notAllowedWhy:
		'Sie sehen alle Pakete und sind deshalb Inhabern, Verwaltung und Redaktion vorbehalten, wenn deren Konto alle Pakete sieht. Das lässt sich in den Einstellungen ändern.',
	elsewhere: 'Hier gibt es kein SQL',
	elsewhereWhy:
		'ClickHouse ist ein eigener Server. Dort ein lesendes Konto anlegen und den Server selbst fragen.'
};
