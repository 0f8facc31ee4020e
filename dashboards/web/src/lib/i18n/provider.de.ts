/** Words about signing in through a provider, in German. */
import type { words as en } from './provider.en';

export const words: typeof en = {
	signIn: (name) => `Mit ${name} anmelden`,
	accept: (name) => `Weiter mit ${name}`,
	or: 'oder',
	only: (name) => `Konten werden hier mit ${name} angemeldet.`,
	problems: {
		refused: (name) =>
			`${name} hat die Anmeldung abgelehnt. Noch einmal versuchen oder dort nachfragen, ob Weir benutzt werden darf.`,
		expired: () => 'Das hat zu lange gedauert oder wurde schon benutzt. Bitte erneut anmelden.',
		unreachable: (name) =>
			`${name} antwortet nicht. In einem Moment noch einmal versuchen. Downloads laufen weiter.`,
		unproven: (name) =>
			`Die Antwort von ${name} ist nicht glaubwürdig. Noch einmal versuchen; bleibt es dabei, steht der Grund im Protokoll von Weir.`,
		domain: (name) =>
			`Die Adresse bei ${name} ist nicht bestätigt oder gehört zu keiner zugelassenen Domain. Dort bestätigen oder ein anderes Konto benutzen.`,
		not_invited: (name) =>
			`Die Anmeldung mit ${name} hat geklappt, aber hier gibt es noch kein Konto dazu. Eine Einladung kommt von Personen mit der Rolle Owner oder Admin.`,
		link: () => 'Die Einladung wurde schon benutzt oder ist abgelaufen. Bitte eine neue anfordern.',
		taken: () => 'Es gibt schon ein Konto. Bitte ohne die Einladung anmelden.',
		failed: () =>
			'Das hat nicht geklappt. In einem Moment noch einmal versuchen; bleibt es dabei, steht der Grund im Protokoll von Weir.'
	}
};
