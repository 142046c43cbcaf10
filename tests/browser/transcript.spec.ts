// The texts that a screen reader gets in the first ten steps of the first example, compared with a committed file, the
// transcript. After an intended change, write the transcript again, and read it: does it describe the picture?
// MOESCOPE_UPDATE_TRANSCRIPTS=1 npx playwright test transcript

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { countOf, experts, FIRST, focused } from './support/journey';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);
const STEPS = 10;

/** Records the text of each live region whenever the text changes. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    (globalThis as unknown as { heard: string[] }).heard = heard;
    const words = (element: Element): string => (element.textContent ?? '').replace(/\s+/gu, ' ').trim();
    const isLive = '[role=status], [role=alert], [role=log], output, [aria-live=polite], [aria-live=assertive]';
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches(isLive) && !element.matches('[aria-live=off]')) {
          let before = words(element);
          new MutationObserver(() => {
            const now = words(element);
            if (now !== before && now !== '') heard.push(now);
            before = now;
          }).observe(element, { childList: true, characterData: true, subtree: true });
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0));
}

test('what a screen reader gets in ten steps equals the committed transcript', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open();
  const lines: string[] = [];
  const section = (title: string): void => void lines.push('', title, '-'.repeat(title.length), '');

  lines.push(`The text: ${FIRST.text}`);
  section('The page, from its top to the picture');
  for (const part of ['moe-header', 'moe-transport', 'moe-status', 'moe-legend']) {
    lines.push(await page.locator(part).ariaSnapshot());
  }

  section('Ten steps with the right arrow key, the focus in the tokens');
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, COUNT);
  const heard = await listen(page);
  const here = scope.tokens.getByRole('option', { selected: true });
  const name = (): Promise<string | null> => here.getAttribute('aria-label');
  lines.push(
    `focus: ${await focused(page)}`,
    `option: ${await name()}`,
    `before: ${await scope.sentence.textContent()}`,
  );
  for (let step = 1; step <= STEPS; step++) {
    await page.keyboard.press('ArrowRight');
    await scope.at(step, COUNT);
    await expect(here).toHaveAccessibleName(`${await name()}`);
    const said = await heard();
    lines.push('', `step ${step}`, `  option: ${await name()}`, ...said.map(words => `  said: ${words}`));
  }

  section('One expert down, in the experts of the last of these tokens');
  await experts(page).focus();
  lines.push(`focus: ${await focused(page)}`);
  for (let presses = 1; presses <= 5; presses++) {
    await page.keyboard.press('ArrowDown');
    await expect(experts(page)).toHaveAttribute('aria-activedescendant', `expert-4-${presses - 1}`);
    lines.push(`option: ${await experts(page).getByRole('option', { selected: true }).getAttribute('aria-label')}`);
  }
  expect(await heard()).toEqual([]);

  section('The picture at the last of these tokens');
  lines.push(await page.locator('moe-roll').ariaSnapshot());

  const transcript = `${lines.join('\n')}\n`;
  const file = fileURLToPath(new URL('./transcripts/first-example.txt', import.meta.url));
  if (process.env['MOESCOPE_UPDATE_TRANSCRIPTS']) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, transcript);
  }
  expect(transcript).toBe(readFileSync(file, 'utf8'));
});
