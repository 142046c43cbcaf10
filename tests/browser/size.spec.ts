// The size of type and pictures (`size=`): at each size, pointing at a cell names this cell, nothing scrolls sideways,
// and an exported picture is the same as at size 1.

import type { Locator, Page } from '@playwright/test';
import { host } from './support/element';
import { exported } from './support/exports';
import { addressed, scrollWidth, VIEWS } from './support/journey';
import { inspect } from './support/native';
import { exact, must, quoted } from './support/printed';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

const TEXT = 'The fox saw the dark wood.';
const NATIVE = inspect(TEXT, { details: true });
const AT = NATIVE.ids.length - 1;
const LAYER = 3;
const POSITION = 2;
const EXPERT = 13;
const HEAD = 6;
const TOKEN = quoted(must(NATIVE.tokens[POSITION]));
const ROUTE = must(NATIVE.records[POSITION]?.routes.find(({ layer }) => layer === LAYER));
/** The line of numbers about the expert for the token. */
const EXPERT_CHIP = new RegExp(`${TOKEN}.*expert ${EXPERT}: score ${exact(must(ROUTE.scores[EXPERT]))}`, 'u');

/** Sizes, each with a window width. From 1600 px, the page is 15 % larger. */
const SIZES = [
  { size: 0.75, width: 1440, zoom: 0.75 },
  { size: 1.5, width: 1440, zoom: 1.5 },
  { size: 2, width: 1440, zoom: 2 },
  { size: 1, width: 1920, zoom: 1.15 },
] as const;

type Point = readonly [number, number];

async function boxOf(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await place.scrollIntoViewIfNeeded();
  return must((await place.boundingBox()) ?? undefined);
}

/** The middle of a column in px of the window, from the shown size of the picture. */
async function middleOf(view: Locator, position: number): Promise<number> {
  return view
    .locator('[data-columns]')
    .first()
    .evaluate((svg, position) => {
      const { left = '0', column, columns = '' } = (svg as SVGElement).dataset;
      const rect = svg.getBoundingClientRect();
      const [first = 0] = columns.split(' ').map(Number);
      const x = Number(left) + (position - first + 0.5) * Number(column);
      return rect.left + (x * rect.width) / Number(svg.getAttribute('width'));
    }, position);
}

/** The point in the row of an option and the column of a token. */
async function cellOf(view: Locator, row: Locator, position: number): Promise<Point> {
  const { y, height } = await boxOf(row);
  return [await middleOf(view, position), y + height / 2];
}

async function open(scope: ScopePage, view: string, size: number): Promise<Locator> {
  const fields = { v: 1, text: TEXT, token: AT, layer: LAYER, view, size };
  await go(scope, new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString());
  const opened = scope.page.locator(`moe-${view}`);
  await expect(opened).toBeVisible();
  return opened;
}

/** Points at one cell of each picture. */
async function pointEverywhere(scope: ScopePage, size: number): Promise<void> {
  const { page } = scope;
  const roll = await open(scope, 'roll', size);
  const { y, height } = await boxOf(roll.locator(`#expert-${LAYER}-${EXPERT}`));
  const label = must((await roll.locator(`moe-tokens [data-token]`).nth(POSITION).boundingBox()) ?? undefined);
  await page.mouse.move(label.x + label.width / 2, y + height / 2);
  await expect(roll.locator('.chip')).toHaveText(EXPERT_CHIP);

  const grid = await open(scope, 'grid', size);
  await page.mouse.move(...(await cellOf(grid, grid.locator('svg.list [role=option]').nth(EXPERT), POSITION)));
  await expect(grid.locator('.chip')).toHaveText(EXPERT_CHIP);

  const attention = await open(scope, 'attention', size);
  await page.mouse.move(...(await cellOf(attention, attention.getByRole('option').nth(HEAD), POSITION)));
  await expect(attention.locator('.chip')).toContainText(`${TOKEN}, token ${POSITION + 1}, head ${HEAD}: `);

  const cache = await open(scope, 'cache', size);
  const picture = await boxOf(cache.locator('svg.picture'));
  await page.mouse.click(await middleOf(cache, POSITION), picture.y + picture.height / 2);
  await addressed(page, { token: String(POSITION), view: 'cache' });
}

/** Clicks the disc of each point in the cache lab. */
async function clickPoints(scope: ScopePage, size: number): Promise<void> {
  const lab = await open(scope, 'cachelab', size);
  for (const format of ['int8', 'int4']) {
    const { x, y, width, height } = await boxOf(
      lab
        .getByRole('button', { name: `${format}: ` })
        .locator('circle')
        .first(),
    );
    await scope.page.mouse.click(x + width / 2, y + height / 2);
    await addressed(scope.page, { format });
  }
}

