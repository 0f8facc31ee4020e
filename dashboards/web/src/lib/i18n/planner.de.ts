/** Auf Deutsch. */
import type { words as en } from './planner.en';

export const words: typeof en = {
	title: 'Planer',
	intro:
		'Wer bliebe zurück, wenn eine Version, eine Laufzeit oder eine Plattform wegfiele, und wann niemand mehr.',
	link: 'Wegfall planen',
	back: 'Zurück zu den Versionen',

	choose: 'Was wegfallen soll',
	what: 'Wegfallen',
	targets: {
		version: 'Versionen vor',
		runtime: 'Laufzeiten vor',
		arch: 'die Architektur',
		os: 'das System',
		libc: 'die C-Bibliothek'
	},
	runtime: 'Laufzeit',
	value: { before: 'Erste, die bleibt', is: 'Was wegfällt' },
	example: { version: '3.0', runtime: '3.10', arch: 'armv7', os: 'windows', libc: 'musl' },
	look: 'Nachsehen',
	notSaid: 'Nicht bekannt',
	nothingKnown: 'Kein Download dieser Zeit nannte es.',
	start: 'Bitte wählen, was wegfallen soll',
	startWhy:
		'Dann zeigt diese Seite, wer es noch nutzt, wie schnell das abnimmt und was im Changelog stehen kann.',

	decline: (what) => `Anteil: ${what}`,
	declineCounts: (weeks, shortly) =>
		`Downloads dessen, was wegfiele, von allen Downloads, die es nennen, je Woche; Publikum und Filter gelten, der Zeitraum nicht. Die gestrichelte Linie ist eine logistische Kurve durch höchstens ${weeks} volle Wochen, seit der Anteil sich bewegt, wobei spätere mehr zählen; in der Fläche liegen vier von fünf Wochen, wenn es so weitergeht.${shortly ? ' Bekannt ist das nur für einzelne Ereignisse, und die werden 90 Tage aufbewahrt.' : ''}`,
	now: 'Anteil jetzt',
	nowOf: 'der letzten vier Wochen',
	among: { people: 'bei Personen', ci: 'in CI' },
	passes: (threshold) => `Unter ${threshold}`,
	expected: (date) => `etwa ${date}`,
	between: (from, to) => `${from} bis ${to}`,
	notBefore: (from) => `nicht vor ${from}, ein Ende ist nicht abzusehen`,
	thisWeek: 'diese Woche',
	already: 'schon jetzt',
	notFalling: 'nimmt nicht ab',
	notFallingWhy: 'Der Anteil ist nicht stärker gesunken, als Wochen ohnehin schwanken.',
	tooSlow: 'nicht in zwei Jahren',
	tooFew: 'zu wenige Wochen',
	tooFewWhy: (weeks) => `Eine Kurve braucht ${weeks} volle Wochen mit Downloads.`,
	none: 'niemand',
	noneWhy: 'In dieser Zeit wurde nichts heruntergeladen, was wegfiele.',
	observed: 'Anteil der Woche',
	fitted: 'angepasst',
	band: '80-%-Band',
	week: 'Woche',
	columns: { share: 'Anteil, %', fitted: 'Angepasst, %', low: 'Unten, %', high: 'Oben, %' },
	chartKeys: (label) => `Woche ab ${label}`,
	noData: (label) => `${label}: keine Downloads`,

	leftBehind: 'Organisationen, die noch dabei sind',
	leftBehindCounts:
		'Organisationen, die in den letzten 90 Tagen heruntergeladen haben, was wegfiele, nach dem Netz, aus dem sie kamen; wer von zu Hause oder aus einem gemieteten Rechenzentrum kommt, gehört zu keiner. Das Publikum gilt hier nicht.',
	organisation: 'Organisation',
	downloads: 'Downloads',
	lastSeen: 'Zuletzt',
	noOrganisations: 'Von keiner Organisation ist bekannt, dass sie es nutzt',
	noOrganisationsWhy:
		'Nichts davon wurde aus einem Netz geladen, das bekanntlich einer Organisation gehört.',
	notLookedUp: 'Hier sind keine Organisationen bekannt',
	notLookedUpWhy:
		'Kein Download dieses Pakets hat eine. Genannt werden sie, wo die Einstellungen unter [organisations] das einschalten.',
	leftBehindCut:
		'Es gibt mehr Downloads, als gelistet sind; Organisationen, die selten kamen, können fehlen.',
	more: (count) => `Alle ${count} zeigen`,
	fewer: 'Weniger zeigen',

	changelog: 'Für das Changelog',
	changelogText: 'Text zum Kopieren',
	changelogWhy: 'Aus den Zahlen oben geschrieben und frei zu ändern.',
	named: {
		version: (value) => `Versionen vor ${value}`,
		runtime: (value, runtime) => `${runtime} vor ${value}`,
		arch: (value) => `die Architektur ${value}`,
		os: (value) => `das System ${value}`,
		libc: (value) => `die C-Bibliothek ${value}`
	},
	text: {
		drops: (what) => `Die nächste Version unterstützt Folgendes nicht mehr: ${what}.`,
		now: (share, since, day) =>
			`In den vier Wochen bis zum ${day} entfielen darauf noch ${share} der Downloads${since}.`,
		before: (share, day) => ` (${share} in den vier Wochen ab ${day})`,
		nobody: (day) => `In den vier Wochen bis zum ${day} wurde es nicht heruntergeladen.`,
		expected: (threshold, date) => `Ab etwa ${date} erwarten wir weniger als ${threshold}.`,
		organisations: (count) =>
			count === 1
				? 'Von einer Organisation wissen wir, dass sie es noch nutzt.'
				: `Von ${count} Organisationen wissen wir, dass sie es noch nutzen.`,
		stays: {
			version: (value) => `Bitte auf ${value} oder neuer umsteigen.`,
			runtime: (value, runtime) => `Bitte auf ${runtime} ${value} oder neuer umsteigen.`,
			other: 'Die letzte Version, die es unterstützt, bleibt verfügbar.'
		}
	},

	lag: 'Zeit bis zum Umstieg',
	lagBy: {
		organisations: 'Tage, bis Organisationen folgen',
		downloads: 'Tage, bis heruntergeladen wird'
	},
	lagCounts: {
		organisations:
			'Für jede der letzten Versionen die Tage von ihrem ersten Download überhaupt bis zum ersten jeder Organisation. Der Punkt ist der Median, die Linie endet beim 90. Perzentil. Organisationen, die noch nicht gefolgt sind, fehlen; die neuesten Versionen wirken deshalb schneller, als sie sein werden. Der Zeitraum gilt hier nicht.',
		downloads:
			'Organisationen sind hier keine bekannt, darum zählen Downloads: für jede der letzten Versionen die Tage von ihrem ersten Download bis zu jedem weiteren. Der Punkt ist der Median, die Linie endet beim 90. Perzentil, nach höchstens 90 Tagen. Das zeigt, wie lange eine Version geholt wird, und das ist mehr als die Zeit, die jemand gewartet hat. Der Zeitraum gilt hier nicht.'
	},
	lagColumns: {
		version: 'Version',
		median: 'Median, Tage',
		late: '90. Perzentil, Tage',
		count: { organisations: 'Organisationen', downloads: 'Downloads' }
	},
	lagNone: 'Keine Version der letzten Monate hat genug Downloads für eine Aussage.',
	days: (count) => `${count} T`,
	lagSays: (version, median, late) =>
		`${version}: Median ${median} Tage, 90. Perzentil ${late} Tage`,

	behind: 'Versionen zurück',
	behindCounts:
		'Downloads im Zeitraum danach, wie viele Versionen zwischen der geladenen und der neuesten liegen. Gezählt werden Nebenversionen: 2.1.0 und 2.1.5 sind dieselbe. Vorabversionen und Versionen ohne Nummer fehlen.',
	behindBy: (releases) => `${releases} zurück`,
	newest: 'die neueste',
	behindColumns: { behind: 'Versionen zurück', share: 'Anteil, %', versions: 'Versionen' },
	behindNone: 'Im Zeitraum wurde keine Version mit einer Nummer heruntergeladen.'
};
