/** The words that every page needs, in German. */
import type { Preset } from '../range';
import type { Audience, Comparison, Dimension, Metric, Operator } from '../view';
import type { Dictionary } from './en';

const metrics: Record<Metric, { name: string; counts: string }> = {
	downloads: {
		name: 'Downloads',
		counts:
			'Eine abgeschlossene Übertragung eines Artefakts oder eine Weiterleitung dorthin. Ein „docker pull“ ist ein Download, gleich was der Client dabei im Einzelnen tut. Fragt derselbe Client binnen einer Minute noch einmal nach demselben, gilt das als Wiederholung und nur als Anfrage. Prüfungen und Indexseiten sind keine Downloads.'
	},
	people: {
		name: 'Personen',
		counts:
			'Verschiedene Quellen von Downloads und Doku-Aufrufen je Tag (UTC), summiert über die Tage des Zeitraums. Eine Quelle ist ein Hash mit geheimem Schlüssel, der einen Tag lang gilt; wer an zwei Tagen kommt, zählt daher zweimal.'
	},
	checks: {
		name: 'Prüfungen',
		counts:
			'Fragen, ob sich etwas geändert hat: HEAD-Anfragen, 304-Antworten, Index- und Beschreibungsseiten, aufgelöste Tags. Heruntergeladen wurde nichts.'
	},
	views: {
		name: 'Doku-Aufrufe',
		counts: 'Seiten, die über das Zählpixel oder das Skript in der Dokumentation erfasst wurden.'
	}
};

const audiences: Record<Audience, { name: string; one: string }> = {
	people: { name: 'Personen', one: 'ein Mensch am Terminal oder im Browser' },
	ci: { name: 'CI', one: 'ein Build-Dienst' },
	mirror: { name: 'Spiegel', one: 'etwas, das für andere kopiert' },
	bot: { name: 'Bots', one: 'ein Crawler oder Scanner' },
	updater: { name: 'Updater', one: 'ein Dienst, der Abhängigkeiten aktualisiert' },
	proxy: { name: 'Proxys', one: 'ein Proxy, der verbirgt, wer gefragt hat' },
	unknown: { name: 'Unbekannt', one: 'nicht zu bestimmen' }
};

const dimensions: Record<Dimension, string> = {
	version: 'Version',
	version_major: 'Hauptversion',
	version_minor: 'Nebenversion',
	channel: 'Kanal',
	artifact: 'Datei',
	client: 'Client',
	client_version: 'Client-Version',
	runtime: 'Laufzeit',
	runtime_version: 'Version der Laufzeit',
	os: 'System',
	arch: 'Architektur',
	libc: 'C-Bibliothek',
	country: 'Land',
	audience: 'Publikum',
	organisation: 'Organisation',
	organisation_domain: 'Domain der Organisation',
	org_type: 'Art der Organisation',
	confidence: 'Sicherheit der Zuordnung',
	net_type: 'Art des Netzes',
	kind: 'Art des Ereignisses',
	ecosystem: 'Ökosystem',
	domain: 'Domain',
	route: 'Route',
	ci_name: 'CI-Dienst',
	status: 'Status',
	referrer_host: 'Verweis von',
	source: 'Quelle',
	campaign: 'Kampagne',
	page: 'Seite'
};

const operators: Record<Operator, string> = {
	is: 'ist',
	is_not: 'ist nicht',
	contains: 'enthält',
	contains_not: 'enthält nicht',
	matches: 'passt auf',
	matches_not: 'passt nicht auf'
};

const ranges: Record<Preset, string> = {
	'24h': 'Letzte 24 Stunden',
	day: 'Heute',
	'7d': 'Letzte 7 Tage',
	'28d': 'Letzte 28 Tage',
	'91d': 'Letzte 91 Tage',
	'6mo': 'Letzte 6 Monate',
	'12mo': 'Letzte 12 Monate',
	month: 'Dieser Monat',
	year: 'Dieses Jahr',
	all: 'Gesamter Zeitraum'
};

const comparisons: Record<Extract<Comparison, string>, string> = {
	off: 'Kein Vergleich',
	prev: 'Zeitraum davor',
	year: 'Ein Jahr zuvor'
};

