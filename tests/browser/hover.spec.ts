// In the roll, the grid and the attention view, a line of text shows the numbers of the cell at the pointer. The line is
// drawn directly below the cell.

import type { Locator, Page } from '@playwright/test';
import { inspect } from './support/native';
import { expect, test } from './support/scope';

const TEXT = 'The fox saw the dark wood.';
const COUNT = inspect(TEXT).ids.length;
/** Pixels between a row and its line of numbers. */
const BELOW = 6;

interface Seen {
  readonly ring: { readonly left: number; readonly bottom: number };
  readonly chip: { readonly left: number; readonly right: number; readonly top: number };
  /** The picture's edges, in pixels of the window. */
  readonly left: number;
  readonly right: number;
}

/** The positions of the ring and the line of numbers, in pixels of the window. */
function seen(picture: Locator): Promise<Seen> {
  return picture.evaluate(picture => {
    const ring = picture.querySelector('rect.ring');
    const chip = picture.querySelector('.chip')?.getBoundingClientRect();
    const svg = ring?.closest('svg')?.getBoundingClientRect();
    if (!ring || !chip || !svg) throw new Error('no cell is pointed at');
    const number = (name: string): number => Number(ring.getAttribute(name));
    // The ring extends one pixel beyond its cell at the top and at the bottom.
    const bottom = svg.top + number('y') + number('height') - 1;
    const { left, right } = picture.getBoundingClientRect();
    return { ring: { left: svg.left + number('x'), bottom }, chip, left, right };
  });
}

/** Points at the row of an option, `x` pixels from the left edge of the picture. */
async function point(page: Page, picture: Locator, option: Locator, x: number): Promise<void> {
  const [row, frame] = [await option.boundingBox(), await picture.boundingBox()];
  if (!row || !frame) throw new Error('nothing is drawn');
  await page.mouse.move(frame.x + x, row.y + row.height / 2);
  await expect(picture.locator('.chip')).toBeVisible();
}

/** The middles of the first and the last column, in pixels from the left edge of the picture. */
async function ends(picture: Locator): Promise<readonly [number, number]> {
  const { left, column, columns } = await picture
    .locator('[data-columns]')
    .first()
    .evaluate((svg: SVGElement) => {
      const { left, column, columns } = svg.dataset;
      return { left: Number(left), column: Number(column), columns: (columns ?? '').split(' ').map(Number) };
    });
  const [first = 0, end = 0] = columns;
  return [left + column / 2, left + (end - first - 0.5) * column];
}

for (const view of ['grid', 'attention'] as const) {
  test(`${view}: the numbers of the cell at the pointer are shown directly below this cell`, async ({
    scope,
    page,
  }) => {
    await page.goto(`./embed.html#v=1&view=${view}&layer=3&token=${COUNT - 1}&text=${encodeURIComponent(TEXT)}`);
    await scope.settled();
    const picture = page.locator(`moe-${view} .picture`);
    const [first, last] = await ends(picture);
    for (const [row, x] of [
      [0, first],
      [5, first],
      [2, last],
    ] as const) {
      await point(page, picture, picture.getByRole('option').nth(row), x);
      const { ring, chip, left, right } = await seen(picture);
      expect(chip.top).toBeCloseTo(ring.bottom + BELOW, 0);
      expect(chip.left).toBeCloseTo(Math.max(left, Math.min(ring.left, right - (chip.right - chip.left))), 0);
      expect(chip.right).toBeLessThanOrEqual(right + 1);
    }
  });
}

test('roll: the numbers of the cell at the pointer are shown directly below this cell', async ({ scope, page }) => {
  await scope.link({ text: TEXT, token: 2, layer: 3 });
  await scope.settled();
  const picture = page.locator('moe-roll .staves');
  const option = picture.locator('.opened').getByRole('option').nth(20);
  const [cell, frame] = [await option.boundingBox(), await picture.boundingBox()];
  if (!cell || !frame) throw new Error('nothing is drawn');
  // A point in the playhead's column, and a point in the first column.
  for (const x of [cell.x - frame.x + 4, 130]) {
    await point(page, picture, option, x);
    const { ring, chip } = await seen(picture);
    expect(chip.top).toBeCloseTo(ring.bottom + BELOW, 0);
    expect(chip.left).toBeCloseTo(ring.left, 0);
  }
});
