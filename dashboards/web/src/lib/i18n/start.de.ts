/** Words of the set-up page and of what is worth doing next, in German. */
import type { words as en } from './start.en';

export const words: typeof en = {
	title: 'Einrichtung',
	first: 'Einen Download durch das Gateway schicken',
	firstWhy:
		'Einen dieser Befehle mit eigenen Werten ausführen. Der Download wird binnen Sekunden gezählt.',
	noCommand:
		'Die Konfiguration hat keinen Befehl für dieses Paket. Zeilen wie die untenstehenden ergänzen.',
	waiting: (elapsed) => `Warten auf das erste Ereignis … ${elapsed}`,
	arrived: 'Es funktioniert. Das neueste Ereignis:',
	countedAs: (audience) => `gezählt als ${audience}`,
	from: (country) => `aus ${country}`,
	checks: 'Prüfungen',
	checksWhy: 'Dieser Server prüft von seinem Standort aus den Weg, den ein Download nimmt.',
	again: 'Erneut prüfen',
	checking: 'Wird geprüft …',
	good: 'in Ordnung',
	bad: 'nicht in Ordnung',
	unsure: 'von hier aus nicht zu sagen',
	found: (found) => `Gefunden: ${found}`,
	checked: {
		route: {
			name: () => 'Die Konfiguration hat eine Domain dafür',
			fix: 'Die Zeilen unten in weir.toml ergänzen; sie gelten, sobald die Datei gespeichert ist.'
		},
		dns: {
			name: (of) => `Das DNS kennt ${of}`,
			fix: 'Für die Domain einen A- oder AAAA-Eintrag anlegen, der zu dieser Maschine oder zum Proxy davor führt.'
		},
		gateway: {
			name: (of) => `Dieses Gateway antwortet unter ${of}`,
			fix: 'Die Domain führt woandershin, oder eine Firewall steht dazwischen. Sie muss zur Adresse in [gateway] http führen, und der Proxy davor muss den Host-Header weitergeben.'
		},
		certificate: {
			name: (of) => `Das Zertifikat von ${of} ist gültig`,
			fix: 'Das Zertifikat dort erneuern, wo HTTPS endet; es muss diese Domain nennen.'
		},
		upstream: {
			name: (of) => `Der Upstream ${of} antwortet`,
			fix: 'Prüfen, ob die Adresse in weir.toml stimmt und ob diese Maschine sich dorthin verbinden darf.'
		}
	},
	readme: 'In Dokumentation und README',
	ways: {
		pixel: {
			name: 'Pixel',
			why: 'Ein Bild von einem Pixel zählt Aufrufe. Es setzt kein Cookie und behält keine Adresse.'
		},
		badge: {
			name: 'Badge',
			why: 'Ein Badge zeigt allen eine Zahl der letzten vier Wochen, sobald das Paket public = true hat. Mit badge = true beim Pixel zählt jeder Blick darauf als Aufruf.'
		},
		script: {
			name: 'Skript',
			why: 'Das Skript sieht auch Seiten, die ohne Neuladen wechseln, und kopierte Installationsbefehle. Es speichert nichts und achtet „Do Not Track“. Es steht anstelle des Pixels; mit beiden zusammen lässt sich schätzen, welchen Anteil Blocker fernhalten.'
		}
	},
	badge: 'Zahl auf dem Badge',
	badges: {
		downloads: 'Downloads',
		people: 'Personen',
		organisations: 'Organisationen',
		'latest-share': 'Auf neuester Hauptversion'
	},
	markup: 'Sprache der Datei',
	noPixel: 'Dieses Paket hat noch kein Pixel. Diese Zeilen in weir.toml ergänzen:',
	more: 'Was soll noch gemessen werden?',
	moreWhy: 'Diese Zeilen gehören in weir.toml. Was in Klammern steht, durch eigene Werte ersetzen.',
	kinds: {
		oci: 'Container-Image',
		pypi: 'Python',
		npm: 'npm',
		cargo: 'Cargo',
		helm: 'Helm',
		file: 'Dateien',
		docs: 'Dokumentation',
		readme: 'README'
	},
	lines: 'Zeilen für weir.toml',
	next: 'Als Nächstes lohnt sich',
	steps: {
		domain: {
			name: 'Eine eigene Domain verwenden',
			fix: 'Einen eigenen Namen hierher zeigen lassen und in domains eintragen: Clients behalten ihn, auch wenn die Registry dahinter wechselt.'
		},
		download: {
			name: 'Einen Download durchlassen',
			fix: 'Einen der Befehle oben ausführen und ihn ins README schreiben.'
		},
		release: {
			name: 'Versionen erkennen lassen',
			fix: 'Der Pfad der Route braucht {version}, damit jeder Download sagt, welche er ist.'
		},
		docs: {
			name: 'Das Pixel in die Dokumentation setzen',
			fix: 'Das Bild auf die Seiten der Dokumentation setzen: Es zeigt, was vor einem Download gelesen wird.'
		},
		readme: {
			name: 'Das Pixel ins README setzen',
			fix: 'Das Bild ins README setzen. Code-Hoster holen es über einen Proxy; es zählt daher Aufrufe und keine Personen.'
		},
		audience: {
			name: 'Herausfinden, wer herunterlädt',
			fix: 'Bei mehr als einem von zwanzig Downloads ist das Publikum unbekannt. Unter Einstellungen, Publikumsregeln, die häufigsten Clients benennen.'
		},
		places: {
			name: 'Daten über Netze auffrischen',
			fix: 'weir geo update ausführen oder update = true unter [geo] setzen.'
		},
		owner: {
			name: 'Eine zweite Person als Owner einladen',
			fix: 'Unter Einstellungen, Benutzer, jemanden als Owner einladen: Dann sperrt ein verlorenes Passwort niemanden aus.'
		}
	},
	done: (done, all) => `${done} von ${all} erledigt`,
	allDone: 'Alles ist erledigt.',
	open: (open) =>
		open === 1 ? 'Eines lohnt sich noch:' : `${open} Dinge lohnen sich noch, zuerst:`,
	show: 'Zeigen'
};
