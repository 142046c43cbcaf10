// Slides made with reveal.js, with the element on one slide and a frame on another. Both are shown, can be stepped, get
// the keys while they have the focus, and have the same state after the reader leaves and enters their slides again.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { heapOf } from './support/heap';
import { inspect, PROJECT } from './support/native';
import { usedExperts } from './support/printed';
import { expect, test } from './support/scope';
import { contains } from './support/soon';

const TEXT = 'The fox saw the dark wood.';
const NATIVE = inspect(TEXT);
const REVEAL = join(PROJECT, 'tests/browser/node_modules/reveal.js/dist');
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', mjs: 'text/javascript', css: 'text/css' };

const DECK = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>slides</title>
    <link rel="stylesheet" href="reveal/reset.css" />
    <link rel="stylesheet" href="reveal/reveal.css" />
    <link rel="stylesheet" href="reveal/theme/white.css" />
    <script type="module" src="define.js"></script>
  </head>
  <body>
    <div class="reveal">
      <div class="slides">
        <section><h2>First</h2></section>
        <section><moe-scope view="router" text="${TEXT}" token="2" layer="3" only="text controls sentence"></moe-scope></section>
        <section>
          <iframe data-src="embed.html#v=1&view=cache&text=${encodeURIComponent(TEXT)}&token=3&layer=2" width="900" height="600" title="cache"></iframe>
        </section>
        <section><h2>Last</h2></section>
      </div>
    </div>
    <script type="module">
      import Reveal from './reveal/reveal.mjs';
      const deck = new Reveal({ transition: 'none', viewDistance: 1 });
      await deck.initialize();
      globalThis.deck = deck;
    </script>
  </body>
