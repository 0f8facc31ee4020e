/** How brightly a country shines on the live map: by its newest event, less with every minute; pure. */

/** After so long nothing is left of an event. */
export const FADED_MINUTES = 30;
/** In so many steps. */
export const GLOW_STEPS = 6;

export interface Glow {
	code: string;
	events: number;
	/** From 1, nearly gone, to `GLOW_STEPS`, just now. */
	step: number;
}

/** Countries of the events that have not faded by `now` (ms), brightest first; what has none is left out. */
export function glows(events: readonly { time: string; country: string }[], now: number): Glow[] {
	const found = new Map<string, Glow>();
	for (const { time, country } of events) {
		const minutes = (now - Date.parse(time)) / 60_000;
		if (country === '' || minutes >= FADED_MINUTES) continue;
		// A clock that is a little behind makes nothing brighter than now.
		const left = Math.min(1, 1 - minutes / FADED_MINUTES);
		const glow = found.get(country) ?? { code: country, events: 0, step: 0 };
		glow.events++;
		glow.step = Math.max(glow.step, Math.ceil(left * GLOW_STEPS));
		found.set(country, glow);
	}
	return [...found.values()].sort((a, b) => b.step - a.step || b.events - a.events);
}
