/** Events as they arrive: one connection of this tab, while it is seen, for whichever part of the page shows it. */
import { invalidate } from '$app/navigation';
import type { EventRow } from './api/types';
import { SESSION } from './ask.svelte';
import { after, type Counts, type Events, type Hello } from './live';

/** Before the first try after a refusal; it doubles from then on. */
const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

class Live {
	/** The package, or `*` for all that one may see. */
	target = $state<string>();
	/** Whether messages come. */
	open = $state(false);
	hello = $state.raw<Hello>();
	counts = $state.raw<Counts>();
	events = $state.raw<EventRow[]>();

	#source: EventSource | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#pause = PAUSE_MS;

	/** Follows a package while the tab is seen; gives the way to stop. */
	follow(target: string): () => void {
		if (target !== this.target) this.#forget(target);
		const turn = () => (document.hidden ? this.#close() : this.#connect());
		document.addEventListener('visibilitychange', turn);
		turn();
		return () => {
			document.removeEventListener('visibilitychange', turn);
			this.#close();
		};
	}

	#forget(target: string) {
		this.target = target;
		this.hello = undefined;
		this.counts = undefined;
		this.events = undefined;
	}

	#close() {
		clearTimeout(this.#timer);
		this.#source?.close();
		this.#source = undefined;
		this.open = false;
	}

	#connect() {
		this.#close();
		const target = encodeURIComponent(this.target ?? '*');
		const source = new EventSource(`/api/v2/live?package=${target}`);
		this.#source = source;
		source.onopen = () => {
			this.open = true;
			this.#pause = PAUSE_MS;
		};
		source.onerror = () => this.#broken(source);
		on<Hello>(source, 'hello', (hello) => (this.hello = hello));
		on<Counts>(source, 'counts', (counts) => (this.counts = counts));
		on<Events>(source, 'events', (events) => (this.events = after(this.events ?? [], events)));
	}

	/** A connection that breaks comes back by itself; after a refusal it is ours to ask again. */
	#broken(source: EventSource) {
		this.open = false;
		if (source.readyState !== EventSource.CLOSED) return;
		void invalidate(SESSION);
		this.#timer = setTimeout(() => this.#connect(), this.#pause);
		this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
	}
}

function on<T>(source: EventSource, event: string, then: (data: T) => void) {
	source.addEventListener(event, ({ data }: MessageEvent<string>) => then(JSON.parse(data) as T));
}

export const live = new Live();
