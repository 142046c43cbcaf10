// embed.html, which other pages show in a frame, has a single view with the text box, the controls and the sentence.

import type { Page } from '@playwright/test';
import { host } from './support/element';
import { address, addressed, countOf, FIRST, openFresh, scrollWidth, tokenIds, VIEWS } from './support/journey';
import { inspect } from './support/native';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

type View = (typeof VIEWS)[number];

const COUNT = countOf(FIRST.text);
const HALVES = [VIEWS.slice(0, 5), VIEWS.slice(5)];
const WIDTHS = [320, 480, 1024];
const LONG = 'x'.repeat(300);

/** The sentence that the main page (not embed.html) shows at position 8. */
async function onThePage(scope: ScopePage): Promise<string> {
  await scope.ready();
  // Works for every view: a view that takes the whole width has no roll beside it.
  await expect(scope.scrubber).toHaveAttribute('aria-valuetext', `token 9 of ${COUNT}`);
  return (await scope.sentence.textContent()) ?? '';
}

/** Checks that embed.html shows only `view`, with layer 2, can be stepped through, and is restored by its link. */
async function standsAlone(
  scope: ScopePage,
  view: View,
  sentence: string,
  comeBack: (link: string) => Promise<void>,
): Promise<void> {
  const { page } = scope;
  // A link to the roll has no field `view`, because the roll is the default.
  const named = { layer: '2', ...(view === 'roll' ? {} : { view }) };
  const shown = page.locator(VIEWS.map(each => `moe-${each}`).join());
  expect(await shown.evaluateAll(all => all.map(({ localName }) => localName))).toEqual([`moe-${view}`]);
  await expect(page.locator(`moe-${view}`)).toBeVisible();
  await expect(page.locator('moe-open')).toHaveCount(0);
  await expect(page.locator('moe-header, moe-choose')).toHaveCount(0);
  // A single view has the settings, with their button that generates a token, but no examples.
  await expect(scope.generate).toHaveCount(1);
  await expect(page.getByRole('group', { name: 'Examples' })).toHaveCount(0);
  await expect(scope.sentence).toContainText('For “was”, layer 2 ran');
  await scope.next.click();
  await expect(scope.sentence).toHaveText(sentence);
  await addressed(page, { ...named, token: '8', text: FIRST.text });
  await scope.previous.click();
  await scope.previous.click();
  await expect(scope.sentence).toContainText('For “there”, layer 2 ran');
  await addressed(page, { ...named, token: '6' });
  const here = await page.evaluate(() => location.hash);
  const said = (await scope.sentence.textContent()) ?? '';
  await comeBack(here);
  await expect(scope.sentence).toHaveText(said);
  expect(await address(page)).toMatchObject({ ...named, token: '6' });
}

for (const views of HALVES) {
  test(`${views.join(', ')}: each view works alone, can be stepped through, and is restored by its link`, async ({
    scope,
    page,
  }) => {
    const sentences = new Map<View, string>();
    await page.goto('./#v=1');
    await scope.ready();
    for (const view of views) {
      await go(scope, `v=1&view=${view}&token=8&layer=2`);
      sentences.set(view, await onThePage(scope));
    }
    await openFresh(page, `./embed.html#v=1&view=${views[0] ?? ''}&layer=2`);
    await scope.ready();
    for (const view of views) {
      await test.step(view, async () => {
        await go(scope, `v=1&view=${view}&layer=2`);
        await standsAlone(scope, view, sentences.get(view) ?? '', async link => {
          await go(scope, 'v=1&token=1');
          await expect(scope.sentence).not.toContainText('“there”');
          await go(scope, link);
        });
      });
    }
    // The last link also opens in a new document.
    const link = await page.evaluate(() => location.hash);
    const said = (await scope.sentence.textContent()) ?? '';
    await openFresh(page, `./embed.html${link}`);
    await scope.ready();
    await expect(scope.sentence).toHaveText(said);
    expect(await address(page)).toMatchObject({ view: views.at(-1), layer: '2', token: '6' });
  });

  test(`${views.join(', ')}: a text can be typed in each view, and no view scrolls sideways`, async ({
    scope,
    page,
  }) => {
    await page.goto(`./embed.html#v=1&view=${views[0] ?? ''}`);
    await scope.ready();
    const fits = async (what: string): Promise<void> => {
      for (const width of WIDTHS) {
        await resize(scope, width, 640);
        expect.soft(await scrollWidth(page), `${what}, ${width} px`).toBeLessThanOrEqual(width);
      }
    };
    for (const view of views) {
      await test.step(view, async () => {
        await go(scope, `v=1&view=${view}`);
        await fits(view);
        await scope.type('The fox ran.');
        await addressed(page, { text: 'The fox ran.' });
        await expect(scope.sentence).toContainText('“.”');
        if (view === 'roll') expect(await tokenIds(page)).toEqual(inspect('The fox ran.').ids);
        await scope.type(LONG);
        await addressed(page, { text: LONG });
        await expect(scope.sentence).toContainText(', and stored');
        await scope.settled();
        await fits(`${view}, with one long word`);
      });
    }
  });
}

