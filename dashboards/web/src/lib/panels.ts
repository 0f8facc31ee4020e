/** The panels of the overview. A panel is data: what it asks, how it is drawn, what it counts. */
import { t } from './i18n';
import type { Ask } from './question';
import type { Dimension, Metric, View } from './view';

export type Chart = 'time' | 'share' | 'map' | 'bars' | 'stack' | 'curves';

export interface Panel {
	/** Also its anchor in the address. */
	id: string;
	title: string;
	chart: Chart;
	ask: Ask;
	/** What a row or a band stands for, and what a click filters by. */
	dims: Dimension[];
	metric: Metric;
	/** What the numbers mean, in words. */
	counts: string;
}

export function overTime({ metric }: View): Panel {
	return {
		id: 'over-time',
		title:
			metric === 'downloads'
				? `${t.metrics[metric].name} ${t.chart.releases}`
				: t.metrics[metric].name,
		chart: 'time',
		ask: { metrics: [metric], overTime: true, compare: 'as viewed', releases: true },
		dims: [],
		metric,
		counts: t.metrics[metric].counts
	};
}

/** Only downloads and people have versions; for the rest the share is that of downloads. */
export function versionShare(view: View): Panel {
	const metric: Metric = view.metric === 'people' ? 'people' : 'downloads';
	return {
		id: 'version-share',
		title: t.chart.share(t.metrics[metric].name),
		chart: 'share',
		ask: {
			metrics: [metric],
			overTime: true,
			dimensions: ['version_major'],
			where: [['is_not', 'version_major', ['']]]
		},
		dims: ['version_major'],
		metric,
		counts: t.metrics[metric].counts
	};
}

export function where({ metric }: View): Panel {
	return {
		id: 'where',
		title: t.chart.where,
		chart: 'map',
		ask: { metrics: [metric], dimensions: ['country'], limit: 300 },
		dims: ['country'],
		metric,
		counts: t.metrics[metric].counts
	};
}

export interface Tab {
	id: string;
	title: string;
	dims: Dimension[];
	/** Of the tab's own; otherwise the view's. */
	metric?: Metric;
}

export const WHAT: Tab[] = [
	{ id: 'versions', title: t.tabs.versions, dims: ['version'] },
	{ id: 'clients', title: t.tabs.clients, dims: ['client'] },
	{ id: 'platforms', title: t.tabs.platforms, dims: ['os', 'arch'] },
	{ id: 'files', title: t.tabs.files, dims: ['artifact'] }
];

export const WHO: Tab[] = [
	{ id: 'countries', title: t.tabs.countries, dims: ['country'] },
	{ id: 'audience', title: t.tabs.audience, dims: ['audience'] },
	{ id: 'sources', title: t.tabs.sources, dims: ['source'], metric: 'views' },
	{ id: 'pages', title: t.tabs.pages, dims: ['page'], metric: 'views' }
];

/** A tab as a panel. Filtered to one client, clients become the versions of that client. */
export function breakdown(tab: Tab, view: View, limit: number): Panel {
	const metric = tab.metric ?? view.metric;
	const dims =
		tab.id === 'clients' && isOneClient(view) ? [...tab.dims, 'client_version' as const] : tab.dims;
	return {
		id: tab.id,
		title: tab.title,
		chart: 'bars',
		ask: { metrics: [metric], dimensions: dims, compare: 'always', limit },
		dims,
		metric,
		counts: t.metrics[metric].counts
	};
}

function isOneClient({ filters }: View): boolean {
	return filters.some(
		(f) => f.dimension === 'client' && f.operator === 'is' && f.values.length === 1
	);
}
