/** Auf Deutsch. */
import type { words as en } from './week.en';

export const words: typeof en = {
	impact: {
		choose: 'Hat eine Version etwas bewegt?',
		none: 'auswählen',
		title: (version) => `Was ${version} bewegt hat`,
		announced: (version: string) => `Über ${version}`,
		close: 'Schließen',
		unknown: (version) => `${version} erschien nicht in den letzten 12 Monaten.`,
		says: {
			up: (change, metric, days) =>
				`${change} ${metric} in den ${days} Tagen danach: mehr als die übliche Schwankung.`,
			down: (change, metric, days) =>
				`${change} ${metric} in den ${days} Tagen danach: weniger als die übliche Schwankung.`,
			within: (change, metric, days) =>
				`${change} ${metric} in den ${days} Tagen danach: innerhalb der üblichen Schwankung.`
		},
		early: (days) =>
			days === 1
				? 'Zu früh: Erst ein voller Tag ist vorbei. Es braucht eine volle Woche.'
				: `Zu früh: Erst ${days} volle Tage sind vorbei. Es braucht eine volle Woche.`,
		few: 'Davor ist zu wenig, um zu sagen, was üblich ist: Es braucht sieben Wochen und 30 Downloads auf jeder Seite.',
		before: (days) => `${days} Tage davor`,
		after: (days) => `${days} Tage danach`,
		normal: 'Übliche Schwankung',
		range: (low, high) => `${low} bis ${high}`,
		columns: { day: 'Tag', count: 'Anzahl', side: 'Seite' },
		sides: { usual: 'früher', before: 'davor', after: 'danach' },
		counts: (metric) =>
			`${metric} an den Tagen nach dem ersten Download der Version gegenüber ebenso vielen Tagen davor, also denselben Wochentagen. Üblich ist, worum sich neun von zehn solchen Paaren in den zwölf Wochen davor unterscheiden. Publikum und Filter gelten, der Zeitraum nicht. Was in diesen Tagen sonst geschah, steckt mit darin.`
	},
	organisations: {
		name: 'Organisationen',
		counts:
			'Organisationen, die im Zeitraum heruntergeladen oder die Doku gelesen haben, nach dem Netz, aus dem sie kamen. Wer aus keinem bekannten kam, gehört zu keiner.',
		none: 'Nichts im Zeitraum kam aus dem Netz einer bekannten Organisation.'
	},
	week: {
		title: 'Diese Woche in Worten',
		counts:
			'Sätze, die Regeln für erwähnenswert hielten, über die letzten sieben vollen Tage; kein Sprachmodell ist beteiligt. Jeder nennt seine Regel. Publikum und Filter gelten, der Zeitraum nicht.',
		quiet: 'Nichts Außergewöhnliches',
		quietWhy: 'Keine Regel fand an den letzten sieben vollen Tagen etwas Erwähnenswertes.',
		how: 'Warum das hier steht',
		columns: { says: 'Satz', how: 'Regel' },
		rules: {
			pace: 'Die Version ist zwischen 3 und 60 Tagen alt. Verglichen werden die Anteile an allen Downloads an den letzten drei vollen Tagen mit denselben Tagen nach der Version davor. Schneller oder langsamer heißt es ab 5 Punkten, wenn Zufall das kaum täte (drei Standardfehler).',
			new: 'Downloads in den letzten sieben vollen Tagen und keine in den zwölf Wochen davor.',
			gone: 'Downloads in jeder der vier Wochen davor und keine in den letzten sieben vollen Tagen.',
			moved:
				'Die letzten sieben vollen Tage gegenüber den sieben davor. Genannt wird, was sich am meisten bewegt hat: um mindestens 5 % aller Downloads mehr, als alle Downloads zusammen sich bewegten, und um vier Standardfehler.',
			unusual:
				'Einer der letzten sieben Tage gegenüber demselben Wochentag der acht Wochen davor: mindestens 30 % neben deren Median und viermal so weit, wie diese Tage sonst von ihm entfernt sind.'
		},
		pace: {
			plain: (version, share, days, before, then) =>
				`${version} hat ${days} Tage nach Erscheinen ${share} der Downloads; ${before} hatte da ${then}.`,
			faster: (version, share, days, before, then) =>
				`${version} hat ${days} Tage nach Erscheinen ${share} der Downloads und ist schneller als ${before} mit damals ${then}.`,
			slower: (version, share, days, before, then) =>
				`${version} hat ${days} Tage nach Erscheinen ${share} der Downloads und ist langsamer als ${before} mit damals ${then}.`
		},
		new: (count, names, more) =>
			count === 1
				? `${names} hat zum ersten Mal seit mindestens zwölf Wochen heruntergeladen.`
				: `${count} Organisationen haben zum ersten Mal seit mindestens zwölf Wochen heruntergeladen${more ? ', darunter' : ':'} ${names}.`,
		gone: (count, names, more) =>
			count === 1
				? `${names} hat bisher jede Woche heruntergeladen, in der letzten nicht.`
				: `${count} Organisationen haben bisher jede Woche heruntergeladen, in der letzten nicht${more ? ', darunter' : ':'} ${names}.`,
		moved: (name, change, now, before) =>
			`${name} hat sich am meisten bewegt: ${change}, ${now} Downloads nach ${before} in der Woche davor.`,
		appeared: (name, now) =>
			`${name} hat sich am meisten bewegt: ${now} Downloads nach keinem in der Woche davor.`,
		unusual: {
			high: (day, count, usual) =>
				`Am ${day} war ungewöhnlich viel los: ${count} Downloads, üblich sind ${usual}.`,
			low: (day, count, usual) =>
				`Am ${day} war ungewöhnlich wenig los: ${count} Downloads, üblich sind ${usual}.`
		}
	}
};
