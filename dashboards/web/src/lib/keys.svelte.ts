/** Whether single keys do anything, and whether their list is open. */
import { language } from './i18n/language';

const IS_MAC = /Mac|iP(hone|ad|od)/.test(globalThis.navigator?.userAgent ?? '');
const CONTROL = { en: 'Ctrl', de: 'Strg' }[language];

/** How a key with the control key, or what stands for it, is written on this keyboard. */
export function withControl(key: string): string {
	return IS_MAC ? `⌘${key}` : `${CONTROL} ${key}`;
}

export const PALETTE_KEY = withControl('K');

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
