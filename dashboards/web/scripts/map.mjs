/**
 * Projects the world once, so that the page needs no map library: Equal Earth on a grid of whole
 * pixels, 960 wide, one SVG path per country. Writes `src/lib/map/world.json`.
 *
 * Shapes are Natural Earth's (public domain), by way of the package `world-atlas` (ISC).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoArea, geoEqualEarth, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

const WIDTH = 960;
const TARGET = new URL('../src/lib/map/world.json', import.meta.url);
/** Steradians; what is smaller would vanish on the grid and becomes a dot. */
const TINY = 2.5e-5;
const DOT = 2;
/** Places that the data draws without an ISO number. */
const UNNUMBERED = { Kosovo: 'XK', 'N. Cyprus': 'CY', Somaliland: 'SO' };

/** CLDR knows numeric region codes as aliases of the two-letter ones. */
function alpha2({ id, properties }) {
	const numeric = id && new Intl.Locale(Intl.getCanonicalLocales(`und-${id}`)[0]).region;
	const code = numeric ?? UNNUMBERED[properties.name];
	return /^[A-Z]{2}$/.test(code ?? '') ? code : undefined;
}

/** An outline as relative moves on whole pixels; points that fall together are dropped. */
class GridPath {
	text = '';
	moveTo(x, y) {
		[this.x, this.y] = [Math.round(x), Math.round(y)];
		this.text += `M${this.x},${this.y}`;
		this.open = false;
	}
	lineTo(x, y) {
		const [toX, toY] = [Math.round(x), Math.round(y)];
		if (toX === this.x && toY === this.y) return;
		this.text += `${this.open ? ' ' : 'l'}${toX - this.x},${toY - this.y}`;
		[this.x, this.y, this.open] = [toX, toY, true];
	}
	closePath() {
		this.text += 'z';
	}
	arc() {}
	/** Without rings that shrank to a point or a line. */
	toString() {
		return this.text
			.split('z')
			.filter((ring) => ring.split(/[l ]/).length > 3)
			.map((ring) => `${ring}z`)
			.join('')
			.replaceAll(',-', '-');
	}
}

export function world() {
	const file = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
	const atlas = JSON.parse(readFileSync(file, 'utf8'));
	const countries = feature(atlas, atlas.objects.countries).features.filter(
		({ properties }) => properties.name !== 'Antarctica'
	);
	const everything = { type: 'FeatureCollection', features: countries };
	const projection = geoEqualEarth().fitWidth(WIDTH, everything);
	const height = Math.ceil(geoPath(projection).bounds(everything)[1][1]);

	const shapes = {};
	const nameless = [];
	for (const country of countries) {
		const outline = drawn(country, projection);
		const code = alpha2(country);
		if (!code) nameless.push(outline);
		else shapes[code] = (shapes[code] ?? '') + outline;
	}
	return { width: WIDTH, height, shapes: sorted(shapes), nameless: nameless.join('') };
}

function drawn(country, projection) {
	const path = new GridPath();
	geoPath(projection, path)(country);
	const outline = path.toString();
	if (outline && geoArea(country) > TINY) return outline;
	const [x, y] = geoPath(projection).centroid(country).map(Math.round);
	return `M${x - DOT},${y}a${DOT},${DOT} 0 1 0 ${2 * DOT},0a${DOT},${DOT} 0 1 0-${2 * DOT},0z`;
}

function sorted(object) {
	return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
	writeFileSync(TARGET, `${JSON.stringify(world())}\n`);
}
