/** Questions that stay asked: an answer follows its question and is refreshed while it is seen. */
import { invalidate } from '$app/navigation';
import { ApiError } from './api/client';
import { Recent } from './recent';

/** Layouts whose load depends on this run again when the session has ended. */
export const SESSION = 'weir:session';

export class Answer<T> {
	data = $state.raw<T>();
	error = $state.raw<ApiError>();
	/** What `data` answers is an earlier question. */
	outdated = $state(false);
	/** Counts the wishes to try again. */
	tries = $state(0);

	retry = () => {
		this.tries++;
	};
}

const recent = new WeakMap<object, Recent<unknown>>();

/**
 * Asks `question()` whenever it changes and every `everyMs` while the tab is visible. Without a
 * question nothing is asked. Call it while a component is set up.
 */
export function ask<Q, T>(
	question: () => Q | undefined,
	fetch: (question: Q, signal: AbortSignal) => Promise<T>,
	everyMs: number
): Answer<T> {
	const answer = new Answer<T>();
	const answers = (recent.get(fetch) as Recent<T> | undefined) ?? new Recent<T>(60);
	recent.set(fetch, answers);
	const key = $derived(JSON.stringify(question()));

	$effect(() => {
		void answer.tries;
		if (key === undefined) return;
		const asked = JSON.parse(key) as Q;
		const known = answers.get(key);
		answer.outdated = known === undefined;
		if (known !== undefined) answer.data = known;
		answer.error = undefined;
		return whileVisible(everyMs, async (signal) => {
			try {
				const data = await fetch(asked, signal);
				if (signal.aborted) return true;
				answers.set(key, data);
				answer.data = data;
				answer.error = undefined;
				answer.outdated = false;
				return true;
			} catch (cause) {
				if (signal.aborted) return false;
				answer.error = cause instanceof ApiError ? cause : new ApiError(0, String(cause));
				if (answer.error.status === 401) await invalidate(SESSION);
				return false;
			}
		});
	});
	return answer;
}

/** After a turn that failed the next one comes sooner: a server that has just started is soon ready. */
const SOON_MS = 2_000;

/**
 * Runs `turn`, which says whether it went well, at once and then `everyMs` after each end, never twice at
 * a time; gives the way to stop.
 */
function whileVisible(
	everyMs: number,
	turn: (signal: AbortSignal) => Promise<boolean>
): () => void {
	const abort = new AbortController();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let busy = false;

	async function round() {
		if (busy) return;
		busy = true;
		clearTimeout(timer);
		const pause = (await turn(abort.signal)) ? everyMs : Math.min(everyMs, SOON_MS);
		busy = false;
		if (!abort.signal.aborted && !document.hidden) timer = setTimeout(() => void round(), pause);
	}

	document.addEventListener('visibilitychange', () => !document.hidden && void round(), {
		signal: abort.signal
	});
	void round();
	return () => {
		abort.abort();
		clearTimeout(timer);
	};
}
