// Tests that the specs of several views share: nothing scrolls sideways, axe-core finds no problem, and nothing moves
// when the model arrives.

import type { Locator, Page } from '@playwright/test';
import { holdBack, scrollWidth } from './journey';
import { clean, LOOKS } from './looks';
import { expect, test } from './scope';
import type { State } from './views';
import { boxesOf, expectDark, expectLooks, onlyAll, open, openNew, unfold } from './views';

/**
 * Tests, in each state and with all folded parts open, that nothing scrolls sideways and axe-core finds no problem.
 * @param view the view's name in a link
 * @param states the fields of a link to each state
 * @param check runs in each state after the folded parts are open
 */
export function testLooks(
  view: string,
  states: readonly State[],
  check?: (page: Page, state: State) => Promise<void>,
): void {
  test.describe(view, () => {
    addLooks(view, states, check);
  });
}

function addLooks(...[view, states, check]: Parameters<typeof testLooks>): void {
  const unfolded = async (page: Page, state: State): Promise<void> => {
    await unfold(page.locator(`moe-${view}`));
    await check?.(page, state);
  };

  test('nothing scrolls sideways at three widths; axe-core finds no problem in the light theme and no low contrast in the dark theme', async ({
    page,
  }) => {
    for (const state of states) {
      await open(page, state);
      await unfolded(page, state);
      await expectLooks(page);
    }
    await expectDark(page);
  });

  for (const { width, colorScheme } of LOOKS) {
    test(
      `${width} px, ${colorScheme}: nothing scrolls sideways, and axe-core finds no problem`,
      { tag: '@all' },
      async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        for (const state of states) {
          await openNew(page, state);
          await unfolded(page, state);
          expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
          await clean(page, 'moe-alone');
        }
      },
    );
  }
}

interface Arrival {
  /** The link's fields, except `view`. */
  readonly link: string;
  /** Selector of the elements that must not move. */
  readonly place: string;
  /** Checks the view before the model has arrived. */
  readonly before: (place: Locator) => Promise<void>;
  /** Waits until the view shows the model's numbers. */
  readonly after: (view: Locator) => Promise<void>;
  /** Number of elements at the end of the list `place` that may move. */
  readonly changing?: number;
}

/** Tests that nothing in a view moves when the model arrives. */
export function testArrival(view: string, { link, place, before, after, changing = 0 }: Arrival): void {
  for (const { width } of LOOKS) {
    test(
      `${view}, ${width} px: nothing moves when the model arrives`,
      onlyAll(width !== 768),
      async ({ scope, page }) => {
        await page.setViewportSize({ width, height: 900 });
        const release = await holdBack(page, '**/model.safetensors', '**/*.wasm');
        await page.goto(`./embed.html#v=1&view=${view}&${link}`);
        const shown = page.locator(`moe-${view}`);
        const places = shown.locator(place);
        const boxes = async (): Promise<string[]> => {
          const all = await boxesOf(places);
          return all.slice(0, all.length - changing);
        };
        await expect(page.getByRole('progressbar')).toBeVisible();
        await expect(places).not.toHaveCount(0);
        await before(places);
        const found = await boxes();
        release();
        await scope.ready();
        await after(shown);
        expect(await boxes()).toEqual(found);
      },
    );
  }
}
