/** Die Wörter der Seiten über Organisationen, auf Deutsch. */
import type { words as en } from './organisations.en';

type What = 'anything' | 'views' | 'downloads' | 'ci';

const many: Record<What, string> = {
	anything: 'Seitenaufrufe oder Downloads',
	views: 'Seitenaufrufe',
	downloads: 'Downloads',
	ci: 'Downloads durch Build-Dienste'
};

const one: Record<What, string> = {
	anything: 'Seitenaufruf oder Download',
	views: 'Seitenaufruf',
	downloads: 'Download',
	ci: 'Download durch einen Build-Dienst'
};

const counted = (what: string, n: number, text: string) =>
	`${text} ${(n === 1 ? one : many)[what as What]}`;
const named = (what: string) => many[what as What];
const LEVELS = { low: 'geringe', medium: 'mittlere', high: 'hohe' };

export const words: typeof en = {
	title: 'Organisationen',
	intro: 'über alle Pakete',
	allOrganisations: 'Alle Organisationen',
	stages: {
		interest: 'Interesse',
		investigation: 'Prüfung',
		experimentation: 'Erprobung',
		ongoing_use: 'Laufende Nutzung',
		inactive: 'Inaktiv'
	},
	statuses: {
		new: { name: 'Neu', means: 'In den letzten 28 Tagen zum ersten Mal gesehen' },
		growing: {
			name: 'Wachsend',
			means: 'Mindestens anderthalbmal so viel wie in den 28 Tagen davor'
		},
		steady: { name: 'Stabil', means: 'Etwa so viel wie in den 28 Tagen davor' },
		quiet: { name: 'Abnehmend', means: 'Höchstens halb so viel wie in den 28 Tagen davor' }
	},
	types: {
		business: 'Unternehmen',
		education: 'Bildung',
		government: 'Behörde',
		nonprofit: 'Gemeinnützig'
	},
	list: 'Organisationen',
	organisation: 'Organisation',
	type: 'Typ',
	stage: 'Phase',
	noStage: 'keine',
	downloads: 'Downloads',
	ci: 'CI',
	views: 'Aufrufe',
	packages: 'Pakete',
	latest: 'Neueste',
	first: 'Zuerst',
	last: 'Zuletzt',
	status: 'Status',
	sort: (column) => `Nach ${column} sortieren`,
	anyType: 'Alle Typen',
	anyStage: 'Alle Phasen',
	anyConfidence: 'Jede Sicherheit',
	fromMedium: 'Mittel oder hoch',
	high: 'Hoch',
	confidence: 'Sicherheit',
	sure: (percent, level) => `${LEVELS[level]} Sicherheit, ${percent}`,
	find: 'Name oder Domain suchen',
	filters: 'Filter',
	showing: (from, to, of) => `${from}–${to} von ${of}`,
	previous: 'Zurück',
	next: 'Weiter',
	pager: 'Seiten der Liste',
	none: 'Keine Organisation passt',
	noneWhy: 'Mit anderen Filtern oder einer anderen Suche finden sich vielleicht welche.',
	clear: 'Filter zurücksetzen',
	nothing: 'Noch keine Organisation gesehen',
	nothingWhy:
		'Organisationen werden benannt, wenn [organisations] enabled = true gesetzt ist und ein Unternehmen, eine Hochschule, eine Behörde oder eine Stiftung ein eigenes Netz hat.',
	noSuch: 'Diese Organisation gibt es hier nicht',
	noSuchWhy:
		'Sie wurde bei diesem Paket nicht gesehen, oder die Zuordnung wurde als falsch gemeldet.',
	listCounts:
		'Organisationen, aus deren Netzen ein Download oder eine Seite abgerufen wurde. Downloads, CI und Aufrufe gelten für den Zeitraum, Phase und Status für seinen letzten Tag. Internetanbieter, Hosting und Clouds sind nie dabei. Tage sind UTC-Tage.',

	allRules: 'Alle Regeln',
	rules: 'Regeln für Phasen',
	rulesIntro:
		'Die erste zutreffende Regel entscheidet. Gespeichert wird davon nichts: Andere Regeln ergeben einen anderen Verlauf.',
	thisOne: 'trifft zu',
	and: ' und ',
	rule: {
		weeks: (what, least, window) =>
			`${named(what)} in mindestens ${least} der letzten ${window} Wochen`,
		sum: (what, n, least, window) =>
			`mindestens ${counted(what, n, least)} in den letzten ${window} Tagen`,
		none: (what, window) => `keine ${named(what)} in den letzten ${window} Tagen`
	},
	found: {
		weeks: (what, found, window) => `${named(what)} in ${found} der letzten ${window} Wochen`,
		sum: (what, n, found, window) => `${counted(what, n, found)} in den letzten ${window} Tagen`,
		none: (what, found) => `seit ${found} Tagen keine ${named(what)}`,
		never: (what) => `noch nie ${named(what)}`
	},

	journey: 'Verlauf',
	journeyCounts:
		'Was an jedem UTC-Tag aus den Netzen dieser Organisation kam. Personen werden nie nach Organisation gezählt; von wem ein Download stammt, bleibt offen.',
	view: 'Aufruf',
	download: 'Download',
	build: 'CI',
	key: 'Legende',
	day: 'Tag',
	onDay: (views, downloads, ci) => `${views} Aufrufe, ${downloads} Downloads, davon CI ${ci}`,
	stageBar: 'Phasen im Zeitverlauf',
	stageFrom: (stage, first, last) => `${stage}: ${first} bis ${last}`,
	versions: 'Versionen im Zeitverlauf',
	versionsCounts:
		'Downloads dieser Organisation nach dem ersten Teil der Version, unabhängig vom Publikum.',
	pages: 'In den ersten 90 Tagen gelesene Seiten',
	pagesCounts:
		'Seiten, die diese Organisation innerhalb von 90 Tagen nach ihrem ersten Tag zum ersten Mal gelesen hat, in dieser Reihenfolge.',
	page: 'Seite',
	firstRead: 'Zuerst gelesen',
	lastRead: 'Zuletzt gelesen',
	noPages: 'Es wurde keine Seite gelesen.',
	packagesUsed: 'Genutzte eigene Pakete',
	packagesCounts:
		'Pakete, die diese Organisation heruntergeladen oder über die sie gelesen hat, soweit sie hier sichtbar sind.',
	package: 'Paket',

	evidence: 'Zuordnung',
	evidenceOf: (codes) => `Beruht auf: ${codes}`,
	wrongMatch: 'Falsche Zuordnung?',
	wrongIntro:
		'Eine Korrektur gilt für alle, rückwirkend und für die Zukunft. Kein Ereignis wird geändert, und sie lässt sich zurücknehmen.',
	notThem: 'Das war nie diese Organisation: niemand',
	otherName: 'Sie heißt anders',
	name: 'Name',
	domain: 'Domain',
	domainHint: 'Leer lassen, um sie zu behalten',
	keepType: 'Wie bisher',
	note: 'Begründung',
	correct: 'Korrigieren',
	corrected: 'Korrigiert.',
	undo: 'Rückgängig',
	undone: 'Wieder wie gespeichert.',
	cancel: 'Abbrechen'
};
