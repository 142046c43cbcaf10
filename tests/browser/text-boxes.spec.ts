// No text is cut off, outside the window, too small, or over other text: in every view, at four widths, with short and
// long texts, changes, stages, questions, lessons and menus.

import { address, VIEWS } from './support/journey';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, openMenu, test } from './support/scope';
import { faultsOfText } from './support/text-boxes';

const WIDTHS = [320, 768, 1440, 1920];
/** Long words, bytes, two alphabets, a line break and numbers. */
const MIXED =
  'The quick brown fox and the internationalization of 🦊 שלום are\nhard: 1,234,567 times 89 is what? ' +
  'def f(x):\n    return x * 2 # ok. Once upon a time there was a little girl who lived in a small house.';

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

async function isLegible(scope: ScopePage, what: string, widths = WIDTHS): Promise<void> {
  for (const width of widths) {
    await resize(scope, width, 900);
    expect.soft(await faultsOfText(scope.page), `${what}, ${width} px`).toEqual([]);
  }
}

const link = (view: string, fields: Readonly<Record<string, string>>): string =>
  String(new URLSearchParams({ v: '1', view, ...fields }));

for (const [what, fields] of Object.entries({
  'the first example': { token: '7' },
  'a long text with a change': { text: MIXED, token: '60', off: '4.10' },
  'a stage': { token: '7', stage: '2.choose' },
  'a hidden answer': { token: '7', reveal: 'click' },
})) {
  test(`every view is legible with ${what}`, async ({ scope }) => {
    await scope.open('./#v=1');
    for (const view of VIEWS) {
      await go(scope, link(view, fields));
      await isLegible(scope, view);
    }
  });
}

test('the page is legible with menus, with the share dialog, and at a size of 1.5', async ({ scope, page }) => {
  await scope.open('./#v=1&view=router&token=7');
  await openMenu(page);
  await page.getByText('Open another model').click();
  await isLegible(scope, 'menu');
  await page.keyboard.press('Escape');
  await scope.openSettings();
  await isLegible(scope, 'settings');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  await isLegible(scope, 'share');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  for (const view of ['start', 'router', 'whatif', 'models']) {
    await go(scope, link(view, { token: '7', size: '1.5' }));
    await isLegible(scope, `${view} at 1.5`, [768, 1440]);
  }
});

test('each step of a lesson is legible', async ({ scope, page }) => {
  await scope.open('./#v=1&lesson=router');
  const bar = page.locator('moe-lesson-bar');
  for (let step = 1; step <= 7; step++) {
    await expect(bar.locator('.place').getByText(`${step} of 7`)).toBeVisible();
    expect(await address(page)).toMatchObject({ lesson: 'router' });
    await scope.settled();
    await isLegible(scope, `step ${step}`, [320, 1440]);
    await bar.getByRole('button', { name: 'Next' }).click();
  }
});
