// Pasted texts: no character, one character, thousands of characters, emoji, a right-to-left script, code.

import type { Page } from '@playwright/test';
import { inspect } from './support/native';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { matches } from './support/truth';

const TEXTS = {
  nothing: '',
  'one character': 'a',
  'one newline': '\n',
  emoji: 'A fox 🦊 and a family 👩‍👩‍👧: 🎉🎉',
  'right-to-left': 'שלום עולם, مرحبا',
  'tabs and newlines': 'for i in range(3):\n\tif i:\n\t\tprint(i)\r\n\n    pass   \n',
  'words of another script': '深度求索 Ёлка naïve',
  'what looks like markup': '<b>&amp;</b> <script>alert(1)</script> <|bos|> <|eos|>',
};

test('for pasted texts of many kinds, the page shows the native engine’s numbers', async ({ scope }) => {
  await scope.open();
  await scope.openNumbers();
  for (const [name, text] of Object.entries(TEXTS)) {
    await test.step(name, async () => {
      // The text box replaces every line ending with a newline character.
      const read = text.replaceAll('\r\n', '\n');
      const native = inspect(read);
      const count = native.ids.length;
      await scope.type(text);
      await scope.at(count - 1, count);
      const seen = await scope.see();
      matches(seen, native, count - 1, count);
      expect(seen.text).toBe(read);
    });
  }
});

test('the bytes of an emoji do not look like digits, and name the emoji', async ({ scope, page }) => {
  const text = '82 🎉';
  const native = inspect(text);
  // The start marker, the digits, a blank, and the emoji’s bytes.
  const bytes = ['0xF0', '0x9F', '0x8E', '0x89'];
  expect(native.tokens.slice(-4)).toEqual(bytes);
  await scope.open();
  await scope.openNumbers();
  await scope.type(text);
  const count = native.ids.length;
  await scope.at(count - 1, count);
  const labels = page.locator('moe-tokens [data-token]');
  const titles = await labels.evaluateAll(all => all.map(each => each.getAttribute('title')));
  expect(titles.slice(-4)).toEqual(bytes.map(byte => `${byte} (“🎉”)`));
  await expect(page.locator('moe-tokens').getByRole('option', { selected: true })).toHaveAccessibleName(
    `0x89 (“🎉”), ${count} / ${count}`,
  );
  await expect(scope.sentence).toContainText('For 0x89 (“🎉”), layer');
  const rows = page.locator('moe-roll table[data-table=tokens] tbody tr');
  await expect(rows.last()).toContainText('0x89 (“🎉”)');
  // Digits are text, in quotation marks.
  await expect(page.locator('moe-roll table[data-table=tokens]')).toContainText('“8”');
  // A text that ends inside the emoji has bytes without a character.
  await scope.link({ text: '', ids: native.ids.slice(1, -1).join('.') });
  await expect(scope.sentence).toContainText('For 0x8E, layer');
});

test('an empty text has only the start marker as token, and the model can continue it', async ({ scope }) => {
  await scope.open();
  await scope.type('');
  await scope.at(0, 1);
  expect((await scope.see()).roll.tokens.map(token => token.text)).toEqual(['<|bos|>']);
  for (const control of [scope.previous, scope.last]) {
    await expect(control).toHaveAttribute('aria-disabled', 'true');
    await control.click({ force: true });
  }
  await scope.at(0, 1);
  await scope.nextTokens.first().click();
  await scope.at(1, 2);
});

