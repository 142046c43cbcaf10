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
 * Opens a state. If the page `place` is already open, only the hash of its address changes. The engine then stays, and
 * so do the computed steps if the text is the same.
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

/** Opens all folded parts of a view. */
export async function unfold(view: Locator): Promise<void> {
  await view.locator('details').evaluateAll(all => {
    for (const each of all) (each as HTMLDetailsElement).open = true;
  });
  await new ScopePage(view.page()).settled();
}

/** The column headers in a view's tables that are not aligned like the first cell below them. */
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

/** Expects that nothing scrolls sideways at 320, 1440 and 768 px, and axe-core finds no problem at 768 px. */
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

/** The position and size of each element in the window, px, as a text. */
export function boxesOf(place: Locator): Promise<string[]> {
  return place.evaluateAll(all =>
    all.map(each => {
      const { x, y, width, height } = each.getBoundingClientRect();
      // A caption is as wide as its table, and the table's width may change.
      return [x, y, each.localName === 'caption' ? 0 : width, height].join(' ');
    }),
  );
}

/** Options that make a test run only in `cargo xtask test all`, if `isOnlyAll`; no options otherwise. */
export const onlyAll = (isOnlyAll: boolean): { tag?: string } => (isOnlyAll ? { tag: '@all' } : {});
