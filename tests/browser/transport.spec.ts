// The text box and the controls: every control does what its name says. After a return to a position, the picture is the
// same as before.

import { inspect } from './support/native';
import { go } from './support/same-load';
import { expect, test } from './support/scope';
import type { ScopePage } from './support/scope';
import {
  countOf,
  examples,
  experts,
  FIRST,
  FRAME,
  frame,
  movements,
  pause,
  picture,
  play,
  sampling,
  scrubber,
  shown,
  speed,
  stopTime,
  TALL,
  tokenIds,
} from './support/journey';
import type { Page } from '@playwright/test';

const COUNT = countOf(FIRST.text);
const LAST = COUNT - 1;
/** Duration of a step at speed 1, in ms. */
const STEP = 2000;

test('buttons, the scrubber and a click on a token move the playhead; at the end of the text, Next lets the model choose', async ({
  scope,
  page,
}) => {
  await scope.open();
  await test.step('buttons move the playhead forward, back and to the end, but not beyond the start or the end', async () => {
    await scope.at(FIRST.position, COUNT);
    expect(await tokenIds(page)).toEqual(inspect(FIRST.text).ids);
    await scope.next.click();
    await scope.at(FIRST.position + 1, COUNT);
    await scope.previous.click();
    await scope.previous.click();
    await scope.at(FIRST.position - 1, COUNT);
    await scope.last.click();
    await scope.at(LAST, COUNT);
    await expect(scope.last).toHaveAttribute('aria-disabled', 'true');
    await scope.last.click({ force: true });
    await scope.tokens.press('ArrowRight');
    await scope.at(LAST, COUNT);
    for (let position = LAST - 1; position >= 0; position--) {
      await scope.previous.click();
      await scope.at(position, COUNT);
    }
    await expect(scope.previous).toHaveAttribute('aria-disabled', 'true');
    await scope.previous.click({ force: true });
    await scope.at(0, COUNT);
  });
  await test.step('the scrubber moves the playhead to any token, by mouse and by key', async () => {
    await scrubber(page).fill('3');
    await scope.at(3, COUNT);
    await expect(scrubber(page)).toHaveAttribute('aria-valuetext', `token 4 of ${COUNT}`);
    await scrubber(page).fill(String(LAST));
    await scope.at(LAST, COUNT);
    await scrubber(page).focus();
    await page.keyboard.press('ArrowLeft');
    await scope.at(LAST - 1, COUNT);
    await page.keyboard.press('Home');
    await scope.at(0, COUNT);
    await page.keyboard.press('ArrowRight');
    await scope.at(1, COUNT);
    await page.keyboard.press('End');
    await scope.at(LAST, COUNT);
    await scope.previous.click();
    await expect(scrubber(page)).toHaveValue(String(LAST - 1));
  });
  await test.step('a click on a token moves the playhead to this token', async () => {
    await scope.tokens.getByRole('option', { name: 'upon' }).click();
    await scope.at(3, COUNT);
  });
  await test.step('at the end of the text, Next token lets the model choose', async () => {
    const { ids, greedy } = inspect(FIRST.text, { greedy: 2 });
    await go(scope, `v=1&token=${LAST}`);
    await expect(scope.next).toHaveAttribute('title', 'End of your text: “Next token” lets the model choose a token');
    await scope.next.click();
    await scope.at(COUNT, COUNT + 1);
    await scope.next.click();
    await scope.at(COUNT + 1, COUNT + 2);
    expect(await tokenIds(page)).toEqual([...ids, ...greedy]);
  });
});

