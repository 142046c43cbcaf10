// The page's address contains the whole state: a new page with this address shows the same state. Back and Forward go
// through earlier texts and views. If a link has problems, the page shows sentences about them.

import type { Page } from '@playwright/test';
import {
  address,
  addressed,
  countOf,
  examples,
  experts,
  FIRST,
  openFresh,
  picture,
  random,
  sampling,
  shown,
  speed,
  TALL,
  tokenIds,
} from './support/journey';
import { inspect } from './support/native';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);
const OTHER = 'The fox saw the dark wood.';
const OTHER_COUNT = countOf(OTHER);

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

/** Checks that the page's address shows the same state in a new document and after a reload. */
async function comesBack(scope: ScopePage, page: Page): Promise<void> {
  // The address changes at once; the playhead moves only when the step is computed. Wait until both agree.
  await expect(async () => {
    const { token } = await address(page);
    expect((await shown(page)).playhead).toContain(`, ${Number(token) + 1} / `);
  }).toPass();
  const before = await shown(page);
  const url = await page.evaluate(() => location.href);
  for (const open of [() => openFresh(page, url), () => page.reload()]) {
    await open();
    await scope.ready();
    await expect.poll(() => shown(page)).toEqual(before);
    expect(await page.evaluate(() => location.href)).toBe(url);
    await expect(scope.fault.locator('p')).toHaveCount(0);
  }
}

test('without a link, the first step writes the state into the address, and the address restores it', async ({
  scope,
  page,
}) => {
  await scope.open('./');
  expect(await page.evaluate(() => location.hash)).toBe('');
  await scope.next.click();
  await addressed(page, { v: '1', text: FIRST.text, token: '8', view: 'start' });
  await comesBack(scope, page);
});

test('the address restores text, token, layer, expert, view, stage, sampling, speed and theme', async ({
  scope,
  page,
}) => {
  await page.setViewportSize(TALL);
  await scope.open();
  await scope.type(OTHER);
  await scope.at(OTHER_COUNT - 1, OTHER_COUNT);
  await scope.previous.click();
  await scope.previous.click();
  await scope.at(OTHER_COUNT - 3, OTHER_COUNT);
  await page.getByRole('button', { name: 'Layer 3: why these experts?' }).click();
  await experts(page).focus();
  for (let presses = 0; presses < 6; presses++) await page.keyboard.press('ArrowDown');
  await expect(experts(page)).toHaveAttribute('aria-activedescendant', 'expert-3-5');
  const token = String(OTHER_COUNT - 3);
  await addressed(page, { text: OTHER, token, layer: '3', expert: '5', view: 'router' });
  await scope.openMenu();
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  await scope.openSettings();
  await sampling(page, 'temperature').fill('0.8');
  await sampling(page, 'seed').fill('77');
  await speed(page).selectOption('4×');
  await scope.tokens.focus();
  for (let presses = 0; presses < 9; presses++) await page.keyboard.press('PageDown');
  await addressed(page, { temperature: '0.8', seed: '77', speed: '4', theme: 'dark', stage: '2.cache' });
  await expect(page.locator('moe-roll [data-cursor]')).toBeVisible();
  await comesBack(scope, page);
});

test('after a token is added in the middle of the text, the address has all tokens as ids and restores them', async ({
  scope,
  page,
}) => {
  const native = inspect(FIRST.text);
  await scope.open();
  // The token is added in the middle of the text, so the address has the tokens before it as ids, too.
  const added = native.records[FIRST.position]?.next.tokens[2] ?? NaN;
  await page.locator(`moe-roll .next-token[data-token="${added}"]`).click();
  await scope.at(FIRST.position + 1, FIRST.position + 2);
  await scope.openSettings();
  await scope.generate.click();
  await scope.at(FIRST.position + 2, FIRST.position + 3);
  const ids = await tokenIds(page);
  expect(ids.slice(0, -1)).toEqual([...native.ids.slice(0, FIRST.position + 1), added]);
  await addressed(page, { text: '', ids: ids.slice(1).join('.') });
  await comesBack(scope, page);
});

test('generated tokens are in the address as ids after the text, and the address restores them', async ({
  scope,
  page,
}) => {
  await scope.open();
  await scope.openSettings();
  await sampling(page, 'temperature').fill('1.2');
  for (let more = 1; more <= 4; more++) {
    await scope.generate.click();
    await scope.at(COUNT - 1 + more, COUNT + more);
  }
  const ids = await tokenIds(page);
  await scope.closePopUps();
  await page.getByRole('button', { name: /^After/u }).click();
  await expect(page.locator('moe-next')).toBeVisible();
  await addressed(page, { text: FIRST.text, ids: ids.slice(COUNT).join('.'), temperature: '1.2', view: 'next' });
  await comesBack(scope, page);
});

