/** Words of the pages Docs, Funnel and Retention, in German. */
import type { words as en } from './reading.en';

export const words: typeof en = {
	call: 'Dasselbe auf der Kommandozeile, nach dem Anmelden:',
	docs: {
		views: 'Aufrufe der Dokumentation',
		pages: 'Seiten',
		pagesCounts:
			'Aufrufe jeder Seite im Zeitraum und die Organisationen, die sie dann gelesen haben. Aufrufe von Bots fehlen, solange das Publikum nicht anders gewählt ist; Organisationen sind solche, die ein Netz nennt, nie Personen.',
		page: 'Seite',
		viewsShort: 'Aufrufe',
		organisations: 'Organisationen',
		noPages: 'Seiten werden nicht unterschieden',
		noPagesWhy:
			'Die Hosts der Dokumentation gehören in „pages“ des Pixels; dann wird der Pfad jeder Seite behalten.',
		sources: 'Quellen',
		referrers: 'Verweisende Seiten',
		readmes: 'README-Hosts',
		readmesCounts:
			'Aufrufe, die der Bild-Proxy eines Hosts für jemanden geholt hat. Wer gelesen hat, verrät er nicht; Besucher und Organisationen sind deshalb unbekannt: ein Strich, keine kleine Zahl.',
		host: 'Host',
		visitors: 'Besucher',
		hidden: 'Der Proxy dieses Hosts verbirgt, wer liest.',
		proxies: {
			'github-camo': 'README auf GitHub, npm',
			'pypi-camo': 'README auf PyPI',
			'go-camo': 'Ein Bild-Proxy (go-camo)',
			camo: 'Ein Bild-Proxy (camo)'
		},
		noReadmes: 'In diesem Zeitraum wurde kein README gelesen',
		noReadmesWhy: 'Mit dem Pixel oder einem Badge im README zählen auch Aufrufe über GitHub.',
		copied: 'Kopierte Befehle',
		copiedCounts:
			'Befehle, die aus der Dokumentation kopiert wurden, wie die Seite sie gemeldet hat (ein Ereignis „copy“ mit dem Befehl), und die Organisationen dazu. Der Zeitraum gilt, Publikum und Filter nicht.',
		command: 'Befehl',
		copies: 'Kopiert',
		noCopied: 'Kein kopierter Befehl wurde gemeldet',
		noCopiedWhy:
			'Mit dem Skript auf den Seiten der Dokumentation werden kopierte Installationsbefehle gemeldet.',
		before: 'Vor dem ersten Download gelesen',
		beforeCounts: (floor: number) =>
			`Gemeint ist der allererste Download einer Organisation, in diesem Zeitraum. Von den Organisationen, die bis zu diesem Tag irgendeine Seite gelesen hatten, der Anteil, der diese gelesen hatte; daneben der Anteil aller Organisationen, die im Zeitraum gelesen haben. Der Faktor ist das eine geteilt durch das andere. Bei weniger als ${floor} Organisationen steht kein Anteil. Tage sind UTC-Tage; Publikum und Filter gelten nicht.`,
		beforeSays: (read: string, adopters: string) =>
			`${read} von ${adopters} Organisationen mit erstem Download hatten bis dahin die Dokumentation gelesen.`,
		beforeShare: 'Vorher gelesen',
		allShare: 'Alle Lesenden',
		lift: 'Faktor',
		few: (floor: number) => `Weniger als ${floor} Organisationen.`,
		noBefore: 'Keine Organisation hat in diesem Zeitraum die Dokumentation gelesen',
		noBeforeWhy:
			'Organisationen werden erkannt, wo das eingeschaltet und ein eigenes Netz bekannt ist.'
	},
	blocked: {
		title: 'Was Blocker fernhalten',
		counts: (floor: string) =>
			`Seiten eines Hosts, die Pixel und Skript zugleich tragen: Aufrufe, die das Pixel zählte, jene davon, die das Skript meldete, und der Anteil, den es nicht meldete – eine Schätzung. Wer beide blockiert, kommt in keiner der Zahlen vor. Hosts mit weniger als ${floor} Aufrufen haben keinen Anteil.`,
		host: 'Website',
		byPixel: 'Vom Pixel',
		byScript: 'Vom Skript',
		share: 'Nicht gemeldet',
		few: (floor: string) => `Weniger als ${floor} Aufrufe.`,
		none: 'Keine Seite trägt Pixel und Skript zugleich',
		noneWhy:
			'Beide eine Zeit lang auf die Seiten setzen: Was das Skript weniger meldet, halten Blocker fern.'
	},
	funnel: {
		tabs: 'Trichter und Verbleib',
		title: 'Von der Dokumentation zur Nutzung',
		counts:
			'Organisationen, die im Zeitraum zuerst die Dokumentation gelesen und noch nie heruntergeladen hatten; jeder Schritt zählt jene, die ihn nach dem vorigen getan haben, bis jetzt. Noch da: ein weiterer Download vier Wochen nach dem ersten oder später, von denen, deren vier Wochen um sind. Bots, Spiegel und Proxys fehlen. Publikum und Filter gelten nicht.',
		steps: {
			read: 'Dokumentation gelesen',
			install: 'Installation gelesen',
			copied: 'Befehl kopiert',
			downloaded: 'Erster Download',
			stayed: 'Nach 4 Wochen noch da'
		},
		step: 'Schritt',
		organisations: 'Organisationen',
		ofBefore: 'Vom vorigen Schritt',
		median: 'Median der Dauer',
		wentOn: (share: string) => `${share} vom vorigen Schritt`,
		after: (time: string) => `Median ${time}`,
		sameDay: 'am selben Tag',
		days: (days: number, text: string) => `${text} ${days === 1 ? 'Tag' : 'Tage'}`,
		notMeasured: 'nicht gemessen: keine Seite meldet, was kopiert wird',
		ofDue: (due: string) => `von ${due}, deren vier Wochen um sind`,
		noneDue: 'noch sind bei niemandem vier Wochen um',
		left: (count: string) =>
			`${count} weitere haben die Dokumentation gelesen und schon vorher heruntergeladen.`,
		since: (day: string) =>
			`Einzelne Ereignisse werden nur eine Zeit lang behalten: der Trichter beginnt am ${day}.`,
		person: 'Nach Organisation. Keine Person wird von einer Seite zu einem Paket verfolgt.',
		none: 'Keine Organisation hat in diesem Zeitraum begonnen, die Dokumentation zu lesen',
		noneWhy:
			'Organisationen werden erkannt, wo das eingeschaltet und ein eigenes Netz bekannt ist. Ein längerer Zeitraum hat vielleicht welche.'
	},
	retention: {
		tab: 'Verbleib',
		title: 'Verbleib der Organisationen',
		counts:
			'Organisationen nach dem Monat ihres ersten Downloads und der Anteil, der in jedem Monat danach wieder heruntergeladen hat. Build-Dienste zählen, Spiegel, Bots und Proxys nicht. Monate sind UTC-Monate; der laufende ist gestrichelt, weil er nicht um ist. Zeitraum, Publikum und Filter gelten nicht.',
		month: 'Erster Download im',
		size: 'Organisationen',
		after: 'Monate nach dem ersten Download',
		monthOf: (nth: number) => (nth === 1 ? '1 Monat danach' : `${nth} Monate danach`),
		of: (count: string, size: string) => `${count} von ${size} Organisationen`,
		running: 'noch nicht um',
		months: 'Monate',
		earlier: 'oder früher',
		scale: 'Anteil, der wiederkam',
		none: 'Noch keine Organisation hat heruntergeladen',
		noneWhy: 'Organisationen werden erkannt, wo das eingeschaltet und ein eigenes Netz bekannt ist.'
	}
};
