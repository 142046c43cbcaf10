// Everything can be reached and done by keyboard alone, and the page takes only the keys that it uses.

import type { Page } from '@playwright/test';
import {
  addressed,
  countOf,
  examples,
  experts,
  FIRST,
  focused,
  frame,
  nextTokens,
  openFresh,
  pause,
  play,
  reach,
  stopTime,
  TALL,
} from './support/journey';
import { go, resize } from './support/same-load';
import { expect, test } from './support/scope';

const COUNT = countOf(FIRST.text);

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

/** The names of all tab stops after the focused element, to the end of the page. */
async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    if (name === 'body') return stops;
    stops.push(name);
  }
  throw new Error(`Tab does not leave the page: ${stops.join(', ')}`);
}

test('Tab goes from the header to the end of the page, with one stop for each list or table, and through a view beside the roll', async ({
  scope,
  page,
}) => {
  await scope.open();
  const stops = await tabStops(page);
  const expected: readonly RegExp[] = [
    /^Lessons$/u,
    /^Quiz$/u,
    /^Share$/u,
    /^Menu$/u,
    /^Text$/u,
    /^a story$/u,
    /^Python$/u,
    /^6 × 7$/u,
    /^Previous token$/u,
    /^Next token$/u,
    /^Slowly24\/24$/u,
    /^Play$/u,
    /^Run to the end$/u,
    /^Token$/u,
    /^settings: speed 1×, temperature 0, seed 1$/u,
    /^Start$/u,
    /^router$/u,
    /^flow$/u,
    /^next token$/u,
    /^attention$/u,
    /^cache$/u,
    /^cache lab$/u,
    /^grid$/u,
    /^what if$/u,
    /^real models$/u,
    /^Tokens/u,
    /^Experts/u,
    /^Layer 4: why/u,
    /^Layer 3: why/u,
    /^Layer 2: why/u,
    /^Layer 1: why/u,
    /layer 0/iu,
    /^After “was”$/u,
    /^Continue with “a”/u,
    /^The picture in numbers, layer 4$/u,
  ];
  expect(stops.map((name, index) => (expected[index]?.test(name) ? String(expected[index]) : name))).toEqual(
    expected.map(String),
  );
  // Shift+Tab goes back through the same stops.
  for (const name of expected.toReversed()) {
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toMatch(name);
  }
  await test.step('Tab goes through a view beside the roll', async () => {
    await openFresh(page, './#v=1&view=router&layer=2');
    await scope.ready();
    expect(await focused(page)).toBe('body');
    const stops = await tabStops(page);
    const from = stops.indexOf('Close');
    expect(stops.slice(from, from + 3)).toEqual(['Close', 'The layer below', 'The layer above']);
    // The router's table is one tab stop, and the last one of the page.
    expect(stops).toHaveLength(from + 4);
    await go(scope, 'v=1&view=next');
    const others = await tabStops(page);
    const close = others.indexOf('Close');
    expect(close).toBeGreaterThan(others.findIndex(name => name.startsWith('The picture in numbers')));
    expect(others[close + 1]).toBe('Continue with “a”, in your text');
  });
});

