/** Notes of a week as sentences. */
import type { Formats } from './format';
import type { words } from './i18n/week.en';
import type { Note } from './week';

/** Names that a sentence says; the rest are a number. */
const NAMED = 3;

type Words = (typeof words)['week'];

export function sentence(
	note: Note,
	words: Words,
	format: Pick<Formats, 'share' | 'count' | 'change' | 'bucket' | 'country'>,
	list: (names: string[]) => string
): string {
	switch (note.kind) {
		case 'pace': {
			const { version, days, share, before, verdict } = note;
			const say = words.pace[verdict];
			return say(version, format.share(share), days, before.version, format.share(before.share));
		}
		case 'new':
		case 'gone': {
			const named = note.names.slice(0, NAMED);
			return words[note.kind](note.names.length, list(named), note.names.length > NAMED);
		}
		case 'moved': {
			const { name, now, before, dimension } = note;
			const called = dimension === 'country' ? format.country(name) : name;
			const change = format.change(now, before);
			return before === 0 || !change
				? words.appeared(called, format.count(now))
				: words.moved(called, change.text, format.count(now), format.count(before));
		}
		case 'unusual': {
			const say = note.count > note.usual ? words.unusual.high : words.unusual.low;
			return say(
				format.bucket(note.day, 'day'),
				format.count(note.count),
				format.count(note.usual)
			);
		}
	}
}
