/** The statement that is being written, and its home: the address, as far as one holds it. */
import { viewed } from '$lib/view.svelte';

/** Encoded characters. Servers in front of us take 8 KiB of a request's first line, with all that is in it. */
const MOST_IN_ADDRESS = 6_000;
const PAUSE_MS = 400;

export class Written {
	text = $state(viewed.own('sql') ?? '');
	/** The address has all of it. */
	readonly isKept = $derived(fits(this.text));
	/** What the address was last seen to have. */
	#there = this.text;
	/** What is there has been run or came by a link: what follows is another entry of the history. */
	#settled = this.text !== '';
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Follows the address back and forward. Call it in an effect. */
	follow(): void {
		const there = viewed.own('sql') ?? '';
		if (there === this.#there) return;
		clearTimeout(this.#timer);
		this.#there = this.text = there;
		this.#settled = true;
	}

	/** Takes what was typed, and keeps it in the address at the next pause. */
	write(text: string): void {
		this.text = text;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(this.keep, PAUSE_MS);
	}

	/** Another statement altogether, beside the one that was. */
	replace(text: string): void {
		this.keep();
		this.#settled = this.text !== '';
		this.text = text;
		this.keep();
	}

	/** What is there now is run: the way back leads to it. */
	settle(): void {
		this.keep();
		this.#settled = true;
	}

	/** What has not been kept stays behind when the page is left. */
	forget = (): void => clearTimeout(this.#timer);

	private keep = (): void => {
		clearTimeout(this.#timer);
		const kept = fits(this.text) ? this.text : '';
		if (kept === this.#there) return;
		this.#there = kept;
		viewed.keep('sql', kept, { replace: !this.#settled });
		this.#settled = false;
	};
}

function fits(text: string): boolean {
	return encodeURIComponent(text.toWellFormed()).length <= MOST_IN_ADDRESS;
}
