// The grid view: every mark and number of a layer's experts equals the native engine's result.

import type { Locator, Page } from '@playwright/test';
import { addressed, focused, reach, scrollWidth } from './support/journey';
import { chosen as asChosen, wide, write } from './support/models';
import type { ExpertLoad, Native, Route } from './support/native';
import { float, inspect } from './support/native';
import { must, rowsOf } from './support/printed';
import type { ScopePage } from './support/scope';
import { expect, grouped, test } from './support/scope';
import { SOON } from './support/soon';
import type { State } from './support/views';
import { open as openView, unfold } from './support/views';
import { testArrival, testLooks } from './support/view-tests';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const NATIVE = inspect(TEXT, { loads: true });
const COUNT = NATIVE.ids.length;
/** Scores of at least FULL_SCORE are drawn in full blue; there are LEVELS shades of blue up to it. */
const FULL_SCORE = 0.5;
const LEVELS = 16;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

const fields = (state: State, text = TEXT): State => ({ view: 'grid', text, ...state });
const open = ({ page }: ScopePage, state: State, text = TEXT): Promise<void> => openView(page, fields(state, text));

const grid = (page: Page): Locator => page.locator('moe-grid');
const options = (page: Page): Locator => page.getByRole('listbox', { name: /^Experts:/u }).getByRole('option');
const option = (page: Page, expert: number): Locator => grid(page).locator(`g[data-expert='${expert}']`);
const pairs = (page: Page): Locator => page.getByRole('listbox', { name: /^Pairs of experts/u });

/** The native engine's load of a layer, counted up to a position. */
function loadAt(native: Native, position: number, layer: number) {
  const load = native.loads?.[position]?.layers.find(each => each.layer === layer);
  if (!load) throw new Error(`no load of layer ${layer} at ${position}`);
  return load;
}

/** What chance alone gives for the tokens up to a position. */
function chanceAt(native: Native, position: number): ExpertLoad['chance'] {
  return native.loads?.[position]?.chance;
}

/** A mean and its standard deviation, as the page writes them. */
const spread = (chance: NonNullable<ExpertLoad['chance']>): string =>
  `${chance.max_violation.toFixed(2)} ± ${chance.max_violation_deviation.toFixed(2)}`;

function routeAt(native: Native, position: number, layer: number): Route {
  const route = native.records[position]?.routes.find(each => each.layer === layer);
  if (!route) throw new Error(`layer ${layer} does not route token ${position}`);
  return route;
}

/** A number, rounded to float32, with four digits after the decimal point, such as 0.8412. */
const exact = (value: number): string => float(value).toFixed(4);
const quoted = (label: string): string => `“${label.trim()}”`;

interface Marks {
  readonly first: number;
  readonly end: number;
  readonly column: number;
  readonly pitch: number;
  readonly left: number;
  /** For each row, from the first in the DOM: the expert, and the row's top edge in px. */
  readonly tops: readonly (readonly [number, number])[];
  readonly paths: readonly {
    readonly when: string;
    readonly kind: string;
    readonly level: number;
    readonly d: string;
  }[];
  readonly bars: string;
  readonly uniform: string;
}

/** Reads the marks of the picture and their positions, px. */
function marks(page: Page): Promise<Marks> {
  return grid(page).evaluate(view => {
    const root = view.shadowRoot;
    const svg = root?.querySelector<SVGElement>('svg.cells');
    if (!root || !svg) throw new Error('there is no picture');
    const [first = 0, end = 0] = (svg.dataset.columns ?? '').split(' ').map(Number);
    const attribute = (selector: string, name: string): string =>
      root.querySelector(selector)?.getAttribute(name) ?? '';
    return {
      first,
      end,
      column: Number(svg.dataset.column),
      pitch: Number(svg.dataset.pitch),
      left: Number(svg.dataset.left),
      tops: [...root.querySelectorAll<SVGElement>('g[data-expert]')].map(
        row => [Number(row.dataset.expert), Number(row.querySelector('.reach')?.getAttribute('y'))] as const,
      ),
      paths: [...svg.querySelectorAll<SVGElement>('g[data-when] path')].map(path => ({
        when: path.closest('g[data-when]')?.getAttribute('data-when') ?? '',
        kind: (path.getAttribute('class') ?? '').replace(' lit', ''),
        level: Number(path.dataset.level),
        d: path.getAttribute('d') ?? '',
      })),
      bars: attribute('path.bars', 'd'),
      uniform: attribute("path[data-term='uniform']", 'd'),
    };
  });
}

interface Mark {
  readonly position: number;
  readonly expert: number;
}

