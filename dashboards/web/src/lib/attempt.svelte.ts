/** Something that a click sets off: one at a time, with how it went in a sentence. */
import { ApiError } from './api/client';
import { s } from './i18n/settings';

export class Attempt {
	busy = $state(false);
	problem = $state('');
	done = $state('');

	async run(what: () => Promise<string | void>): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		this.problem = this.done = '';
		try {
			this.done = (await what()) ?? '';
		} catch (cause) {
			this.problem = explain(cause);
		}
		this.busy = false;
	}
}

/** `#/packages: …` names a field that stands right above the sentence. */
function explain(cause: unknown): string {
	if (!(cause instanceof ApiError)) return String(cause);
	if (cause.code === 'wrong_password') return s.wrongPassword;
	return cause.message.replace(/^#\/\w+: /, '');
}
