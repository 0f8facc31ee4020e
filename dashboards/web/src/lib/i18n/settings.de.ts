/** The words of settings and links in German. */
import type { AuditLine, Role, Scope } from '../api/accounts';
import type { words as english } from './settings.en';

const roles: Record<Role, { name: string; may: string }> = {
	owner: { name: 'Inhaber', may: 'alles' },
	admin: { name: 'Verwaltung', may: 'Benutzer, Tokens und das Prüfprotokoll' },
	editor: { name: 'Redaktion', may: 'alle Zahlen und Importe' },
	viewer: { name: 'Lesen', may: 'alle Zahlen' },
	guest: { name: 'Gast', may: 'die Zahlen einzelner Pakete' }
};

const scopes: Record<Scope, { name: string; may: string }> = {
	read: { name: 'Lesen', may: 'Fragen stellen' },
	export: { name: 'Export', may: 'Zeilen mitnehmen' },
	import: { name: 'Import', may: 'Ereignisse und Zählungen einspielen' },
	'releases:write': { name: 'Veröffentlichungen', may: 'Veröffentlichungen melden' },
	sql: { name: 'SQL', may: 'eigene Abfragen über alle Pakete ausführen' },
	admin: { name: 'Verwaltung', may: 'Benutzer verwalten, das Prüfprotokoll lesen' }
};

/** Between who did it and what it was done to. */
const actions: Record<AuditLine['action'], string> = {
	set_up: 'Installation eingerichtet',
	signed_in: 'angemeldet',
	invited: 'eingeladen',
	withdrew: 'Einladung zurückgezogen',
	user_added: 'beigetreten',
	role_changed: 'Rolle geändert',
	user_removed: 'entfernt',
	reset_asked: 'Link für ein neues Passwort erstellt',
	password_changed: 'Passwort geändert',
	sessions_ended: 'Sitzungen beendet',
	second_factor_on: 'zweiten Faktor eingeschaltet',
	second_factor_off: 'zweiten Faktor ausgeschaltet',
	recovery_code_used: 'Wiederherstellungscode benutzt',
	token_made: 'Token erstellt',
	token_revoked: 'Token widerrufen',
	release_announced: 'Veröffentlichung gemeldet',
	identity_linked: 'Anmeldung über den Anbieter ermöglicht:',
	shut_out: 'in keiner Gruppe mehr:',
	match_refused: 'Zuordnung verworfen: Organisation',
	match_renamed: 'Organisation umbenannt:',
	correction_undone: 'Korrektur zurückgenommen: Organisation'
};

export const words: typeof english = {
	title: 'Einstellungen',
	pages: 'Seiten der Einstellungen',
	account: 'Konto',
	users: 'Benutzer',
	tokens: 'Tokens',
	audit: 'Prüfprotokoll',
	roles,
	scopes,
	actions,
	role: 'Rolle',
	name: 'Name',
	password: 'Passwort',
	packages: 'Pakete',
	packagesHint: 'Namen, durch Kommas getrennt.',
	all: 'alle',
	actionsOf: 'Aktionen',
	ends: 'Gültig bis',
	once: 'Nur dieses eine Mal zu sehen: jetzt kopieren.',
	you: 'dieses Konto',
	saved: 'Gespeichert.',
	wrongPassword: 'Das ist nicht das Passwort dieses Kontos.',

	own: {
		signedIn: (role: string) => `Rolle: ${role}.`,
		password: 'Passwort',
		old: 'Bisheriges Passwort',
		fresh: 'Neues Passwort',
		change: 'Passwort ändern',
		changed: 'Das Passwort ist geändert. Die anderen Sitzungen sind beendet.',
		factor: 'Zweiter Faktor',
		factorOn: 'Eingeschaltet. Die Anmeldung verlangt einen Code aus der App.',
		factorOff: 'Ausgeschaltet. Mit ihm öffnet ein gestohlenes Passwort allein noch nichts.',
		begin: 'Einschalten',
		scan: 'Mit einer App für Einmalcodes scannen oder das Geheimnis abtippen.',
		qr: 'QR-Code des Geheimnisses',
		secret: 'Geheimnis',
		code: 'Code, den die App zeigt',
		confirm: 'Jetzt einschalten',
		off: 'Ausschalten',
		recovery: 'Wiederherstellungscodes',
		recoveryWhy:
			'Jeder gilt für eine Anmeldung, falls die App verloren geht. Bitte an einem anderen Ort aufbewahren.',
		sessions: 'Sitzungen',
		since: 'Seit',
		used: 'Zuletzt benutzt',
		thisOne: 'dieser Browser',
		end: 'Beenden',
		endAll: 'Überall abmelden'
	},

	people: {
		title: 'Benutzer',
		factor: 'Zweiter Faktor',
		on: 'ein',
		off: 'aus',
		roleOf: (name: string) => `Rolle von ${name}`,
		packagesOf: (name: string) => `Pakete von ${name}`,
		save: 'Speichern',
		reset: 'Neues Passwort',
		resetOf: (name: string) => `Link für ein neues Passwort von ${name}`,
		remove: 'Entfernen',
		sure: (name: string) => `${name} mit allen Sitzungen und Tokens entfernen?`,
		invite: 'Jemanden einladen',
		make: 'Link erstellen',
		link: 'Link für jemand Neues',
		open: 'Offene Einladungen',
		by: 'Von',
		withdraw: 'Zurückziehen'
	},

	token: {
		title: 'Tokens',
		none: 'Noch keine Tokens.',
		user: 'Benutzer',
		may: 'Darf',
		used: 'Zuletzt benutzt',
		never: 'nie',
		revoke: 'Widerrufen',
		sure: (name: string) =>
			`Das Token ${name} widerrufen? Was es benutzt, funktioniert dann nicht mehr.`,
		make: 'Token erstellen',
		purpose: 'Wofür es gedacht ist',
		packagesHint: 'Namen, durch Kommas getrennt; leer für alle sichtbaren Pakete.',
		days: 'Gültig für Tage',
		create: 'Erstellen',
		fresh: 'Neues Token'
	},

	log: {
		title: 'Prüfprotokoll',
		when: 'Wann',
		who: 'Wer',
		what: 'Was',
		none: 'Noch nichts.',
		more: 'Frühere'
	},

	invite: {
		title: 'Einladung zu Weir',
		intro: (role: string, may: string) => `Rolle: ${role}. Zugriff: ${may}.`,
		resetTitle: 'Neues Passwort wählen',
		resetIntro: (name: string) =>
			`Für ${name}. Alle Sitzungen enden, und der zweite Faktor wird ausgeschaltet.`,
		create: 'Konto anlegen',
		change: 'Passwort ändern',
		wrong:
			'Dieser Link wurde benutzt, zurückgezogen oder ist abgelaufen. Bitte einen neuen anfordern.'
	}
};