/** The position and expert of the cell that contains a point of the picture. */
function cellAt(drawn: Marks, x: number, y: number): Mark {
  const position = drawn.first + Math.floor((x - drawn.left) / drawn.column);
  const row = drawn.tops.find(([, top]) => y >= top && y < top + drawn.pitch);
  return { position, expert: row?.[0] ?? -1 };
}

/** The position, expert, kind and level of each cell with a score, such as `3 12 cutscore 4`. */
function cells(drawn: Marks): string[] {
  return drawn.paths
    .filter(({ kind }) => kind === 'score' || kind === 'cutscore')
    .flatMap(({ kind, level, d }) =>
      [...d.matchAll(/M([\d.]+) ([\d.]+)h/gu)].map(([, x, y]) => {
        const { position, expert } = cellAt(drawn, Number(x), Number(y));
        return `${position} ${expert} ${kind} ${level}`;
      }),
    )
    .sort();
}

/** The position, expert and radius of each disc; `when`: only discs in `past`, `dim` or `later` columns. */
function discs(drawn: Marks, when?: string): (Mark & { readonly radius: number })[] {
  return drawn.paths
    .filter(path => path.kind === 'note' && (when === undefined || path.when === when))
    .flatMap(({ d }) =>
      [...d.matchAll(/M([\d.]+) ([\d.]+)a([\d.e-]+) /gu)].map(([, x, y, radius]) => ({
        ...cellAt(drawn, Number(x) + Number(radius), Number(y)),
        radius: Number(radius),
      })),
    );
}

/** The position and expert of each hatched cell. */
function hatched(drawn: Marks): string[] {
  return drawn.paths
    .filter(({ kind }) => kind === 'hatch')
    .flatMap(({ d }) =>
      [...d.matchAll(/M([\d.]+) ([\d.]+)h[\d.]+v([\d.]+)/gu)].flatMap(([, x, y, height]) => {
        const rows = Math.round(Number(height) / drawn.pitch);
        return Array.from({ length: rows }, (_, row) => {
          const { position, expert } = cellAt(drawn, Number(x), Number(y) + (row + 0.5) * drawn.pitch);
          return `${position} ${expert}`;
        });
      }),
    )
    .sort();
}

/** Compares the picture's marks with the native results. */
function matchesMarks(drawn: Marks, native: Native, at: number, layer: number): void {
  const experts = native.info.n_routed_experts;
  const size = experts / Math.max(1, native.info.n_group);
  const wanted: string[] = [];
  const cut: string[] = [];
  const notes: string[] = [];
  for (let position = drawn.first; position < Math.min(drawn.end, at + 1); position++) {
    const route = routeAt(native, position, layer);
    route.scores.forEach((score, expert) => {
      const kept = route.kept_groups.includes(Math.floor(expert / size));
      const level = Math.round(Math.min(1, float(score) / FULL_SCORE) * LEVELS);
      if (level > 0) wanted.push(`${position} ${expert} ${kept ? 'score' : 'cutscore'} ${level}`);
      if (!kept) cut.push(`${position} ${expert}`);
    });
    notes.push(...route.experts.map(expert => `${position} ${expert}`));
  }
  expect(cells(drawn)).toEqual(wanted.sort());
  expect(hatched(drawn)).toEqual(cut.sort());
  const found = discs(drawn);
  expect(found.map(({ position, expert }) => `${position} ${expert}`).sort()).toEqual(notes.sort());
  // The areas of all discs are proportional to shares, with one scale.
  const scales = found.map(({ position, expert, radius }) => {
    const route = routeAt(native, position, layer);
    return radius ** 2 / float(route.shares[route.experts.indexOf(expert)] ?? NaN);
  });
  for (const scale of scales) expect(scale).toBeCloseTo(scales[0] ?? NaN, 6);
  expect(Math.sqrt(scales[0] ?? NaN)).toBeLessThanOrEqual(drawn.column / 2 + 1e-9);
}

/** Compares the bars beside the rows, and the line of the uniform load, with the engine's load. */
function matchesBars(drawn: Marks, native: Native, at: number, layer: number): void {
  const load = loadAt(native, at, layer);
  const bars = [...drawn.bars.matchAll(/M([\d.]+) ([\d.]+)h([\d.e-]+)v/gu)].map(([, x, y, length]) => ({
    start: Number(x),
    expert: cellAt(drawn, drawn.left, Number(y)).expert,
    length: Number(length),
  }));
  const loaded = load.counts.flatMap((count, expert) => (count > 0 ? [expert] : []));
  expect(bars.map(({ expert }) => expert).sort((a, b) => a - b)).toEqual(loaded);
  const uniform = Number(/^M([\d.]+) /u.exec(drawn.uniform)?.[1]) - (bars[0]?.start ?? NaN);
  for (const { expert, length } of bars) expect(length / uniform).toBeCloseTo(float(load.relative[expert] ?? NaN), 6);
}

