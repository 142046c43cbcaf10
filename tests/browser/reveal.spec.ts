// With `reveal=click`, the answer of a step is hidden until the user asks for it. This file also tests printing.

import type { Page } from '@playwright/test';
import { countOf, FIRST, nextTokens } from './support/journey';
import { inspect } from './support/native';
import { go, resize } from './support/same-load';
import { expect, test } from './support/scope';
import { matches } from './support/truth';

const COUNT = countOf(FIRST.text);

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('the answer is hidden until the user asks for it; then it equals the native engine’s', async ({ scope, page }) => {
  const native = inspect(FIRST.text);
  await page.goto('./#v=1&reveal=click');
  await scope.at(FIRST.position, COUNT);
  await expect(scope.sentence).toHaveText(
    'Guess first: which 4 of its 16 experts does layer 4 choose for “was”, and which token follows?',
  );
  const notes = page.locator('moe-roll svg.opened circle.note');
  await expect(notes).toHaveCount(0);
  await expect(nextTokens(page)).toHaveCount(0);
  await expect(page.locator('moe-roll svg.opened [role=option]')).toHaveCount(0);
  await expect(page.locator('moe-roll .figures')).toHaveCount(0);
  await scope.openNumbers();
  for (const { experts } of native.records[FIRST.position]?.routes ?? []) expect(experts).toHaveLength(4);
  await expect(page.locator('moe-roll table[data-table=experts]')).toHaveCount(0);

  await page.getByRole('button', { name: 'Show the answer' }).click();
  await expect(scope.sentence).toContainText('For “was”, layer 4 ran');
  await expect(notes).toHaveCount(16);
  await expect(page.getByRole('button', { name: 'Show the answer' })).toHaveCount(0);
  await scope.up();
  matches(await scope.see(), native, FIRST.position, FIRST.position + 1);

  // The next step is hidden again.
  await scope.next.click();
  await scope.at(FIRST.position + 1, COUNT);
  await expect(notes).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Show the answer' })).toBeVisible();
});

const QUESTIONS = [
  { view: 'router', question: 'Which 4 of its 16 experts does layer 4 choose for “was”?', answer: 'grid' },
  { view: 'next', question: 'Which token does the model expect after “was”?', answer: 'table' },
] as const;

test('the router and the next-token view hide their answers, beside the roll and alone; the address keeps the setting', async ({
  scope,
  page,
}) => {
  for (const place of ['./embed.html', './']) {
    await page.goto(`${place}#v=1&reveal=click`);
    await expect(scope.sentence).toContainText('Guess first');
    for (const { view, question, answer } of QUESTIONS) {
      await test.step(`${view} in ${place}`, async () => {
        // Only one step's answer is shown at a time: showing the answer of token 0 hides this one again.
        await go(scope, 'v=1&reveal=click&token=0');
        await page.getByRole('button', { name: 'Show the answer' }).click();
        await go(scope, `v=1&reveal=click&view=${view}`);
        const detail = page.locator(`moe-${view}`);
        await expect(detail.getByText(question)).toBeVisible();
        await expect(scope.sentence).toHaveText('Make your guess, then show the answer.');
        await expect(detail.getByRole(answer)).toHaveCount(0);
        const button = page.getByRole('button', { name: 'Show the answer' });
        await expect(button).toHaveCount(1);
        await button.focus();
        await page.keyboard.press('Enter');
        await expect(detail.getByRole(answer)).toBeVisible();
        await expect(scope.sentence).toContainText('For “was”, layer 4');
      });
    }
  }
  await go(scope, 'v=1');
  await test.step('the button “Quiz” in the header changes the same setting, which survives a reload', async () => {
    const quiz = page.getByRole('button', { name: 'Quiz', exact: true });
    await expect(quiz).toHaveAttribute('aria-pressed', 'false');
    await quiz.click();
    await expect(quiz).toHaveAttribute('aria-pressed', 'true');
    await expect(scope.sentence).toContainText('Guess first');
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('reveal=click');
    await page.reload();
    await expect(scope.sentence).toContainText('Guess first');
    await expect(quiz).toHaveAttribute('aria-pressed', 'true');
    await quiz.click();
    await expect(scope.sentence).toContainText('For “was”');
    await expect.poll(() => page.evaluate(() => location.hash)).not.toContain('reveal');
  });
  await test.step('from a panel without a question, “Quiz” opens the router with its question', async () => {
    await go(scope, 'v=1&view=start');
    await page.getByRole('button', { name: 'Quiz', exact: true }).click();
    await expect(page.locator('moe-router').getByRole('button', { name: 'Show the answer' })).toBeVisible();
  });
});

/** Window size, view, and whether the default tests also make the PDF, which is the slowest part of these tests. */
const PRINTED = [
  [1440, 900, 'roll', true],
  [1440, 900, 'router', false],
  [1440, 900, 'flow', false],
  [1440, 900, 'attention', false],
  [1440, 900, 'cache', false],
  [1440, 900, 'grid', true],
  [768, 1024, 'next', false],
  [360, 740, 'roll', true],
] as const;

async function printsToOnePage(page: Page): Promise<void> {
  await page.emulateMedia({ media: null });
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/gu)).toHaveLength(1);
}

/** Checks that the printed page fits on the sheet, has its link, and has no controls. */
async function fitsTheSheet(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print', reducedMotion: 'reduce' });
  const printed = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    const shell = document.querySelector('moe-page');
    const root = shell?.shadowRoot;
    if (!shell || !root) throw new Error('there is no page');
    const { right, bottom } = shell.getBoundingClientRect();
    const shown = (selector: string): boolean => root.querySelector(selector)?.checkVisibility() ?? false;
    const link = root.querySelector('.handout.link')?.textContent;
    const result = {
      right,
      bottom,
      link,
      shown: ['moe-transport', 'moe-header', 'moe-choose', 'moe-roll', '.handout.link', 'moe-status'].filter(shown),
    };
    dispatchEvent(new Event('afterprint'));
    return { ...result, after: ['moe-transport', '.handout.link'].filter(shown) };
  });
  expect(printed.shown).toEqual(['moe-roll', '.handout.link', 'moe-status']);
  expect(printed.link).toContain('#v=1&text=Once+upon');
  // A4 in landscape format within margins of 12 mm, in CSS px.
  expect(printed.right).toBeLessThanOrEqual(1031);
  expect(printed.bottom).toBeLessThanOrEqual(703);
  expect(printed.after).toEqual(['moe-transport']);
  await page.emulateMedia({ media: null });
}

test('the roll and six other views are each printed on one page, and nothing is cut off', async ({ scope, page }) => {
  await scope.open();
  for (const [width, height, view, pdf] of PRINTED) {
    await test.step(`${view} at ${width} px`, async () => {
      await resize(scope, width, height);
      await go(scope, `v=1&view=${view}`);
      await expect(page.locator(`moe-${view}`)).toBeVisible();
      if (pdf) await printsToOnePage(page);
      await fitsTheSheet(page);
    });
  }
});

for (const [width, height, view] of PRINTED) {
  test(
    `${view}, loaded at ${width} px, is printed on one page, and nothing is cut off`,
    { tag: '@all' },
    async ({ scope, page }) => {
      await page.setViewportSize({ width, height });
      await scope.link({ view });
      await printsToOnePage(page);
      await fitsTheSheet(page);
    },
  );
}