test('by keyboard alone, a user picks an example, moves the playhead, opens views and adds tokens', async ({
  scope,
  page,
}) => {
  await page.setViewportSize(TALL);
  await scope.open();
  await reach(page, 'Python');
  await page.keyboard.press('Enter');
  const count = countOf(examples().python.text);
  await scope.at(0, count);

  await reach(page, 'Tokens');
  await page.keyboard.press('ArrowRight');
  await scope.at(1, count);
  await page.keyboard.press('ArrowLeft');
  await scope.at(0, count);
  await page.keyboard.press('End');
  await scope.at(count - 1, count);
  await page.keyboard.press('Home');
  await scope.at(0, count);
  await page.keyboard.press('PageDown');
  await expect(page.locator('moe-roll [data-cursor]')).toBeVisible();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('End');
  await scope.at(count - 1, count);

  await reach(page, 'Experts');
  await page.keyboard.press('ArrowDown');
  await expect(experts(page)).toHaveAttribute('aria-activedescendant', 'expert-4-0');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: /^Router of “.+” in layer 4/u })).toBeVisible();

  await reach(page, 'Layer 2: why');
  await page.keyboard.press('Enter');
  const grid = page.getByRole('grid', { name: /in layer 2/u });
  await expect(grid).toBeVisible();
  await reach(page, 'The layer above');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: /in layer 3/u })).toBeVisible();
  await page.keyboard.press('Tab');
  const before = await page.locator('moe-router td[tabindex="0"]').getAttribute('data-cell');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('moe-router td[tabindex="0"]')).not.toHaveAttribute('data-cell', before ?? '');
  // Arrow keys in the router's table do not move the playhead.
  await scope.at(count - 1, count);

  await scope.tokens.focus();
  await reach(page, 'After');
  await page.keyboard.press('Enter');
  await expect(page.locator('moe-next')).toBeVisible();
  // A view that is opened by a key gets the focus, and Esc closes this view.
  await expect.poll(() => focused(page)).toMatch(/^Continue with/u);
  await page.keyboard.press('Escape');
  await expect(page.locator('moe-next')).toHaveCount(0);
  expect(await focused(page)).toMatch(/^Experts/u);
  await reach(page, 'Continue with');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await scope.at(count, count + 1);

  await scope.text.focus();
  await reach(page, 'settings');
  await page.keyboard.press('Enter');
  await reach(page, 'Generate a token');
  await page.keyboard.press('Space');
  await scope.at(count + 1, count + 2);
  await reach(page, 'The picture in numbers');
  await page.keyboard.press('Enter');
  await expect(page.locator('moe-roll table').first()).toBeVisible();
  await reach(page, 'Menu', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await reach(page, 'Open another model');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Files of the model')).toBeVisible();
});

