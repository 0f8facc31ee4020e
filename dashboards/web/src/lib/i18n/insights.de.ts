/** Words of the pages below the overview, in German. */
import type { words as english } from './insights.en';

export const words: typeof english = {
	versions: {
		adoption: 'Verbreitung nach Tagen seit der Veröffentlichung',
		adoptionCounts:
			'Für jede der letzten Veröffentlichungen ihr Anteil an allen Downloads des Pakets an den Tagen nach ihrem ersten Download. Publikum und Filter gelten, der Zeitraum nicht.',
		day: 'Tage seit der Veröffentlichung',
		dayOf: (day: number) => (day === 1 ? '1 Tag danach' : `${day} Tage danach`),
		noReleases: 'In den letzten zwölf Monaten wurde keine Version zum ersten Mal heruntergeladen.',
		all: 'Alle Versionen',
		allCounts:
			'Versionen, die im Zeitraum heruntergeladen wurden. „Erstmals gesehen“ ist der Tag des allerersten Downloads einer Version. Der CI-Anteil bezieht sich auf die Downloads von Personen und CI zusammen, gleich welches Publikum gezeigt wird.',
		version: 'Version',
		firstSeen: 'Erstmals gesehen',
		share: 'Anteil',
		ci: 'CI-Anteil',
		sort: (column: string) => `Nach ${column} sortieren`,
		earlier: 'früher',
		more: 'Alle Versionen zeigen',
		fewer: 'Weniger zeigen'
	},
	audience: {
		over: 'Wer herunterlädt',
		overCounts:
			'Downloads nach Publikum, alle zusammen. Der Schalter darüber wirkt hier nicht; ein Klick auf einen Namen wirkt.',
		floor: 'Grundrauschen',
		floorCounts:
			'Der Median der täglichen Downloads von Spiegeln, Bots und Updatern: was jeden Tag ankäme, wenn niemand das Paket von Hand oder in einem Build benutzte.',
		floorSays: (a_day: string) => `Etwa ${a_day} Downloads am Tag kämen auch ganz ohne Nutzer an.`,
		floorPart: (share: string) => `Das sind ${share} aller Downloads im Zeitraum.`,
		floorNone:
			'Von selbst kommt kaum etwas an: Spiegel, Bots und Updater waren nur an wenigen Tagen da.',
		ci: 'CI-Dienste',
		channels: 'Kanäle',
		domains: 'Domains'
	},
	explore: {
		tabs: { pivot: 'Pivot', sql: 'SQL' },
		table: 'Die gewünschte Aufteilung',
		counts: 'Eine Zahl für jede Kombination der Werte. Publikum, Zeitraum und Filter gelten.',
		metric: 'Zählen',
		by: 'Nach',
		then: 'und nach',
		nothing: '(nichts weiter)',
		limit: 'Zeilen',
		hint: '„Abfrage zeigen“ im Menü gibt dasselbe als Befehl; CSV und JSON gibt es dort auch.'
	}
};