test('at each size, pointing at a cell names this cell, and clicking a point of the cache lab selects its setting', async ({
  scope,
  page,
}) => {
  await page.goto('./#v=1');
  await open(scope, 'cachelab', 1);
  await page.getByRole('button', { name: 'Try the standard settings' }).click();
  await expect(page.locator('moe-cachelab').getByRole('button', { name: /^int4: / })).toBeVisible();
  await scope.settled();
  for (const { size, width, zoom } of SIZES) {
    await test.step(`size ${size} at ${width} px`, async () => {
      await resize(scope, width);
      await pointEverywhere(scope, size);
      await clickPoints(scope, size);
      expect(await page.locator('moe-page').evaluate(shell => getComputedStyle(shell).zoom)).toBe(String(zoom));
    });
  }
});

test('at sizes 1.5 and 2, no view scrolls sideways at 1440 px', async ({ scope, page }) => {
  await page.goto('./#v=1&token=7');
  for (const size of [1.5, 2]) {
    for (const view of ['start', ...VIEWS]) {
      await go(scope, `v=1&view=${view}&token=7&size=${size}`);
      await expect(page.locator(`moe-${view}`)).toBeVisible();
      expect.soft(await scrollWidth(page), `${view} at ${size}`).toBe(1440);
    }
  }
});

test('the menu sets the size, which is then in the link', async ({ scope, page }) => {
  await page.goto('./#v=1&token=7&size=1.1');
  await scope.settled();
  await page.locator('moe-header summary.dots').click();
  const size = page.getByRole('combobox', { name: 'Size' });
  await expect(size.locator('option')).toHaveText(['75%', '100%', '110%', '125%', '150%', '200%']);
  await expect(size.locator('option:checked')).toHaveText('110%');
  await size.selectOption('150%');
  await addressed(page, { size: '1.5' });
  await expect(page.locator('moe-page')).toHaveCSS('zoom', '1.5');
});

/** Sets the size of the element and, in px of its layout, its width and the window's height. */
async function sized(page: Page, view: string, size: number): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 800 * size });
  await page.locator('moe-scope').evaluate(
    async (scope, { view, size, width }) => {
      scope.style.width = `${width}px`;
      scope.setAttribute('view', view);
      scope.setAttribute('size', String(size));
      await (scope as HTMLElement & { settled: Promise<void> }).settled;
    },
    { view, size, width: 800 * size },
  );
}

interface Drawn {
  readonly width: number;
  /** All texts as one, because a line can break at another word: glyphs are hinted at their shown size. */
  readonly texts: string;
  /** Type, position and size of each mark of the drawings. */
  readonly marks: readonly string[];
}

/** The export of the element, read back. */
async function drawn(page: Page): Promise<Drawn> {
  const svg = await exported(page, 'svg');
  return page.evaluate(source => {
    const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
    for (const caption of root.querySelectorAll('metadata, desc, :scope > g:last-child')) caption.remove();
    const texts = Array.from(root.querySelectorAll('text'), text => text.textContent);
    const geometry = ['d', 'width', 'height', 'cx', 'cy', 'r', 'x1', 'x2', 'y1', 'y2', 'transform', 'font-size'];
    const marks = Array.from(root.querySelectorAll('svg svg :is(rect, path, circle, line, text, g)'), mark =>
      [mark.localName, ...geometry.map(name => mark.getAttribute(name) ?? '')].join(' '),
    );
    return {
      width: Number(root.getAttribute('width')),
      texts: texts.join(' ').replace(/\s+/gu, ' '),
      marks,
    };
  }, svg);
}

test('an element at size 1.25 is larger; its export at size 1.5 is the same as at size 1 and the same layout width', async ({
  page,
}) => {
  await host(
    page,
    `<moe-scope view="attention" text="${TEXT}" token="${AT}" layer="${LAYER}" size="1.25"></moe-scope>`,
  );
  await sized(page, 'attention', 1.25);
  const shell = page.locator('moe-alone');
  await expect(shell).toHaveCSS('zoom', '1.25');
  expect(await shell.evaluate(shell => [shell.clientWidth, shell.getBoundingClientRect().width])).toEqual([800, 1000]);
  const view = page.locator('moe-attention');
  await page.mouse.move(...(await cellOf(view, view.getByRole('option').nth(HEAD), POSITION)));
  await expect(view.locator('.chip')).toContainText(`${TOKEN}, token ${POSITION + 1}, head ${HEAD}: `);
  await page.mouse.move(0, 0);
  expect(await scrollWidth(page)).toBe(1440);
  for (const name of ['attention', 'roll', 'router', 'grid']) {
    await sized(page, name, 1);
    const plain = await drawn(page);
    await sized(page, name, 1.5);
    const larger = await drawn(page);
    expect.soft(larger.texts, name).toBe(plain.texts);
    expect.soft(larger.width, name).toBe(plain.width);
    expect.soft(larger.marks, name).toEqual(plain.marks);
  }
});