test('the page takes only the keys that it uses', async ({ scope, page }) => {
  await page.addInitScript(() => {
    const heard = globalThis as unknown as { taken: string[] };
    heard.taken = [];
    // A key counts as taken if its event does not reach the page around the widget, or reaches it cancelled.
    addEventListener(
      'keydown',
      event => {
        heard.taken.push(event.key);
        const isLeft = (heardAround: Event): void => {
          if (heardAround === event && !event.defaultPrevented) heard.taken.splice(heard.taken.indexOf(event.key), 1);
        };
        addEventListener('keydown', isLeft);
        setTimeout(() => {
          removeEventListener('keydown', isLeft);
        });
      },
      { capture: true },
    );
  });
  const taken = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { taken: string[] }).taken.splice(0));
  // The whole frame is in view: keys that are not taken scroll the page, and then Page Down may be one of them.
  await page.setViewportSize(TALL);
  await scope.open('./embed.html#v=1');
  await test.step('in a frame, no key is taken while the focus is outside the widget, with a modifier, or if the widget does not use the key', async () => {
    const keys = [
      'ArrowRight',
      'ArrowLeft',
      'ArrowUp',
      'ArrowDown',
      'Home',
      'End',
      'PageUp',
      'PageDown',
      'Space',
      'Enter',
    ];
    for (const key of keys) await page.keyboard.press(key);
    expect(await taken()).toEqual([]);
    await scope.at(FIRST.position, COUNT);
    await scope.tokens.focus();
    for (const modifier of ['Control', 'Alt', 'Shift']) {
      for (const key of ['ArrowRight', 'Home', 'Space', 'PageDown']) await page.keyboard.press(`${modifier}+${key}`);
    }
    for (const key of ['x', 'F2', 'ArrowUp', 'ArrowDown', 'Enter', 'Tab']) await page.keyboard.press(key);
    expect(await taken()).toEqual([]);
    // Esc, which leaves the widget, is taken.
    await page.keyboard.press('Escape');
    expect(await taken()).toEqual(['Escape']);
    await scope.at(FIRST.position, COUNT);
    // The widget takes the keys that it uses, so that they do not scroll the page as well.
    await scope.tokens.focus();
    for (const key of ['ArrowLeft', 'PageDown', 'Home', 'End']) await page.keyboard.press(key);
    expect(await taken()).toEqual(['ArrowLeft', 'PageDown', 'Home', 'End']);
  });
  await go(scope, 'v=1');
  await test.step('after Esc, keys go to the page around the widget again', async () => {
    for (const place of [scope.tokens, experts(page), scope.next, scope.text, nextTokens(page).first()]) {
      await place.focus();
      await page.keyboard.press('Escape');
      expect(await focused(page)).toBe('body');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Space');
    }
    await scope.at(FIRST.position, COUNT);
    await expect(play(page)).toBeVisible();
  });
  await scope.open();
  await test.step('on the page, keys work without a click; up, down, Enter and keys with a modifier are not taken', async () => {
    expect(await focused(page)).toBe('body');
    for (const key of ['ArrowUp', 'ArrowDown', 'Enter', 'x', 'Control+ArrowRight', 'Alt+Home', 'Shift+Space'])
      await page.keyboard.press(key);
    expect(await taken()).toEqual([]);
    const does: readonly (readonly [key: string, position: number])[] = [
      ['ArrowRight', FIRST.position + 1],
      ['ArrowLeft', FIRST.position],
      ['Home', 0],
      ['End', COUNT - 1],
    ];
    for (const [key, position] of does) {
      await page.keyboard.press(key);
      await scope.at(position, COUNT);
    }
    // Page Down and Page Up go through the stages only while the whole picture is in view; otherwise they scroll.
    await resize(scope, TALL.width, TALL.height);
    const cursor = page.locator('moe-roll [data-cursor]');
    await page.keyboard.press('PageDown');
    await expect(cursor).toBeVisible();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await expect(pause(page)).toBeVisible();
    await page.keyboard.press('Space');
    await expect(play(page)).toBeVisible();
    expect(await taken()).toEqual([...does.map(([key]) => key), 'PageDown', 'PageUp', 'End', ' ', ' ']);
    // Playing started again from the first token.
    await scope.at(0, COUNT);
    await resize(scope, 1440, 500);
    await page.keyboard.press('PageDown');
    expect(await taken()).toEqual([]);
    await expect(cursor).toHaveCount(0);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
    await resize(scope, 1440, 900);
  });
  await go(scope, 'v=1');
  await test.step('the next tokens are one tab stop; arrow keys move between them', async () => {
    await nextTokens(page).first().focus();
    const names = await nextTokens(page).evaluateAll(all => all.map(block => block.getAttribute('aria-label')));
    for (const name of names.slice(1)) {
      await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toBe(name);
    }
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe(names.at(-1));
    for (const name of names.slice(0, -1).toReversed()) {
      await page.keyboard.press('ArrowUp');
      expect(await focused(page)).toBe(name);
    }
    await scope.at(FIRST.position, COUNT);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(/^The picture in numbers/u);
  });
  await test.step('keys in a box edit its content', async () => {
    await scope.text.focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'PageDown', 'End', 'Space', 'x'])
      await page.keyboard.press(key);
    await expect(scope.text).toHaveValue(`${FIRST.text} x`);
    await expect(play(page)).toBeVisible();
    await expect(page.locator('moe-roll [data-cursor]')).toHaveCount(0);
    // In the box of the seed, arrow keys change the number.
    await scope.openSettings();
    const seed = page.getByRole('spinbutton', { name: 'seed' });
    await seed.focus();
    await page.keyboard.press('ArrowUp');
    await expect(seed).toHaveValue('2');
    await addressed(page, { text: `${FIRST.text} x`, seed: '2' });
  });
});

