// The exported picture: an SVG file that needs no other file, and looks like the view on the screen.

import type { Page } from '@playwright/test';
import { compare, photograph } from './support/compare';
import { element, exported } from './support/exports';
import { VIEWS } from './support/journey';
import { expect, test } from './support/scope';

const TEXT = 'The fox saw the dark wood & the <moon>.';
const AT = 6;
const WHAT_IF = { off: '2.3', chosen: 3 };
/** The colour of the chosen experts' discs. */
const CHOSEN = 'rgb(184,74,0)';
/** Margin around a view in the file, px. */
const MARGIN = 16;
/**
 * Allowed fraction of blocks that differ: the triangles of folded parts differ a little, checkboxes and sliders differ
 * more (`CONTROLS`).
 */
const TOLERANCE = 0.0005;
const CONTROLS = 0.003;
const tolerance = (view: string): number => (['whatif', 'cachelab', 'models'].includes(view) ? CONTROLS : TOLERANCE);

const fields = (view: string, more: Readonly<Record<string, string>> = {}) => ({
  view,
  text: TEXT,
  token: AT,
  layer: 2,
  ...(view === 'whatif' ? WHAT_IF : {}),
  ...more,
});

/** Sets the state of the page's element. */
async function show(page: Page, fields: Readonly<Record<string, string | number>>): Promise<void> {
  await page.locator('moe-scope').evaluate((scope, fields) => {
    for (const { name } of [...scope.attributes]) if (!(name in fields)) scope.removeAttribute(name);
    for (const [name, value] of Object.entries(fields)) scope.setAttribute(name, String(value));
  }, fields);
}

/** Exports the SVG file and compares it with the screen. */
async function held(page: Page, view: string, change = (svg: string): string => svg) {
  const svg = await exported(page, 'svg');
  const here = page.locator(`moe-scope moe-${view}`);
  const box = await here.boundingBox();
  if (!box) throw new Error(`${view} is not there`);
  const screen = await page.screenshot({
    fullPage: true,
    clip: { x: Math.floor(box.x), y: Math.floor(box.y), width: Math.ceil(box.width), height: Math.ceil(box.height) },
  });
  const other = page.context().pages()[1] ?? (await page.context().newPage());
  const size = [Math.ceil(box.width) + 2 * MARGIN, Math.ceil(box.height) + 2 * MARGIN] as const;
  await photograph(other, change(svg), ...size);
  const drawn = await other.screenshot({
    clip: { x: MARGIN, y: MARGIN, width: size[0] - 2 * MARGIN, height: size[1] - 2 * MARGIN },
  });
  const compared = await compare(other, screen, drawn);
  await page.bringToFront();
  return { svg, ...compared };
}

