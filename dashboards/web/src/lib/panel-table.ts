/** The numbers of a panel as a table: its twin on the page, and the file it is saved as. */
import type { QueryAnswer } from './api/types';
import { t, timeZone } from './i18n';
import { clockIn } from './range';
import type { Panel } from './panels';
import { bands, byVersion, points } from './series';
import type { Table } from './table';
import { valueName } from './words';

export function tableOf(panel: Panel, answer: QueryAnswer): Table {
	if (panel.chart === 'time') return timeTable(panel, answer);
	if (panel.chart === 'share') return shareTable(answer);
	if (panel.chart === 'stack') return stackTable(panel, answer);
	return rowsTable(panel, answer);
}

function timeTable(panel: Panel, answer: QueryAnswer): Table {
	const all = points(answer, clockIn(new Date(), timeZone));
	const compared = all.some((point) => point.beforeLabel ?? point.before !== null);
	const name = t.metrics[panel.metric].name;
	return {
		columns: [t.chart.time, name, ...(compared ? [`${name}, ${t.chart.previous}`] : [])],
		rows: all.map(({ label, value, before }) => [label, value, ...(compared ? [before] : [])])
	};
}

function shareTable(answer: QueryAnswer): Table {
	const stacked = bands(answer);
	const ordered = stacked.bands.sort(byVersion).reverse();
	return {
		columns: [t.chart.time, ...ordered.map(({ name }) => `${name}.x`)],
		rows: stacked.labels.map((label, i) => [label, ...ordered.map(({ values }) => values[i] ?? 0)])
	};
}

function stackTable(panel: Panel, answer: QueryAnswer): Table {
	const { labels, bands: found } = bands(answer);
	const [dimension] = panel.dims;
	const name = (value: string) => (dimension ? valueName(dimension, value) : value);
	return {
		columns: [t.chart.time, ...found.map((band) => name(band.name))],
		rows: labels.map((label, i) => [label, ...found.map(({ values }) => values[i] ?? 0)])
	};
}

function rowsTable(panel: Panel, answer: QueryAnswer): Table {
	const compared = answer.results.some((row) => row.comparison);
	const name = t.metrics[panel.metric].name;
	return {
		columns: [
			...panel.dims.map((dimension) => t.dimensions[dimension]),
			name,
			...(compared ? [`${name}, ${t.chart.previous}`] : [])
		],
		rows: answer.results.map(({ dimensions, metrics, comparison }) => [
			...panel.dims.map((dimension, i) => valueName(dimension, dimensions[i] ?? '')),
			metrics[0] ?? null,
			...(compared ? [comparison?.metrics[0] ?? null] : [])
		])
	};
}