for (const view of VIEWS) {
  test(
    `${view}, in a new document: the view works alone, can be stepped through, and is restored by its link`,
    { tag: '@all' },
    async ({ scope, page }) => {
      await page.goto(`./#v=1&view=${view}&token=8&layer=2`);
      const sentence = await onThePage(scope);
      await openFresh(page, `./embed.html#v=1&view=${view}&layer=2`);
      await scope.ready();
      await standsAlone(scope, view, sentence, async link => {
        await openFresh(page, `./embed.html${link}`);
        await scope.ready();
      });
    },
  );

  for (const width of WIDTHS) {
    test(
      `${view}, loaded at ${width} px: the page does not scroll sideways`,
      { tag: '@all' },
      async ({ scope, page }) => {
        await page.setViewportSize({ width, height: 640 });
        await page.goto(`./embed.html#v=1&view=${view}`);
        await scope.ready();
        expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
        await scope.type(LONG);
        await addressed(page, { text: LONG });
        await expect(scope.sentence).toContainText(', and stored');
        expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
      },
    );
  }
}

test('in embed.html, buttons open another view and lead back; the sentence names only drawn marks; router numbers do not overlap', async ({
  scope,
  page,
}) => {
  await page.goto('./embed.html#v=1&view=flow');
  await scope.ready();
  const back = page.getByRole('button', { name: 'Back to flow' });
  await expect(back).toHaveCount(0);
  await page.locator('moe-flow').getByRole('button', { name: 'cache' }).click();
  await expect(page.locator('moe-cache')).toBeVisible();
  await back.click();
  await expect(page.locator('moe-flow')).toBeVisible();
  await expect(back).toHaveCount(0);

  await test.step('the sentence names only drawn marks, and a view says that it shows a stage', async () => {
    // Stage 9 is attention in layer 2. Only the roll draws the attention weights as ticks.
    await go(scope, 'v=1&view=roll&stage=9');
    await expect(scope.sentence).toContainText('grey ticks are its 8 heads’ weights');
    for (const view of ['attention', 'cache', 'grid']) {
      await go(scope, `v=1&view=${view}&stage=9`);
      await expect(scope.sentence).toHaveText(/attends to 8 tokens in its cache\.$/u);
      await expect(page.locator(`moe-${view}`)).toContainText('Stage 10 of 24 is shown: Layer 2 attends.');
      await go(scope, `v=1&view=${view}`);
      await expect(scope.sentence).toContainText(', and stored');
      await expect(page.locator(`moe-${view}`)).not.toContainText('of 24 is shown');
    }
  });

  await test.step('the router: numbers in a row of the table do not overlap, from 320 to 1440 px', async () => {
    await go(scope, 'v=1&view=router&token=5&layer=3');
    for (const width of [320, 440, 470, 700, 760, 1000, 1056, 1060, 1100, 1200, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(() => overlaps(page), String(width)).toEqual([]);
    }
  });
});

test('embed.html also shows sentences about the problems of a bad link', async ({ scope, page }) => {
  await page.goto('./embed.html#v=1&view=ledger&layer=9');
  await scope.ready();
  await expect(scope.fault).toContainText(
    'In the link, “view” is “ledger”, which is none of its values; it was ignored.',
  );
  await expect(scope.fault).toContainText('There is no layer 9; layer 4 is shown.');
  await expect(page.locator('moe-roll')).toBeVisible();
  await scope.at(FIRST.position, COUNT);
});

test('a frame does not change the address of the page around it, and ignores keys pressed in that page', async ({
  page,
}) => {
  await host(page, '<iframe src="embed.html#v=1&amp;view=roll" width="900" height="600"></iframe>', '');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('moe-status').getByRole('status')).toContainText('For “was”');
  await frame.getByRole('button', { name: 'Next token' }).click();
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('9 / 12');
  expect(await page.evaluate(() => location.hash)).toBe('');
  // Esc moves the focus to the page around the frame; the frame then ignores keys.
  await frame.getByRole('listbox', { name: /^Tokens/u }).press('ArrowRight');
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('10 / 12');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe('body');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('10 / 12');
});

/** Pairs of neighbouring numbers in a row of the router's table that overlap. */
function overlaps(page: Page): Promise<string[]> {
  return page
    .locator('moe-router table')
    .first()
    .evaluate(table => {
      const range = document.createRange();
      return [...table.querySelectorAll('tr')].flatMap(row => {
        const words = [...row.querySelectorAll('td, th')].flatMap(cell => {
          range.selectNodeContents(cell);
          const { left, right, width } = range.getBoundingClientRect();
          const text = cell.textContent.trim();
          return /\d/u.test(text) && width > 0 ? [{ text, left, right }] : [];
        });
        return words.flatMap((word, index) => {
          const before = words[index - 1];
          return before && before.right > word.left ? [`${before.text} / ${word.text}`] : [];
        });
      });
    });
}