test('of a text with 5,000 characters, the model reads 512 tokens; the rest is shown as not read; a new text can be typed', async ({
  scope,
  page,
}) => {
  const sentence = 'The little girl saw a fox in the dark wood and ran home. ';
  const text = sentence.repeat(Math.ceil(5000 / sentence.length)).slice(0, 5000);
  // The tokenizer splits a text at spaces, so the ids of the whole text are the ids of its parts, one after another.
  const part = inspect(sentence.repeat(20).trimEnd());
  const again = inspect(` ${sentence.repeat(20).trimEnd()}`);
  const ids = [...part.ids, ...again.ids.slice(1), ...again.ids.slice(1)].slice(0, 513);
  expect(ids).toHaveLength(513);
  const native = { ...inspect(ids.slice(0, 512)), ids };

  await scope.open();
  await scope.type(text);
  await scope.at(511, 512);
  const seen = await scope.see();
  matches(seen, native, 511, 512);
  expect(seen.text).toBe(text);

  await expect(page.getByText('The rest of your text is not read')).toBeVisible();
  const beyond = (await page.locator('moe-transport blockquote').textContent()) ?? '';
  expect(native.tokens.slice(1).join('') + beyond).toBe(text);
  // The context is full, so no token can be added, and the page says so.
  await expect(scope.generate).toHaveAttribute('aria-disabled', 'true');
  await expect(scope.nextTokens.first()).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('moe-roll')).toContainText('The context is full.');
  await scope.nextTokens.first().click({ force: true });
  await scope.at(511, 512);

  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, 512);
  matches(await scope.see(), native, 0, 512);
  await scope.text.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Short.');
  await scope.at(0, inspect('Short.').ids.length);
  await expect(page.locator('moe-transport blockquote')).toHaveCount(0);
});

test('if the context is full, the labels of the next tokens and of the playhead do not overlap and are complete, at four widths', async ({
  scope,
  page,
}) => {
  await scope.open();
  // In these texts, the block of other tokens has a quarter, an eighth, and nearly all of the probability.
  for (const text of ['The fox ran. '.repeat(200), 'a '.repeat(600), 'The lazy dog. '.repeat(100)]) {
    await scope.type(text);
    await scope.at(511, 512);
    for (const width of [1440, 768, 360, 320]) {
      await test.step(`${width} px: ${text.slice(0, 13)}`, async () => {
        await page.setViewportSize({ width, height: 900 });
        await redrawn(scope, page);
        await fits(page);
      });
    }
  }
});

/** Waits until a new width is drawn: the page measures it in one animation frame and draws in the next one. */
async function redrawn(scope: ScopePage, page: Page): Promise<void> {
  for (let frames = 0; frames < 3; frames++) {
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)));
  }
  await scope.settled();
}

/** Checks that the labels of the next tokens and of the playhead are complete and do not overlap. */
async function fits(page: Page): Promise<void> {
  await expect(page.locator('moe-roll .hint')).toHaveText('The context is full.');
  const { boxes, room } = await page.locator('moe-roll').evaluate(roll => ({
    boxes: [
      ...(roll.shadowRoot?.querySelectorAll('.next-token, .others .line, .hidden-real, .hint, .figures > *') ?? []),
    ].map(part => ({
      of: part.textContent.trim(),
      ...(part.getBoundingClientRect().toJSON() as DOMRect),
      inner: part.scrollWidth,
    })),
    room: roll.getBoundingClientRect().toJSON() as DOMRect,
  }));
  expect(boxes.length).toBeGreaterThan(1);
  for (const box of boxes) {
    expect(box.height, box.of).toBeGreaterThan(0);
    expect(box.inner, box.of).toBeLessThanOrEqual(Math.ceil(box.width));
    expect(box.right, box.of).toBeLessThanOrEqual(room.right);
    const over = boxes.filter(
      other =>
        other !== box &&
        Math.min(other.right, box.right) - Math.max(other.left, box.left) > 0.5 &&
        Math.min(other.bottom, box.bottom) - Math.max(other.top, box.top) > 0.5,
    );
    expect(over, box.of).toEqual([]);
  }
  // The playhead's label leaves out the position, so that the word fits.
  const here = page.locator('moe-tokens .here');
  await expect(here.getByText('/ 512')).toBeHidden();
  expect(await here.locator('b').evaluate(word => word.scrollWidth - word.clientWidth)).toBe(0);
}
