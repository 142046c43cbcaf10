// The first paint: before the model is there, the page shows what the native engine made of its first text when the site
// was built, and nothing of any other text. Then its own engine says the same.

import {
  countOf,
  examples,
  FIRST,
  focused,
  ghosts,
  holdBack,
  picture,
  scrubber,
  shown,
  tokenIds,
} from './support/journey';
import { inspect } from './support/native';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);
const MODEL = ['**/*.wasm', '**/model/*'] as const;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

for (const width of [320, 1440]) {
  test(`${width} px: the picture is there before the model, and stays as it is`, async ({ scope, page }) => {
    await page.setViewportSize({ width, height: 900 });
    const release = await holdBack(page, ...MODEL);
    await page.goto('./');
    await scope.at(FIRST.position, COUNT);
    await expect(page.getByRole('progressbar')).toBeVisible();
    const before = await shown(page);
    const native = inspect(FIRST.text);
    // Of a phone's tokens not all are in sight.
    if (width === 1440) expect(before.tokens).toEqual(native.ids);
    expect(before.sentence).toContain('For “was”, layer 4 used experts');
    const routes = native.records[FIRST.position]?.routes ?? [];
    const notes = width === 1440 ? routes.flatMap(({ experts }) => experts) : (routes.at(-1)?.experts ?? []);
    await expect(page.locator('moe-roll svg.opened circle.note')).toHaveCount(notes.length);
    const percent = await ghosts(page).evaluateAll(all => all.map(ghost => ghost.getAttribute('aria-label')));
    expect(percent.length).toBeGreaterThan(0);

    release();
    await scope.ready();
    // Its own engine is up: it could generate.
    await expect(scope.generate).toHaveAttribute('aria-disabled', 'false');
    expect(await shown(page)).toEqual(before);
    expect(await ghosts(page).evaluateAll(all => all.map(ghost => ghost.getAttribute('aria-label')))).toEqual(percent);
    // And it has said all of it itself: forward and back it is the same.
    await scope.next.click();
    await scope.at(FIRST.position + 1, COUNT);
    await scope.previous.click();
    await scope.at(FIRST.position, COUNT);
    expect((await picture(page)).opened).toEqual(before.picture.opened);
  });
}

test('one can look around before the model is there', async ({ scope, page }) => {
  const release = await holdBack(page, ...MODEL);
  await page.goto('./');
  await scope.at(FIRST.position, COUNT);
  await scope.previous.click();
  await scope.at(FIRST.position - 1, COUNT);
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, COUNT);
  await page.getByRole('button', { name: 'Why layer 2 chose so' }).click();
  await expect(page.getByRole('grid', { name: /in layer 2/u })).toBeVisible();
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'true');
  await scope.tokens.focus();
  const before = await shown(page);
  release();
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'false');
  await scope.at(0, COUNT);
  expect(await shown(page)).toEqual(before);
  expect(await focused(page)).toMatch(/^Tokens/u);
});

test('who steps further than was prepared arrives when the model does', async ({ scope, page }) => {
  const release = await holdBack(page, ...MODEL);
  await page.goto('./');
  await scope.at(FIRST.position, COUNT);
  await scope.next.click();
  await scope.next.click();
  await scope.at(FIRST.position, COUNT);
  release();
  await scope.at(FIRST.position + 2, COUNT);
});

test('a text typed before the model is there is read when it is', async ({ scope, page }) => {
  const release = await holdBack(page, ...MODEL);
  await page.goto('./');
  await scope.at(FIRST.position, COUNT);
  await scope.type('The fox ran.');
  await expect(scope.text).toHaveValue('The fox ran.');
  release();
  const { ids } = inspect('The fox ran.');
  await scope.at(ids.length - 1, ids.length);
  expect(await tokenIds(page)).toEqual(ids);
});

for (const [name, query] of [
  ['another text', `text=${encodeURIComponent(examples().arithmetic.text)}`],
  ['the first text with tokens added', 'ids=5.6'],
  ['no text', 'text='],
] as const) {
  test(`${name}: nothing is made up before the model is there`, async ({ scope, page }) => {
    const release = await holdBack(page, ...MODEL);
    await page.goto(`./#v=1&${query}`);
    await expect(page.getByRole('progressbar')).toBeVisible();
    await expect(scope.sentence).toBeEmpty();
    expect(await tokenIds(page)).toEqual([]);
    expect((await picture(page)).opened.trim()).toBe('');
    await expect(page.locator('moe-roll .note')).toHaveCount(0);
    await expect(page.locator('moe-roll .score, moe-roll .cutscore, moe-roll .hatch')).toHaveCount(0);
    await expect(ghosts(page)).toHaveCount(0);
    await expect(page.locator('moe-roll summary')).toBeHidden();
    await expect(scope.next).toHaveAttribute('aria-disabled', 'true');
    await expect(scrubber(page)).toHaveAttribute('max', '0');
    release();
    await scope.ready();
    await expect(page.locator('moe-roll svg.opened .note').first()).toBeAttached();
  });
}

test('a view beside the roll is there before the model, too', async ({ scope, page }) => {
  for (const view of ['router', 'next']) {
    const release = await holdBack(page, ...MODEL);
    await page.goto('about:blank');
    await page.goto(`./#v=1&view=${view}&layer=2`);
    await scope.at(FIRST.position, COUNT);
    const table = page.locator(view === 'router' ? 'moe-router table' : 'moe-next table');
    const rows = table.locator('tbody tr[data-expert], tbody tr[data-token]');
    await expect(rows).toHaveCount(view === 'router' ? 16 : 10);
    // What the record says; a logit, and what comes of it at a temperature, comes with the model.
    const cells = (): Promise<string[]> =>
      table
        .locator('[data-cell]:not([data-cell=logit]), [data-probability="1"]')
        .evaluateAll(all => all.map(cell => cell.textContent.trim()));
    const before = await cells();
    expect(before.length).toBeGreaterThan(9);
    release();
    await expect(scope.generate).toHaveAttribute('aria-disabled', 'false');
    expect(await cells()).toEqual(before);
    await page.unrouteAll();
  }
});
