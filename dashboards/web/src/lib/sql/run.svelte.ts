/** A statement on its way: one at a time, and what the last one answered stays until the next has. */
import { invalidate } from '$app/navigation';
import { ApiError } from '$lib/api/client';
import { run, type SqlAnswer } from '$lib/api/sql';
import { SESSION } from '$lib/ask.svelte';

export class Run {
	busy = $state(false);
	/** The last answer, with what was asked. */
	done = $state.raw<{ sql: string; answer: SqlAnswer }>();
	/** Why there is no newer one. */
	failed = $state.raw<{ sql: string; error: ApiError }>();
	/** Somebody stopped waiting. The server then ends the statement. */
	cancelled = $state(false);
	#abort: AbortController | undefined;

	async start(sql: string): Promise<void> {
		if (this.busy) return;
		const { signal } = (this.#abort = new AbortController());
		this.busy = true;
		this.cancelled = false;
		this.failed = undefined;
		try {
			this.done = { sql, answer: await run(sql, signal) };
		} catch (cause) {
			if (signal.aborted) this.cancelled = true;
			else await this.fail(sql, cause);
		}
		this.busy = false;
	}

	async fail(sql: string, cause: unknown): Promise<void> {
		const error = cause instanceof ApiError ? cause : new ApiError(0, String(cause));
		this.failed = { sql, error };
		if (error.status === 401) await invalidate(SESSION);
	}

	cancel = () => this.#abort?.abort();
}
