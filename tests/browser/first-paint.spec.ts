// The first paint: before the model is loaded, the page shows the first text with the records that the native engine
// computed when the site was built. Other texts are not shown yet. The page's own engine later computes the same.

import {
  countOf,
  examples,
  FIRST,
  focused,
  holdBack,
  nextTokens,
  openFresh,
  picture,
  scrubber,
  shown,
  shownNow,
  tokenIds,
} from './support/journey';
import type { Locator, Page } from '@playwright/test';
import { host } from './support/element';
import { inspect } from './support/native';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);
const MODEL = ['**/*.wasm', '**/model/*'] as const;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

const nextTokenNames = (page: Page): Promise<(string | null)[]> =>
  nextTokens(page).evaluateAll(all => all.map(block => block.getAttribute('aria-label')));

/** Checks that the page at each width looks the same before and after its model is loaded. */
async function paintsFirst(scope: ScopePage, widths: readonly number[]): Promise<void> {
  const { page } = scope;
  const native = inspect(FIRST.text);
  const routes = native.records[FIRST.position]?.routes ?? [];
  await resize(scope, widths[0] ?? NaN);
  const release = await holdBack(page, ...MODEL);
  await page.goto('./#v=1');
  await scope.at(FIRST.position, COUNT);
  await expect(page.getByRole('progressbar')).toBeVisible();
  const before = new Map<number, readonly [Awaited<ReturnType<typeof shown>>, (string | null)[]]>();
  for (const width of widths) {
    await resize(scope, width);
    const seen = await shownNow(page);
    // At the width of a phone, only some of the tokens are visible.
    if (width === 1440) expect(seen.tokens).toEqual(native.ids);
    expect(seen.sentence).toContain('For “was”, layer 4 ran');
    const notes = width === 1440 ? routes.flatMap(({ experts }) => experts) : (routes.at(-1)?.experts ?? []);
    await expect(page.locator('moe-roll svg.opened circle.note')).toHaveCount(notes.length);
    const names = await nextTokenNames(page);
    expect(names.length).toBeGreaterThan(0);
    before.set(width, [seen, names]);
  }

  release();
  await scope.ready();
  // The page's own engine is up, because a token can be generated.
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'false');
  for (const width of widths.toReversed()) {
    await resize(scope, width);
    expect([await shown(page), await nextTokenNames(page)], `${width} px`).toEqual(before.get(width));
  }
  // After a step forward, which the page's engine computes, and a step back, the picture is the same.
  await scope.next.click();
  await scope.at(FIRST.position + 1, COUNT);
  await scope.previous.click();
  await scope.at(FIRST.position, COUNT);
  const [seen] = before.get(widths[0] ?? NaN) ?? [];
  expect((await picture(page)).opened).toEqual(seen?.picture.opened);
}

test('the picture is drawn before the model is loaded, and does not change afterwards', async ({ scope }) => {
  await paintsFirst(scope, [1440, 320]);
});

for (const width of [320, 1440]) {
  test(
    `loaded at ${width} px, the picture is drawn before the model is loaded, and does not change afterwards`,
    { tag: '@all' },
    async ({ scope }) => {
      await paintsFirst(scope, [width]);
    },
  );
}

/** The numbers in a table that a record contains. Logits, and numbers computed from logits, need the model. */
const recorded = (table: Locator): Promise<string[]> =>
  table
    .locator('[data-cell]:not([data-cell=logit]), [data-probability="1"]')
    .evaluateAll(all => all.map(cell => cell.textContent.trim()));

test('before the model is loaded, views beside the roll show the prepared records, and later the same numbers', async ({
  scope,
  page,
}) => {
  const router = page.locator('moe-router table');
  const next = page.locator('moe-next table');
  const openNext = (): Promise<void> => page.getByRole('button', { name: 'After “was”' }).click();
  const release = await holdBack(page, ...MODEL);
  await page.goto('./#v=1&view=router&layer=2');
  await scope.at(FIRST.position, COUNT);
  await expect(router.locator('tbody tr[data-expert]')).toHaveCount(16);
  const ladder = await recorded(router);
  expect(ladder.length).toBeGreaterThan(9);
  await openNext();
  await expect(next.locator('tbody tr[data-token]')).toHaveCount(10);
  const probabilities = await recorded(next);
  expect(probabilities.length).toBeGreaterThan(9);

  await scope.previous.click();
  await scope.at(FIRST.position - 1, COUNT);
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, COUNT);
  await scope.openRouter(2);
  await expect(page.getByRole('grid', { name: /in layer 2/u })).toBeVisible();
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'true');
  await scope.tokens.focus();
  const before = await shownNow(page);
  release();
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'false');
  await scope.at(0, COUNT);
  expect(await shown(page)).toEqual(before);
  expect(await focused(page)).toMatch(/^Tokens/u);

  await scrubber(page).fill(String(FIRST.position));
  await scope.at(FIRST.position, COUNT);
  await scope.settled();
  expect(await recorded(router)).toEqual(ladder);
  await openNext();
  await scope.settled();
  expect(await recorded(next)).toEqual(probabilities);
});

