/** What axe finds on a page, and what of it that it cannot decide is known to be right. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe may leave open about contrast, and why it is right: tokens.test.ts measures each of these
 * inks on every surface that there is, so it is enough that a text has one of them.
 */
const INKS = ['ink', 'ink-2', 'ink-3', 'accent', 'good', 'bad', 'warn'];
const UNDECIDED = [
	{ says: /obscured by another element/, because: 'bars and scrolling regions' },
	{ says: /partially overlaps other elements/, because: 'a name is longer than its bar' },
	{ says: /overlapped by another element/, because: 'a dialog lies over the page' },
	{ says: /contains an image node/, because: 'text of a chart is SVG' },
	{ says: /only non-text characters/, because: 'arrows and dashes stand beside a word' },
	{ says: /too short to determine/, because: 'a figure on an axis' }
];

interface Open {
	id: string;
	says: string;
	html: string;
	target: string;
}

/** Rules about colours: all that another look of the same page can break. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** No violations, and nothing left open that is not known to be right. */
export async function expectNoBarrier(page: Page, where = page.url()) {
	await judge(page, new AxeBuilder({ page }).withTags(TAGS), where);
}

/** The same of a page whose structure has been judged already, in other colours. */
export async function expectReadable(page: Page, where: string) {
	await judge(page, new AxeBuilder({ page }).withRules(OF_COLOURS), where);
}

/** No violations in both themes, on a desk and in a hand, once the page is `there`. */
export async function expectNoBarrierInAnyLook(page: Page, there = drawn) {
	await there(page);
	const before = page.viewportSize();
	for (const colorScheme of ['light', 'dark'] as const)
		for (const width of [1280, 390]) {
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			await page.setViewportSize({ width, height: 900 });
			await expectNoViolation(
				page,
				new AxeBuilder({ page }).withTags(TAGS),
				`${colorScheme}, ${width} pixels`
			);
		}
	await page.emulateMedia({ colorScheme: 'light' });
	if (before) await page.setViewportSize(before);
}

async function judge(page: Page, axe: AxeBuilder, where: string) {
	await drawn(page);
	const incomplete = await expectNoViolation(page, axe, where);
	const open: Open[] = incomplete.flatMap(({ id, nodes }) =>
		nodes.map(({ any, all, none, html, target }) => ({
			id,
			says: [...any, ...all, ...none].map(({ message }) => message).join(' '),
			html,
			target: target.join(' ')
		}))
	);
	const unknown = open.filter(
		({ id, says }) => id !== 'color-contrast' || !UNDECIDED.some((known) => known.says.test(says))
	);
	expect(unknown, `${where}, left open by axe`).toEqual([]);
	expect(await otherInks(page, open), `${where}, text of a colour that nobody measured`).toEqual(
		[]
	);
}

/** A page is judged once it is drawn: before its script has run there is only its shell. */
async function drawn(page: Page) {
	await expect(page.locator('#shell')).toHaveCount(0);
	await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
	await expect(page.locator('.skeleton')).toHaveCount(0);
	// What is still fading in has no contrast to measure.
	await expect
		.poll(() => page.evaluate(() => document.getAnimations().length), 'nothing moves any more')
		.toBe(0);
}

/** What axe leaves open, where it finds no violation. */
async function expectNoViolation(page: Page, axe: AxeBuilder, where: string) {
	const { violations, incomplete } = await axe.analyze();
	expect(
		violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
		where
	).toEqual([]);
	return incomplete;
}

/** Those of `open` whose text is in none of the measured inks. In forced colours all are the system's. */
function otherInks(page: Page, open: Open[]): Promise<string[]> {
	return page.evaluate(
		({ inks, targets }) => {
			if (matchMedia('(forced-colors: active)').matches) return [];
			const probe = document.body.appendChild(document.createElement('i'));
			const measured = inks.map((ink) => {
				probe.style.color = `var(--${ink})`;
				return getComputedStyle(probe).color;
			});
			probe.remove();
			return targets.filter((target) => {
				const element = document.querySelector(target);
				if (!element) return false;
				const { color, fill } = getComputedStyle(element);
				return !measured.includes(element instanceof SVGTextElement ? fill : color);
			});
		},
		{ inks: INKS, targets: open.map(({ target }) => target) }
	);
}
