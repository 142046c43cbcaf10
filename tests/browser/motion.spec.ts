// A step forward is animated from the bottom to the top. The animation never delays the next step, and nothing is
// animated if the system asks for less motion.

import type { Page } from '@playwright/test';
import { countOf, FIRST, movements, nextTokens, picture, play, scrubber, speed, TALL } from './support/journey';
import { inspect } from './support/native';
import type { ScopePage } from './support/scope';
import { go } from './support/same-load';
import { expect, test } from './support/scope';
import { SOON } from './support/soon';

const COUNT = countOf(FIRST.text);
const LAST = COUNT - 1;

/** Returns a function that sets the speed of all animations, as a factor. At 0 they do not move, but are not paused. */
async function pace(page: Page): Promise<(rate: number) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Animation.enable');
  return async rate => {
    await devtools.send('Animation.setPlaybackRate', { playbackRate: rate });
  };
}

/** Remembers the current animations, so that `keptMovements` can read their states later. */
async function keepMovements(page: Page): Promise<void> {
  await page.evaluate(() => {
    const roll = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll')?.shadowRoot;
    const kept = globalThis as unknown as { kept: Animation[] };
    kept.kept = roll?.getAnimations() ?? [];
  });
}

function keptMovements(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { kept: Animation[] }).kept.map(({ playState }) => playState));
}

/** The different states of all animations in the roll. */
async function states(page: Page): Promise<string[]> {
  return [...new Set(await movements(page))].sort();
}

