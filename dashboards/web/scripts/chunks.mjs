/**
 * Which modules come as one file. Each file is a request, and a slow line over HTTP/1.1 carries six at a time: many
 * small ones stand in line, where one of the same weight would not.
 */

const APP = /\/generated\/client-optimized\/app\.js$/;
const ENTRY = /\/kit\/src\/runtime\/client\/entry\.js$/;
const STYLE = /\.css$|[?&]type=style\b/;
/** Words of a part, not of a language: who imports them waits for them. Those of every page come with the program. */
const WORDS = /\/lib\/i18n\/(?!(?:arriving|decimals|index|language)\.ts)([a-z]{3,})\.ts$/;
/** What so many pages need comes with the program. */
const OFTEN = 8;

/**
 * The outermost layouts are in the program itself, not each in a file that it asks for: one of them is drawn at
 * every address. As the framework writes them: `nodes` by number, `"/route": [page,[layouts]]`.
 */
export const framesAtOnce = {
	name: 'frames-at-once',
	apply: 'build',
	transform(code, id) {
		if (!APP.test(id)) return;
		const outermost = [...code.matchAll(/^\s*"\/.*": \[~?\d+,\[(\d+)/gm)].map(([, node]) => node);
		// The root layout and the error page are everybody's.
		const frames = [...new Set(['0', '1', ...outermost])];
		if (frames.length < 3) throw new Error('the list of layouts was not understood');
		return frames.reduce((text, node) => {
			const asked = `() => import('./nodes/${node}')`;
			if (!text.includes(asked)) throw new Error(`layout ${node} is not asked for`);
			return `import * as frame${node} from './nodes/${node}';\n${text.replace(asked, `async () => frame${node}`)}`;
		}, code);
	}
};

/** Everything that reaches `id` by imports that do not wait, `id` included. */
function reaching(id, context, found = new Set()) {
	if (found.has(id)) return found;
	found.add(id);
	for (const importer of context.getModuleInfo(id)?.importers ?? [])
		reaching(importer, context, found);
	return found;
}

/** The parts whose words `id` waits for, itself or by what it imports. */
function partsOf(id, context, seen = new Set()) {
	if (seen.has(id)) return [];
	seen.add(id);
	const [, part] = WORDS.exec(id) ?? [];
	const imported = context.getModuleInfo(id)?.importedIds ?? [];
	const found = imported.flatMap((one) => partsOf(one, context, seen));
	return [...new Set(part ? [part, ...found] : found)].sort();
}

/** Whoever loads a file waits for all words that anything in it waits for, so only the like come together. */
const byParts = (id, context) => partsOf(id, context).join('-') || null;
const waits = (id, context) => partsOf(id, context).length > 0;

const isPage = (info) => info?.isEntry ?? false;
const isLoaded = (info) => isPage(info) || (info?.dynamicImporters.length ?? 0) > 0;

/** How many of those that need `id` at once are `kind`. */
const needed = (id, context, kind) =>
	[...reaching(id, context)].filter((one) => kind(context.getModuleInfo(one))).length;

/** The program: what starts it, the frames, and what so much needs that it is often there before. */
function ofProgram(id, context) {
	if (waits(id, context)) return null;
	const starts = [...reaching(id, context)].some((one) => APP.test(one) || ENTRY.test(one));
	return starts || needed(id, context, isLoaded) >= OFTEN ? 'program' : null;
}

/** What several panels need, and no page before it draws. */
const ofPanels = (id, context) =>
	waits(id, context) || needed(id, context, isPage) > 0 ? null : 'panels';

const unlessItWaits = (name) => (id, context) => (waits(id, context) ? null : name);

/** Of doors and settings. */
const FIELDS =
	/\/(components\/(Form|TextField|PasswordField|CopyBox|settings\/)|lib\/(attempt|api\/(accounts|provider)))/;
/** Pages of organisations have little in common with others. */
const APART = /^(?!.*\/components\/organisations\/)/;

/**
 * In this order: what one has taken is not in the next.
 * @type {import('vite').Rolldown.CodeSplittingGroup[]}
 */
export const GROUPS = [
	{ name: 'style', tags: ['$initial'], test: STYLE },
	{ name: 'later', test: STYLE },
	{ name: ofProgram, tags: ['$initial'] },
	{ name: unlessItWaits('fields'), tags: ['$initial'], minShareCount: 2, test: FIELDS },
	{ name: unlessItWaits('shown'), tags: ['$initial'], minShareCount: 2, test: APART },
	{ name: ofPanels, minShareCount: 2 },
	{ name: byParts, tags: ['$initial'], minShareCount: 2 },
	{ name: byParts, minShareCount: 2 }
];
