// Journeys through the page in Firefox, compared with the native engine. Journeys that can share a page are steps of
// one test. The journey with dark colours and reduced motion is in preferences.spec.ts.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator } from '@playwright/test';
import { inspect, PROJECT, refusal, shipped } from './support/native';
import { expect, test } from './support/scope';

const FIRST = 'Once upon a time there was a little girl who';
const FOX = 'The fox saw the dark wood, and ran.';

const SCRIPTS = {
  emoji: 'A fox 🦊 and 👩‍👧: 🎉',
  'right to left': 'שלום, مرحبا',
  newlines: 'for i in range(n):\n\tif i:\n\n    pass  \n',
};

test('steps, keys and choosing a next token give the native engine’s numbers', async ({ scope, page }) => {
  await scope.open();
  await test.step('1: the page opens with the first example and shows the sentence of position 7', async () => {
    await expect(page).toHaveTitle(/moescope/u);
    await expect(scope.text).toHaveValue(FIRST);
    await scope.shows(inspect(FIRST), 7);
  });
  await test.step('2: a new text is stepped to its end by button; then the button to the end is disabled', async () => {
    const native = inspect(FOX);
    await scope.start(FOX, native);
    for (let position = 0; position < native.ids.length; position++) {
      await scope.shows(native, position);
      if (position + 1 < native.ids.length) await scope.next.click();
    }
    await expect(scope.last).toBeDisabled();
    await expect(scope.text).toHaveValue(FOX);
  });
  await test.step('3: ArrowLeft steps back, at most to the first token; ArrowRight and End go forward', async () => {
    const native = inspect(FOX);
    const end = native.ids.length - 1;
    await scope.start(FOX, native);
    await scope.last.click();
    for (let position = end; position > 0; position--) {
      await scope.shows(native, position);
      await scope.key('ArrowLeft');
    }
    await scope.shows(native, 0);
    await scope.key('ArrowLeft');
    await scope.key('ArrowRight');
    await scope.shows(native, 1);
    await scope.key('End');
    await scope.shows(native, end);
  });
  await test.step('5: a click on a token of the next-token list appends it to the text', async () => {
    const text = 'Once upon a time';
    const native = inspect(text);
    const chosen = native.records.at(-1)?.next.tokens[2] ?? NaN;
    const longer = inspect([...native.ids, chosen]);
    await scope.start(text, native);
    await scope.key('End');
    await scope.shows(native, native.ids.length - 1);
    await scope.candidate(chosen).click();
    await scope.shows(longer, native.ids.length);
    await expect(scope.text).toHaveValue(longer.tokens.slice(1).join(''));
  });
});

