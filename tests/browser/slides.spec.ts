// Slides of reveal.js, the real one, with the element on one and a frame on another: the widget appears, steps, keeps its
// keys and gives them back, and comes through slides that are left and entered again.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { heapOf } from './support/heap';
import { inspect, PROJECT } from './support/native';
import { usedExperts } from './support/said';
import { expect, test } from './support/scope';

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

/** The slide that is shown, from 0. */
const slide = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { deck: { getIndices(): { h: number } } }).deck.getIndices().h);

/** The sentence of a step in a layer, as the native engine has it. */
const said = (position: number, layer: number): string => usedExperts(NATIVE, position, layer);

const sentence = (inside: Locator): Locator => inside.locator('moe-status').getByRole('status');

test('slides are turned by their keys, and the widget is stepped by its own', async ({ page }) => {
  await open(page);
  const widget = page.locator('moe-scope');
  await page.keyboard.press('ArrowRight');
  expect(await slide(page)).toBe(1);
  await expect(sentence(widget)).toContainText(said(2, 3));
  await expect(widget.locator('moe-router')).toBeVisible();
  const { width } = (await widget.locator('moe-router table').first().boundingBox()) ?? { width: 0 };
  expect(width).toBeGreaterThan(300);
  // By mouse, on a slide that is scaled.
  await widget.getByRole('button', { name: 'Next token', exact: true }).click();
  await expect(sentence(widget)).toContainText(said(3, 3));
  // The focus is inside: the keys are the widget's.
  await page.keyboard.press('ArrowRight');
  await expect(sentence(widget)).toContainText(said(4, 3));
  await page.keyboard.press('ArrowLeft');
  await expect(sentence(widget)).toContainText(said(3, 3));
  await page.keyboard.press('Home');
  await expect(sentence(widget)).toContainText(said(0, 3));
  expect(await slide(page)).toBe(1);
  // What is written is not a key of the slides: o would open their overview, b make them black.
  const box = widget.getByRole('textbox', { name: 'Text' });
  await box.click();
  await box.press('End');
  await page.keyboard.type(' bob Fo');
  await expect(box).toHaveValue(`${TEXT} bob Fo`);
  await expect(page.locator('.reveal.overview, .reveal.paused')).toHaveCount(0);
  await box.fill(TEXT);
  await page.keyboard.press('Escape');
  await widget.getByRole('button', { name: 'Previous token' }).focus();
  await page.keyboard.press('Home');
  await expect(sentence(widget)).toContainText(said(0, 3));
  // Esc leaves it; the overview of reveal.js, which has the same key, stays closed.
  await page.keyboard.press('Escape');
  await expect(page.locator('.reveal.overview')).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  expect(await slide(page)).toBe(2);
  await page.keyboard.press('ArrowLeft');
  await expect(sentence(widget)).toContainText(said(0, 3));
});

for (const [how, attributes] of [
  ['a frame', 'data-src="embed.html'],
  ['a sandboxed frame without an origin', 'sandbox="allow-scripts" data-src="moescope.html'],
] as const) {
  test(`${how} on a slide: Esc gives the keys back`, async ({ page }) => {
    const deck = DECK.replace('data-src="embed.html', attributes);
    // In a frame of another process Playwright clicks beside what reveal.js has scaled.
    await open(page, deck.replace('viewDistance: 1', 'viewDistance: 1, minScale: 1, maxScale: 1'));
    for (let turn = 0; turn < 2; turn++) await page.keyboard.press('ArrowRight');
    const frame = page.frameLocator('iframe');
    const stands = (position: number): Promise<void> =>
      expect(frame.locator('moe-status').getByRole('status')).toContainText(said(position, 2));
    await stands(3);
    await frame.getByRole('button', { name: 'Next token', exact: true }).click();
    await stands(4);
    await page.keyboard.press('ArrowRight');
    await stands(5);
    expect(await slide(page)).toBe(2);
    await page.keyboard.press('Escape');
    // A frame of another process gives them a moment later.
    await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe('body');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => slide(page)).toBe(3);
    await expect(page.locator('.reveal.overview')).toHaveCount(0);
  });
}

test('20 slides forward and back: the same state, and one engine', async ({ page }) => {
  await open(page);
  const widget = page.locator('moe-scope');
  const frame = page.frameLocator('iframe');
  await page.keyboard.press('ArrowRight');
  await widget.getByRole('button', { name: 'Next token', exact: true }).click();
  await expect(sentence(widget)).toContainText(said(3, 3));
  await page.keyboard.press('Escape');
  const used = await heapOf(page);
  let before = 0;
  for (let turn = 0; turn < 6; turn++) {
    // The first turn brings what the frame's view needs.
    if (turn === 1) before = await used();
    await page.keyboard.press('ArrowRight');
    await expect(frame.locator('moe-status').getByRole('status')).toContainText(said(3, 2));
    await expect(frame.locator('moe-cache')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(sentence(widget)).toContainText(said(3, 3));
  }
  // What one widget keeps is some hundred kB.
  expect((await used()) - before).toBeLessThan(1_000_000);
  // What reveal.js unloads far from the slide that is shown comes back as its address says.
  await page.keyboard.press('ArrowLeft');
  expect(await slide(page)).toBe(0);
  await expect(page.locator('iframe')).not.toHaveAttribute('src');
  for (let turn = 0; turn < 2; turn++) await page.keyboard.press('ArrowRight');
  await expect(frame.locator('moe-status').getByRole('status')).toContainText(said(3, 2));
  // The element's, and the frame's.
  await expect.poll(() => page.workers().length).toBe(2);
});
