// Opens states of one view, and checks how it looks at three widths and in both colour schemes.

import type { Locator, Page } from '@playwright/test';
import { openFresh, scrollWidth } from './journey';
import { clean, cleanContrast } from './looks';
import { resize } from './same-load';
import { expect, ScopePage } from './scope';

/** Fields of a link. */
export type State = Readonly<Record<string, string | number>>;

const hashOf = (state: State): string => {
  const fields = Object.entries({ v: 1, ...state }).map(([name, value]) => [name, String(value)]);
  return `#${new URLSearchParams(fields).toString()}`;
};

/** Opens a state in a new document, with a new engine. */
export async function openNew(page: Page, state: State, place = './embed.html'): Promise<void> {
  await openFresh(page, `${place}${hashOf(state)}`);
  await new ScopePage(page).settled();
}

/**
 * Opens a state. If the same page is already open, only the hash of its address changes, as with a link in the page, so
 * the engine and the steps of the same text stay.
 */
export async function open(page: Page, state: State, place = './embed.html'): Promise<void> {
  const isOpen = place.endsWith('.html') ? page.url().includes(place.slice(1)) : /\/(?:#|$)/u.test(page.url());
  if (!isOpen) {
    await openNew(page, state, place);
    return;
  }
  await page.evaluate(
    hash =>
      new Promise<void>(resolve => {
        addEventListener(
          'hashchange',
          () => {
            resolve();
          },
          { once: true },
        );
        if (location.hash === hash) resolve();
        location.hash = hash;
      }),
    hashOf(state),
  );
  await new ScopePage(page).settled();
}

/** Opens all parts of a view that are folded. */
export async function unfold(view: Locator): Promise<void> {
  await view.locator('details').evaluateAll(all => {
    for (const each of all) (each as HTMLDetailsElement).open = true;
  });
  await new ScopePage(view.page()).settled();
}

/** The heads in a view's tables that are not aligned like the first cell of their column. */
export function misalignedHeads(view: Locator): Promise<string[]> {
  return view.locator('table').evaluateAll(tables => {
    const cellsOf = (table: Element, row: string): { text: string; align: string }[] =>
      Array.from(table.querySelector<HTMLTableRowElement>(row)?.cells ?? []).flatMap(cell =>
        Array.from({ length: cell.colSpan }, () => ({
          text: cell.textContent,
          align: getComputedStyle(cell).textAlign,
        })),
      );
    return tables.flatMap(table => {
      const cells = cellsOf(table, 'tbody tr');
      const heads = cellsOf(table, 'thead tr:last-child');
      return heads.flatMap(({ text, align }, column) => (cells[column] && cells[column].align !== align ? [text] : []));
    });
  });
}

/** Expects that nothing scrolls sideways at 320, 1440 and 768 px, and that axe-core finds nothing at 768 px. */
export async function expectLooks(page: Page, part = 'moe-alone'): Promise<void> {
  for (const width of [320, 1440, 768]) {
    await resize(new ScopePage(page), width);
    expect.soft(await scrollWidth(page), `${width} px`).toBeLessThanOrEqual(width);
  }
  await clean(page, part);
}

/** Expects that every text has enough contrast in the dark theme. */
export async function expectDark(page: Page, part = 'moe-alone'): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await new ScopePage(page).settled();
  await cleanContrast(page, part);
}

/** The places and sizes of elements on the screen, as text. */
export function boxesOf(place: Locator): Promise<string[]> {
  return place.evaluateAll(all =>
    all.map(each => {
      const { x, y, width, height } = each.getBoundingClientRect();
      // A caption is as wide as its table, which may change its width.
      return [x, y, each.localName === 'caption' ? 0 : width, height].join(' ');
    }),
  );
}

/** Options that make a test run only in `cargo xtask test all`, if `isOnlyAll`; no options otherwise. */
export const onlyAll = (isOnlyAll: boolean): { tag?: string } => (isOnlyAll ? { tag: '@all' } : {});
