/** Words of the live view, in German. */
import type { words as en } from './live.en';

export const words: typeof en = {
	title: 'Live',
	all: 'Alle Pakete',
	now: (people) =>
		people === 1
			? '1 Person in den letzten 5 Minuten'
			: `${people} Personen in den letzten 5 Minuten`,
	people: 'Personen in den letzten 5 Minuten',
	peopleCounts:
		'Verschiedene Quellen von Downloads und Aufrufen der Dokumentation in den letzten fünf Minuten, die laufende eingeschlossen. Wer zwei Pakete holt, zählt für jedes.',
	byMinute: 'Letzte 30 Minuten',
	byMinuteCounts:
		'Personen und Ereignisse jeder Minute: beantwortete Downloads und Aufrufe der Dokumentation. Die letzte Minute läuft noch. Alle fünf Sekunden aktualisiert.',
	peopleOf: 'Personen',
	eventsOf: 'Ereignisse',
	minute: 'Minute',
	minuteIs: (time, people, events) => `${time}: Personen ${people}, Ereignisse ${events}`,
	ago: (minutes) => `vor ${minutes} min`,
	nowTick: 'jetzt',
	places: 'Woher es kommt',
	placesCounts:
		'Länder der Ereignisse darunter, die in der letzten halben Stunde kamen, gleich welches Publikum und welche Art. Ein Land leuchtet mit seinem neuesten Ereignis auf und verblasst mit jeder Minute.',
	mapOf: (countries) => `Weltkarte. Neueste: ${countries}.`,
	mapNobody: 'In der letzten halben Stunde kein Ereignis mit bekanntem Land.',
	stream: 'Ereignisse',
	streamCounts:
		'Ereignisse, wie sie gespeichert werden, neueste zuerst, jedes Publikums und jeder Art, auf die Minute genau. Gezeigt wird nichts, was nicht aufbewahrt wird: keine Adresse, keine Programmkennung. Von einem sehr gefragten Paket erscheinen nur einige; gezählt werden alle.',
	package: 'Paket',
	organisation: 'Organisation',
	pause: 'Anhalten',
	resume: 'Weiter',
	waiting: (events) => (events === 1 ? '1 neues Ereignis' : `${events} neue Ereignisse`),
	live: 'live',
	reconnecting: 'verbindet sich neu …',
	none: 'Noch nichts',
	noneWhy: 'Ereignisse erscheinen hier, sobald sie gespeichert sind, Sekunden nach dem Download.',
	setUp: 'Einrichten',
	silent: (silence, gap) => `Seit ${silence} kein Ereignis; sonst kommt alle ${gap} eines.`,
	silentWhy: 'Prüfen, ob Downloads durchkommen',
	listen: 'Dann zuhören:'
};