test('an example sets its text and begins at its first token; typing moves a playhead at the end, but not one before the typed text', async ({
  scope,
  page,
}) => {
  await scope.open();
  for (const [name, example] of [
    ['a story', examples().story],
    ['Python', examples().python],
    ['6 × 7', examples().arithmetic],
  ] as const) {
    await test.step(`the example “${name}” sets its text, and the playhead to the first token`, async () => {
      await scope.type('Something else.');
      await expect.poll(() => tokenIds(page)).toEqual(inspect('Something else.').ids);
      await page.getByRole('button', { name, exact: true }).click();
      const { ids } = inspect(example.text);
      await scope.at(0, ids.length);
      await expect(scope.text).toHaveValue(example.text);
      expect(await tokenIds(page)).toEqual(ids);
    });
  }
  await go(scope, 'v=1');
  await test.step('typing moves a playhead at the last token to the new end; typing after the playhead leaves it in place', async () => {
    await scope.last.click();
    await scope.at(LAST, COUNT);
    await scope.text.press('ControlOrMeta+End');
    await scope.text.pressSequentially(' loved a fox');
    const longer = countOf(`${FIRST.text} loved a fox`);
    await scope.at(longer - 1, longer);
    await scrubber(page).fill('4');
    await scope.at(4, longer);
    await scope.text.press('ControlOrMeta+End');
    await scope.text.pressSequentially('.');
    const whole = `${FIRST.text} loved a fox.`;
    await scope.at(4, countOf(whole));
    expect(await tokenIds(page)).toEqual(inspect(whole).ids);
  });
});

test('a replaced text begins at its first token; Enter runs it, and Shift+Enter makes a new line', async ({
  scope,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open('./#v=1&speed=8');
  await scope.last.click();
  await scope.at(LAST, COUNT);
  const text = 'The fox ran home.';
  await scope.text.fill(text);
  await scope.at(0, countOf(text));
  await scope.text.press('ControlOrMeta+End');
  await scope.text.press('Shift+Enter');
  await expect(scope.text).toHaveValue(`${text}\n`);
  const count = countOf(`${text}\n`);
  await scope.at(0, count);
  await scope.text.press('Enter');
  await expect(scope.text).toHaveValue(`${text}\n`);
  await expect(scope.text).not.toBeFocused();
  await scope.at(count - 1, count);
  // Back undoes the edit, and then the new text.
  await page.goBack();
  await expect(scope.text).toHaveValue(text);
  await page.goBack();
  await expect(scope.text).toHaveValue(FIRST.text);
});

test('a changed first letter of a text with generated tokens is an edit: the place stays', async ({ scope }) => {
  await scope.open('./#v=1');
  await scope.last.click();
  await scope.at(LAST, COUNT);
  await scope.next.click();
  await scope.at(COUNT, COUNT + 1);
  await scope.text.press('ControlOrMeta+Home');
  await scope.text.press('Delete');
  await scope.text.press('A');
  await expect(scope.text).toHaveValue(/^A/u);
  const edited = countOf(await scope.text.inputValue());
  await scope.at(edited - 1, edited);
});

test.describe('playing', () => {
  test.beforeEach(async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.clock.install();
  });

  /** Moves the playhead to the start of a text that the model has already run, and stops the clock. */
  async function fromTheStart(scope: ScopePage, page: Page): Promise<void> {
    await page.clock.resume();
    await go(scope, 'v=1');
    await page.mouse.move(0, 0);
    await scope.last.click();
    await scope.at(LAST, COUNT);
    await scrubber(page).fill('0');
    await scope.at(0, COUNT);
    await stopTime(page);
    await frame(page);
  }

  test('playing shows each token for the duration that belongs to the speed, and stops at the end', async ({
    scope,
    page,
  }) => {
    await scope.open();
    for (const times of [0.5, 1, 8]) {
      await test.step(`at ${times}×`, async () => {
        await fromTheStart(scope, page);
        await scope.openSettings();
        await speed(page).selectOption(`${times}×`);
        await play(page).click();
        await frame(page);
        await expect(pause(page)).toBeVisible();
        await expect(play(page)).toHaveCount(0);
        for (let position = 1; position < COUNT; position++) {
          await page.clock.runFor(STEP / times - FRAME - 1);
          await scope.at(position - 1, COUNT);
          await page.clock.runFor(1 + FRAME);
          await scope.at(position, COUNT);
        }
        await expect(play(page)).toBeVisible();
        await page.clock.runFor(10 * STEP);
        await scope.at(LAST, COUNT);
        // From the end, playing starts again at the beginning.
        await play(page).click();
        await frame(page);
        await scope.at(0, COUNT);
        await page.clock.runFor(STEP / times);
        await frame(page);
        await scope.at(1, COUNT);
      });
    }
  });

  test('playing can be paused, stops when another control is used, and waits while the pointer is on the picture or the model is computing', async ({
    scope,
    page,
  }) => {
    await scope.open();
    await test.step('Pause stops at the current token, and Play continues from it', async () => {
      await fromTheStart(scope, page);
      await play(page).click();
      await page.clock.runFor(2 * STEP + FRAME);
      await scope.at(2, COUNT);
      await pause(page).click();
      await page.clock.runFor(5 * STEP);
      await scope.at(2, COUNT);
      await play(page).click();
      await page.clock.runFor(STEP + FRAME);
      await scope.at(3, COUNT);
    });
    await test.step('Next, Previous and the scrubber stop playing', async () => {
      await fromTheStart(scope, page);
      const does: readonly (readonly [() => Promise<void>, number])[] = [
        [() => scope.next.click(), 2],
        [() => scope.previous.click(), 0],
        [() => scrubber(page).fill('5'), 5],
      ];
      for (const [act, position] of does) {
        await scrubber(page).fill('0');
        await play(page).click();
        await page.clock.runFor(STEP + FRAME);
        await scope.at(1, COUNT);
        await act();
        await frame(page);
        await scope.at(position, COUNT);
        await expect(play(page)).toBeVisible();
        await page.clock.runFor(5 * STEP);
        await scope.at(position, COUNT);
      }
    });
    await test.step('playing waits while the pointer is on the picture', async () => {
      await fromTheStart(scope, page);
      await play(page).click();
      await page.clock.runFor(STEP + FRAME);
      await scope.at(1, COUNT);
      await page.locator('moe-roll .staves').hover({ position: { x: 300, y: 60 } });
      await page.clock.runFor(5 * STEP);
      await scope.at(1, COUNT);
      await expect(pause(page)).toBeVisible();
      await scope.text.hover();
      await page.clock.runFor(STEP + FRAME);
      await scope.at(2, COUNT);
    });
    await test.step('playing waits for the model, and leaves no token out', async () => {
      // The model has run only the first token of this text.
      await page.clock.resume();
      await go(scope, 'v=1&text=The+fox+saw+a+red+bird+in+the+tree.&token=0&speed=8');
      await scope.ready();
      const count = countOf('The fox saw a red bird in the tree.');
      await stopTime(page);
      await frame(page);
      await play(page).click();
      for (let position = 1; position < count; position++) {
        await page.clock.runFor(STEP / 8 - FRAME);
        const here = (): Promise<string | null> =>
          page.locator('moe-tokens [aria-selected=true]').getAttribute('aria-label');
        // The clock is moved forward by times much shorter than a step, so that the test sees every token.
        await expect(async () => {
          await page.clock.runFor(10);
          expect(await here()).toContain(`, ${position + 1} / ${count}`);
        }).toPass({ intervals: [1] });
      }
      await expect(play(page)).toBeVisible();
    });
  });
});

