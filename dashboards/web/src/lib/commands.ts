/** What the command palette offers, from where the viewer is. */
import type { Choice } from './choices';
import { t } from './i18n';
import { commands as words } from './i18n/commands';
import { language, LANGUAGES, nameOf, type Language } from './i18n/language';
import { GO_KEYS, keyed, RANGE_KEYS } from './keys';
import { packageId, PAGES, pageOf, pagePath } from './paths';
import { intervalOf } from './question';
import { intervalsFor, PRESETS } from './range';
import { THEMES, type Theme } from './theme';
import { COMPARISONS, METRICS, type View } from './view';

export interface Place {
	/** Names of all packages. */
	packages: string[];
	/** The one that is looked at. */
	packageName: string | undefined;
	path: string;
	/** With its question mark. */
	search: string;
	view: View;
	theme: Theme;
	now: Date;
	timeZone: string;
}

export interface Acts {
	/** The address of the same view of another package. */
	elsewhere: (packageName: string) => string;
	show: (change: Partial<View>) => void;
	theme: (theme: Theme) => void;
	language: (language: Language) => void;
	copyLink: () => void;
	filter: () => void;
	print: () => void;
	keys: () => void;
	leave: () => void;
}

export function available(place: Place, acts: Acts): Choice[] {
	const here = place.packageName;
	return [
		...(here === undefined ? [] : pages(here, place)),
		...packages(place, acts),
		...(here === undefined ? [] : [...ranges(place, acts), ...views(place, acts)]),
		...actions(here !== undefined, acts),
		...appearance(place, acts)
	];
}

function pages(packageName: string, { path, search }: Place): Choice[] {
	return PAGES.map((name) => ({
		id: `page:${name}`,
		name: t.pages[name],
		group: t.pages.label,
		note: goKey(name),
		current: name === pageOf(path),
		go: pagePath(packageName, name) + search
	}));
}

/** `G O`, where a page has a key. */
function goKey(page: string): string | undefined {
	const key = Object.keys(GO_KEYS).find((key) => GO_KEYS[key] === page);
	return key && `G ${key.toUpperCase()}`;
}

function packages({ packages, packageName }: Place, { elsewhere }: Acts): Choice[] {
	return packages.map((name) => ({
		id: packageId(name),
		name,
		group: t.portfolio.title,
		current: name === packageName,
		go: elsewhere(name)
	}));
}

function ranges({ view, now, timeZone }: Place, { show }: Acts): Choice[] {
	const keyOf = (range: string) =>
		Object.keys(RANGE_KEYS)
			.find((key) => RANGE_KEYS[key] === range)
			?.toUpperCase();
	const named = PRESETS.map((preset) => ({
		id: `range:${preset}`,
		name: t.ranges[preset],
		group: t.controls.range,
		note: keyOf(preset),
		current: view.range === preset,
		go: () => show({ range: preset, interval: undefined })
	}));
	const others = [
		['e', words.yesterday],
		['t', words.thirty]
	].map(([key = '', name = '']) => ({
		id: `range:${key}`,
		name,
		group: t.controls.range,
		note: key.toUpperCase(),
		go: () => show(keyed(key, view, now, timeZone) ?? {})
	}));
	return [...named, ...others];
}

function views({ view }: Place, { show }: Acts): Choice[] {
	return [
		...METRICS.map((metric) => ({
			id: `metric:${metric}`,
			name: t.metrics[metric].name,
			group: words.metric,
			current: view.metric === metric,
			go: () => show({ metric })
		})),
		...COMPARISONS.map((comparison) => ({
			id: `comparison:${comparison}`,
			name: t.comparisons[comparison],
			group: t.controls.compare,
			current: view.comparison === comparison,
			go: () => show({ comparison })
		})),
		...intervalsFor(view.range).map((interval) => ({
			id: `interval:${interval}`,
			name: t.controls.intervals[interval],
			group: t.controls.interval,
			current: intervalOf(view) === interval,
			go: () => show({ interval })
		}))
	];
}

function actions(ofPackage: boolean, acts: Acts): Choice[] {
	const group = words.actions;
	return [
		...(ofPackage
			? [
					{ id: 'filter', name: words.filter, group, note: '/', go: acts.filter },
					{ id: 'clear', name: words.clear, group, go: () => acts.show({ filters: [] }) }
				]
			: []),
		{ id: 'copy-link', name: t.panel.link, group, go: acts.copyLink },
		{ id: 'print', name: words.print, group, go: acts.print },
		{ id: 'keys', name: t.account.keys, group, note: '?', go: acts.keys },
		{ id: 'home', name: t.packages.all, group, note: 'G H', go: '/' },
		{ id: 'settings', name: t.account.settings, group, go: '/settings' },
		{ id: 'sign-out', name: t.account.signOut, group, go: acts.leave }
	];
}

function appearance(place: Place, acts: Acts): Choice[] {
	return [
		...THEMES.map((theme) => ({
			id: `theme:${theme}`,
			name: t.theme[theme],
			group: t.theme.label,
			current: place.theme === theme,
			go: () => acts.theme(theme)
		})),
		...LANGUAGES.map((one) => ({
			id: `language:${one}`,
			name: nameOf(one),
			group: t.account.language,
			current: one === language,
			go: () => acts.language(one)
		}))
	];
}
