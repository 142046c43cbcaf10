// A shadow tree inherits style properties from the host page, but these must not change a picture. The tests compare
// the drawings in a page that sets many inherited properties with the drawings in a page without a style.

import type { Locator, Page } from '@playwright/test';
import { expectedSentence, TEXT } from './support/element';
import { VIEWS } from './support/journey';
import { expect, test } from './support/scope';

/** The compared views: all except `models`, whose numbers arrive after a step is shown. */
const DRAWN = VIEWS.filter(view => view !== 'models');

/** A host's style sheet that sets inherited properties on the body and on every element, also on `moe-scope`. */
const HOSTILE = `
  body, body * {
    border-collapse: collapse;
    border-spacing: 9px;
    caption-side: bottom;
    color: red;
    cursor: crosshair;
    direction: rtl;
    empty-cells: hide;
    font: italic small-caps 900 31px/3 monospace;
    font-feature-settings: 'smcp';
    font-kerning: none;
    font-size-adjust: 0.9;
    font-stretch: expanded;
    hyphens: auto;
    letter-spacing: 3px;
    line-break: anywhere;
    list-style: square inside;
    overflow-wrap: anywhere;
    paint-order: stroke;
    quotes: '<' '>';
    stroke: red;
    stroke-width: 3px;
    fill: red;
    tab-size: 40;
    text-align: right;
    text-align-last: right;
    text-anchor: end;
    text-indent: 40px;
    text-rendering: geometricPrecision;
    text-shadow: 2px 2px red;
    text-transform: uppercase;
    text-underline-offset: 9px;
    text-wrap: nowrap;
    white-space: pre;
    word-break: break-all;
    word-spacing: 9px;
    -webkit-text-fill-color: red;
    -webkit-text-stroke: 2px red;
  }
  moe-scope, body { text-align: right }
`;

/** Opens a page with an element, and waits until a step is shown. */
async function host(page: Page, attributes: string, style: string, direction: string): Promise<Locator> {
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><html lang="en" dir="${direction}"><title>host</title><style>${style}</style>
        <body><moe-scope text="${TEXT}" token="4" layer="3" ${attributes}></moe-scope>
        <script type="module" src="./define.js"></script></body></html>`,
    }),
  );
  await page.goto('./host.html');
  const element = page.locator('moe-scope');
  await expect(element.locator('moe-status').getByRole('status')).toContainText(expectedSentence(4, 3));
  await expect(element.locator('moe-status').getByRole('progressbar')).toHaveCount(0);
  return element;
}

/** The drawing of a view, after everything in the view is computed and drawn. */
async function view(element: Locator, view: string): Promise<string[]> {
  await element.evaluate(async (scope: HTMLElement & { settled: Promise<void> }, view) => {
    scope.setAttribute('view', view);
    await scope.settled;
  }, view);
  await expect(element.locator(`moe-${view}`)).toBeVisible();
  const found = await drawn(element);
  expect(found.length).toBeGreaterThan(100);
  return found;
}

/** The drawings of the compared views, in one page with this style. */
async function views(page: Page, style: string, direction: string): Promise<Map<string, string[]>> {
  const element = await host(page, `view="${DRAWN[0] ?? ''}"`, style, direction);
  const found = new Map<string, string[]>();
  for (const each of DRAWN) found.set(each, await view(element, each));
  return found;
}

/** Each box and line of text in all shadow trees, measured from the element's corner, and the style of each text. */
async function drawn(element: Locator): Promise<string[]> {
  return element.evaluate(async scope => {
    await document.fonts.ready;
    const corner = scope.getBoundingClientRect();
    const lines: string[] = [];
    const add = (name: string, { left, top, width, height }: DOMRect): void => {
      const numbers = [left - corner.left, top - corner.top, width, height].map(number => number.toFixed(2));
      lines.push(`${name} ${numbers.join(' ')}`);
    };
    const walk = (node: Node): void => {
      if (node instanceof Text && node.data.trim() !== '') {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const line of range.getClientRects()) add(`“${node.data.trim().slice(0, 20)}”`, line);
        const { parentElement } = node;
        if (parentElement) {
          const { color, cursor, direction, fill, font, stroke, textShadow, textTransform } =
            getComputedStyle(parentElement);
          lines.push([color, cursor, direction, fill, font, stroke, textShadow, textTransform].join(' '));
        }
      } else if (node instanceof Element && !(node instanceof HTMLStyleElement)) {
        add(node.localName, node.getBoundingClientRect());
        for (const child of node.shadowRoot?.childNodes ?? []) walk(child);
      }
      for (const child of node.childNodes) walk(child);
    };
    for (const child of scope.shadowRoot?.childNodes ?? []) walk(child);
    return lines;
  });
}

test.beforeEach(async ({ page }) => {
  // Without animations, a picture is final as soon as it is drawn.
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

for (const width of [360, 1200]) {
  test(`${width} px: the host page’s style changes nothing in the views (all except models are compared)`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    const plain = await views(page, '', 'ltr');
    const dressed = await views(page, HOSTILE, 'rtl');
    for (const each of DRAWN) expect.soft(dressed.get(each), each).toEqual(plain.get(each));
  });

  for (const each of DRAWN) {
    test(
      `${each}, loaded at ${width} px: the host page’s style changes nothing in the view`,
      { tag: '@all' },
      async ({ page }) => {
        await page.setViewportSize({ width, height: 900 });
        const plain = await view(await host(page, `view="${each}"`, '', 'ltr'), each);
        const dressed = await view(await host(page, `view="${each}"`, HOSTILE, 'rtl'), each);
        expect(dressed).toEqual(plain);
      },
    );
  }
}

test('the host page sets width, colours, font and visibility; the typed text sets the direction of the text box', async ({
  page,
}) => {
  const style = `
    moe-scope { width: 500px; margin: 16px; --moe-note: teal; --moe-font: monospace }
    .away { visibility: hidden }
  `;
  const element = await host(page, 'view="router"', style, 'rtl');
  const { width } = (await element.boundingBox()) ?? {};
  expect(width).toBe(500);
  const status = element.locator('moe-status').getByRole('status');
  const said = (name: string): Promise<string> =>
    status.evaluate((said, name) => getComputedStyle(said).getPropertyValue(name), name);
  expect([await said('--moe-note'), await said('font-family')]).toEqual(['teal', 'monospace']);

  const box = element.getByRole('textbox', { name: 'Text' });
  const direction = (): Promise<string> => box.evaluate(box => getComputedStyle(box).direction);
  expect(await direction()).toBe('ltr');
  await box.fill('שלום, مرحبا');
  expect(await direction()).toBe('rtl');

  await page.evaluate(() => {
    document.body.className = 'away';
  });
  await expect(status).toBeHidden();
  await page.evaluate(() => {
    document.body.className = '';
    document.querySelector('moe-scope')?.toggleAttribute('hidden', true);
  });
  await expect(status).toBeHidden();
});
