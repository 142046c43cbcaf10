// Helpers for tests: they read the picture, the focus, animations and the address, open links, and stop the clock.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { inspect, PROJECT } from './native';
import { expect, inSettings, ScopePage } from './scope';
import { SOON } from './soon';

/** The names of all views in a link. */
export const VIEWS = [
  'roll',
  'start',
  'router',
  'next',
  'flow',
  'attention',
  'cache',
  'grid',
  'whatif',
  'cachelab',
  'models',
] as const;

/** A window, px, with the whole picture in view: only then Page Down and Page Up go through the stages of a step. */
export const TALL = { width: 1440, height: 1000 } as const;

export interface Example {
  readonly text: string;
  readonly position: number;
}

/** The page's examples, in the order of `examples.json`. */
export function examples(): { readonly story: Example; readonly python: Example; readonly arithmetic: Example } {
  const path = join(PROJECT, 'www/src/text/examples.json');
  const [story, python, arithmetic] = JSON.parse(readFileSync(path, 'utf8')) as Example[];
  if (!story || !python || !arithmetic) throw new Error('the page has other examples');
  return { story, python, arithmetic };
}

/** The state that the page opens with: the first example's text and playhead. */
export const FIRST = examples().story;

/** Number of tokens of a text, including the start marker. */
export function countOf(text: string): number {
  return inspect(text).ids.length;
}

export const play = (page: Page): Locator => page.getByRole('button', { name: 'Play', exact: true });
export const pause = (page: Page): Locator => page.getByRole('button', { name: 'Pause', exact: true });
export const scrubber = (page: Page): Locator => page.getByRole('slider', { name: 'Token', exact: true });
/** The speed of playback, in the settings. */
export const speed = (page: Page): Locator => inSettings(page, 'combobox', 'speed');
export const experts = (page: Page): Locator => page.getByRole('listbox', { name: /^Experts/u });
export const nextTokens = (page: Page): Locator =>
  page.locator('moe-roll').getByRole('button', { name: /^Continue with/u });
export const sampling = (page: Page, name: 'temperature' | 'seed'): Locator => inSettings(page, 'spinbutton', name);

/** The ids of the tokens that have a label in the roll. */
export function tokenIds(page: Page): Promise<number[]> {
  return page
    .locator('moe-tokens [data-token]')
    .evaluateAll(tokens => tokens.map(token => Number(token.getAttribute('data-token'))));
}

/** The SVG source of the roll: its closed columns, and its opened column (the playhead's). */
export interface Picture {
  readonly closed: string;
  readonly opened: string;
}

export async function picture(page: Page): Promise<Picture> {
  const drawn = (kind: string): Promise<string> =>
    // The template engine's comments are left out, because they are not visible.
    page.locator(`moe-roll svg.${kind}`).evaluate(element => element.innerHTML.replace(/<!--.*?-->/gsu, ''));
  return { closed: await drawn('closed'), opened: await drawn('opened') };
}

/** The parts of the page that a link must restore, read after everything is computed and drawn. */
export async function shown(page: Page): ReturnType<typeof shownNow> {
  await new ScopePage(page).settled();
  return shownNow(page);
}

/** Like `shown`, but waits only until everything is drawn, not until everything is computed. */
export async function shownNow(page: Page) {
  await new ScopePage(page).drawn();
  const root = page.locator('html');
  return {
    text: await page.getByRole('textbox', { name: 'Text' }).inputValue(),
    tokens: await tokenIds(page),
    playhead: await page.locator('moe-tokens [aria-selected=true]').getAttribute('aria-label'),
    sentence: await page.locator('moe-status').getByRole('status').textContent(),
    picture: await picture(page),
    layer: await page.locator('moe-roll summary').textContent(),
    expert: await experts(page).getAttribute('aria-activedescendant'),
    beside: await page.locator('moe-router, moe-next').evaluateAll(views => views.map(view => view.localName)),
    temperature: await sampling(page, 'temperature').inputValue(),
    seed: await sampling(page, 'seed').inputValue(),
    speed: await speed(page).inputValue(),
    theme: (await root.getAttribute('data-theme')) ?? 'auto',
  };
}

/** The fields in the fragment (`#…`) of the page's address. */
export async function address(page: Page): Promise<Record<string, string>> {
  const hash = await page.evaluate(() => location.hash);
  return Object.fromEntries(new URLSearchParams(hash.slice(1)));
}

/** Waits until the address has these fields with these values. */
export async function addressed(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await expect.poll(() => address(page), SOON).toMatchObject(fields);
}

/** Opens a link in a new document. */
export async function openFresh(page: Page, where: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(where);
}

/** The accessible name of the focused element; `body` if no element has the focus. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return 'body';
    const label = element.closest('label');
    const words = element.getAttribute('aria-label') ?? (label ?? element).textContent ?? '';
    return words.replace(/\s+/gu, ' ').trim();
  });
}

/** Presses `key` until the name of the focused element starts with `name`, or matches it. */
export async function reach(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press(key);
    const found = await focused(page);
    if (typeof name === 'string' ? found.startsWith(name) : name.test(found)) return;
  }
  throw new Error(`${key} does not reach ${name}`);
}

/** The play states of all animations in the roll. */
export function movements(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shell = document.querySelector('moe-page, moe-alone')?.shadowRoot;
    const roll = shell?.querySelector('moe-roll')?.shadowRoot;
    const tokens = roll?.querySelector('moe-tokens')?.shadowRoot;
    return [roll, tokens].flatMap(root => root?.getAnimations() ?? []).map(({ playState }) => playState);
  });
}

/** The width of the page's content, px; equal to the window's width if nothing scrolls sideways. */
export function scrollWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** Holds back the page's requests to these addresses until the returned function is called. */
export async function holdBack(page: Page, ...urls: readonly (string | RegExp)[]): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>(resolve => (release = resolve));
  for (const url of urls) {
    await page.route(url, async route => {
      await released;
      await route.continue();
    });
  }
  return release;
}

/** Moves the page's clock 10 s ahead and stops it. After this, time passes only when the test advances the clock. */
export async function stopTime(page: Page): Promise<void> {
  const now = await page.evaluate(() => Date.now());
  await page.clock.pauseAt(now + 10_000);
}

/** Advances a stopped clock by `FRAME` ms, so that the page draws its state. */
export async function frame(page: Page): Promise<void> {
  await page.clock.runFor(FRAME);
}

/** A little more than two animation frames in ms: a step changes the sentence in one and the picture in the next. */
export const FRAME = 40;

/** A generator of random numbers from 0 to 1 (mulberry32). The same seed gives the same numbers. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