/** Compares the texts of the rows, and the sentences about the load, with the engine's load. */
async function matchesNumbers(page: Page, native: Native, at: number, layer: number): Promise<void> {
  const load = loadAt(native, at, layer);
  const tokens = at === 0 ? '1 token' : `${at + 1} tokens`;
  const said = await options(page).evaluateAll(all =>
    all.map(each => ({
      expert: Number(each.getAttribute('data-expert')),
      count: Number(each.getAttribute('data-count')),
      relative: Number(each.getAttribute('data-relative')),
      name: each.getAttribute('aria-label'),
      texts: [
        ...(each.parentElement?.querySelectorAll(`[data-numbers='${each.getAttribute('data-expert')}'] text`) ?? []),
      ].map(text => text.textContent),
    })),
  );
  const wanted = load.counts.map((count, expert) => {
    const relative = load.relative[expert] ?? NaN;
    return {
      expert,
      count,
      relative: float(relative),
      name: `Expert ${expert}: chosen by ${count} of ${tokens}, relative load ${exact(relative)}`,
      texts: [String(expert), String(count), float(relative).toFixed(2)],
    };
  });
  expect([...said].sort((a, b) => a.expert - b.expert)).toEqual(wanted);
  const each = native.info.num_experts_per_tok;
  await expect(grid(page).locator('.count')).toContainText(
    `${tokens} so far, each choosing ${each} of ${native.info.n_routed_experts} experts.`,
  );
  const sum = grid(page).locator('[data-sum]');
  await expect(sum).toHaveAttribute('data-sum', String((at + 1) * each));
  await expect(sum).toHaveText(`${at + 1} × ${each} = ${(at + 1) * each}`);
  expect(Number(await grid(page).locator('[data-uniform]').getAttribute('data-uniform'))).toBe(float(load.uniform));
  const violation = grid(page).locator('.violation');
  expect(Number(await violation.getAttribute('data-violation'))).toBe(float(load.max_violation));
  await expect(violation).toContainText(`MaxVio ${exact(load.max_violation)}`);
  await matchesChance(page, native, at);
  const most = Math.max(...load.relative);
  const all = load.relative.flatMap((relative, expert) => (relative === most ? [expert] : []));
  const named = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : String(all[0]);
  const has =
    all.length === 1
      ? `the most loaded expert, ${named}, has`
      : all.length > 6
        ? `the ${all.length} most loaded experts each have`
        : `the most loaded experts, ${named}, each have`;
  await expect(violation).toContainText(
    load.max_violation === 0
      ? 'all experts were chosen equally often'
      : `${has} ${exact(most)} times the uniform load. A MaxVio of 0 means balanced.`,
  );
}

/** Compares the sentence about chance, and the dashed line, with the native results. */
async function matchesChance(page: Page, native: Native, at: number): Promise<void> {
  const chance = must(chanceAt(native, at));
  const sentence = grid(page).locator('p.chance');
  expect(Number(await sentence.getAttribute('data-chance'))).toBe(float(chance.max_violation));
  await expect(sentence).toHaveText(
    `By chance alone, ${at === 0 ? '1 token gives' : `${at + 1} tokens give`} a MaxVio of ${spread(chance)} (dashed line).`,
  );
  // From the left edge of the bars, the line of the uniform load is 1 away, and that of chance 1 + MaxVio.
  const places = await grid(page).evaluate(view => {
    const find = (selector: string): number =>
      Number(/M([\d.]+)/u.exec(view.shadowRoot?.querySelector(`svg.list ${selector}`)?.getAttribute('d') ?? '')?.[1]);
    return { left: find('path.line') + 0.5, uniform: find('path[data-term=uniform]'), chance: find('path.chance') };
  });
  const ratio = (places.chance - places.left) / (places.uniform - places.left);
  expect(ratio).toBeCloseTo(1 + chance.max_violation, 3);
}

