// The address is the whole state: whoever opens it sees the same. Back and Forward lead through texts and views. And what
// no page has ever written is answered with a sentence.

import type { Page } from '@playwright/test';
import {
  address,
  addressed,
  countOf,
  examples,
  experts,
  FIRST,
  frame,
  openFresh,
  picture,
  random,
  sampling,
  shown,
  speed,
  stopTime,
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

/** The address as it is, in a page of its own and after a reload, shows the same. */
async function comesBack(scope: ScopePage, page: Page): Promise<void> {
  // The address says at once where one goes; the playhead is there when the step is.
  await expect(async () => {
    const { token } = await address(page);
    expect((await shown(page)).playhead).toContain(`, token ${Number(token) + 1} of `);
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

test('a page without an address gets none until somebody does something', async ({ scope, page }) => {
  await scope.open();
  expect(await page.evaluate(() => location.hash)).toBe('');
  await scope.next.click();
  await addressed(page, { v: '1', text: FIRST.text, token: '8' });
  await comesBack(scope, page);
});

test('text, token, layer, expert and view', async ({ scope, page }) => {
  await scope.open();
  await scope.type(OTHER);
  await scope.at(OTHER_COUNT - 1, OTHER_COUNT);
  await scope.previous.click();
  await scope.previous.click();
  await scope.at(OTHER_COUNT - 3, OTHER_COUNT);
  await page.getByRole('button', { name: 'Why layer 3 chose so' }).click();
  await experts(page).focus();
  for (let presses = 0; presses < 6; presses++) await page.keyboard.press('ArrowDown');
  await expect(experts(page)).toHaveAttribute('aria-activedescendant', 'expert-3-5');
  const token = String(OTHER_COUNT - 3);
  await addressed(page, { text: OTHER, token, layer: '3', expert: '5', view: 'router' });
  await comesBack(scope, page);
});

test('the stage of a step', async ({ scope, page }) => {
  await scope.open();
  await scope.tokens.focus();
  for (let presses = 0; presses < 9; presses++) await page.keyboard.press('PageDown');
  await addressed(page, { stage: '8' });
  await expect(page.locator('moe-roll [data-cursor]')).toBeVisible();
  await comesBack(scope, page);
});

test('a temperature that is almost none', async ({ scope, page }) => {
  await scope.link({ text: OTHER, token: 1, temperature: '0.0000001' });
  await scope.next.click();
  await addressed(page, { token: '2', temperature: '0.0000001' });
  await comesBack(scope, page);
});

test('temperature, seed, speed, theme and the other view', async ({ scope, page }) => {
  await scope.open();
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  await sampling(page, 'temperature').fill('0.8');
  await sampling(page, 'seed').fill('77');
  await speed(page).selectOption('4×');
  await page.getByRole('button', { name: /^After/u }).click();
  await expect(page.locator('moe-next')).toBeVisible();
  await addressed(page, { temperature: '0.8', seed: '77', speed: '4', theme: 'dark', view: 'next' });
  await comesBack(scope, page);
});

test('tokens that were added are kept by id', async ({ scope, page }) => {
  const native = inspect(FIRST.text);
  await scope.open();
  // In the midst of the text: all up to there is kept by id.
  const added = native.records[FIRST.position]?.next.tokens[2] ?? NaN;
  await page.locator(`moe-roll .ghost[data-token="${added}"]`).click();
  await scope.at(FIRST.position + 1, FIRST.position + 2);
  await scope.generate.click();
  await scope.at(FIRST.position + 2, FIRST.position + 3);
  const ids = await tokenIds(page);
  expect(ids.slice(0, -1)).toEqual([...native.ids.slice(0, FIRST.position + 1), added]);
  await addressed(page, { text: '', ids: ids.slice(1).join('.') });
  await comesBack(scope, page);
});

test('generated tokens stand behind the text', async ({ scope, page }) => {
  await scope.open();
  await sampling(page, 'temperature').fill('1.2');
  for (let more = 1; more <= 4; more++) {
    await scope.generate.click();
    await scope.at(COUNT - 1 + more, COUNT + more);
  }
  const ids = await tokenIds(page);
  await addressed(page, { text: FIRST.text, ids: ids.slice(COUNT).join('.') });
  await comesBack(scope, page);
});

test('texts that an address must write with care', async ({ scope, page }) => {
  for (const text of ['a+b & c=d#e?f%20g', 'שלום 🦊\n\ttab', '  two  spaces  ', '<script>alert(1)</script>', '']) {
    await scope.open();
    await scope.type(text);
    await scope.at(countOf(text) - 1, countOf(text));
    await addressed(page, { text });
    await comesBack(scope, page);
  }
});

test.describe('history', () => {
  const entries = (page: Page): Promise<number> => page.evaluate(() => history.length);

  test('a text and a view are entries, steps are not; Back and Forward lead through them', async ({ scope, page }) => {
    await scope.open();
    const first = await entries(page);
    for (let steps = 0; steps < 3; steps++) await scope.next.click();
    await addressed(page, { token: '10' });
    expect(await entries(page)).toBe(first);
    const one = await shown(page);

    await page.getByRole('button', { name: 'arithmetic' }).click();
    const { text, position } = examples().arithmetic;
    await scope.at(position, countOf(text));
    await addressed(page, { text });
    expect(await entries(page)).toBe(first + 1);
    await scope.previous.click();
    await addressed(page, { token: String(position - 1) });
    const two = await shown(page);

    await page.getByRole('button', { name: 'Why layer 1 chose so' }).click();
    await addressed(page, { view: 'router', layer: '1' });
    expect(await entries(page)).toBe(first + 2);
    const three = await shown(page);

    await page.goBack();
    await expect(page.locator('moe-router')).toHaveCount(0);
    // One looked at the layer before one opened its router.
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
    await scope.at(position - 1, countOf(text));
    await page.goForward();
    await expect.poll(() => shown(page)).toEqual(three);
    expect(await entries(page)).toBe(first + 2);
  });

  test('a text that is typed is one entry, not one a key', async ({ scope, page }) => {
    await scope.open();
    const first = await entries(page);
    await scope.text.press('ControlOrMeta+A');
    await scope.text.pressSequentially('The fox saw a tree');
    await addressed(page, { text: 'The fox saw a tree' });
    expect(await entries(page)).toBe(first + 1);
    // After something else, typing is another text.
    await scope.previous.click();
    await scope.text.press('ControlOrMeta+End');
    await scope.text.pressSequentially(' and');
    await addressed(page, { text: 'The fox saw a tree and' });
    expect(await entries(page)).toBe(first + 2);
    await page.goBack();
    await expect(scope.text).toHaveValue('The fox saw a tree');
    await page.goBack();
    await expect(scope.text).toHaveValue(FIRST.text);
    await scope.at(FIRST.position, COUNT);
  });

  test('a key that is held does not flood it', async ({ scope, page }) => {
    await page.addInitScript(() => {
      const counted = globalThis as unknown as { calls: number };
      counted.calls = 0;
      for (const how of ['pushState', 'replaceState'] as const) {
        const real = history[how].bind(history);
        history[how] = (data: unknown, unused: string, url?: string | URL | null) => {
          counted.calls++;
          real(data, unused, url);
        };
      }
    });
    await page.clock.install();
    await scope.open(`./#v=1&text=${'a+'.repeat(200)}&token=0`);
    await stopTime(page);
    await frame(page);
    await scope.tokens.focus();
    const calls = (): Promise<number> => page.evaluate(() => (globalThis as unknown as { calls: number }).calls);
    const before = await calls();
    // As a keyboard repeats: every 30 ms.
    for (let presses = 0; presses < 150; presses++) {
      await page.keyboard.press('ArrowRight');
      await page.clock.runFor(30);
    }
    await page.clock.runFor(1000);
    expect(await address(page)).toMatchObject({ token: '150' });
    // WebKit lets 100 through in 30 s: at that pace these 5.5 s have 18.
    const made = (await calls()) - before;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(18);
  });
});

/** An address, and the sentences with which the page answers; none where it takes the address as it is. */
const ODD: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  'nothing but #': ['#', []],
  'a word': ['#hello', ['The link is of version “”; this page reads version 1, and takes nothing of it.']],
  'another version': [
    '#v=2&text=x',
    ['The link is of version “2”; this page reads version 1, and takes nothing of it.'],
  ],
  'a version that is long': [
    `#v=${'9'.repeat(500)}`,
    [`The link is of version “${'9'.repeat(24)}…”; this page reads version 1, and takes nothing of it.`],
  ],
  'no number': ['#v=1&token=NaN', ['In the link, “token” is “NaN”, which cannot be read; it is left out.']],
  'a power of ten': ['#v=1&token=1e9', ['In the link, “token” is “1e9”, which cannot be read; it is left out.']],
  'less than nothing': ['#v=1&token=-5', ['In the link, “token” is -5, which is not there; 0 is shown.']],
  'a half token': ['#v=1&token=2.5', ['In the link, “token” is 2.5, which is not there; 2 is shown.']],
  'a token beyond the text': [
    '#v=1&token=99999',
    ['In the link, “token” is 99999, which is beyond the text; its last token is taken.'],
  ],
  'more run than there is': [
    '#v=1&token=3&ran=99',
    ['In the link, “ran” is 99, which is beyond the text; its last token is taken.'],
  ],
  'a layer beyond the last': ['#v=1&layer=99', ['In the link, “layer” is 99, which is not there; 4 is shown.']],
  'an expert beyond the last': ['#v=1&expert=16', ['In the link, “expert” is 16, which is not there; 15 is shown.']],
  'a stage beyond the last': ['#v=1&stage=24', ['In the link, “stage” is 24, which is not there; 23 is shown.']],
  'a what-if that is none': [
    '#v=1&off=three&forced=1.2.3&mixture=some&chosen=many&bias=maybe&shifts=1.2&rank=-&format=int2',
    [
      'In the link, “off” is “three”, which cannot be read; it is left out.',
      'In the link, “forced” is “1.2.3”, which cannot be read; it is left out.',
      'In the link, “mixture” is “some”, which cannot be read; it is left out.',
      '5 more things in it are wrong.',
    ],
  ],
  'a view of old': ['#v=1&view=ledger', ['In the link, “view” is “ledger”, which cannot be read; it is left out.']],
  'a temperature too hot': ['#v=1&temperature=7', ['In the link, “temperature” is 7, which is not there; 2 is shown.']],
  'a seed too large': [
    '#v=1&seed=4294967296',
    ['In the link, “seed” is 4294967296, which is not there; 4294967295 is shown.'],
  ],
  'a speed that is not offered': [
    '#v=1&speed=3',
    ['In the link, “speed” is “3”, which cannot be read; it is left out.'],
  ],
  'a theme': ['#v=1&theme=pink', ['In the link, “theme” is “pink”, which cannot be read; it is left out.']],
  'a language': ['#v=1&lang=xx', ['In the link, “lang” is “xx”, which cannot be read; it is left out.']],
  'a script': [
    '#v=1&view=<script>alert(1)</script>',
    ['In the link, “view” is “<script>alert(1)</script…”, which cannot be read; it is left out.'],
  ],
  'a script for a name': ['#v=1&<img src=x onerror=alert(1)>=1', ['In the link, “<img src” means nothing here.']],
  'a prototype': ['#v=1&__proto__=1', ['In the link, “__proto__” means nothing here.']],
  'a constructor': ['#v=1&constructor=1', ['In the link, “constructor” means nothing here.']],
  'a huge text': [`#v=1&text=${'a+fox+'.repeat(33_334)}`, ['In the link, “text” is too long; its start is shown.']],
  'an id that is not in the vocabulary': [
    '#v=1&text=A&ids=5.2048.6',
    ['In the link, “ids” has 2048, expected ids up to 2047; the text ends before it.'],
  ],
  'ids that are none': ['#v=1&ids=5.x', ['In the link, “ids” is “5.x”, which cannot be read; it is left out.']],
  '10,000 ids': [`#v=1&text=A&ids=${'5.'.repeat(9_999)}5`, ['In the link, “ids” is too long; its start is shown.']],
  'a key twice': ['#v=1&token=3&token=4&v=2', []],
  'broken percent-encoding': [
    '#v=1&text=100%&token=0&view=%E0%A4%A',
    ['In the link, “view” is “\ufffd%A”, which cannot be read; it is left out.'],
  ],
  'half a pair of surrogates': ['#v=1&text=%ED%A0%80a', []],
  'nothing in each field': [
    '#v=1&text=&ids=&token=&ran=&layer=&expert=&stage=&view=&seed=',
    [
      'In the link, “token” is “”, which cannot be read; it is left out.',
      'In the link, “ran” is “”, which cannot be read; it is left out.',
      'In the link, “layer” is “”, which cannot be read; it is left out.',
      '5 more things in it are wrong.',
    ],
  ],
  'empty pairs': ['#v=1&&&=&=x&', ['In the link, “” means nothing here.']],
};

for (const [name, [hash, sentences]] of Object.entries(ODD)) {
  test(`an odd address: ${name}`, async ({ scope, page }) => {
    await openFresh(page, `./${hash}`);
    await scope.ready();
    await saysOnly(scope, sentences.join(' '));
    if (sentences.length > 0) {
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await expect(scope.fault.locator('p')).toHaveCount(0);
    }
    await isUsable(scope, page);
  });
}

test('an address typed into an open page is taken, and told of, in the same way', async ({ scope, page }) => {
  await scope.open();
  const go = (hash: string): Promise<void> => page.evaluate(to => void (location.hash = to), hash);
  await go(`#v=1&text=${OTHER.replaceAll(' ', '+')}&token=2&layer=9`);
  await scope.at(2, OTHER_COUNT);
  await expect(scope.text).toHaveValue(OTHER);
  await saysOnly(scope, 'In the link, “layer” is 9, which is not there; 4 is shown.');
  await go('#v=1&token=99');
  await scope.at(COUNT - 1, COUNT);
  await saysOnly(scope, 'In the link, “token” is 99, which is beyond the text; its last token is taken.');
  await go('#v=1&token=1');
  await scope.at(1, COUNT);
  await saysOnly(scope, '');
  await go('');
  await scope.at(FIRST.position, COUNT);
  await isUsable(scope, page);
});

test('what was wrong with an address is over when a text is typed', async ({ scope }) => {
  await scope.open('./#v=1&layer=99');
  await saysOnly(scope, 'In the link, “layer” is 99, which is not there; 4 is shown.');
  await scope.type('A fox.');
  await scope.at(countOf('A fox.') - 1, countOf('A fox.'));
  await expect(scope.fault.locator('p')).toHaveCount(0);
});

/** What the page can say of an address: each of its sentences. */
const COMPLAINTS = [
  /The link is of version “[^“]*”; this page reads version 1, and takes nothing of it\./u,
  /In the link, “.*?” means nothing here\./u,
  /In the link, “\w+” is “.*?”, which cannot be read; it is left out\./u,
  /In the link, “\w+” is \S+, which is not there; \d+ is shown\./u,
  /In the link, “\w+” is \S+, which is beyond the text; its last token is taken\./u,
  /In the link, “\w+” is too long; its start is shown\./u,
  /In the link, “ids” has \d+, expected ids up to 2047; the text ends before it\./u,
  /One more thing in it is wrong\./u,
  /\d+ more things in it are wrong\./u,
].map(({ source }) => source);
const ANSWER = new RegExp(`^(?:(?:${COMPLAINTS.join('|')})\\s*)*$`, 'su');

for (const part of [0, 1, 2, 3]) {
  test(`ten addresses of garbage, ${part + 1} of 4`, async ({ scope, page }) => {
    test.setTimeout(120_000);
    for (let seed = 10 * part; seed < 10 * (part + 1); seed++) {
      await test.step(`seed ${seed}`, async () => {
        await openFresh(page, `./#${garbage(random(seed + 1))}`);
        await scope.ready();
        const said = await scope.fault.locator('p').allTextContents();
        expect(said.join(' ').replace(/\s+/gu, ' ').trim()).toMatch(ANSWER);
        await isUsable(scope, page);
      });
    }
  });
}

/** Fields and what no field can be, in any order, now and then cut and joined wrongly. */
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

/** The page says this of its address, and nothing else. */
async function saysOnly(scope: ScopePage, sentences: string): Promise<void> {
  const words = async (): Promise<string> =>
    (await scope.fault.locator('p').allTextContents()).join(' ').replace(/\s+/gu, ' ').trim();
  await expect.poll(words).toBe(sentences);
}

/** One can type, and step. */
async function isUsable(scope: ScopePage, page: Page): Promise<void> {
  const before = await picture(page);
  expect(before.opened.trim()).not.toBe('');
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await expect(scope.tokens.getByRole('option', { selected: true })).toHaveAccessibleName(/, token 1 of /u);
  await scope.type(OTHER);
  await expect(scope.tokens.getByRole('option', { selected: true })).toHaveAccessibleName(/, token \d+ of 1?\d$/u);
}
