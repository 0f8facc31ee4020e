import { expect, test } from 'vitest';
import { badge, configuration, KINDS, MARKUPS, picture, pixelIn, script } from './snippets';

const LINE = '<img src="http://get.acme.example/-/px/docs.gif" alt="">';

test('a picture is the same address in every language', () => {
	for (const markup of MARKUPS)
		expect(picture(LINE, markup)).toContain('http://get.acme.example/-/px/docs.gif');
	expect(picture(LINE, 'Markdown')).toBe('![](http://get.acme.example/-/px/docs.gif)');
	expect(picture(LINE, 'HTML')).toBe(LINE);
});

test('lines of each kind name the domain and the package', () => {
	for (const kind of KINDS) {
		const lines = configuration(kind, 'acme/rocket', 'get.acme.dev');
		expect(lines).toContain('domains = ["get.acme.dev"]');
		expect(lines).toContain('rocket');
	}
	expect(configuration('npm', 'acme/rocket', 'npm.acme.dev')).toContain('kind = "npm"');
});

test('a badge and the script are where the pixel is', () => {
	const pixel = pixelIn(LINE) ?? { root: '', id: '' };
	expect(pixel).toEqual({ root: 'http://get.acme.example', id: 'docs' });
	expect(script(pixel)).toBe(
		'<script defer src="http://get.acme.example/-/s.js?id=docs"></' + 'script>'
	);
	const line = badge(pixel, 'acme/rock et', 'latest-share');
	expect(picture(line, 'Markdown')).toBe(
		'![latest-share](http://get.acme.example/-/badge/acme/rock%20et/latest-share.svg)'
	);
	expect(picture(line, 'reST')).toMatch(/\n {3}:alt: latest-share$/);
	expect(pixelIn('curl http://get.acme.example/-/px/docs.gif')).toBeUndefined();
});