/** Compares the triangle of pairs (how often the `shown` experts were chosen together) with the native results. */
function matchesTriangle(
  page: Page,
  native: Native,
  at: number,
  layer: number,
  shown: readonly number[],
): Promise<void> {
  const { together } = loadAt(native, at, layer);
  return expect(async () => {
    const { side, paths } = await pairs(page).evaluate(svg => ({
      side: Number(svg.getAttribute('width')),
      paths: [...svg.querySelectorAll<SVGElement>('path.pair')].map(path => ({
        count: Number(path.dataset.count),
        opacity: Number(path.getAttribute('fill-opacity')),
        d: path.getAttribute('d') ?? '',
      })),
    }));
    const cell = Math.min(24, side / shown.length);
    const found = paths.flatMap(({ count, d }) =>
      [...d.matchAll(/M([\d.]+) ([\d.]+)h/gu)].map(([, x, y]) => {
        const [row, column] = [Math.floor(Number(y) / cell + 1e-6), Math.floor(Number(x) / cell + 1e-6)];
        return `${shown[row]} ${shown[column]} ${count}`;
      }),
    );
    const all = shown.flatMap(high =>
      shown.filter(low => low < high).map(low => [high, low, together[high]?.[low] ?? 0]),
    );
    expect(found.sort()).toEqual(
      all
        .filter(([, , count]) => count !== 0)
        .map(pair => pair.join(' '))
        .sort(),
    );
    const most = Math.max(...all.map(([, , count]) => count ?? 0));
    for (const { count, opacity } of paths) expect(opacity).toBeCloseTo(count / most, 6);
    await expect(pairs(page).locator('[data-scale] text').last()).toHaveText(String(most));
  }).toPass({ timeout: 5000 });
}

const ALL = Array.from({ length: NATIVE.info.n_routed_experts }, (_, expert) => expert);

test('every mark and number equals the engine’s result, in layers 1 and 4, at three tokens; sorting moves the marks with their rows', async ({
  scope,
  page,
}) => {
  for (const position of [0, 5, COUNT - 1]) {
    for (const layer of [1, 4]) {
      await open(scope, { layer, token: position });
      await expect(grid(page).locator('[data-sum]')).toHaveText(new RegExp(`^${position + 1} ×`, 'u'));
      const drawn = await marks(page);
      matchesMarks(drawn, NATIVE, position, layer);
      matchesBars(drawn, NATIVE, position, layer);
      await matchesNumbers(page, NATIVE, position, layer);
      await matchesTriangle(page, NATIVE, position, layer, ALL);
      const labels = await grid(page).locator('text[data-position]').allTextContents();
      expect(labels).toHaveLength(drawn.end - drawn.first);
      expect(labels[position - drawn.first]?.slice(0, 3)).toBe(NATIVE.tokens[position]?.trim().slice(0, 3));
    }
  }

  // Sorted by load: the most loaded expert is on top, and the marks are in the new rows.
  const position = COUNT - 1;
  await open(scope, { layer: 2, token: position });
  await grid(page).getByRole('button', { name: 'by load' }).click();
  await addressed(page, { sort: 'load' });
  await scope.settled();
  const { counts } = loadAt(NATIVE, position, 2);
  const order = ALL.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const drawn = await marks(page);
  expect(drawn.tops.toSorted(([, a], [, b]) => a - b).map(([expert]) => expert)).toEqual(order);
  // Sorted by load, the rows have no gaps between groups.
  for (const [index, [, top]] of drawn.tops.entries())
    expect(top).toBe((drawn.tops[0]?.[1] ?? 0) + index * drawn.pitch);
  matchesMarks(drawn, NATIVE, position, 2);
  matchesBars(drawn, NATIVE, position, 2);
  await matchesNumbers(page, NATIVE, position, 2);
  await grid(page).getByRole('button', { name: 'by number' }).click();
  await scope.settled();
  expect((await marks(page)).tops.map(([expert]) => expert)).toEqual(ALL);
});

/** The centre of a cell in the window, px. */
async function pointOf(page: Page, { position, expert }: Mark): Promise<{ readonly x: number; readonly y: number }> {
  const drawn = await marks(page);
  const box = await grid(page).locator('svg.cells').boundingBox();
  const top = drawn.tops.find(row => row[0] === expert)?.[1] ?? NaN;
  return {
    x: (box?.x ?? NaN) + drawn.left + (position - drawn.first + 0.5) * drawn.column,
    y: (box?.y ?? NaN) + top + drawn.pitch / 2,
  };
}

/** The positions up to `at` whose tokens chose an expert. */
function choosers(at: number, layer: number, expert: number): number[] {
  return Array.from({ length: at + 1 }, (_, position) => position).filter(position =>
    routeAt(NATIVE, position, layer).experts.includes(expert),
  );
}

