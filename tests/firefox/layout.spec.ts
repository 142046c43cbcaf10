// The layout of the first screen, of all views and of a lesson in Firefox: nothing scrolls sideways, and no text is cut
// off or over other text. A lesson is opened and read by keys alone.

import { faultsOfText } from '../browser/support/text-boxes';
import { firefox } from './support/firefox';
import { expect, test } from './support/scope';

const reader = firefox({ dark: false, calm: true });
// On phones, scroll bars lie over the page.
const firefoxUserPrefs = { ...reader.firefoxUserPrefs, 'ui.useOverlayScrollbars': 1 };

test.use({ launchOptions: { ...reader, firefoxUserPrefs } });

const WIDTHS = [320, 768, 1440, 1920];
const VIEWS = 'start roll router flow next attention cache cachelab grid whatif models'.split(' ');
const PAGES = [
  ...VIEWS.map(view => `v=1&view=${view}&token=7`),
  ...['start', 'router', 'whatif'].map(view => `v=1&view=${view}&token=7&theme=dark&off=4.10`),
  'v=1&lesson=router&at=3',
];

test('at four widths, nothing scrolls sideways, and no text is cut off or over other text', async ({ scope, page }) => {
  await scope.open('./#v=1');
  for (const fields of PAGES) {
    await page.evaluate(fields => {
      location.hash = fields;
    }, fields);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(async () => {
        await document.querySelector<HTMLElement & { readonly settled: Promise<void> }>('moe-page')?.settled;
        for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
      });
      const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
      expect.soft(scrolled, `${fields}, ${width} px`).toBeLessThanOrEqual(width);
      expect.soft(await faultsOfText(page), `${fields}, ${width} px`).toEqual([]);
    }
  }
});

test('by keys alone, a lesson is opened from the header, and its question is answered', async ({ scope, page }) => {
  await scope.open();
  const bar = page.locator('moe-lesson-bar');
  const announced = bar.locator('[data-announced]');
  await page.getByRole('button', { name: 'Lessons' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Why run only 4 of 16 experts?' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(announced).toContainText('Step 1 of 7');
  await page.keyboard.press('Alt+PageDown');
  await expect(announced).toContainText('Step 2 of 7');
  await page.keyboard.press('Tab');
  await expect(bar.getByRole('textbox', { name: 'Your answer' })).toBeFocused();
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await expect(announced).toContainText('Right: 20.');
});