const kinds: Record<string, string> = {
	download: 'Download',
	check: 'Prüfung',
	metadata: 'Indexseite',
	inspect: 'Einsicht',
	mirror: 'Spiegelkopie',
	script: 'Skript',
	install_ping: 'Installationsmeldung',
	view: 'Doku-Aufruf',
	custom: 'eigenes Ereignis',
	broken_link: 'toter Link',
	repeat: 'Wiederholung'
};

const organisations = {
	business: 'Unternehmen',
	education: 'Bildung',
	government: 'Behörde',
	nonprofit: 'Gemeinnützig'
};

const values: Dictionary['values'] = {
	kind: kinds,
	org_type: organisations,
	net_type: {
		...organisations,
		residential: 'Privatanschluss',
		mobile: 'Mobilfunk',
		hosting: 'Rechenzentrum',
		cdn: 'Verteilnetz (CDN)',
		carrier: 'Netzbetreiber'
	},
	source: {
		direct: 'Direkt',
		'Search engines': 'Suchmaschinen',
		'AI assistants': 'KI-Assistenten',
		Newsletters: 'Newsletter',
		'Go packages': 'Go-Pakete'
	}
};

export const words: Dictionary = {
	product: 'Weir',
	skip: 'Zum Inhalt springen',
	close: 'Schließen',
	copy: 'Kopieren',
	copied: 'Kopiert',
	retry: 'Erneut versuchen',
	cancel: 'Abbrechen',
	apply: 'Anwenden',
	unknown: 'unbekannt',
	metrics,
	audiences,
	dimensions,
	operators,
	ranges,
	comparisons,
	kinds,
	values,

	format: {
		new: 'neu',
		points: 'Pp.',
		justNow: 'gerade eben',
		weekOf: (day: string) => `Woche ab ${day}`
	},

	account: {
		menu: 'Konto',
		language: 'Sprache',
		signedInAs: (name: string) => `Angemeldet als ${name}`,
		settings: 'Einstellungen',
		signOut: 'Abmelden',
		keys: 'Tastenkürzel'
	},

	theme: { label: 'Farbschema', system: 'System', light: 'Hell', dark: 'Dunkel' },

	signIn: {
		title: 'Anmelden',
		name: 'Name',
		password: 'Passwort',
		show: 'Anzeigen',
		hide: 'Verbergen',
		showIt: (label: string) => `${label} anzeigen`,
		submit: 'Anmelden',
		wrong: 'Name oder Passwort ist falsch.',
		code: 'Code',
		codeHint: 'Sechs Ziffern aus der App oder ein Wiederherstellungscode.',
		wrongCode: 'Dieser Code ist falsch oder verbraucht. Bitte den nächsten abwarten.',
		wait: (duration: string) => `Zu viele Versuche. In ${duration} geht es weiter.`
	},

	setup: {
		title: 'Weir einrichten',
		intro:
			'Hier entsteht das Konto, dem diese Installation gehört. Den Code hat Weir beim Start ausgegeben.',
		code: 'Einmalcode',
		codeHint:
			'Er gilt einmal und einen Tag lang. Bei jedem Start gibt es einen neuen, bis ein Konto besteht.',
		passwordHint: 'Mindestens 12 Zeichen.',
		submit: 'Konto anlegen',
		needsCode: 'Bitte den Code eingeben, den Weir beim Start ausgegeben hat.',
		needsName: 'Bitte einen Namen für die Anmeldung eingeben.',
		shortPassword: (missing: number) =>
			missing === 1 ? 'Bitte noch ein Zeichen mehr.' : `Bitte noch ${missing} Zeichen mehr.`,
		wrongCode:
			'Dieser Code ist ungültig oder abgelaufen. Weir gibt beim nächsten Start einen neuen aus.',
		already: 'Weir ist bereits eingerichtet. Bitte anmelden.'
	},

	portfolio: {
		title: 'Pakete',
		package: 'Paket',
		downloads: 'Downloads, 28 T.',
		trend: 'Verlauf',
		people: 'Personen, 28 T.',
		lastSeen: 'Zuletzt',
		never: 'noch nichts',
		notConfigured: 'nicht in der Konfiguration',
		none: 'Noch keine Pakete',
		noneWhy:
			'Ein [[package]] mit einer Domain in weir.toml eintragen; nach dem Speichern erscheint es hier.',
		caption: 'Pakete, die meisten Downloads zuerst',
		counts: 'Ohne Spiegel und Bots, so wie jedes Paket sie zeigt.'
	},

	madeUp: {
		tag: 'erfunden',
		tagCounts: 'Dieses Ereignis hat die Demo geschrieben; es hat nie stattgefunden.',
		includes: 'Enthält erfundene Vorgeschichte',
		includesWhy:
			'Damit es etwas zu sehen gibt, hat die Demo Ereignisse für ein Jahr geschrieben, die nie stattgefunden haben. Sie zählen wie echte.',
		compared: 'Verglichen mit erfundener Vorgeschichte',
		comparedWhy:
			'Was zu sehen ist, wurde gemessen. Die Veränderungen beziehen sich auf Ereignisse, die die Demo geschrieben hat und die nie stattgefunden haben.',
		measured: 'Nur Gemessenes zeigen'
	},

	pages: {
		label: 'Seiten',
		overview: 'Überblick',
		versions: 'Versionen',
		organisations: 'Organisationen',
		audience: 'Publikum',
		docs: 'Doku',
		funnel: 'Trichter',
		explore: 'Erkunden'
	},

	packages: { switch: 'Paket', find: 'Paket suchen', all: 'Alle Pakete' },

	controls: {
		label: 'Ansicht',
		audience: 'Publikum',
		range: 'Zeitraum',
		compare: 'Vergleichen mit',
		compareDays: (days: string) => `Mit ${days}`,
		interval: 'Schritt',
		filter: 'Filter',
		custom: 'Eigener Zeitraum',
		from: 'Von',
		to: 'Bis',
		wrongRange: 'Der erste Tag darf nicht nach dem letzten liegen.',
		clearAll: 'Alle entfernen',
		filters: 'Aktive Filter',
		remove: (text: string) => `Filter entfernen: ${text}`,
		value: 'Wert',
		dimension: 'Merkmal',
		operator: 'Bedingung',
		intervals: { hour: 'Stunde', day: 'Tag', week: 'Woche', month: 'Monat' },
		zone: (name: string) => `Tage beginnen um Mitternacht in ${name}`
	},

	kpi: {
		label: 'Kennzahlen',
		latestMajor: 'Auf neuester Hauptversion',
		latestMajorOf: (major: string, metric: string) => `${major}.x, Anteil der ${metric}`,
		latestMajorCounts: (metric: string) =>
			`Anteil der ${metric} im Zeitraum, deren Version die neueste stabile Hauptnummer trägt, die in 91 Tagen heruntergeladen wurde. Die Veränderung ist in Prozentpunkten angegeben.`,
		against: {
			prev: 'gegenüber dem Zeitraum davor',
			year: 'gegenüber dem Vorjahr',
			custom: 'gegenüber den Vergleichstagen'
		}
	},

	chart: {
		releases: 'und Veröffentlichungen',
		mean: '7-Tage-Mittel',
		days: 'Tage',
		previous: 'Zeitraum davor',
		yearBefore: 'ein Jahr zuvor',
		daysCompared: 'Vergleichstage',
		now: 'bis jetzt',
		released: (versions: string) => `Erstmals gesehen: ${versions}`,
		keys: 'Pfeiltasten bewegen sich im Diagramm, Bild auf und Bild ab um eine Woche, Eingabe zeigt die Tabelle.',
		share: (metric: string) => `Anteile der Versionen, ${metric}`,
		shareShort: 'Anteil',
		older: 'Übrige',
		where: 'Herkunft',
		map: (top: string) => `Weltkarte. Am meisten: ${top}.`,
		mapEmpty: 'Weltkarte ohne ein Land.',
		time: 'Zeit',
		change: 'Veränderung'
	},

	tabs: {
		versions: 'Versionen',
		clients: 'Clients',
		platforms: 'Plattformen',
		files: 'Dateien',
		countries: 'Länder',
		audience: 'Publikum',
		sources: 'Quellen',
		pages: 'Seiten',
		what: 'Was',
		who: 'Wer und woher',
		more: 'Alle zeigen',
		fewer: 'Weniger zeigen',
		hint: 'Klick filtert, Alt-Klick lässt weg'
	},

	latest: {
		title: 'Neueste Ereignisse',
		counts:
			'Die neuesten Ereignisse, wie sie gespeichert wurden, auf die Minute, von jedem Publikum und jeder Art. Alle zwei Sekunden erneuert, solange diese Seite sichtbar ist.',
		live: 'live',
		paused: 'keine Antwort',
		events: 'Liste der neuesten Ereignisse',
		columns: {
			time: 'Zeit',
			kind: 'Art',
			version: 'Version',
			client: 'Client',
			platform: 'Plattform',
			country: 'Land',
			audience: 'Publikum',
			file: 'Datei'
		}
	},

	panel: {
		menu: (title: string) => `Optionen für ${title}`,
		link: 'Link kopieren',
		linkCopied: 'Link kopiert',
		csv: 'CSV herunterladen',
		json: 'JSON herunterladen',
		table: 'Als Tabelle zeigen',
		tableOf: (title: string) => `${title}, als Tabelle`,
		chart: 'Als Diagramm zeigen',
		query: 'Abfrage zeigen',
		counts: 'Was hier zählt',
		signInOnce: 'Einmal anmelden und die Sitzung in einer Datei behalten:',
		theCall: 'Dann dieselbe Frage stellen:',
		resolved: 'So wurde sie verstanden:',
		incomplete: (warnings: string[] = []) => `Unvollständig: ${warnings.join('; ')}.`,
		epochs: (days: { day: string; epochs: number }[]) =>
			`Personen sind angenähert: ${days.map(({ day, epochs }) => `${epochs} Abschnitte am ${day}`).join(', ')}.`
	},

	empty: {
		never: 'Den ersten Download durch Weir schicken',
		neverWhy: 'Für dieses Paket ist noch nichts angekommen. Ein Versuch über seine eigene Domain:',
		fill: 'Was in geschweiften Klammern steht, durch eigene Werte ersetzen.',
		command: (nth: number) => `Befehl ${nth}`,
		waiting: 'Warten auf das erste Ereignis …',
		noDomain: 'Dieses Paket hat noch keine Domain. Sie wird in weir.toml eingetragen.',
		range: 'Nichts in diesem Zeitraum',
		rangeWhy: (when: string) => `Das letzte Ereignis kam ${when}.`,
		rangeGo: 'Die letzten 28 Tage mit Daten zeigen',
		filters: 'Die Filter lassen nichts übrig',
		filtersWhy: 'Einen davon abnehmen oder alle entfernen.',
		audience: 'Niemand aus diesem Publikum in diesem Zeitraum',
		audienceGo: 'Jedes Publikum zeigen',
		noRows: 'Hier ist nichts',
		noPackage: 'Ein Paket dieses Namens gibt es nicht',
		noPackageWhy: 'Es steht nicht in der Konfiguration, und kein Ereignis hat es genannt.',
		error: 'Das konnte nicht geladen werden',
		request: (id: string) => `Anfrage ${id}`
	},

	status: {
		down: (reason: string | null | undefined) =>
			`Die Datenbank antwortet nicht. Downloads laufen weiter und werden auf der Platte aufbewahrt, bis sie wieder da ist.${reason ? ` Grund: ${reason}.` : ''}`,
		starting: 'Die Datenbank startet.',
		catchingUp: (batches: string, oldest: string) =>
			`Rückstand wird aufgeholt: ${batches} Stapel warten auf das Speichern, der älteste seit ${oldest}. Die Zahlen können zu niedrig sein.`,
		dropped: (lost: number, text: string) =>
			`${text} ${lost === 1 ? 'Ereignis ging' : 'Ereignisse gingen'} seit dem Start verloren und zählen nirgends. Das Protokoll sagt, warum.`,
		offline: 'Der Server antwortet nicht. Zu sehen sind die zuletzt empfangenen Zahlen.'
	},

	placeData: 'Orte und Netze:',

	commands: 'Befehle',

	notFound: {
		title: 'Diese Seite gibt es nicht',
		home: 'Zu den Paketen'
	},
	noAnswer: 'Der Server antwortet nicht.',
	failed: 'Die Seite konnte nicht geladen werden'
};