test('by mouse: pointing at a cell or a pair shows its numbers; a click selects a cell’s token and expert, and dims tokens that did not choose the expert', async ({
  scope,
  page,
}) => {
  const layer = 3;
  const at = COUNT - 1;
  await open(scope, { layer, token: at });
  const route = routeAt(NATIVE, 4, layer);
  const best = route.experts[0] ?? NaN;
  const other = ALL.find(expert => !route.experts.includes(expert)) ?? NaN;
  const chip = grid(page).locator('.chip');
  const point = await pointOf(page, { position: 4, expert: best });
  await page.mouse.move(point.x, point.y);
  await expect(chip).toHaveText(
    `${quoted(NATIVE.tokens[4] ?? '')}, layer ${layer}, expert ${best}: score ${exact(route.scores[best] ?? NaN)}, ` +
      `chosen, share ${exact(route.shares[0] ?? NaN)}, weight ${exact(route.weights[0] ?? NaN)}`,
  );
  const beside = await pointOf(page, { position: 4, expert: other });
  await page.mouse.move(beside.x, beside.y);
  await expect(chip).toContainText(`expert ${other}: score ${exact(route.scores[other] ?? NaN)}, `);
  await expect(chip).not.toContainText('share');

  await page.mouse.click(point.x, point.y);
  await addressed(page, { token: '4', expert: String(best), layer: String(layer) });
  await page.mouse.move(0, 0);
  await expect(chip).toHaveCount(0);
  // Tokens after the playhead that were already run stay visible, but pale.
  await scope.settled();
  const drawn = await marks(page);
  const by = choosers(4, layer, best);
  const positions = (when: string): number[] =>
    [...new Set(discs(drawn, when).map(({ position }) => position))].sort((a, b) => a - b);
  expect(positions('past')).toEqual(by);
  expect(positions('dim')).toEqual([0, 1, 2, 3, 4].filter(position => !by.includes(position)));
  expect(positions('later')).toEqual(Array.from({ length: at - 4 }, (_, index) => index + 5));
  matchesMarks(drawn, NATIVE, at, layer);
  matchesBars(drawn, NATIVE, 4, layer);
  const said = grid(page).locator('.by');
  await expect(said).toContainText(`Expert ${best}: chosen by ${by.length} of 5 tokens: `);
  for (const position of by) await expect(said).toContainText(quoted(NATIVE.tokens[position] ?? ''));
  await expect(option(page, best)).toHaveAttribute('aria-selected', 'true');

  // A click on another expert's number, left of the columns, selects that expert; a second click clears the selection.
  const box = await option(page, other).boundingBox();
  await page.mouse.click((box?.x ?? NaN) + 10, (box?.y ?? NaN) + (box?.height ?? NaN) / 2);
  await expect(said).toContainText(`Expert ${other}: chosen by ${choosers(4, layer, other).length} of 5 tokens`);
  await page.mouse.click((box?.x ?? NaN) + 10, (box?.y ?? NaN) + (box?.height ?? NaN) / 2);
  await expect(said).toHaveCount(0);
  await expect(grid(page)).toContainText('Select an expert by its number');
  expect((await marks(page)).paths.filter(({ when }) => when === 'dim')).toEqual([]);

  await test.step('pointing at a pair shows its count', async () => {
    await open(scope, { layer: 4, token: at });
    const { together } = loadAt(NATIVE, at, 4);
    await pairs(page).scrollIntoViewIfNeeded();
    const box = await pairs(page).boundingBox();
    const cell = (box?.width ?? NaN) / ALL.length;
    for (const [one, other] of [
      [1, 0],
      [7, 3],
      [15, 14],
      [12, 0],
    ] as const) {
      await page.mouse.move((box?.x ?? NaN) + (other + 0.5) * cell, (box?.y ?? NaN) + (one + 0.5) * cell);
      await expect(grid(page).locator('.pair-result')).toHaveText(
        `Experts ${other} and ${one}: chosen together for ${together[one]?.[other]} of ${at + 1} tokens.`,
      );
    }
  });
});