test('tokens are generated, other scripts and a long text are read, and a broken file is refused', async ({
  scope,
  page,
}) => {
  await scope.open();
  await test.step('4: four generated tokens are the greedy tokens of the native engine', async () => {
    const text = 'What is 6 times 7?\n';
    const native = inspect(text, 4);
    await scope.start(text, native);
    const all = inspect([...native.ids, ...native.greedy]);
    expect(all.ids).toHaveLength(native.ids.length + 4);
    await scope.openSettings();
    for (let count = native.ids.length + 1; count <= all.ids.length; count++) {
      await scope.generate.click();
      await scope.at({ ids: all.ids.slice(0, count) }, count - 1);
    }
    await expect(scope.text).toHaveValue(text + all.tokens.slice(native.ids.length).join(''));
  });
  await test.step('6: emoji, right-to-left letters and newlines become the native engine’s tokens', async () => {
    for (const [name, text] of Object.entries(SCRIPTS)) {
      await test.step(name, async () => {
        const native = inspect(text);
        await scope.start(text, native);
        for (let position = 1; position < native.ids.length; position++) {
          await scope.key('ArrowRight');
          await scope.at(native, position);
        }
        await expect(scope.sentence).toBeVisible();
        await expect(scope.text).toHaveValue(text);
      });
    }
  });
  await test.step('7: of a text of 5,000 characters the first 512 tokens are read, and the page says so', async () => {
    const part = 'The little girl saw a fox in the dark wood and ran home. '.repeat(20).trimEnd();
    const text = `${part} `.repeat(5).slice(0, 5000);
    // The tokenizer splits at spaces, so the ids of the text are the ids of its parts, one part after the other.
    const again = inspect(` ${part}`).ids.slice(1);
    const native = inspect([...inspect(part).ids, ...again, ...again].slice(0, 512));
    expect(native.ids).toHaveLength(512);
    await scope.start(text, native);
    await expect(page.getByText('The model reads at most 512 tokens').first()).toBeVisible();
    await scope.last.click();
    await scope.shows(native, 511);
    await scope.openSettings();
    await expect(scope.generate).toBeDisabled();
    await expect(scope.text).toHaveValue(text);
    // After the long text, the page runs a short one.
    const short = inspect(FOX);
    await scope.start(FOX, short);
    await scope.shows(short, 0);
  });
  await test.step('10: a truncated checkpoint is refused in one sentence, and the page keeps working', async () => {
    const files = shipped();
    const whole = files['model.safetensors'] ?? Buffer.alloc(0);
    files['model.safetensors'] = whole.subarray(0, whole.length / 2);
    const folder = test.info().outputPath('truncated');
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const native = inspect(FOX);
    await scope.start(FOX, native);
    await scope.openMenu();
    await page.getByText('Open another model').click();
    await page.getByLabel('Files of the model').setInputFiles(Object.keys(files).map(name => join(folder, name)));
    const fault = page
      .getByRole('alert')
      .getByText(`This model cannot be opened: ${refusal(folder)}.`, { exact: true });
    await expect(fault).toBeVisible();
    // A press outside closes the menu.
    await page.getByRole('heading', { level: 1 }).click();
    await scope.next.click();
    await scope.shows(native, 1);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(fault).toHaveCount(0);
    await scope.last.click();
    await scope.shows(native, native.ids.length - 1);
  });
});

test('with only the keyboard a text is typed and stepped through', async ({ scope, page }) => {
  const native = inspect(FOX);
  /** Presses Tab until the element `wanted` has the focus. */
  const reach = async (wanted: Locator): Promise<void> => {
    for (let presses = 0; presses < 100; presses++) {
      const before = await page.evaluateHandle(focused, null);
      await page.keyboard.press('Tab');
      await page.waitForFunction(focused, before);
      if (await wanted.evaluate(element => (element.getRootNode() as ShadowRoot).activeElement === element)) return;
    }
    throw new Error(`Tab does not reach ${wanted.toString()}`);
  };
  await scope.open();
  await reach(scope.text);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(FOX);
  await expect(scope.text).toHaveValue(FOX);
  const end = native.ids.length - 1;
  // A replaced text begins at its first token.
  await scope.shows(native, 0);
  await reach(scope.next);
  await page.keyboard.press('Enter');
  await scope.shows(native, 1);
  await reach(scope.last);
  await page.keyboard.press('Enter');
  await scope.shows(native, end);
  await reach(scope.tokens);
  await page.keyboard.press('Home');
  await scope.shows(native, 0);
  await page.keyboard.press('ArrowRight');
  await scope.shows(native, 1);
  expect(scope.problems).toEqual([]);
  await test.step('an uncaught error and a violation of the policy are recorded as problems', async () => {
    await page.evaluate(() => {
      setTimeout(() => {
        throw new Error('on purpose');
      });
    });
    await expect.poll(() => scope.problems.splice(0).join('\n')).toContain('on purpose');
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red"></p>');
    });
    await expect.poll(() => scope.problems.some(problem => problem.startsWith('policy: style-src'))).toBe(true);
    scope.problems.length = 0;
  });
});

/** The element that has the focus, also in shadow roots; null while the focus is still on `before`. */
function focused(before: Element | null): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element === before ? null : element;
}

test('11: the single file opens from disk, uses no server, and shows the native engine’s numbers', async ({
  scope,
  page,
}) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  const address = pathToFileURL(join(PROJECT, 'www/dist/moescope.html')).href;
  const native = inspect(FOX);
  await scope.open(address);
  await scope.start(FOX, native);
  for (let position = 1; position < 4; position++) {
    await scope.next.click();
    await scope.shows(native, position);
  }
  await scope.openMenu();
  await page.getByRole('link', { name: /^About moescope/u }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('About moescope');
  expect(asked.filter(url => /^https?:/u.test(url))).toEqual([]);
});
