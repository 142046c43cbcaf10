// For everyone: no sideways scrolling from a small phone to a large screen, nothing that jumps, light and dark, and
// axe-core without a finding.

import type { Page } from '@playwright/test';
import { addressed, countOf, FIRST, holdBack, openFresh, scrollWidth, VIEWS } from './support/journey';
import { clean, LOOKS } from './support/looks';
import { expect, test } from './support/scope';

const WIDTHS = [320, 599, 600, 768, 1099, 1100, 1440, 1920];
const COUNT = countOf(FIRST.text);
/** With how many tokens the model reads. */
const TEXTS: readonly (readonly [string, number])[] = [
  ['a '.repeat(600), 512],
  ...['x'.repeat(400), 'שלום עולם '.repeat(20), ''].map(text => [text, countOf(text)] as const),
];
const BROKEN = [
  { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
  { name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('') },
  { name: 'tokenizer.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
];

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

for (const width of WIDTHS) {
  test(`${width} px: the page never scrolls sideways`, async ({ scope, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const fits = async (what: string): Promise<void> => {
      // Neither more, nor a page that is wider than its window.
      expect(await scrollWidth(page), what).toBeLessThanOrEqual(width);
    };
    for (const view of VIEWS) {
      await openFresh(page, `./#v=1&view=${view}&token=7`);
      await scope.ready();
      await fits(view);
      // What unfolds in the page is the same beside each of them.
      if (view !== 'roll' && view !== 'router') continue;
      await page.locator('moe-roll summary').click();
      await page.getByText('Open another model').click();
      await expect(page.locator('moe-roll table').first()).toBeVisible();
      await fits(`${view}, unfolded`);
      await page.getByLabel('Files of the model').setInputFiles(BROKEN);
      await expect(scope.fault.locator('p')).toContainText('cannot be opened');
      await fits(`${view}, with an error`);
    }
    for (const [text, count] of TEXTS) {
      await scope.type(text);
      await addressed(page, { text });
      await scope.ready();
      await scope.at(count - 1, count);
      await fits(`a text of ${text.length} characters`);
    }
  });
}

test('at 200 % it is the page of half the width, and is used as well', async ({ scope, page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await scope.open();
  expect(await scrollWidth(page)).toBe(720);
  await scope.next.click();
  await scope.at(FIRST.position + 1, COUNT);
  await page.getByRole('button', { name: 'Why layer 2 chose so' }).click();
  await expect(page.locator('moe-router')).toBeInViewport();
  expect(await scrollWidth(page)).toBe(720);
});

test('at 320 px everything is there: a layer opens from the overview', async ({ scope, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await scope.open();
  await expect(scope.next).toBeInViewport();
  await page.getByRole('button', { name: 'Open layer 2' }).click();
  await expect(page.locator('#expert-2-0')).toHaveCount(1);
  await expect(page.locator('#expert-4-0')).toHaveCount(0);
  await scope.next.click();
  await scope.at(FIRST.position + 1, COUNT);
  await expect(scope.sentence).toContainText('layer 2 used experts');
});

/** Where every view stands. */
function places(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.localName.startsWith('moe-') || element.matches('section, summary, footer, footer *, table')) {
          const { x, y, width, height } = element.getBoundingClientRect();
          // A summary is as wide as its words, and a table as large as what has come: they stand where they stood.
          const size = element.matches('summary, table') ? '' : `${width} ${height}`;
          found.push(`${element.localName} ${x} ${y} ${size}`);
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return found;
  });
}

/** How much has jumped since the page began, as browsers count it. */
function jumps(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { jumped: number }).jumped);
}

for (const width of [320, 768, 1440, 1920]) {
  for (const view of VIEWS) {
    test(`${width} px, ${view}: nothing jumps when the model arrives`, async ({ scope, page }) => {
      await page.addInitScript(() => {
        const counted = globalThis as unknown as { jumped: number };
        counted.jumped = 0;
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) counted.jumped += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.setViewportSize({ width, height: 900 });
      const release = await holdBack(page, '**/model.safetensors', '**/*.wasm');
      await page.goto(`./#v=1&view=${view}`);
      await expect(page.getByRole('progressbar')).toBeVisible();
      await expect(page.locator('moe-roll svg.opened circle.note').first()).toBeAttached();
      await scope.settled();
      const before = await places(page);
      expect(before.length).toBeGreaterThan(8);
      release();
      await scope.ready();
      if (view === 'next') await expect(page.locator('td[data-probability=T]').first()).toContainText('%');
      await scope.settled();
      // What real models come to is not known before the engine is up; where it stands their own tests say.
      if (view !== 'models') expect(await places(page)).toEqual(before);
      expect(await jumps(page)).toBeLessThan(0.02);
    });
  }
}

for (const { width, colorScheme } of LOOKS) {
  test.describe(`axe-core finds nothing: ${width} px, ${colorScheme}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
    });

    for (const view of VIEWS) {
      test(`the page with ${view}`, async ({ scope, page }) => {
        await scope.open(`./#v=1&view=${view}&token=7&layer=3&expert=5`);
        await page.locator('moe-roll summary').click();
        await page.getByText('Open another model').click();
        await clean(page);
      });

      // The other views are looked at alone in their own specs.
      if (!['roll', 'router', 'next'].includes(view)) continue;

      test(`${view} alone`, async ({ scope, page }) => {
        await page.goto(`./embed.html#v=1&view=${view}&token=7`);
        await scope.ready();
        await clean(page);
      });
    }

    test('with an error, a link that says too much, and a text beyond the context', async ({ scope, page }) => {
      await page.goto('./#v=1&layer=77&token=1');
      await scope.ready();
      await expect(scope.fault.locator('p')).toContainText('“layer” is 77');
      await clean(page);
      await scope.type('a '.repeat(600));
      await expect(page.getByText('The grey text is beyond it and is not read')).toBeVisible();
      await scope.at(511, 512);
      await page.getByText('Open another model').click();
      await page.getByLabel('Files of the model').setInputFiles(BROKEN);
      await expect(scope.fault.locator('p')).toContainText('cannot be opened');
      await clean(page);
    });

    test('in the midst of a step', async ({ scope, page }) => {
      await scope.open('./#v=1&stage=9&view=next&temperature=0.7');
      await expect(page.locator('moe-roll [data-cursor]')).toHaveCount(width === 320 ? 0 : 1);
      await clean(page);
    });
  });
}

const DARK = 'rgb(16, 19, 22)';
const LIGHT = 'rgb(255, 255, 255)';

for (const [system, theme, colour] of [
  ['dark', 'auto', DARK],
  ['light', 'auto', LIGHT],
  ['dark', 'light', LIGHT],
  ['light', 'dark', DARK],
] as const) {
  test(`on a ${system} system, theme ${theme} is ${colour === DARK ? 'dark' : 'light'}`, async ({ scope, page }) => {
    await page.emulateMedia({ colorScheme: system });
    await page.goto(`./#v=1&theme=${theme}`);
    await scope.ready();
    const colours = await page.evaluate(() => {
      const page = document.querySelector('moe-page');
      const { color, fontFamily } = getComputedStyle(page ?? document.body);
      return { body: getComputedStyle(document.body).backgroundColor, ink: color, has: fontFamily !== '' };
    });
    expect(colours.body).toBe(colour);
    expect(colours.ink).toBe(colour === DARK ? 'rgb(236, 239, 242)' : 'rgb(22, 25, 29)');
  });
}
