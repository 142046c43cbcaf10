// A person types a text, steps to its end and back, and every number and mark on the page is the native engine's.

import { inspect } from './support/native';
import { expect, test } from './support/scope';
import { holds } from './support/truth';

const TEXTS = {
  'a sentence': 'The fox saw the dark wood, and ran.',
  arithmetic: 'What is 12 + 7?\n19\n',
  code: "def read_file(path, mode='r'):\n\treturn open(path)",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`every number of ${name}, forward by button and back by key`, async ({ scope, page }) => {
    const native = inspect(text);
    const count = native.ids.length;
    await scope.open();
    await scope.openNumbers();
    await scope.type(text);
    await scope.at(count - 1, count);
    await scope.tokens.focus();
    await page.keyboard.press('Home');
    // The whole text was run when it was typed: going back kept every record.
    for (let position = 0; position < count; position++) {
      await scope.at(position, count);
      holds(await scope.see(), native, position, count);
      if (position < count - 1) await scope.next.click();
    }
    await expect(scope.next).toHaveAttribute('aria-disabled', 'true');
    await scope.tokens.focus();
    for (let position = count - 1; position >= 0; position--) {
      await scope.at(position, count);
      holds(await scope.see(), native, position, count);
      await page.keyboard.press('ArrowLeft');
    }
    await scope.at(0, count);
    await expect(scope.previous).toHaveAttribute('aria-disabled', 'true');
  });
}

test('the model runs only as far as one has stepped', async ({ scope, page }) => {
  const native = inspect('Once upon a time there was a little girl who');
  await scope.open();
  await scope.openNumbers();
  await scope.at(7, 12);
  holds(await scope.see(), native, 7, 8);
  await scope.next.click();
  await scope.at(8, 12);
  holds(await scope.see(), native, 8, 9);
  await scope.previous.click();
  await scope.at(7, 12);
  holds(await scope.see(), native, 7, 9);
  await scope.last.click();
  await scope.at(11, 12);
  holds(await scope.see(), native, 11, 12);
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, 12);
  holds(await scope.see(), native, 0, 12);
  await page.keyboard.press('End');
  await scope.at(11, 12);
  await scope.tokens.getByRole('option').nth(3).click();
  await scope.at(3, 12);
  holds(await scope.see(), native, 3, 12);
});

test('keys step only inside, and never where one writes', async ({ scope, page }) => {
  await scope.open();
  await scope.at(7, 12);
  await page.keyboard.press('ArrowRight');
  await scope.text.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await scope.at(7, 12);
  await scope.next.focus();
  await page.keyboard.press('ArrowRight');
  await scope.at(8, 12);
});

test('a layer is chosen by a click, and the sentence speaks of it', async ({ scope, page }) => {
  const native = inspect('Once upon a time there was a little girl who');
  await scope.open();
  await page.getByRole('img', { name: 'Routing of every token in layer 2' }).click({ position: { x: 20, y: 10 } });
  await expect(scope.sentence).toContainText('layer 2 used experts');
  holds(await scope.see(), native, 7, 8);
  await page.getByRole('img', { name: 'Layer 0 is dense' }).click({ position: { x: 20, y: 4 } });
  await expect(scope.sentence).toHaveText(
    'For “was”, layer 0 used the one network that it has: it is dense, without a router; ' +
      'its cache grew by 192 bytes, not 2,560.',
  );
});

test('greedy generation continues as the native engine does', async ({ scope }) => {
  const text = 'What is 6 times 7?\n';
  const native = inspect(text, { greedy: 4 });
  const continued = inspect([...native.ids, ...native.greedy]);
  await scope.open();
  await scope.openNumbers();
  await scope.type(text);
  for (let step = 1; step <= 4; step++) {
    await scope.generate.click();
    const count = native.ids.length + step;
    await scope.at(count - 1, count);
    const sofar = { ...continued, ids: continued.ids.slice(0, count) };
    holds(await scope.see(), sofar, count - 1, count);
  }
  expect((await scope.see()).text).toBe(text + continued.tokens.slice(native.ids.length).join(''));
});

test('a temperature samples, and a seed samples the same again', async ({ scope, page }) => {
  const sample = async (seed: string): Promise<readonly number[]> => {
    await scope.type('Once upon a time');
    await scope.at(5, 6);
    await page.getByLabel('temperature').fill('1.5');
    await page.getByLabel('seed').fill(seed);
    for (let count = 7; count <= 12; count++) {
      await scope.generate.click();
      await scope.at(count - 1, count);
    }
    return (await scope.see()).tokens.map(token => token.id);
  };
  await scope.open();
  const ids = await sample('7');
  expect(await sample('8')).not.toEqual(ids);
  expect(await sample('7')).toEqual(ids);
  holds(await scope.see(), inspect(ids), 11, 12);
});

test('a click on a next token adds it, or in the midst of a text goes on with it', async ({ scope, page }) => {
  await scope.open();
  await scope.type('Once upon a time');
  await scope.at(5, 6);
  let { next, tokens } = await scope.see();
  await page.locator('moe-next').getByRole('button').nth(2).click();
  await scope.at(6, 7);
  let ids = [...tokens.map(token => token.id), next.rows[2]?.id ?? NaN];
  holds(await scope.see(), inspect(ids), 6, 7);

  // The third token after the second word replaces the rest of the text; what stands before it keeps its ids.
  await scope.tokens.getByRole('option').nth(3).click();
  await scope.at(3, 7);
  ({ next, tokens } = await scope.see());
  await page.locator('moe-next').getByRole('button').nth(1).click();
  await scope.at(4, 5);
  ids = [...ids.slice(0, 4), next.rows[1]?.id ?? NaN];
  const native = inspect(ids);
  holds(await scope.see(), native, 4, 5);
  expect((await scope.see()).text).toBe(native.tokens.slice(1).join(''));
});