</html>`;

async function open(page: Page, body = DECK): Promise<void> {
  await page.route('**/slides.html', route => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await page.route('**/reveal/**', async route => {
    const [, path = ''] = new URL(route.request().url()).pathname.split('/reveal/');
    const contentType = TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    await route.fulfill({ contentType, body: await readFile(join(REVEAL, path)) });
  });
  await page.goto('./slides.html');
  await page.waitForFunction(() => 'deck' in globalThis);
}

/** The index of the shown slide, from 0. */
const slide = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { deck: { getIndices(): { h: number } } }).deck.getIndices().h);

/** The expected part of a step's sentence that names the experts of a layer, from the native engine. */
const expectedSentence = (position: number, layer: number): string => usedExperts(NATIVE, position, layer);

const sentence = (inside: Locator): Locator => inside.locator('moe-status').getByRole('status');

test('keys turn slides, or step the widget while it has the focus; turning 12 slides changes neither its state nor the memory', async ({
  page,
}) => {
  await open(page);
  const widget = page.locator('moe-scope');
  const frame = page.frameLocator('iframe');
  const frameShows = (position: number): Promise<void> =>
    contains(frame.locator('moe-status').getByRole('status'), expectedSentence(position, 2));

  await test.step('an element on a scaled slide', async () => {
    await page.keyboard.press('ArrowRight');
    expect(await slide(page)).toBe(1);
    await contains(sentence(widget), expectedSentence(2, 3));
    await expect(widget.locator('moe-router')).toBeVisible();
    const { width } = (await widget.locator('moe-router table').first().boundingBox()) ?? { width: 0 };
    expect(width).toBeGreaterThan(300);
    await widget.getByRole('button', { name: 'Next token', exact: true }).click();
    await contains(sentence(widget), expectedSentence(3, 3));
    // The click above has moved the focus into the element.
    await page.keyboard.press('ArrowRight');
    await contains(sentence(widget), expectedSentence(4, 3));
    await page.keyboard.press('ArrowLeft');
    await contains(sentence(widget), expectedSentence(3, 3));
    await page.keyboard.press('Home');
    await contains(sentence(widget), expectedSentence(0, 3));
    expect(await slide(page)).toBe(1);
  });

  await test.step('typing in the element does not reach the slides, where o opens the overview and b makes the slide black', async () => {
    const box = widget.getByRole('textbox', { name: 'Text' });
    await box.click();
    await box.press('End');
    await page.keyboard.type(' bob Fo');
    await expect(box).toHaveValue(`${TEXT} bob Fo`);
    await expect(page.locator('.reveal.overview, .reveal.paused')).toHaveCount(0);
    await box.fill(TEXT);
    await page.keyboard.press('Escape');
  });

  await test.step('Esc leaves the element, and does not open the overview of reveal.js', async () => {
    await widget.getByRole('button', { name: 'Previous token' }).focus();
    await page.keyboard.press('Home');
    await contains(sentence(widget), expectedSentence(0, 3));
    await page.keyboard.press('Escape');
    await expect(page.locator('.reveal.overview')).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    expect(await slide(page)).toBe(2);
    await page.keyboard.press('ArrowLeft');
    await contains(sentence(widget), expectedSentence(0, 3));
    await page.keyboard.press('ArrowRight');
  });

  await test.step('Esc leaves the frame', () => escLeavesTheFrame(page));

  await test.step('a frame that reveal.js unloads comes back with the state of its address', async () => {
    for (let turn = 0; turn < 3; turn++) await page.keyboard.press('ArrowLeft');
    expect(await slide(page)).toBe(0);
    await expect(page.locator('iframe')).not.toHaveAttribute('src');
    for (let turn = 0; turn < 2; turn++) await page.keyboard.press('ArrowRight');
    await frameShows(3);
  });

  await test.step('12 slides, forward and back', () => forwardAndBack(page, 3, 0));
});

test(
  'turning 24 slides, forward and back, changes neither the state nor the memory',
  { tag: '@all' },
  async ({ page }) => {
    await open(page);
    await page.keyboard.press('ArrowRight');
    await page.locator('moe-scope').getByRole('button', { name: 'Next token', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await forwardAndBack(page, 6, 3);
  },
);

/** Turns slides by keys, starting from the frame on slide 2. Each turn moves over four slides. */
async function forwardAndBack(page: Page, turns: number, position: number): Promise<void> {
  const frame = page.frameLocator('iframe');
  const used = await heapOf(page);
  const frameIsThere = async (): Promise<void> => {
    await contains(frame.locator('moe-status').getByRole('status'), expectedSentence(3, 2));
    await expect(frame.locator('moe-cache')).toBeVisible();
  };
  let before = 0;
  for (let turn = 0; turn < turns; turn++) {
    await frameIsThere();
    // Memory is compared from the second turn on, because the first turn loads the code of the frame's view.
    if (turn === 1) before = await used();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await contains(sentence(page.locator('moe-scope')), expectedSentence(position, 3));
    await page.keyboard.press('ArrowRight');
  }
  await frameIsThere();
  // If a frame were not freed, the memory would grow by more than 1 MB.
  expect((await used()) - before).toBeLessThan(1_000_000);
  // There are two engines: one for the element and one for the frame.
  await expect.poll(() => page.workers().length).toBe(2);
}

test('Esc leaves a sandboxed frame without an origin', async ({ page }) => {
  const deck = DECK.replace('data-src="embed.html', 'sandbox="allow-scripts" data-src="moescope.html');
  // Slides are not scaled, because Playwright clicks at a wrong position in a scaled frame of another process.
  await open(page, deck.replace('viewDistance: 1', 'viewDistance: 1, minScale: 1, maxScale: 1'));
  for (let turn = 0; turn < 2; turn++) await page.keyboard.press('ArrowRight');
  await escLeavesTheFrame(page);
});

/** Checks that in the frame on slide 2, a click and a key step the view; after Esc, the key turns to slide 3. */
async function escLeavesTheFrame(page: Page): Promise<void> {
  const frame = page.frameLocator('iframe');
  const shows = (position: number): Promise<void> =>
    contains(frame.locator('moe-status').getByRole('status'), expectedSentence(position, 2));
  await shows(3);
  await frame.getByRole('button', { name: 'Next token', exact: true }).click();
  await shows(4);
  await page.keyboard.press('ArrowRight');
  await shows(5);
  expect(await slide(page)).toBe(2);
  await page.keyboard.press('Escape');
  // A frame in another process gives the focus back after a short time.
  await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe('body');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => slide(page)).toBe(3);
  await expect(page.locator('.reveal.overview')).toHaveCount(0);
}