test('by keyboard alone: keys select an expert, a pair and a layer, show all layers and open one of them', async ({
  scope,
  page,
}) => {
  const at = 6;
  await open(scope, { layer: 2, token: at });
  await reach(page, 'one layer');
  await reach(page, 'Experts: the up and down arrow keys');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await addressed(page, { expert: '1', layer: '2' });
  await expect(grid(page).locator('.by')).toContainText(
    `Expert 1: chosen by ${choosers(at, 2, 1).length} of ${at + 1}`,
  );
  await expect(grid(page).getByRole('listbox', { name: /^Experts/u })).toHaveAttribute(
    'aria-activedescendant',
    'expert-1',
  );
  await page.keyboard.press('ArrowUp');
  await addressed(page, { expert: '0' });
  // In the list of experts, the left and right arrow keys step through the tokens.
  await page.keyboard.press('ArrowRight');
  await addressed(page, { token: String(at + 1) });
  await page.keyboard.press('ArrowLeft');
  await addressed(page, { token: String(at) });

  // The load arrives after the step's record.
  await expect(grid(page).locator('[data-sum]')).toHaveText(new RegExp(`^${at + 1} ×`, 'u'));
  await reach(page, 'Clear selection');
  await page.keyboard.press('Enter');
  await expect(grid(page).locator('.by')).toHaveCount(0);

  await reach(page, 'Pairs of experts');
  const { together } = loadAt(NATIVE, at, 2);
  const pair = pairs(page).getByRole('option');
  const [low = 0, high = 0] = ((await pair.getAttribute('data-pair')) ?? '').split(' ').map(Number);
  // At first the most frequent pair is selected.
  const most = Math.max(...together.flatMap((row, one) => row.filter((_, other) => other < one)));
  expect(together[high]?.[low]).toBe(most);
  const down = Math.min(ALL.length - 1, high + 1);
  await page.keyboard.press('ArrowDown');
  const said = (one: number, other: number): string =>
    `Experts ${one} and ${other}: chosen together for ${together[one]?.[other]} of ${at + 1} tokens.`;
  await expect(grid(page).locator('.pair-result')).toHaveText(said(low, down));
  await expect(pair).toHaveAttribute('aria-label', said(low, down));
  const beside = Math.min(down - 1, low + 1);
  await page.keyboard.press('ArrowRight');
  await expect(pair).toHaveAttribute('aria-label', said(beside, down));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect(pair).toHaveAttribute('aria-label', said(Math.max(0, beside - 1), Math.max(down - 1, 1)));
  await addressed(page, { token: String(at) });

  await page.keyboard.press('Shift+Tab');
  await reach(page, 'Pairs of experts');
  await reach(page, 'The grid in numbers, layer 2');
  await page.keyboard.press('Enter');
  await expect(grid(page).locator('table[data-table=load]')).toBeVisible();

  await grid(page).getByRole('button', { name: 'all layers' }).focus();
  await page.keyboard.press('Enter');
  await addressed(page, { span: 'all' });
  await reach(page, 'Open layer 4');
  await reach(page, 'Open layer 3');
  await page.keyboard.press('Enter');
  await addressed(page, { layer: '3' });
  await expect(grid(page).locator('h2')).toContainText('Experts of layer 3');
  expect(await focused(page)).toBeDefined();
});

test('with all layers shown, each layer with a router has its load and MaxVio; a click opens one layer', async ({
  scope,
  page,
}) => {
  const at = 9;
  await open(scope, { layer: 0, token: at, span: 'all' });
  const buttons = grid(page).getByRole('button', { name: /^Open layer/u });
  const layers = [4, 3, 2, 1];
  await expect(buttons).toHaveCount(layers.length);
  for (const [index, layer] of layers.entries()) {
    const button = buttons.nth(index);
    const load = loadAt(NATIVE, at, layer);
    await expect(button).toHaveAccessibleName(`Open layer ${layer}, MaxVio ${exact(load.max_violation)}`);
    expect(Number(await button.getAttribute('data-violation'))).toBe(float(load.max_violation));
    await expect(button).toContainText(`Layer ${layer} MaxVio ${exact(load.max_violation)}`);
    const [lengths, notes] = await button.evaluate(element => {
      const all = (selector: string, pattern: RegExp): string[][] =>
        [...element.querySelectorAll(selector)].flatMap(path => [...(path.getAttribute('d') ?? '').matchAll(pattern)]);
      return [
        all('path.bars', /M[\d.]+ [\d.]+h([\d.e-]+)v/gu).map(([, length]) => Number(length)),
        all('path.note:not(.bars)', /M/gu).length,
      ] as const;
    });
    const relative = load.relative.filter(value => value > 0).map(float);
    expect(lengths).toHaveLength(relative.length);
    lengths.forEach((length, each) => {
      expect(length / (lengths[0] ?? NaN)).toBeCloseTo((relative[each] ?? NaN) / (relative[0] ?? NaN), 6);
    });
    expect(notes).toBe((at + 1) * NATIVE.info.num_experts_per_tok);
  }
  await grid(page).locator('summary').click();
  const tables = grid(page).locator('table[data-table=load]');
  await expect(tables).toHaveCount(layers.length);
  for (const [index, layer] of layers.entries()) await matchesLoads(tables.nth(index), at, layer);
  await buttons.nth(2).click();
  await addressed(page, { layer: '2' });
  await expect(buttons).toHaveCount(0);
  await scope.settled();
  matchesMarks(await marks(page), NATIVE, at, 2);
});