test('arrow keys go through the experts of all layers, and the focus stays while tokens are added', async ({
  scope,
  page,
}) => {
  await scope.open('./#v=1&token=7&layer=3&expert=14');
  await test.step('in the list of experts, up and down go through all layers, Enter opens the router, and Esc closes it', async () => {
    await experts(page).focus();
    const active = (): Promise<string> =>
      experts(page).evaluate(list => {
        const id = list.getAttribute('aria-activedescendant') ?? '';
        const option = list.querySelector(`#${CSS.escape(id)}`);
        return `${id} ${option?.getAttribute('aria-selected')}`;
      });
    for (const id of ['expert-3-15', 'expert-2-0', 'expert-2-1']) {
      await page.keyboard.press('ArrowDown');
      await expect.poll(active).toBe(`${id} true`);
    }
    await expect(page.locator('moe-roll .chip')).toContainText('layer 2, expert 1: score');
    for (const id of ['expert-2-0', 'expert-3-15']) {
      await page.keyboard.press('ArrowUp');
      await expect.poll(active).toBe(`${id} true`);
    }
    await expect(experts(page).getByRole('option', { selected: true })).toHaveCount(1);
    for (let presses = 0; presses < 80; presses++) await page.keyboard.press('ArrowUp');
    await expect.poll(active).toBe('expert-4-0 true');
    for (let presses = 0; presses < 80; presses++) await page.keyboard.press('ArrowDown');
    await expect.poll(active).toBe('expert-1-15 true');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('grid', { name: /in layer 1/u })).toBeVisible();
    await expect(page.locator('moe-router tr[aria-selected=true]')).toHaveAttribute('data-expert', '15');
    // The router's table has the focus; Esc closes the router.
    await expect(page.locator('moe-router td:focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.locator('moe-router')).toHaveCount(0);
    expect(await focused(page)).toMatch(/^Experts/u);
    // Enter opens the router again; a second Enter does not close it.
    await page.keyboard.press('Enter');
    await experts(page).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('moe-router')).toHaveCount(1);
  });
  await test.step('with animations, adding one token after another by keyboard keeps the focus', async () => {
    // An animated step must not take the focus away.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await go(scope, 'v=1');
    await scope.last.click();
    await scope.at(COUNT - 1, COUNT);
    await nextTokens(page).first().focus();
    for (let more = 1; more <= 3; more++) {
      await page.keyboard.press('Enter');
      await scope.at(COUNT - 1 + more, COUNT + more);
      expect(await focused(page)).toMatch(/^Continue with/u);
    }
  });
});

test('Space and Enter press the button that has the focus; elsewhere Space plays, and Esc stops', async ({
  scope,
  page,
}) => {
  await page.clock.install();
  await scope.open();
  await test.step('Space plays and pauses, but on a button it presses the button', async () => {
    await stopTime(page);
    for (const place of [scope.tokens, experts(page)]) {
      await place.focus();
      await page.keyboard.press('Space');
      await frame(page);
      await expect(pause(page)).toBeVisible();
      await page.keyboard.press('Space');
      await frame(page);
      await expect(play(page)).toBeVisible();
    }
    await page.clock.resume();
    await page.keyboard.press('Home');
    await scope.at(0, COUNT);
    await scope.next.focus();
    await page.keyboard.press('Space');
    await scope.at(1, COUNT);
    await expect(play(page)).toBeVisible();
    await page.locator('moe-roll summary').focus();
    await page.keyboard.press('Space');
    await expect(page.locator('moe-roll table').first()).toBeVisible();
    await expect(play(page)).toBeVisible();
  });
  await go(scope, 'v=1');
  await test.step('a key that presses a button does not pause playing', async () => {
    await scope.last.click();
    await scope.at(COUNT - 1, COUNT);
    await scope.tokens.focus();
    await page.keyboard.press('Home');
    await scope.at(0, COUNT);
    await stopTime(page);
    await page.keyboard.press('Space');
    await frame(page);
    await expect(pause(page)).toBeVisible();
    await page.getByRole('button', { name: 'Layer 2: why' }).focus();
    await page.keyboard.press('Enter');
    // A view beside the roll is drawn one animation frame after the roll.
    await frame(page);
    await frame(page);
    await expect(page.locator('moe-router')).toBeVisible();
    await page.clock.runFor(2000);
    await frame(page);
    await scope.at(1, COUNT);
  });
  await page.clock.resume();
  await go(scope, 'v=1');
  await test.step('Esc stops playing', async () => {
    await scope.tokens.focus();
    await page.keyboard.press('Home');
    await stopTime(page);
    await page.keyboard.press('Space');
    await frame(page);
    await expect(pause(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await frame(page);
    await expect(play(page)).toBeVisible();
  });
});