test('a token is generated by temperature and seed, or chosen by a click', async ({ scope, page }) => {
  await scope.open();
  await test.step('at temperature 0 the most probable token is always generated', async () => {
    const native = inspect(FIRST.text, { greedy: 3 });
    for (let more = 1; more <= 3; more++) {
      await scope.openSettings();
      await scope.generate.click();
      await scope.at(LAST + more, COUNT + more);
    }
    expect(await tokenIds(page)).toEqual([...native.ids, ...native.greedy.slice(0, 3)]);
    // The text box contains the added tokens.
    const added = inspect([...native.ids, ...native.greedy.slice(0, 3)]).tokens.slice(1);
    await expect(scope.text).toHaveValue(added.join(''));
  });
  await go(scope, 'v=1');
  await test.step('the same seed chooses the same tokens, another seed chooses different tokens', async () => {
    const generated = async (seed: number): Promise<number[]> => {
      await page.getByRole('button', { name: 'a story' }).click();
      await scope.at(0, COUNT);
      await scope.openSettings();
      await sampling(page, 'temperature').fill('1.5');
      await sampling(page, 'seed').fill(String(seed));
      for (let more = 1; more <= 3; more++) {
        await scope.generate.click();
        await scope.at(LAST + more, COUNT + more);
      }
      return (await tokenIds(page)).slice(COUNT);
    };
    const first = await generated(7);
    const other = await generated(8);
    expect(first).toHaveLength(3);
    expect(other).not.toEqual(first);
    expect(await generated(7)).toEqual(first);
  });
  await go(scope, 'v=1');
  await test.step('temperature and seed stay within their limits, and show the value that is used', async () => {
    const used = async (name: 'temperature' | 'seed', typed: string, value: string): Promise<void> => {
      await scope.openSettings();
      await sampling(page, name).fill(typed);
      await sampling(page, name).press('Tab');
      await expect(sampling(page, name)).toHaveValue(value);
      await scope.settled();
    };
    await used('temperature', '0.7', '0.7');
    await used('temperature', '9', '2');
    await used('temperature', '-1', '0');
    await used('temperature', '', '0');
    await used('seed', '12', '12');
    await used('seed', '-3', '0');
    await used('seed', '99999999999', '4294967295');
    await used('seed', '5.8', '5');
    await used('seed', '5.2', '5');
    await used('seed', '', '5');
  });
  await go(scope, 'v=1');
  await test.step('a click on a next token continues with it instead of the text', async () => {
    const native = inspect(FIRST.text);
    const chosen = native.records[FIRST.position]?.next.tokens[1] ?? NaN;
    await page.locator(`moe-roll .next-token[data-token="${chosen}"]`).click();
    const ids = [...native.ids.slice(0, FIRST.position + 1), chosen];
    await scope.at(ids.length - 1, ids.length);
    expect(await tokenIds(page)).toEqual(ids);
    // A click on the token with which the text continues only steps forward.
    await page.getByRole('button', { name: 'a story' }).click();
    await scope.at(0, COUNT);
    await scrubber(page).fill(String(FIRST.position));
    await scope.at(FIRST.position, COUNT);
    await page.locator('moe-roll .next-token.real').click();
    await scope.at(FIRST.position + 1, COUNT);
    expect(await tokenIds(page)).toEqual(native.ids);
  });
});