test.describe('with movement', () => {
  let setPace: (rate: number) => Promise<void>;

  /** Lets enough time pass for a user to look at a step. */
  async function look(page: Page): Promise<void> {
    await setPace(50);
    await expect
      .poll(
        // The timers of a paused animation stay; the timer of a look runs on.
        () => page.locator('moe-roll').evaluate(roll => roll.getAnimations().map(({ playState }) => playState)),
        SOON,
      )
      .not.toContain('running');
    await setPace(0);
  }

  test.beforeEach(async ({ page, scope }) => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await scope.open();
    await scope.last.click();
    await scope.at(LAST, COUNT);
    setPace = await pace(page);
  });

  test.afterEach(() => setPace(1));

  /** Shows token 4 of the first text, with no animation running and the pointer away from the picture. */
  async function begin(scope: ScopePage, page: Page): Promise<void> {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.mouse.move(0, 0);
    await setPace(50);
    await go(scope, 'v=1&token=4');
    await scope.at(4, COUNT);
    await expect.poll(() => movements(page), SOON).toEqual([]);
    await setPace(0);
  }

  test('a step forward is animated from the bottom layer up, and its final picture is drawn from the start', async ({
    scope,
    page,
  }) => {
    await test.step('a step forward is animated, and its final picture is drawn from the start', async () => {
      await begin(scope, page);
      expect(await movements(page)).toEqual([]);
      await scope.next.click();
      await scope.at(5, COUNT);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      const moving = await picture(page);
      // The discs of all chosen experts are in the picture while they still grow.
      const notes = page.locator('moe-roll svg.opened circle.note');
      const record = inspect(FIRST.text).records[5];
      await expect(notes).toHaveCount(record?.routes.flatMap(({ experts }) => experts).length ?? NaN);
      expect((await movements(page)).length).toBeGreaterThan(await notes.count());
      await expect(scope.sentence).toContainText('“time”');

      await setPace(50);
      await expect.poll(() => movements(page), SOON).toEqual([]);
      expect(await picture(page)).toEqual(moving);
      // If the system asks for less motion, the final picture is the same.
      await scope.previous.click();
      await scope.at(4, COUNT);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await scope.next.click();
      await scope.at(5, COUNT);
      expect(await picture(page)).toEqual(moving);
    });
    await test.step('no layer is animated before the layer below it', async () => {
      await begin(scope, page);
      await scope.next.click();
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      const starts = await page.evaluate(() => {
        const roll = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll')?.shadowRoot;
        return (roll?.getAnimations() ?? []).flatMap(({ effect }) => {
          const { target } = effect as KeyframeEffect;
          const group = target?.closest('[data-motion]');
          const layer = group?.getAttribute('data-layer');
          const delay = effect?.getTiming().delay ?? 0;
          const what = group?.getAttribute('data-motion') ?? 'slide';
          return [{ what, layer: Number(layer ?? (what === 'next' ? 5 : -1)), delay }];
        });
      });
      // The lines of the shared experts and of the dense network come with their layer.
      const lines = await page
        .locator('moe-roll rect[data-line][data-motion]')
        .evaluateAll(all => all.map(line => [line.getAttribute('data-layer'), line.getAnimations().length]));
      expect(lines.toSorted()).toEqual(['0', '1', '2', '3', '4'].map(layer => [layer, 1]));
      const of = (layer: number): number[] =>
        starts.filter(start => start.layer === layer && start.what !== 'slide').map(({ delay }) => delay);
      for (let layer = 0; layer < 5; layer++) {
        expect(of(layer).length).toBeGreaterThan(0);
        expect(Math.min(...of(layer + 1))).toBeGreaterThan(Math.min(...of(layer)));
      }
      // The next tokens are animated last.
      expect(Math.min(...of(5))).toBeGreaterThanOrEqual(Math.max(...[0, 1, 2, 3, 4].flatMap(of)));
    });
  });

  test('the next step ends an animation; the pointer or another key pauses it', async ({ scope, page }) => {
    await test.step('the next step ends the animation; a step after a pause is animated', async () => {
      await begin(scope, page);
      await scope.tokens.focus();
      await page.keyboard.press('ArrowRight');
      await scope.at(5, COUNT);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await keepMovements(page);
      const before = (await keptMovements(page)).length;
      expect(before).toBeGreaterThan(0);
      await page.keyboard.press('ArrowRight');
      await scope.at(6, COUNT);
      await expect.poll(async () => [...new Set(await keptMovements(page))], SOON).toEqual(['idle']);
      // This key follows the last one at once, so its step is not animated. A step after some time is animated.
      expect(await states(page)).toEqual([]);
      await look(page);
      await page.keyboard.press('ArrowRight');
      await scope.at(7, COUNT);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
    });
    await test.step('a pointer on the picture pauses the animation, which continues when the pointer leaves', async () => {
      await begin(scope, page);
      await scope.next.click();
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await page.locator('moe-roll .staves').hover({ position: { x: 300, y: 100 } });
      await expect.poll(() => states(page), SOON).toEqual(['paused']);
      // While the animation is paused, the numbers under the pointer are shown.
      await expect(page.locator('moe-roll .chip')).toBeVisible();
      await scope.text.hover();
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await setPace(50);
      await expect.poll(() => movements(page), SOON).toEqual([]);
    });
    await test.step('any other key pauses the animation; the next press continues it', async () => {
      await begin(scope, page);
      await scope.tokens.focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await page.keyboard.press('x');
      await expect.poll(() => states(page), SOON).toEqual(['paused']);
      await page.keyboard.press('x');
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await page.keyboard.press('h');
      await expect.poll(() => states(page), SOON).toEqual(['paused']);
      // The pause ends with the step: the next step is animated.
      await look(page);
      await page.keyboard.press('ArrowRight');
      await scope.at(6, COUNT);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      // Tab moves the focus, and does not pause the animation.
      await page.keyboard.press('Tab');
      expect(await states(page)).toEqual(['running']);
    });
  });

  test('steps forward are animated; a step back, a seek, another text or view is not, and ends the animation', async ({
    scope,
    page,
  }) => {
    await test.step('a step back, a seek, another text and another view are not animated, and end the animation', async () => {
      await begin(scope, page);
      const does: readonly (() => Promise<void>)[] = [
        () => scope.previous.click(),
        () => scrubber(page).fill('9'),
        () => page.getByRole('button', { name: '6 × 7' }).click(),
        () => page.getByRole('button', { name: 'Layer 3: why these experts?' }).click(),
        () => page.getByRole('button', { name: 'Close' }).click(),
      ];
      for (const act of does) {
        await look(page);
        await scope.next.click();
        await expect.poll(() => states(page), SOON).toEqual(['running']);
        await keepMovements(page);
        await act();
        await expect.poll(async () => [...new Set(await keptMovements(page))], SOON).toEqual(['idle']);
        expect(await movements(page)).toEqual([]);
        if ((await page.getByRole('button', { name: 'Close' }).count()) === 0) {
          await page.getByRole('button', { name: 'a story' }).click();
          await scope.at(0, COUNT);
        }
        expect(await movements(page)).toEqual([]);
      }
    });
    await test.step('a generated or clicked token is animated', async () => {
      await begin(scope, page);
      await nextTokens(page).nth(1).click();
      await scope.at(5, 6);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await setPace(50);
      await expect.poll(() => movements(page), SOON).toEqual([]);
      await setPace(0);
      await scope.openSettings();
      await scope.generate.click();
      await scope.at(6, 7);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
    });
    await test.step('the speed of playing is also the speed of the animation', async () => {
      await begin(scope, page);
      for (const times of [0.5, 4]) {
        await scope.openSettings();
        await speed(page).selectOption(`${times}×`);
        await look(page);
        await scope.next.click();
        await expect.poll(() => states(page), SOON).toEqual(['running']);
        const rates = await page.evaluate(() => {
          const roll = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll')?.shadowRoot;
          return [...new Set(roll?.getAnimations().map(({ playbackRate }) => playbackRate))];
        });
        expect(rates).toEqual([times]);
      }
    });
    await test.step('playing animates each step', async () => {
      await begin(scope, page);
      await scope.openSettings();
      await speed(page).selectOption('8×');
      await play(page).click();
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await scope.at(LAST, COUNT);
      await expect.poll(() => states(page), SOON).toEqual(['running']);
      await setPace(50);
      await expect.poll(() => movements(page), SOON).toEqual([]);
      await expect(play(page)).toBeVisible();
    });
  });
});

