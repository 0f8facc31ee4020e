/** What the API has against a request, in German, by its code. */
import type { Words } from './errors';

export const words: Words = {
	internal: 'Hier ging etwas schief. Das Protokoll des Servers sagt, warum.',
	unknown_resource: 'Diese Adresse gibt es nicht.',
	unknown_method: 'Das geht an dieser Adresse nicht.',
	request_too_slow: 'Die Anfrage hat zu lange gedauert.',

	not_signed_in: 'Nicht angemeldet.',
	unknown_token: 'Dieses Token gibt es nicht: vertippt, widerrufen oder abgelaufen.',
	not_allowed: 'Die Rolle oder das Token erlaubt das nicht.',
	not_all_packages: 'SQL sieht alle Pakete und braucht deshalb Zugriff auf alle.',
	owners_only: 'Das dürfen nur Eigentümer.',
	other_site: 'Änderungen werden nur von dieser Seite selbst angenommen.',
	too_many_requests: 'Zu viele Anfragen. Bitte kurz warten.',

	wrong_password: 'Name oder Passwort ist falsch.',
	wrong_second_factor:
		'Der Code ist falsch oder wurde schon benutzt. Bitte auf den nächsten warten.',
	wrong_setup_code:
		'Der Code ist falsch oder abgelaufen. Beim Start gibt Weir einen neuen auf der Konsole aus.',
	wrong_link: 'Dieser Link wurde schon benutzt oder ist abgelaufen. Bitte um einen neuen bitten.',
	already_set_up: 'Schon eingerichtet.',
	too_many_attempts: 'Zu viele Versuche. Bitte kurz warten.',
	invalid_name: 'Ein Name hat 1 bis 64 Bytes und keine Steuerzeichen.',
	name_taken: 'Diesen Namen hat schon jemand. Bitte einen anderen wählen.',
	invalid_password: 'Ein Passwort hat mindestens 12 Zeichen und höchstens 1024 Bytes.',
	invalid_second_factor: 'Das ist nicht das vorgeschlagene Geheimnis.',
	invalid_packages: 'Gäste brauchen mindestens ein Paket; allen anderen wird keines genannt.',
	invalid_token: (said) => `So kann es das Token nicht geben: ${said}`,
	invalid_release: (said) => `So kann es diese Version nicht geben: ${said}`,
	no_password:
		'Dieses Konto hat kein Passwort, weil ein Anmeldedienst es anmeldet. Ein Link für ein neues Passwort gibt ihm eines.',
	last_owner: 'Jemand muss Eigentümer bleiben. Bitte zuerst jemand anderen dazu machen.',
	passwords_off: 'Passwörter melden hier niemanden an. Bitte den Anmeldedienst verwenden.',
	not_invited: 'Hier gibt es kein Konto dafür. Bitte um eine Einladung bitten.',
	identity_taken: 'Dafür gibt es schon ein Konto. Bitte ohne den Link anmelden.',
	no_provider: 'Hier meldet kein Anmeldedienst an.',
	provider_down:
		'Der Anmeldedienst antwortet nicht. Bitte gleich noch einmal versuchen; Downloads laufen weiter.',
	accounts_down: 'Die Datenbank der Konten antwortet nicht. Downloads laufen weiter.',

	invalid_question: (said) => `Diese Frage ergibt keinen Sinn: ${said}`,
	invalid_parameter: (said) => `Ein Parameter ergibt keinen Sinn: ${said}`,
	invalid_body: (said) => `Diese Angabe ergibt keinen Sinn: ${said}`,
	body_too_large: 'Das ist zu viel auf einmal.',
	not_json: 'Die Anfrage ist kein JSON.',
	no_such_package: 'Dieses Paket gibt es nicht.',
	no_such_organisation: 'Diese Organisation gibt es nicht.',
	no_such_entry: 'Das gibt es nicht mehr.',

	statement_length: 'Eine Anweisung darf nicht leer und nicht länger als 32 KiB sein.',
	statement_not_reading: 'Bitte ein SELECT schreiben; etwas anderes wird nicht ausgeführt.',
	statement_forbidden: (said) =>
		`${said.match(/`[^`]+`/)?.[0] ?? 'Eine Funktion'} ist in Anweisungen nicht erlaubt; eine Spalte, die so heißt, braucht einen anderen Namen.`,
	statement_format:
		'Bitte kein FORMAT schreiben; wie die Zeilen kommen, sagt „format“ in der Anfrage.',
	// ClickHouse speaks English, and the place in the statement is read from its words.
	statement_refused: (said) => said,
	answer_too_large: 'Die Antwort ist zu groß. Bitte weniger Spalten oder Zeilen wählen.',
	statements_elsewhere:
		'Hier gibt es kein SQL: ClickHouse ist ein eigener Server. Bitte dort mit einem Konto fragen, das er vergibt.',
	statements_busy:
		'Es laufen schon Anweisungen. Bitte noch einmal versuchen, wenn eine fertig ist.',

	store_unreachable: 'ClickHouse antwortet nicht.',
	store_not_ready: 'Die Tabellen von ClickHouse sind noch nicht bereit.',
	store_busy: 'ClickHouse hat gerade zu viel zu tun.',
	store_too_slow: 'ClickHouse hat zu lange gebraucht.',

	exports_busy: 'Es laufen schon Exporte. Bitte noch einmal versuchen, wenn einer fertig ist.',
	checks_busy: 'Gerade prüft schon jemand. Bitte gleich noch einmal versuchen.',
	too_many_watching: 'Gerade sehen schon zu viele live zu.',
	corrections_off: 'Hier werden keine Korrekturen angenommen; dafür gibt es „weir orgs“.',
	correction_not_stored:
		'Die Korrektur wurde nicht gespeichert. Bitte später noch einmal versuchen.',
	imports_off: 'Importe über HTTP sind aus; sie brauchen „import_tokens_file“ in [dashboards].',
	too_many_imports: 'Ein anderer Import läuft noch. Bitte danach noch einmal senden.',
	import_busy: 'Ein anderer Import läuft noch. Bitte danach noch einmal senden.',
	import_needs_package: 'Bitte das Paket nennen, zu dem alles darin gehört.',
	invalid_import: (said) => `So lässt sich das nicht importieren: ${said}`,
	import_damaged: 'Die Daten brechen ab oder sind beschädigt. Bitte noch einmal senden.',
	import_too_large: 'Ausgepackt ist das zu viel. Bitte in kleineren Teilen senden.',
	import_not_stored: 'ClickHouse nimmt gerade nichts an. Bitte später noch einmal senden.'
};