test('after leaving a position and returning to it, the picture is the same in every byte', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(TALL);
  await scope.open();
  await scope.last.click();
  await scope.at(LAST, COUNT);
  const seen = new Map<number, Awaited<ReturnType<typeof picture>>>();
  for (let position = LAST; position >= 0; position--) {
    if (position < LAST) await scope.previous.click();
    await scope.at(position, COUNT);
    seen.set(position, await picture(page));
  }
  expect(new Set([...seen.values()].map(({ opened }) => opened)).size).toBe(COUNT);
  for (let position = 0; position < COUNT; position++) {
    if (position > 0) await scope.next.click();
    await scope.at(position, COUNT);
    expect(await picture(page)).toEqual(seen.get(position));
  }
  for (const position of [5, 0, 11, 3, 7]) {
    await scrubber(page).fill(String(position));
    await scope.at(position, COUNT);
    expect(await picture(page)).toEqual(seen.get(position));
  }
  const before = await shown(page);
  // Change the text, the view, the layer, the expert and the stage, add a token, and return.
  await page.getByRole('button', { name: 'Layer 2: why these experts?' }).click();
  await expect(page.locator('moe-router')).toBeVisible();
  await experts(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageDown');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: '6 × 7' }).click();
  await scope.at(0, countOf(examples().arithmetic.text));
  await scope.openSettings();
  await scope.generate.click();
  await page.getByRole('button', { name: 'a story' }).click();
  await scope.at(0, COUNT);
  await scope.last.click();
  await scope.at(LAST, COUNT);
  // The link selects the top layer again, and no expert.
  await page.goto('./#v=1&token=7');
  await scope.at(7, COUNT);
  await scope.last.click();
  await scope.at(LAST, COUNT);
  expect(await picture(page)).toEqual(seen.get(LAST));
  await scrubber(page).fill('7');
  await scope.at(7, COUNT);
  expect(await shown(page)).toEqual(before);
  expect(await movements(page)).toEqual([]);
});
