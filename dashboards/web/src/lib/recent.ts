/** Remembers the last answers by question, so that going back shows them at once. */
export class Recent<T> {
	readonly #answers = new Map<string, T>();

	constructor(readonly most: number) {}

	get(key: string): T | undefined {
		const answer = this.#answers.get(key);
		if (answer !== undefined) this.set(key, answer);
		return answer;
	}

	set(key: string, answer: T): void {
		this.#answers.delete(key);
		this.#answers.set(key, answer);
		for (const oldest of this.#answers.keys()) {
			if (this.#answers.size <= this.most) break;
			this.#answers.delete(oldest);
		}
	}
}