/** Checks that the picture of a view needs no other file, looks like the screen, and names its link and model. */
async function isWhole(page: Page, view: string): Promise<void> {
  const { svg, differing, width } = await held(page, view);
  expect(width).toBeGreaterThan(600);
  expect(differing, view).toBeLessThan(tolerance(view));
  const read = await page.evaluate(svg => {
    const { documentElement: root } = new DOMParser().parseFromString(svg, 'image/svg+xml');
    const all = [...root.querySelectorAll('*')];
    const ids = all.map(({ id }) => id).filter(id => id !== '');
    const attributes = all.flatMap(each => [...each.attributes]);
    const asked = attributes.flatMap(({ value }) =>
      [...value.matchAll(/url\(([^)]*)\)/gu)].map(found => found[1] ?? ''),
    );
    return {
      name: root.localName,
      broken: root.querySelector('parsererror') !== null,
      unwanted: all.map(({ localName }) => localName).filter(name => /script|style|image|use|foreign|^a$/u.test(name)),
      handlers: attributes.map(({ name }) => name).filter(name => /^on|href|^style$|^class$/u.test(name)),
      unseen: all.filter(each => each.getAttribute('stroke-width') === '0').length,
      isOnce: new Set(ids).size === ids.length,
      missing: asked.filter(name => !ids.includes(name.replace(/^#/u, ''))),
      metadata: root.querySelector('metadata')?.textContent ?? '',
      texts: [...root.querySelectorAll('text')].map(text => text.textContent.replace(/\s+/gu, ' ')).join('\n'),
    };
  }, svg);
  expect(read).toMatchObject({
    name: 'svg',
    broken: false,
    unwanted: [],
    handlers: [],
    unseen: 0,
    isOnce: true,
    missing: [],
  });
  const metadata = JSON.parse(read.metadata) as { permalink: string; version: string; model: { sha256: string } };
  expect(metadata).toMatchObject({ version: '0.1.0', view });
  expect(metadata.permalink).toContain(`token=${AT}&layer=2`);
  expect(metadata.model.sha256).toMatch(/^[0-9a-f]{64}$/u);
  // The link and the model's hash are also below the picture, in as many lines as needed.
  expect(read.texts.replaceAll('\n', '')).toContain(metadata.permalink);
  expect(read.texts).toContain(`sha-256: ${metadata.model.sha256}`);
}

for (const views of [VIEWS.slice(0, 5), VIEWS.slice(5)]) {
  test(`${views.join(', ')}: the SVG needs no other file and looks like the view on the screen`, async ({ page }) => {
    await page.setViewportSize({ width: 1100, height: 900 });
    await element(page, fields(views[0] ?? ''));
    for (const view of views) {
      await test.step(view, async () => {
        await show(page, fields(view));
        await isWhole(page, view);
      });
    }
  });
}

for (const view of VIEWS) {
  test(`${view}, in a new document: the SVG looks like the view on the screen`, { tag: '@all' }, async ({ page }) => {
    await page.setViewportSize({ width: 1100, height: 900 });
    await element(page, fields(view));
    await isWhole(page, view);
  });
}

test('in a dark and narrow window, with a what-if and a right-to-left word, the SVG looks like the view on the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1100, height: 900 });
  await element(page, fields('roll'));
  await test.step('the comparison fails if the discs of the chosen experts are missing', async () => {
    const { differing } = await held(page, 'roll', svg => svg.replaceAll(CHOSEN, 'none'));
    expect(differing).toBeGreaterThan(TOLERANCE);
  });
  await page.setViewportSize({ width: 360, height: 900 });
  // The element is dark because the page around it is. A table that scrolls sideways has a shadow on the screen; a file
  // does not scroll and has none.
  await page.evaluate(() => {
    document.documentElement.style.colorScheme = 'dark';
    document.documentElement.style.setProperty('--moe-shadow', 'transparent');
  });
  for (const view of ['roll', 'router', 'cachelab']) {
    await show(page, fields(view, { text: 'The שלום fox 🦊 saw.', token: '4', off: '2.3' }));
    const { svg, differing } = await held(page, view);
    expect(differing, view).toBeLessThan(tolerance(view));
    expect(svg).toContain('rgb(16,19,22)');
  }
});

interface ScopeElement extends HTMLElement {
  export(format: string): Promise<string>;
  step(by?: number): void;
  set(link: string): void;
}

/** Exports a picture while the page steps: one step in the first animation frame, or (`always`) one in each frame. */
const restless = (page: Page, always: boolean): Promise<string> =>
  page.evaluate(async always => {
    const scope = document.querySelector<ScopeElement>('moe-scope');
    if (!scope) return '';
    const ask = requestAnimationFrame;
    let by = 1;
    let isOver = false;
    window.requestAnimationFrame = callback => {
      if (!isOver) {
        // The step itself requests an animation frame; no other step may start in that frame.
        isOver = true;
        scope.step(by);
        by = -by;
        isOver = !always;
      }
      return ask(callback);
    };
    const svg = await scope.export('svg');
    window.requestAnimationFrame = ask;
    return svg;
  }, always);

test('an exported picture shows the state of the link below it, even if the page steps during the export', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await element(page, fields('router'));
  await exported(page, 'svg');
  for (const [how, always] of [
    ['one step', false],
    ['steps without end', true],
  ] as const) {
    await test.step(how, async () => {
      await show(page, fields('router'));
      await exported(page, 'svg');
      const svg = await restless(page, always);
      const link = /<desc>[^<]*link: ([^\s<]*)/u.exec(svg)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const token = Number(new URLSearchParams(link.slice(link.indexOf('#') + 1)).get('token'));
      if (!always) expect(token).toBe(AT + 1);
      await page.evaluate(link => {
        document.querySelector<ScopeElement>('moe-scope')?.set(link);
      }, link);
      const again = await exported(page, 'svg');
      const heading = /“[^”]*” in layer 2/u;
      expect(heading.exec(svg)?.[0]).toBe(heading.exec(again)?.[0]);
      // If the page steps in every animation frame, the export does not wait for the step's detail, so the picture may
      // lack the detail.
      if (!always) expect(svg === again).toBe(true);
    });
  }
});

/** Colours in other colour spaces, and the same colours in sRGB, converted as in CSS Color 4 and clipped. */
const COLOURS = [
  ['oklch(0.705 0.213 47.604)', 'rgb(255,105,0)'],
  ['oklch(0.6 0.1 200)', 'rgb(13,146,152)'],
  ['color(display-p3 1 0.5 0)', 'rgb(255,118,0)'],
  ['color(display-p3 0.4 0.6 0.5)', 'rgb(85,155,126)'],
  ['lab(70 20 30)', 'rgb(218,157,118)'],
  ['color(srgb 0.2 none 0.6)', 'rgb(51,0,153)'],
  ['rgb(10 20 30)', 'rgb(10,20,30)'],
] as const;

test('a colour that the host page sets, in several colour spaces, is the same in the picture as on the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1100, height: 900 });
  await element(page, fields('router'));
  const override = (colour: string): Promise<void> =>
    page.locator('moe-scope').evaluate((scope: HTMLElement, colour) => {
      scope.style.setProperty('--moe-note', colour);
    }, colour);
  for (const [written, expected] of COLOURS) {
    await override(written);
    const { svg, differing } = await held(page, 'router');
    expect(svg, written).toContain(`"${expected}"`);
    expect(differing, written).toBeLessThan(TOLERANCE);
  }
  await override('oklch(0.705 0.213 47.604 / 0.3)');
  expect(await exported(page, 'svg')).toMatch(/"rgb\(255,105,0\)" (?:fill|stroke)-opacity="0\.3"/u);
  await override('color(display-p3 1 0.5 0 / 0)');
  expect(await exported(page, 'svg')).not.toContain('rgb(255,118,0)');

  await test.step('while a question hides the answer of a step, the picture does not contain the answer', async () => {
    await show(page, fields('router', { reveal: 'click' }));
    const svg = await exported(page, 'svg');
    expect(svg).toContain('of its 16 experts does layer 2 choose');
    expect(svg).not.toMatch(/0\.\d{4}/u);
  });
});