test('the address restores a text with special characters', async ({ scope, page }) => {
  const text = 'a+b & c=d#e?f%20g  <script>alert(1)</script> שלום 🦊\n\ttab';
  await scope.open();
  await scope.type(text);
  await scope.at(countOf(text) - 1, countOf(text));
  await addressed(page, { text });
  await comesBack(scope, page);
});

test.describe('the browser’s history', () => {
  const entries = (page: Page): Promise<number> => page.evaluate(() => history.length);

  test('a new text and a new view make history entries, steps do not; Back and Forward go through the entries', async ({
    scope,
    page,
  }) => {
    await scope.open();
    const first = await entries(page);
    for (let steps = 0; steps < 3; steps++) await scope.next.click();
    await addressed(page, { token: '10' });
    expect(await entries(page)).toBe(first);
    const one = await shown(page);

    await page.getByRole('button', { name: '6 × 7' }).click();
    const { text } = examples().arithmetic;
    await scope.at(0, countOf(text));
    await addressed(page, { text });
    expect(await entries(page)).toBe(first + 1);
    await scope.next.click();
    await addressed(page, { token: '1' });
    const two = await shown(page);

    await page.getByRole('button', { name: 'Layer 1: why these experts?' }).click();
    await addressed(page, { view: 'router', layer: '1' });
    expect(await entries(page)).toBe(first + 2);
    const three = await shown(page);

    await page.goBack();
    await expect(page.locator('moe-router')).toHaveCount(0);
    // The click selected layer 1 before it opened the router, so the history entry before the router has layer 1, too.
    await expect
      .poll(async () => ({ ...(await shown(page)), layer: '', picture: '' }))
      .toEqual({
        ...two,
        layer: '',
        picture: '',
      });
    await page.goBack();
    await expect.poll(() => shown(page)).toEqual(one);
    await page.goForward();
    await scope.at(1, countOf(text));
    await page.goForward();
    await expect.poll(() => shown(page)).toEqual(three);
    expect(await entries(page)).toBe(first + 2);
  });
});

/** Bad links, and the sentences that the page shows. `address.test.ts` and `reduce.test.ts` test more bad links. */
const ODD: Readonly<Record<string, readonly [hash: string, sentences: string]>> = {
  'more than three problems': [
    '#v=1&off=three&forced=1.2.3&mixture=some&chosen=many&bias=maybe&shifts=1.2&rank=-&format=int2',
    'In the link, “off” is “three”, which is none of its values; it was ignored. ' +
      'In the link, “forced” is “1.2.3”, which is none of its values; it was ignored. ' +
      'In the link, “mixture” is “some”, which is none of its values; it was ignored. ' +
      'The link has 5 more problems.',
  ],
  'another version': ['#v=2&text=x', 'This link is version 2; this page reads version 1, so the link was ignored.'],
  'a script': [
    '#v=1&view=<script>alert(1)</script>',
    'In the link, “view” is “<script>alert(1)</script…”, which is none of its values; it was ignored.',
  ],
  'a position, an id and a layer that do not exist': [
    '#v=1&text=A&ids=5.2048.6&token=99&layer=99',
    'In the link, “ids” has 2048, expected ids up to 2047; the text ends before this token. ' +
      'The text has no position 99; its last token is shown. ' +
      'There is no layer 99; layer 4 is shown.',
  ],
  'a huge text': [`#v=1&text=${'a+fox+'.repeat(33_334)}`, 'In the link, “text” is too long; only its start is used.'],
};

test('sentences about the problems of a bad link are shown and can be dismissed', async ({ scope, page }) => {
  for (const [name, [hash, sentences]] of Object.entries(ODD)) {
    await test.step(name, async () => {
      await openFresh(page, `./${hash}`);
      await scope.ready();
      await saysOnly(scope, sentences);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await expect(scope.fault.locator('p')).toHaveCount(0);
      await isUsable(scope, page);
    });
  }
});

test('an address typed into an open page is applied, and its problems are shown', async ({ scope, page }) => {
  await scope.open();
  const go = (hash: string): Promise<void> => page.evaluate(to => void (location.hash = to), hash);
  await go(`#v=1&text=${OTHER.replaceAll(' ', '+')}&token=2&layer=9`);
  await scope.at(2, OTHER_COUNT);
  await expect(scope.text).toHaveValue(OTHER);
  await saysOnly(scope, 'There is no layer 9; layer 4 is shown.');
  await go('#v=1&token=99');
  await scope.at(COUNT - 1, COUNT);
  await saysOnly(scope, 'The text has no position 99; its last token is shown.');
  // Typing removes the sentence about the link; a link without a problem removes it, too.
  await scope.type(OTHER);
  await saysOnly(scope, '');
  await go('#v=1&layer=99');
  await saysOnly(scope, 'There is no layer 99; layer 4 is shown.');
  await go('#v=1&token=1');
  await scope.at(1, COUNT);
  await saysOnly(scope, '');
  await go('');
  await scope.at(FIRST.position, COUNT);
  await isUsable(scope, page);
});

