// One view alone, as a frame of another page has it: the text, the way through it, one sentence, the view.

import type { Page } from '@playwright/test';
import { address, addressed, countOf, FIRST, openFresh, scrollWidth, tokenIds, VIEWS } from './support/journey';
import { inspect } from './support/native';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);

for (const view of VIEWS) {
  test(`${view}: it stands alone, and is stepped through`, async ({ scope, page }) => {
    // The roll is what an address means that names no view.
    const named = { layer: '2', ...(view === 'roll' ? {} : { view }) };
    // What the page says of the same.
    await page.goto(`./#v=1&view=${view}&token=8&layer=2`);
    await scope.ready();
    await scope.at(8, COUNT);
    const sentence = await scope.sentence.textContent();
    await openFresh(page, `./embed.html#v=1&view=${view}&layer=2`);
    await scope.ready();
    for (const other of VIEWS) await expect(page.locator(`moe-${other}`)).toHaveCount(other === view ? 1 : 0);
    await expect(page.locator(`moe-${view}`)).toBeVisible();
    await expect(page.locator('moe-open')).toHaveCount(0);
    // Where one looks at what follows, the model can be let to choose.
    await expect(scope.generate).toHaveCount(view === 'next' ? 1 : 0);
    await expect(scope.sentence).toContainText('For “was”, layer 2 used experts');
    await scope.next.click();
    await expect(scope.sentence).toHaveText(sentence ?? '');
    await addressed(page, { ...named, token: '8', text: FIRST.text });
    await scope.previous.click();
    await scope.previous.click();
    await expect(scope.sentence).toContainText('For “there”, layer 2 used experts');
    await addressed(page, { ...named, token: '6' });
    const here = await page.evaluate(() => location.href);
    const said = await scope.sentence.textContent();
    await openFresh(page, here);
    await scope.ready();
    await expect(scope.sentence).toHaveText(said ?? '');
    expect(await address(page)).toMatchObject({ ...named, token: '6' });
  });

  test(`${view}: a text can be typed`, async ({ scope, page }) => {
    await page.goto(`./embed.html#v=1&view=${view}`);
    await scope.ready();
    await scope.type('The fox ran.');
    await addressed(page, { text: 'The fox ran.' });
    await expect(scope.sentence).toContainText('“.”');
    if (view === 'roll') expect(await tokenIds(page)).toEqual(inspect('The fox ran.').ids);
  });

  for (const width of [320, 480, 1024]) {
    test(`${view}: ${width} px do not scroll sideways`, async ({ scope, page }) => {
      await page.setViewportSize({ width, height: 640 });
      await page.goto(`./embed.html#v=1&view=${view}`);
      await scope.ready();
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
      await scope.type('x'.repeat(300));
      await addressed(page, { text: 'x'.repeat(300) });
      await expect(scope.sentence).toContainText('its cache grew');
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    });
  }
}

test('router: in no width does one number of the ladder lie over another', async ({ scope, page }) => {
  await page.goto('./embed.html#v=1&view=router&token=5&layer=3');
  await scope.ready();
  for (const width of [320, 440, 470, 700, 760, 1000, 1056, 1060, 1100, 1200, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => overlaps(page), String(width)).toEqual([]);
  }
});

test('a link that is wrong gets its sentence here, too', async ({ scope, page }) => {
  await page.goto('./embed.html#v=1&view=ledger&layer=9');
  await scope.ready();
  await expect(scope.fault).toContainText('In the link, “view” is “ledger”, which cannot be read; it is left out.');
  await expect(scope.fault).toContainText('In the link, “layer” is 9, which is not there; 4 is shown.');
  await expect(page.locator('moe-roll')).toBeVisible();
  await scope.at(FIRST.position, COUNT);
});

test('who goes from a frame’s view to another one can come back', async ({ scope, page }) => {
  await openFresh(page, './embed.html#v=1&view=flow');
  await scope.ready();
  const back = page.getByRole('button', { name: 'Back to flow' });
  await expect(back).toHaveCount(0);
  await page.locator('moe-flow').getByRole('button', { name: 'cache' }).click();
  await expect(page.locator('moe-cache')).toBeVisible();
  await back.click();
  await expect(page.locator('moe-flow')).toBeVisible();
  await expect(back).toHaveCount(0);
});

test('a sentence names marks that are there, and a view of whole steps says that it is one', async ({
  scope,
  page,
}) => {
  // Stage 9 is attention in layer 2: the roll draws the weights as ticks, a view alone does not.
  await openFresh(page, './embed.html#v=1&view=roll&stage=9');
  await expect(scope.sentence).toContainText('grey ticks are its 8 heads’ weights');
  for (const view of ['attention', 'cache', 'grid']) {
    await openFresh(page, `./embed.html#v=1&view=${view}&stage=9`);
    await expect(scope.sentence).toHaveText(/attends to 8 tokens in its cache\.$/u);
    await expect(page.locator(`moe-${view}`)).toContainText('Shown as the whole step leaves it');
    await openFresh(page, `./embed.html#v=1&view=${view}`);
    await expect(scope.sentence).toContainText('its cache grew');
    await expect(page.locator(`moe-${view}`)).not.toContainText('Shown as the whole step leaves it');
  }
});

test('in a frame: the page around it keeps its keys and its history', async ({ page }) => {
  await page.goto('./');
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = 'embed.html#v=1&view=roll';
    frame.width = '900';
    frame.height = '600';
    document.body.replaceChildren(frame);
  });
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('moe-status').getByRole('status')).toContainText('For “was”');
  await frame.getByRole('button', { name: 'Next token' }).click();
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('9 / 12');
  expect(await page.evaluate(() => location.hash)).toBe('');
  // Esc hands the keys back, and the frame takes none of those that are pressed around it.
  await frame.getByRole('listbox', { name: /^Tokens/u }).press('ArrowRight');
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('10 / 12');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe('body');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  await expect(frame.locator('moe-tokens [aria-selected=true]')).toContainText('10 / 12');
});

/** The numbers in a row of the ladder that begin before the one left of them ends. */
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
