/** Whether single keys do anything, and whether their list is open. */
const STORED = 'weir-keys';

class KeyState {
	listed = $state(false);
	enabled = $state(read());

	enable(on: boolean): void {
		this.enabled = on;
		try {
			localStorage.setItem(STORED, on ? 'on' : 'off');
		} catch {
			// Storage may be forbidden; the choice then lasts as long as the page.
		}
	}
}

export const keys = new KeyState();

export function showKeys(): void {
	keys.listed = true;
}

function read(): boolean {
	try {
		return localStorage.getItem(STORED) !== 'off';
	} catch {
		return true;
	}
}