test('steps beyond the prepared records are shown when the model is loaded', async ({ scope, page }) => {
  const release = await holdBack(page, ...MODEL);
  await page.goto('./#v=1');
  await scope.at(FIRST.position, COUNT);
  await scope.next.click();
  await scope.next.click();
  await scope.at(FIRST.position, COUNT);
  release();
  await scope.at(FIRST.position + 2, COUNT);
});

/** Opens the tables of the roll, and returns how many tokens have numbers. */
async function tokensWithNumbers(page: Page): Promise<number> {
  await page.locator('moe-roll summary').click();
  const table = page.locator('moe-roll table[data-table=tokens]');
  await expect(table).toBeVisible();
  return table.locator('tbody tr').count();
}

test('a link to an early token of the first text shows only the tokens that it runs, before and after loading', async ({
  scope,
  page,
}) => {
  const token = 2;
  const link = `#v=1&text=${encodeURIComponent(FIRST.text)}&token=${token}&layer=2`;
  const release = await holdBack(page, ...MODEL);
  for (const [name, open] of [
    ['page', () => openFresh(page, `./${link}`)],
    ['frame', () => openFresh(page, `./embed.html${link}`)],
    ['element', () => host(page, `<moe-scope text="${FIRST.text}" token="${token}" layer="2"></moe-scope>`)],
  ] as const) {
    await test.step(name, async () => {
      await open();
      expect(await tokensWithNumbers(page)).toBe(token + 1);
    });
  }
  const further = `./${link}&ran=${token + 3}`;
  await openFresh(page, further);
  expect(await tokensWithNumbers(page)).toBe(token + 4);
  release();
  await scope.ready();
  await expect(page.locator('moe-roll table[data-table=tokens] tbody tr')).toHaveCount(token + 4);
  for (const [name, path] of [
    ['page', `./${link}`],
    ['single file', `./moescope.html${link}`],
  ] as const) {
    await test.step(`${name}, loaded`, async () => {
      await openFresh(page, path);
      await scope.ready();
      expect(await tokensWithNumbers(page)).toBe(token + 1);
      await scope.next.click();
      await expect(page.locator('moe-roll table[data-table=tokens] tbody tr')).toHaveCount(token + 2);
    });
  }
});

const UNPREPARED = [
  ['no text', 'text='],
  ['the first text with tokens added', 'ids=5.6'],
  ['another text', `text=${encodeURIComponent(examples().arithmetic.text)}`],
] as const;

test('a text without prepared records is shown only when the model is loaded; a text typed before that is then run', async ({
  scope,
  page,
}) => {
  const release = await holdBack(page, ...MODEL);
  for (const [name, query] of UNPREPARED) {
    await test.step(name, async () => {
      await openFresh(page, `./#v=1&${query}`);
      await expect(page.getByRole('progressbar')).toBeVisible();
      await expect(scope.sentence).toBeEmpty();
      await scope.drawn();
      expect(await tokenIds(page)).toEqual([]);
      expect((await picture(page)).opened.trim()).toBe('');
      await expect(page.locator('moe-roll .note')).toHaveCount(0);
      await expect(page.locator('moe-roll .score, moe-roll .cutscore, moe-roll .hatch')).toHaveCount(0);
      await expect(nextTokens(page)).toHaveCount(0);
      await expect(page.locator('moe-roll summary')).toBeHidden();
      await expect(scope.next).toHaveAttribute('aria-disabled', 'true');
      await expect(scrubber(page)).toHaveAttribute('max', '0');
    });
  }
  await openFresh(page, './#v=1');
  await scope.at(FIRST.position, COUNT);
  await scope.text.fill('The fox ran.');
  await expect(scope.text).toHaveValue('The fox ran.');
  release();
  const { ids } = inspect('The fox ran.');
  await scope.at(0, ids.length);
  expect(await tokenIds(page)).toEqual(ids);
  for (const [name, query] of UNPREPARED) {
    await test.step(name, async () => {
      await go(scope, `v=1&${query}`);
      await scope.ready();
      await expect(page.locator('moe-roll svg.opened .note').first()).toBeAttached();
    });
  }
});

for (const [name, query] of UNPREPARED) {
  test(
    `a link with ${name}: marks are drawn only when the model is loaded`,
    { tag: '@all' },
    async ({ scope, page }) => {
      const release = await holdBack(page, ...MODEL);
      await page.goto(`./#v=1&${query}`);
      await expect(scope.sentence).toBeEmpty();
      await expect(page.locator('moe-roll .note')).toHaveCount(0);
      release();
      await scope.ready();
      await expect(page.locator('moe-roll svg.opened .note').first()).toBeAttached();
    },
  );
}