/** All sentences that the page can show about a link. */
const COMPLAINTS = [
  /This link (?:has no version|is version .*?); this page reads version 1, so the link was ignored\./u,
  /The link has a field “.*?” that does not exist\./u,
  /In the link, “\w+” is “.*?”, which is none of its values; it was ignored\./u,
  /There is no (?:layer|expert|head) \S+; (?:layer|expert|head) \d+ is shown\./u,
  /In the link, “\w+” is \S+, which is out of range; (?:\d+|the default) is used\./u,
  /The text has no position \S+; its last token is shown\./u,
  /In the link, “ran” is \S+, which is beyond the text; the whole text is run\./u,
  /In the link, “\w+” is too long; only its start is used\./u,
  /In the link, “ids” has \d+, expected ids up to 2047; the text ends before this token\./u,
  /The link has one more problem\./u,
  /The link has \d+ more problems\./u,
].map(({ source }) => source);
const ANSWER = new RegExp(`^(?:(?:${COMPLAINTS.join('|')})\\s*)*$`, 'su');

test('ten random links leave the page usable: the first opens a new page, the others are typed into it', async ({
  scope,
  page,
}) => {
  for (let seed = 1; seed <= 10; seed++) {
    await test.step(`seed ${seed}`, async () => {
      const hash = `#${garbage(random(seed))}`;
      if (seed === 1) await openFresh(page, `./${hash}`);
      else await page.evaluate(to => void (location.hash = to), hash);
      await saysOnlySentences(scope);
      await isUsable(scope, page);
    });
  }
});

test(
  'forty random links, each opened in a new page, leave the page usable',
  { tag: '@all' },
  async ({ scope, page }) => {
    test.setTimeout(400_000);
    for (let seed = 1; seed <= 40; seed++) {
      await test.step(`seed ${seed}`, async () => {
        await openFresh(page, `./#${garbage(random(seed))}`);
        await saysOnlySentences(scope);
        await isUsable(scope, page);
      });
    }
  },
);

/** The alert contains nothing but sentences about links. */
async function saysOnlySentences(scope: ScopePage): Promise<void> {
  await scope.ready();
  const said = await scope.fault.locator('p').allTextContents();
  expect(said.join(' ').replace(/\s+/gu, ' ').trim()).toMatch(ANSWER);
}

/** A random link: fields with possible and impossible values, sometimes joined by a wrong character. */
function garbage(next: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const noise = (): string =>
    Array.from({ length: Math.floor(next() * 30) }, () => String.fromCodePoint(33 + Math.floor(next() * 900))).join('');
  const names =
    'v text ids token ran layer expert stage view temperature seed speed theme lang __proto__ toString'.split(' ');
  const values = [
    () => String(Math.floor((next() - 0.3) * 10 ** Math.floor(next() * 12))),
    () => String((next() - 0.5) * 20),
    () => pick(['NaN', 'Infinity', '-0', '0x10', '1e400', 'null', 'true', '', '%', '%00', '%ff%fe', '٣', '½']),
    () => pick(['roll', 'router', 'next', 'dark', 'auto', 'en', '<b>', '"', "'", '&amp;', '💥', '\u202e', '..']),
    () => Array.from({ length: Math.floor(next() * 40) }, () => Math.floor(next() * 2100)).join('.'),
    noise,
  ];
  const pairs = Array.from({ length: 1 + Math.floor(next() * 8) }, () => {
    const name = next() < 0.85 ? pick(names) : noise();
    return `${name}${pick(['=', '=', '=', '=', '', '=='])}${pick(values)()}`;
  });
  const start = next() < 0.85 ? ['v=1'] : [];
  return [...start, ...pairs].join(pick(['&', '&', '&', '&', ';', '&&']));
}

/** The alert contains exactly these sentences. */
async function saysOnly(scope: ScopePage, sentences: string): Promise<void> {
  const words = async (): Promise<string> =>
    (await scope.fault.locator('p').allTextContents()).join(' ').replace(/\s+/gu, ' ').trim();
  await expect.poll(words).toBe(sentences);
}

/** Checks that the roll is drawn, and that the Home key and typing work. */
async function isUsable(scope: ScopePage, page: Page): Promise<void> {
  const before = await picture(page);
  expect(before.opened.trim()).not.toBe('');
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await expect(scope.tokens.getByRole('option', { selected: true })).toHaveAccessibleName(/, 1 \/ /u);
  await scope.type(OTHER);
  await expect(scope.tokens.getByRole('option', { selected: true })).toHaveAccessibleName(/, \d+ \/ 1?\d$/u);
}