async function matchesLoads(table: Locator, at: number, layer: number): Promise<void> {
  const load = loadAt(NATIVE, at, layer);
  const size = NATIVE.info.n_routed_experts / NATIVE.info.n_group;
  await expect(table.locator('caption')).toHaveText(
    `Load in layer ${layer}, ${at + 1} tokens so far: uniform ${exact(load.uniform)}, MaxVio ${exact(load.max_violation)} (by chance ${spread(must(chanceAt(NATIVE, at)))})`,
  );
  expect(await rowsOf(table)).toEqual(
    load.counts.map((count, expert) => [
      String(expert),
      String(Math.floor(expert / size)),
      grouped(count),
      exact(load.relative[expert] ?? NaN),
    ]),
  );
}

test('the tables have every number; terms highlight their marks; a dense layer has a button to a layer with a router; a step is not animated', async ({
  scope,
  page,
}) => {
  const layer = 1;
  const at = 7;
  await open(scope, { layer, token: at });
  await expect(grid(page).locator('table')).toHaveCount(0);
  await grid(page).locator('summary').click();
  await matchesLoads(grid(page).locator('table[data-table=load]'), at, layer);
  expect(await rowsOf(grid(page).locator('table[data-table=tokens]'))).toEqual(
    Array.from({ length: at + 1 }, (_, position) => {
      const route = routeAt(NATIVE, position, layer);
      const chosen = route.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank] ?? NaN)})`);
      return [String(position), quoted(NATIVE.tokens[position] ?? ''), chosen.join(', ')];
    }),
  );
  const wanted = loadAt(NATIVE, at, layer).together.flatMap((row, one) =>
    row.flatMap((count, other) => (other > one && count > 0 ? [[String(one), String(other), String(count)]] : [])),
  );
  expect(wanted.length).toBeGreaterThan(6);
  expect(await rowsOf(grid(page).locator('table[data-table=pairs]'))).toEqual(wanted);

  const view = grid(page);
  // A term under the mouse would be shown instead of the focused one.
  await page.mouse.move(0, 0);
  for (const [shown, term, mark] of [
    ['load', 'load', 'path.bars'],
    ['uniform', 'uniform', "path[data-term='uniform']"],
    ['score', 'score', "g[data-term='score router']"],
    ['share', 'share', "path[data-term='share expert']"],
    ['groups', 'group', "path[data-term='cut group']"],
    ['ruled out', 'cut', "path[data-term='cut group']"],
    ['MaxVio', 'maxVio', '.violation'],
    ['by chance', 'chance', 'path.chance'],
    ['together', 'together', "svg g[data-term='together']"],
  ] as const) {
    await view.locator('.term', { hasText: shown }).focus();
    await expect(view.locator(mark).first(), term).toHaveClass(/\blit\b/u);
    await expect(view.locator('.meaning')).not.toBeEmpty();
  }
  await view.locator('.violation').hover();
  await expect(view.locator('.term', { hasText: 'MaxVio' })).toHaveClass(/\blit\b/u);

  await open(scope, { layer: 0, token: at });
  await expect(grid(page)).toContainText('Layer 0 is dense');
  await expect(grid(page).locator('svg.cells')).toHaveCount(0);
  await grid(page).getByRole('button', { name: 'Go to layer 1' }).click();
  await addressed(page, { layer: '1' });
  await scope.settled();
  matchesMarks(await marks(page), NATIVE, at, 1);
  await grid(page).getByRole('button', { name: 'The layer above' }).click();
  await addressed(page, { layer: '2' });
  await grid(page).getByRole('button', { name: 'The layer below' }).click();
  await addressed(page, { layer: '1' });

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await open(scope, { layer: 2, token: 3 }, `${TEXT} `);
  await scope.next.click();
  await addressed(page, { token: '4' });
  await scope.settled();
  expect(await grid(page).evaluate(view => view.shadowRoot?.getAnimations().length)).toBe(0);
  await expect(grid(page).locator('[data-sum]')).toHaveAttribute('data-sum', '20');
});

test('before the answer is shown, neither the picture of one layer nor the picture of all layers contains it', async ({
  scope,
  page,
}) => {
  const layer = 3;
  // Each case has a different position, because an answer that was shown stays visible at its position.
  for (const [span, sort, at] of [
    ['one', 'expert', 4],
    ['one', 'load', 5],
    ['all', 'expert', 6],
  ] as const) {
    await open(scope, { layer, token: at, reveal: 'click', span, sort, expert: 5 });
    const question = `Which 4 of its 16 experts does layer ${layer} choose for ${quoted(NATIVE.tokens[at] ?? '')}?`;
    await expect(grid(page)).toContainText(question);
    await unfold(grid(page));
    const inside = grid(page);
    for (const gone of [
      '[data-count]',
      '[data-relative]',
      '[data-violation]',
      '[data-chance]',
      'path.chance',
      '[data-sum]',
      '.bars',
      '[data-pair]',
      '.pair',
    ])
      await expect(inside.locator(gone)).toHaveCount(0);
    await expect(inside.locator('table[data-table=load], table[data-table=pairs]')).toHaveCount(0);
    await expect(inside.locator(`tr[data-position='${at}']`)).toHaveCount(0);
    await expect(inside).not.toContainText('MaxVio 0');
    const drawn = span === 'one' ? await marks(page) : undefined;
    if (drawn) {
      expect(new Set(discs(drawn).map(({ position }) => position))).toEqual(new Set(Array(at).keys()));
      expect(hatched(drawn).some(cell => cell.startsWith(`${at} `))).toBe(false);
      expect(drawn.tops.map(([expert]) => expert)).toEqual(ALL);
    }
    await inside.getByRole('button', { name: 'Show the answer' }).click();
    await expect(inside).not.toContainText(question);
    await scope.settled();
    if (span === 'all') {
      await expect(inside.locator('[data-violation]')).toHaveCount(4);
    } else {
      await expect(inside.locator('[data-sum]')).toHaveCount(1);
      const shown = await marks(page);
      matchesMarks(shown, NATIVE, at, layer);
      matchesBars(shown, NATIVE, at, layer);
    }
  }
});

test('in a long text, the columns follow the playhead, and the load includes all tokens up to the playhead', async ({
  scope,
  page,
}) => {
  const text = `${TEXT} `.repeat(12).trim();
  const native = inspect(text, { loads: true });
  const count = native.ids.length;
  expect(count).toBeGreaterThan(150);
  await page.setViewportSize({ width: 768, height: 900 });
  for (const position of [0, 80, count - 1]) {
    await open(scope, { layer: 2, token: position }, text);
    await expect(grid(page).locator('[data-sum]')).toHaveText(new RegExp(`^${position + 1} ×`, 'u'));
    const { first, end } = await marks(page);
    expect(first).toBeLessThanOrEqual(position);
    expect(end).toBeGreaterThan(position);
    await expect(grid(page).locator('.count')).toContainText(`Tokens ${first + 1}–${end} of ${count} are shown.`);
    const drawn = await marks(page);
    matchesMarks(drawn, native, position, 2);
    matchesBars(drawn, native, position, 2);
    await matchesNumbers(page, native, position, 2);
    await matchesTriangle(page, native, position, 2, ALL);
  }
});

testLooks(
  'grid',
  ['one', 'all'].map(span => fields({ layer: 3, token: 8, expert: 5, span })),
  page => expect(grid(page).locator('table').first()).toBeVisible(),
);

testArrival('grid', {
  link: 'layer=3',
  place: 'svg.cells, svg.list, .violation, svg.pairs, summary',
  before: place => expect(place).toHaveCount(5),
  after: view => expect(view.locator('[data-sum]')).toHaveCount(1),
});

test('a model with 256 experts in 8 groups has thin rows, and the engine’s numbers at three widths', async ({
  scope,
  page,
}) => {
  const files = wide();
  const native = inspect(TEXT, { model: write(files), loads: true });
  const count = native.ids.length;
  const at = count - 1;
  const layer = 3;
  await scope.link({ view: 'grid', text: TEXT, token: at, layer });
  await scope.openMenu();
  await page.getByText('Open another model').click();
  await page.getByLabel('Files of the model').setInputFiles(asChosen(files));
  await expect(scope.sentence).toContainText('of its 256');
  await expect(grid(page).locator('[data-sum]')).toHaveAttribute('data-sum', String(count * 8));
  await scope.settled();
  const load = loadAt(native, at, layer);
  const shown = load.counts.flatMap((each, expert) => (each > 0 ? [expert] : []));
  for (const width of [320, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(async () => {
      expect(await scrollWidth(page)).toBe(width);
      const drawn = await marks(page);
      expect(drawn.pitch).toBe(3);
      matchesMarks(drawn, native, at, layer);
      matchesBars(drawn, native, at, layer);
    }).toPass({ timeout: 5000 });
    await expect(grid(page)).toContainText(
      `Shown are the ${shown.length} of 256 experts that were chosen at least once`,
    );
    await matchesTriangle(page, native, at, layer, shown);
  }
  await expect(options(page)).toHaveCount(256);
  await expect(grid(page).locator('[data-numbers]')).toHaveCount(0);
  await grid(page).getByRole('button', { name: 'all layers' }).click();
  await expect(grid(page).getByRole('button', { name: /^Open layer/u })).toHaveCount(5);
  await expect(grid(page).locator('.bars')).toHaveCount(5);
  for (const width of [320, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => scrollWidth(page), SOON).toBe(width);
  }
});
