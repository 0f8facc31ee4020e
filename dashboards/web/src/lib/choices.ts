/** What a list offers to choose from, and in which order while somebody types. */
import { fitting } from './fuzzy';

export interface Choice {
	/** Kept between visits: what was chosen lately comes first. */
	id: string;
	name: string;
	/** Its heading; empty in a list of one kind. */
	group: string;
	/** Beside the name: a number, a key. */
	note?: string;
	/** What is chosen already. */
	current?: boolean;
	/** An address within the page, or something to do. */
	go: string | (() => void);
}

export interface Section {
	title: string;
	choices: Choice[];
}

/** More is not read; it is narrowed by typing. */
const MOST = 100;
/** Of a list with headings, those that get their own. */
const MOST_LATELY = 5;

/** Without anything typed, the list by its groups, the latest ones first. */
export function sections(
	all: readonly Choice[],
	wanted: string,
	lately: readonly string[],
	latelyTitle: string
): Section[] {
	const known = new Map(all.map((choice) => [choice.id, choice]));
	const latest = lately.flatMap((id) => known.get(id) ?? []);
	const inOrder = [...new Set([...latest, ...all])];
	if (wanted.trim() || all.every(({ group }) => !group)) {
		// By its group too: "theme dark" and "pages explore" say what is meant.
		const found = fitting(inOrder, wanted, ({ group, name }) => `${name} ${group}`.trim());
		return filled([{ title: '', choices: found.slice(0, MOST) }]);
	}
	return filled([
		{ title: latelyTitle, choices: latest.slice(0, MOST_LATELY) },
		...[...new Set(all.map(({ group }) => group))].map((title) => ({
			title,
			choices: all.filter(({ group }) => group === title).slice(0, MOST)
		}))
	]);
}

function filled(all: Section[]): Section[] {
	return all.filter(({ choices }) => choices.length > 0);
}