test('nothing is animated if the system asks for less motion', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { animated: number };
    counted.animated = 0;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...args) {
      counted.animated++;
      return animate.apply(this, args);
    };
  });
  await page.clock.install();
  await scope.open();
  await scope.next.click();
  await scope.at(FIRST.position + 1, COUNT);
  await scope.tokens.focus();
  await page.keyboard.press('ArrowRight');
  await scope.at(FIRST.position + 2, COUNT);
  await page.setViewportSize(TALL);
  await page.keyboard.press('PageDown');
  await expect(page.locator('moe-roll [data-cursor]')).toBeVisible();
  await scope.openSettings();
  await speed(page).selectOption('8×');
  await play(page).click();
  await scope.at(LAST, COUNT);
  await nextTokens(page).first().click();
  await scope.at(COUNT, COUNT + 1);
  expect(await page.evaluate(() => (globalThis as unknown as { animated: number }).animated)).toBe(0);
  expect(await movements(page)).toEqual([]);
});

test.describe('the stages of a step', () => {
  /** The drawn parts of the playhead's step, from the bottom layer up. */
  function drawn(page: Page) {
    return page.evaluate(() => {
      const roll = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll')?.shadowRoot;
      const opened = roll?.querySelector('svg.opened');
      if (!roll || !opened) throw new Error('there is no picture');
      const layers = [0, 1, 2, 3, 4].map(layer => {
        const group = opened.querySelector(`[data-opened="${layer}"]`);
        return [
          group?.querySelector('.score, .cutscore') ? 'score' : '',
          group?.querySelector('[data-motion=cut]') ? 'cut' : '',
          group?.querySelector('circle.note') ? 'choose' : '',
        ]
          .filter(Boolean)
          .join(' ');
      });
      const cursor = opened.querySelector<SVGGraphicsElement>('[data-cursor]')?.getBoundingClientRect();
      return {
        layers,
        cached: opened.querySelectorAll('[data-motion=grow]').length,
        next: roll.querySelector('.next-tokens')?.hasAttribute('hidden') === false,
        cursor: cursor ? Math.round(cursor.top) : null,
      };
    });
  }

  /** The operations of a layer; `DONE` has the elements that are drawn after each of them. */
  const LAYER_STAGES = ['cache', 'attend', 'score', 'cut', 'choose'] as const;
  const DONE = { cache: '', attend: '', score: 'score', cut: 'score cut', choose: 'score cut choose' };

  test('Page Down and Page Up go through the stages of a step', async ({ scope, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(TALL);
    await scope.open();
    await scope.tokens.focus();
    await test.step('Page Down shows the stages in the model’s order, and at last the whole step', async () => {
      const whole = await picture(page);
      const all = await drawn(page);
      expect(all).toMatchObject({ next: true, cursor: null });
      const expected: { layers: string[]; cursor: boolean }[] = [];
      const layers = ['', '', '', '', ''];
      for (let stage = 0; stage < 3; stage++) expected.push({ layers: [...layers], cursor: true });
      for (let layer = 1; layer < 5; layer++) {
        for (const operation of LAYER_STAGES) {
          layers[layer] = DONE[operation];
          expected.push({ layers: [...layers], cursor: true });
        }
      }
      let lowest = Infinity;
      let cached = 0;
      for (const [stage, { layers }] of expected.entries()) {
        await page.keyboard.press('PageDown');
        await expect.poll(async () => (await drawn(page)).layers, SOON).toEqual(layers);
        // Every stage shows the cursor, also stages that add no mark to the picture.
        await expect.poll(async () => (await drawn(page)).cursor, SOON).not.toBeNull();
        const seen = await drawn(page);
        expect(seen.next, `stage ${stage}`).toBe(false);
        // From stage to stage, the cursor never moves down, and the number of drawn caches never falls.
        expect(seen.cached).toBeGreaterThanOrEqual(cached);
        cached = seen.cached;
        lowest = Math.min(lowest, seen.cursor ?? Infinity);
        expect(seen.cursor).toBeLessThanOrEqual(lowest + 0.5);
      }
      await page.keyboard.press('PageDown');
      await expect.poll(() => drawn(page), SOON).toEqual(all);
      expect(await picture(page)).toEqual(whole);
      // After the last stage, Page Down shows the first stage of the same step.
      await page.keyboard.press('PageDown');
      await expect.poll(async () => (await drawn(page)).layers, SOON).toEqual(expected[0]?.layers);
    });
    await go(scope, 'v=1');
    await test.step('Page Up goes back to the first stage, and stays there; a step back then shows the whole step', async () => {
      const all = await drawn(page);
      await page.keyboard.press('PageUp');
      await expect.poll(() => drawn(page), SOON).toMatchObject({ next: false, layers: all.layers });
      await page.keyboard.press('PageUp');
      await expect.poll(async () => (await drawn(page)).layers[4], SOON).toBe('score cut');
      for (let presses = 0; presses < 30; presses++) await page.keyboard.press('PageUp');
      await expect.poll(async () => (await drawn(page)).layers, SOON).toEqual(['', '', '', '', '']);
      await page.keyboard.press('ArrowLeft');
      await scope.at(FIRST.position - 1, COUNT);
      await expect.poll(() => drawn(page), SOON).toMatchObject({ next: true, cursor: null });
    });
    await go(scope, 'v=1');
    await test.step('before the scores are computed, no name of an expert contains them', async () => {
      await page.keyboard.press('PageDown');
      await expect(page.locator('moe-roll [data-cursor]')).toBeVisible();
      await expect(scope.page.locator('#expert-4-0')).toHaveAccessibleName('Expert 0');
      await expect(page.getByRole('group', { name: 'Next token' })).toHaveCount(0);
    });
  });
});
