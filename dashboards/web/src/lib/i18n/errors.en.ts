/** What the API has against a request, by its code. */
import type { Words } from './errors';

export const words: Words = {
	internal: 'Something went wrong here. The server’s log says why.',
	unknown_resource: 'There is nothing at this address.',
	unknown_method: 'This cannot be done at this address.',
	request_too_slow: 'The request took too long.',

	not_signed_in: 'Not signed in.',
	unknown_token: 'There is no such token: misspelt, revoked or expired.',
	not_allowed: 'Your role or your token does not allow this.',
	not_all_packages: 'SQL sees every package, so it takes access to all of them.',
	owners_only: 'Only an owner may do this.',
	other_site: 'Changes are taken from this site’s own page only.',
	too_many_requests: 'Too many requests. Wait a moment.',

	wrong_password: 'The name or the password is wrong.',
	wrong_second_factor: 'The code is wrong, or was used. Wait for the next one.',
	wrong_setup_code:
		'The code is wrong or has expired. A new one is printed on the console when Weir starts.',
	wrong_link: 'This link was used or has expired. Ask for a new one.',
	already_set_up: 'Already set up.',
	too_many_attempts: 'Too many tries. Wait a moment.',
	invalid_name: 'A name has 1 to 64 bytes and no control characters.',
	name_taken: 'Somebody has this name. Choose another.',
	invalid_password: 'A password has at least 12 characters and at most 1024 bytes.',
	invalid_second_factor: 'This is not the secret that was proposed.',
	invalid_packages: 'A guest needs at least one package; nobody else is given any.',
	invalid_token: (said) => `There cannot be such a token: ${said}`,
	invalid_release: (said) => `There cannot be such a release: ${said}`,
	no_password:
		'This account has no password, since a provider signs it in. A link to a new password gives it one.',
	last_owner: 'The last owner stays. Make another owner first.',
	passwords_off: 'Passwords sign nobody in here. Use the provider.',
	not_invited: 'There is no account for this here. Ask for an invitation.',
	identity_taken: 'There is an account for this already. Sign in without the link.',
	no_provider: 'No provider signs people in here.',
	provider_down: 'The provider does not answer. Try again in a moment; downloads go on.',
	accounts_down: 'The account database does not answer. Downloads go on.',

	invalid_question: (said) => `This question makes no sense: ${said}`,
	invalid_parameter: (said) => `A parameter makes no sense: ${said}`,
	invalid_body: (said) => `This makes no sense: ${said}`,
	body_too_large: 'This is too much at once.',
	not_json: 'The request is no JSON.',
	no_such_package: 'There is no such package.',
	no_such_organisation: 'There is no such organisation.',
	no_such_entry: 'It is not there any more.',

	statement_length: 'A statement must not be empty, nor longer than 32 KiB.',
	statement_not_reading: 'Write one SELECT; nothing else is run.',
	statement_forbidden: (said) =>
		`${said.match(/`[^`]+`/)?.[0] ?? 'A function'} is not for statements; a column of this name needs another.`,
	statement_format: 'Write no FORMAT; “format” of the request says how rows are written.',
	// ClickHouse's own words: the place in the statement is read from them.
	statement_refused: (said) => said,
	answer_too_large: 'The answer is too large. Choose fewer columns or rows.',
	statements_elsewhere:
		'There is no SQL here: ClickHouse is a server of your own. Ask it with an account that it gave you.',
	statements_busy: 'Statements are running. Try again when one has ended.',

	store_unreachable: 'ClickHouse does not answer.',
	store_not_ready: 'ClickHouse’s tables are not ready yet.',
	store_busy: 'ClickHouse has too much to do at the moment.',
	store_too_slow: 'ClickHouse took too long.',

	exports_busy: 'Exports are running. Try again when one has ended.',
	checks_busy: 'Somebody is checking already. Try again in a moment.',
	too_many_watching: 'Too many are watching already.',
	corrections_off: 'Corrections are not taken here; use “weir orgs”.',
	correction_not_stored: 'The correction was not stored. Try again later.',
	imports_off: 'Imports by HTTP are off; they need “import_tokens_file” in [dashboards].',
	too_many_imports: 'Another import is under way. Send this one when it is done.',
	import_busy: 'Another import is under way. Send this one when it is done.',
	import_needs_package: 'Name the package that everything in it belongs to.',
	invalid_import: (said) => `This cannot be imported: ${said}`,
	import_damaged: 'The data breaks off or is damaged. Send it again.',
	import_too_large: 'Unpacked, this is too much. Send it in smaller parts.',
	import_not_stored: 'ClickHouse takes nothing at the moment. Send it again later.'
};
