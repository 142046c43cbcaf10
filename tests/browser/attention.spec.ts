// The attention view: squares, bars and numbers of a layer's heads equal the native engine's weights, for both caches.

import type { Locator, Page } from '@playwright/test';
import { address, addressed, focused, openFresh, reach, scrollWidth } from './support/journey';
import { chosen as asChosen, wide, write } from './support/models';
import type { ModelFiles } from './support/models';
import type { Native } from './support/native';
import { float, inspect } from './support/native';
import { drawn, exact, must, quoted, scientific } from './support/printed';
import { resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, grouped, test } from './support/scope';
import type { State } from './support/views';
import { open as openView } from './support/views';
import { testArrival, testLooks } from './support/view-tests';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const NATIVE = inspect(TEXT, { details: true });
const COUNT = NATIVE.ids.length;
/** Maximum number of tokens with a bar. */
const BARS = 12;
/** Allowed rounding error of positions and lengths, px. */
const CLOSE = 1e-6;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

const fields = (state: State, text = TEXT): State => ({ view: 'attention', text, ...state });
const open = ({ page }: ScopePage, state: State, text = TEXT): Promise<void> => openView(page, fields(state, text));

const view = (page: Page): Locator => page.locator('moe-attention');
const list = (page: Page): Locator => view(page).locator('[role=listbox]');
const option = (page: Page, head: number): Locator => list(page).locator(`[data-head='${head}']`);
const bars = (page: Page): Locator => view(page).locator('.ranking tbody tr');

/** Waits until the view shows the step's detail, which arrives after the record. `tokens`: number of tokens so far. */
async function come(page: Page, tokens: number): Promise<void> {
  await expect(view(page).locator('.count')).toContainText(
    tokens === 1 ? ', 1 token so far.' : `, ${tokens} tokens so far.`,
  );
  await expect(bars(page)).toHaveCount(Math.min(BARS, tokens));
}

/** The attention weights of a layer at a position. (heads, tokens so far) */
function heads(native: Native, position: number, layer: number): number[][] {
  return must(must(native.details?.[position]).attention[layer]).map(row => row.map(float));
}

/** Like `heads`, but computed from the cache that the native session does not read. */
function others(native: Native, position: number, layer: number): number[][] {
  return must(must(native.details?.[position]).other_attention[layer]).map(row => row.map(float));
}

/** Positions and weights in descending order of weight; of two equal weights, the earlier position is first. */
function ranked(weights: readonly number[]): { readonly position: number; readonly weight: number }[] {
  return weights
    .map((weight, position) => ({ position, weight }))
    .toSorted((one, other) => other.weight - one.weight || one.position - other.position);
}

const token = (native: Native, position: number): string => quoted(must(native.tokens[position]));
const named = (native: Native, position: number): string => `${token(native, position)} (token ${position + 1})`;

interface Square {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The columns, labels and squares of the picture, with positions and lengths in px. */
function picture(page: Page) {
  return view(page).evaluate(element => {
    const svg = element.shadowRoot?.querySelector<SVGElement>('svg.squares');
    if (!svg) throw new Error('there is no picture');
    const [first = 0, end = 0] = (svg.dataset.columns ?? '').split(' ').map(Number);
    const number = (name: string): number => Number(svg.getAttribute(`data-${name}`));
    return {
      first,
      end,
      left: number('left'),
      top: number('top'),
      pitch: number('pitch'),
      column: number('column'),
      playhead: Number(svg.querySelector('[data-playhead]')?.getAttribute('data-playhead')),
      rule: svg.querySelector('[data-playhead]')?.getAttribute('d') ?? '',
      labels: [...svg.querySelectorAll('text[data-position]')].map(label => [
        Number(label.getAttribute('data-position')),
        label.textContent,
      ]),
      squares: [...svg.querySelectorAll<SVGElement>('path[data-row]')].flatMap(path =>
        [...(path.getAttribute('d') ?? '').matchAll(/M([\d.e-]+) ([\d.e-]+)h([\d.e-]+)v([\d.e-]+)h-[\d.e-]+z/gu)].map(
          ([, x, y, width, height]): Square => {
            if (width !== height) throw new Error('a mark is no square');
            return { row: Number(path.dataset.row), x: Number(x), y: Number(y), side: Number(width) };
          },
        ),
      ),
    };
  });
}

/** Compares all squares, labels of columns and names of rows with the native results. */
async function matchesPicture(page: Page, native: Native, at: number, layer: number): Promise<void> {
  const all = heads(native, at, layer);
  const { first, end, left, top, pitch, column, playhead, rule, labels, squares } = await picture(page);
  expect(playhead).toBe(at);
  expect(rule.startsWith(`M${left + (at - first) * column} `)).toBe(true);
  expect(first).toBeLessThanOrEqual(at);
  expect(end).toBeGreaterThan(at);
  expect(labels.map(([position]) => position)).toEqual(
    Array.from({ length: end - first }, (_, index) => first + index),
  );
  for (const [position, said] of labels) {
    const whole = drawn(must(native.tokens[Number(position)]));
    expect([whole, `${Array.from(whole).slice(0, 8).join('')}…`]).toContain(said);
  }
  // One square for each visible weight that is not 0, in the middle of its cell; areas are proportional to weights.
  const wanted = all.flatMap((weights, head) =>
    weights.flatMap((weight, position) => (weight > 0 && position >= first ? [{ head, position, weight }] : [])),
  );
  expect(squares).toHaveLength(wanted.length);
  const scale = must(squares[0]).side ** 2 / must(wanted[0]).weight;
  expect(Math.sqrt(scale)).toBeLessThanOrEqual(Math.min(column * Math.SQRT2, pitch));
  expect(Math.sqrt(scale)).toBeGreaterThan(Math.min(column, pitch) - 1.001);
  expect(squares.map(({ row }) => row)).toEqual(wanted.map(({ head }) => head));
  const off = wanted.flatMap(({ head, position, weight }, index) => {
    const { x, y, side } = must(squares[index]);
    return [
      side ** 2 - weight * scale,
      x + side / 2 - (left + (position - first + 0.5) * column),
      y + side / 2 - (top + (head + 0.5) * pitch),
    ];
  });
  expect(Math.max(...off.map(Math.abs))).toBeLessThan(CLOSE);
  const said = await list(page)
    .locator('[role=option]')
    .evaluateAll(options =>
      options.map(each => [
        each.getAttribute('aria-label'),
        Number(each.getAttribute('data-most')),
        Number(each.getAttribute('data-weight')),
      ]),
    );
  expect(said).toEqual(
    all.map((weights, head) => {
      const most = must(ranked(weights)[0]);
      const nth = `token ${most.position + 1}`;
      return [
        `Head ${head} gives ${token(native, most.position)} (${nth}) the most weight: ${exact(most.weight)}`,
        most.position,
        most.weight,
      ];
    }),
  );
}

/** Compares the selected head's sentence and bars, and the difference between the caches, with the native results. */
async function matchesHead(page: Page, native: Native, at: number, layer: number, head: number): Promise<void> {
  const weights = must(heads(native, at, layer)[head]);
  const other = must(others(native, at, layer)[head]);
  const most = ranked(weights);
  await expect(option(page, head)).toHaveAttribute('aria-selected', 'true');
  await expect(list(page).locator("[aria-selected='true']")).toHaveCount(1);
  await expect(list(page)).toHaveAttribute('aria-activedescendant', `head-${head}`);
  const [best, ...then] = most.slice(0, 3);
  const read = must(best);
  const listed = then.map(({ position, weight }) => `${named(native, position)}, ${exact(weight)}`).join('; ');
  const named3 = most.slice(0, 3).map(({ position }) => position);
  const rest = [
    ...(named3.includes(0) ? [] : [`the first token ${exact(must(weights[0]))}`]),
    ...(named3.includes(at) ? [] : [`${token(native, at)} itself ${exact(must(weights[at]))}`]),
  ];
  await expect(view(page).locator('.result')).toHaveText(
    at === 0
      ? `Head ${head} gives all its weight to the only token so far, ${token(native, 0)}: ${exact(read.weight)}.`
      : `Head ${head} gives ${named(native, read.position)} the most weight, ${exact(read.weight)}; then ${listed}.` +
          (rest.length > 0 ? ` It gives ${rest.join(' and ')}.` : ''),
  );
  const found = await bars(page).evaluateAll(rows =>
    rows.map(row => ({
      position: Number(row.getAttribute('data-position')),
      weight: Number(row.getAttribute('data-weight')),
      other: Number(row.getAttribute('data-other')),
      texts: [...row.children].map(cell => (cell.textContent ?? '').trim()),
      bar: Number(row.querySelector('rect')?.getAttribute('width')),
      start: Number(row.querySelector('rect')?.getAttribute('x')),
      tick: Number(/^M([\d.e-]+) /u.exec(row.querySelector('path.tick')?.getAttribute('d') ?? '')?.[1]),
    })),
  );
  expect(found.map(({ position, weight, other, texts }) => ({ position, weight, other, texts }))).toEqual(
    most.slice(0, BARS).map(({ position, weight }) => ({
      position,
      weight,
      other: other[position],
      texts: [token(native, position), String(position + 1), '', exact(weight)],
    })),
  );
  // The lengths of all bars and ticks are proportional to weights, with one scale.
  const scale = must(found[0]).bar / must(found[0]).weight;
  expect(scale).toBeGreaterThan(40);
  for (const { bar, start, tick, weight, other } of found) {
    expect(bar).toBeCloseTo(weight * scale, 6);
    expect(tick - start).toBeCloseTo(other * scale, 6);
  }
  await expect(view(page).locator('.best')).toHaveText(
    at + 1 > BARS ? `The ${BARS} largest of ${at + 1} weights; the table below has all.` : '',
  );
  const detail = must(native.details?.[at]);
  const [apart, outputs] = [must(detail.weight_differences[layer]), must(detail.attention_differences[layer])];
  const same = view(page).locator('.same');
  expect(Number(await same.getAttribute('data-weights'))).toBe(float(apart));
  expect(Number(await same.getAttribute('data-outputs'))).toBe(float(outputs));
  await expect(same).toHaveText(
    apart === 0 && outputs === 0
      ? 'Computed from both caches, all weights of this layer and its heads’ outputs are exactly the same.'
      : `Computed from both caches, no weight of this layer differs by more than ${scientific(apart)}, and no value of its ` +
          `heads’ outputs by more than ${scientific(outputs)}.`,
  );
}

test('every square, bar and number equals the engine’s result, in the lowest, a middle and the highest layer', async ({
  scope,
  page,
}) => {
  for (const [position, head] of [
    [0, 0],
    [6, 3],
    [COUNT - 1, NATIVE.info.num_attention_heads - 1],
  ] as const) {
    for (const layer of [0, 2, NATIVE.info.num_hidden_layers - 1]) {
      await open(scope, { layer, token: position, head });
      await expect(view(page).locator('h2')).toHaveText(`Attention of ${token(NATIVE, position)} in layer ${layer}`);
      await expect(view(page).locator('.count')).toContainText(
        `8 heads, ${position === 0 ? '1 token' : `${position + 1} tokens`} so far.`,
      );
      await matchesPicture(page, NATIVE, position, layer);
      await matchesHead(page, NATIVE, position, layer, head);
    }
  }
});

/** The centre of a cell, as x and y in the window, px. */
async function pointOf(page: Page, position: number, head: number): Promise<readonly [number, number]> {
  const { first, left, top, pitch, column } = await picture(page);
  const box = must((await view(page).locator('svg.squares').boundingBox()) ?? undefined);
  return [box.x + left + (position - first + 0.5) * column, box.y + top + (head + 0.5) * pitch];
}

test('pointing at a cell shows its weight; a click selects the cell’s head, but not its token', async ({
  scope,
  page,
}) => {
  const [at, layer] = [9, 3];
  await open(scope, { layer, token: at });
  const chip = view(page).locator('.chip');
  for (const [position, head] of [
    [0, 0],
    [4, 6],
    [at, 7],
  ] as const) {
    await page.mouse.move(...(await pointOf(page, position, head)));
    const weight = must(heads(NATIVE, at, layer)[head]?.[position]);
    await expect(chip).toHaveText(`${token(NATIVE, position)}, token ${position + 1}, head ${head}: ${exact(weight)}`);
    await expect(view(page).locator('rect.ring')).toHaveCount(1);
  }
  // Heads do not read tokens after the playhead, so pointing at the cells of these tokens shows nothing.
  await page.mouse.move(...(await pointOf(page, at + 1, 7)));
  await expect(chip).toHaveCount(0);
  await page.mouse.click(...(await pointOf(page, 4, 6)));
  await addressed(page, { head: '6', token: String(at), layer: String(layer) });
  await matchesHead(page, NATIVE, at, layer, 6);
  // A click on a head's name, beside the columns, selects the head.
  const [, y] = await pointOf(page, 0, 2);
  const box = must((await list(page).boundingBox()) ?? undefined);
  await page.mouse.click(box.x + 20, y);
  await addressed(page, { head: '2' });
  await matchesHead(page, NATIVE, at, layer, 2);
  await expect(chip).toHaveCount(0);
  // A click above the first row selects nothing.
  await page.mouse.click(box.x + 80, box.y + 4);
  await scope.settled();
  expect(await address(page)).toMatchObject({ head: '2' });
});

test('by keyboard alone: arrow keys select heads and tokens, Tab reaches heads and tables, Enter on a button changes the layer', async ({
  scope,
  page,
}) => {
  const [at, layer] = [6, 2];
  await open(scope, { layer, token: at });
  await expect(
    page.getByRole('listbox', { name: 'Heads: the up and down arrow keys select one' }).getByRole('option'),
  ).toHaveCount(8);
  await reach(page, 'Heads: the up and down arrow keys');
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowDown');
  await addressed(page, { head: '3' });
  await matchesHead(page, NATIVE, at, layer, 3);
  await page.keyboard.press('ArrowUp');
  await addressed(page, { head: '2' });
  for (let presses = 0; presses < 9; presses++) await page.keyboard.press('ArrowDown');
  await addressed(page, { head: '7' });
  // In the list of heads, Enter does nothing; the left and right arrow keys step through the tokens.
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await addressed(page, { token: String(at + 1), view: 'attention', head: '7' });
  await come(page, at + 2);
  await scope.settled();
  await matchesPicture(page, NATIVE, at + 1, layer);
  await matchesHead(page, NATIVE, at + 1, layer, 7);
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).not.toContain('Heads');
  await reach(page, 'Heads: the up and down arrow keys');
  await reach(page, 'All heads in numbers, layer 2');
  await page.keyboard.press('Enter');
  await expect(view(page).locator('table[data-table=heads]')).toBeVisible();
  await view(page).getByRole('button', { name: 'The layer above' }).focus();
  await page.keyboard.press('Enter');
  await addressed(page, { layer: '3' });
  await scope.settled();
  await matchesPicture(page, NATIVE, at + 1, 3);
  await matchesHead(page, NATIVE, at + 1, 3, 7);
});

test('a link restores the selected head, beside the roll and in embed.html; too large a number selects the last head', async ({
  scope,
  page,
}) => {
  const [at, layer] = [5, 1];
  await scope.link({ view: 'attention', text: TEXT, token: at, layer, head: 4 });
  await come(page, at + 1);
  await scope.settled();
  await matchesHead(page, NATIVE, at, layer, 4);
  await matchesPicture(page, NATIVE, at, layer);
  await option(page, 5).click();
  await addressed(page, { head: '5', view: 'attention' });
  const here = await page.evaluate(() => location.hash);
  await openFresh(page, `./embed.html${here}`);
  await scope.ready();
  await come(page, at + 1);
  await matchesHead(page, NATIVE, at, layer, 5);
  // A head number that is too large selects the last head.
  await open(scope, { token: at, layer, head: 99 });
  await matchesHead(page, NATIVE, at, layer, NATIVE.info.num_attention_heads - 1);
});

/** The rows of a table: the text of each cell, and the exact values (`data-value`) of the cells that have one. */
function rowsOf(table: Locator): Promise<{ readonly texts: string[]; readonly values: number[] }[]> {
  return table.locator('tbody tr').evaluateAll(rows =>
    rows.map(row => ({
      texts: [...row.children].map(cell => (cell.textContent ?? '').trim()),
      values: [...row.querySelectorAll('[data-value]')].map(cell => Number(cell.getAttribute('data-value'))),
    })),
  );
}

test('the tables have all weights and, for the selected head, those from both caches; terms highlight their marks; a step is not animated', async ({
  scope,
  page,
}) => {
  const [at, layer, head] = [COUNT - 1, 4, 3];
  await open(scope, { layer, token: at, head });
  await expect(view(page).locator('table[data-table]')).toHaveCount(0);
  await view(page).locator('summary').click();
  const all = heads(NATIVE, at, layer);
  const positions = Array.from({ length: at + 1 }, (_, position) => position);
  const row = (position: number, values: number[]) => ({
    texts: [String(position), token(NATIVE, position), ...values.map(exact)],
    values,
  });
  const table = (name: string): Locator => view(page).locator(`table[data-table=${name}]`);
  await expect(table('heads').locator('thead th')).toHaveText([
    'position',
    'token',
    ...all.map((_, each) => `head ${each}`),
  ]);
  expect(await rowsOf(table('heads'))).toEqual(
    positions.map(position =>
      row(
        position,
        all.map(weights => must(weights[position])),
      ),
    ),
  );
  const other = must(others(NATIVE, at, layer)[head]);
  await expect(table('head').locator('caption')).toHaveText(`Head ${head} with both caches`);
  expect(await rowsOf(table('head'))).toEqual(
    positions.map(position => row(position, [must(all[head]?.[position]), must(other[position])])),
  );
  const detail = must(NATIVE.details?.[at]);
  const values = [detail.weight_differences[layer], detail.attention_differences[layer]].map(each => float(must(each)));
  expect(await rowsOf(table('differences'))).toEqual([{ texts: values.map(scientific), values }]);

  for (const [shown, mark] of [
    ['head', 'path[data-row]'],
    ['attention', 'path[data-row]'],
    ['latent', '.ranking rect'],
    ['cache', '.key span'],
    ['expanded', '.ranking .tick'],
  ] as const) {
    await view(page).locator('.term', { hasText: shown }).focus();
    await expect(view(page).locator(mark).first(), shown).toHaveClass(/\blit\b/u);
    await expect(view(page).locator('.meaning')).not.toBeEmpty();
  }
  await view(page).locator('.term', { hasText: 'folded into the query' }).focus();
  await expect(view(page).locator('.meaning')).toContainText('Absorbed:');
  await view(page).locator('.same').hover();
  await expect(view(page).locator('.term', { hasText: 'expanded' })).toHaveClass(/\blit\b/u);

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await open(scope, { layer: 2, token: 3 });
  await scope.next.click();
  await come(page, 5);
  expect(await view(page).evaluate(element => element.shadowRoot?.getAnimations().length)).toBe(0);
});

test('before the answer is shown, no mark, number or table has the answer', async ({ scope, page }) => {
  const [at, layer, head] = [6, 3, 2];
  await open(scope, { layer, token: at, head, reveal: 'click' });
  const question = `Which token does head ${head} of layer ${layer} give the most weight for ${token(NATIVE, at)}?`;
  await expect(view(page)).toContainText(question);
  await view(page).locator('summary').click();
  await page.mouse.move(...(await pointOf(page, 2, head)));
  await scope.settled();
  const { squares } = await picture(page);
  expect(squares).toEqual([]);
  for (const gone of [
    '[data-row]',
    '[data-most]',
    '[data-weight]',
    '[data-weights]',
    '[data-value]',
    '.chip',
    '.ring',
    'table[data-table]',
  ]) {
    await expect(view(page).locator(gone), gone).toHaveCount(0);
  }
  await expect(bars(page)).toHaveCount(0);
  await expect(view(page).locator('.result')).toHaveText('');
  await expect(option(page, head)).toHaveAccessibleName(`Head ${head}`);
  const texts = await view(page).evaluate(element => element.shadowRoot?.textContent ?? '');
  expect(texts).not.toMatch(/\d\.\d{4}/u);
  // Selecting another head asks another question; its answer is hidden, too.
  await option(page, 5).click();
  await expect(view(page)).toContainText(`Which token does head 5 of layer ${layer} give the most weight`);
  await view(page).getByRole('button', { name: 'Show the answer' }).click();
  await come(page, at + 1);
  await scope.settled();
  await expect(view(page)).not.toContainText('Which token does head');
  await matchesPicture(page, NATIVE, at, layer);
  await matchesHead(page, NATIVE, at, layer, 5);
});

test('in a long text, the columns follow the playhead; a token without a column can have a bar', async ({
  scope,
  page,
}) => {
  const text = `${TEXT} `.repeat(8).trim();
  const native = inspect(text, { details: true });
  const count = native.ids.length;
  expect(count).toBeGreaterThan(100);
  const [layer, head] = [2, 1];
  await page.setViewportSize({ width: 768, height: 900 });
  for (const position of [3, 70, count - 1]) {
    await open(scope, { layer, token: position, head }, text);
    const { first, end } = await picture(page);
    await expect(view(page).locator('.count')).toContainText(
      `Tokens ${first + 1}–${end} of ${grouped(count)} are shown${first > 0 ? '; the first column adds up the weights of all earlier tokens' : ''}.`,
    );
    await matchesPicture(page, native, position, layer);
    await matchesHead(page, native, position, layer, head);
    // Each row has one more square for all tokens before the first column, so that the row still adds up to 1.
    const together = await view(page)
      .locator('[data-together]')
      .evaluateAll(all => all.map(each => Number(each.getAttribute('data-together'))));
    const sums = heads(native, position, layer).map(row => row.slice(0, first).reduce((sum, each) => sum + each, 0));
    expect(together).toEqual(first > 0 ? sums : []);
    const sides = await view(page)
      .locator('[data-together]')
      .evaluateAll(all => all.map(each => Number(/h([\d.e-]+)v/u.exec(each.getAttribute('d') ?? '')?.[1])));
    sides.forEach((side, row) => {
      expect(side ** 2 / must(sums[row])).toBeCloseTo(must(sides[0]) ** 2 / must(sums[0]), 6);
    });
  }
  // Some of the tokens with a bar have no column.
  const { first } = await picture(page);
  const most = ranked(must(heads(native, count - 1, layer)[head])).slice(0, BARS);
  expect(most.some(({ position }) => position < first)).toBe(true);
  await view(page).locator('summary').click();
  await expect(view(page).locator('table[data-table=heads] tbody tr')).toHaveCount(count);
});

testLooks(
  'attention',
  ['always', 'click'].map(reveal => fields({ layer: 3, token: 8, head: 5, reveal })),
  (page, { reveal }) => expect(view(page).locator('table[data-table]')).toHaveCount(reveal === 'always' ? 3 : 0),
);

testArrival('attention', {
  link: 'layer=3&head=2',
  place: 'svg.squares, svg.list, .result, .ranking caption, .key, .same, summary',
  before: place => expect(place).toHaveCount(7),
  after: view => expect(view.locator('[data-weights]')).toHaveCount(1),
});

/** A model with `count` heads. The heads' projections are pseudo-random, and the same in every run. */
function many(count: number): ModelFiles {
  const files = wide();
  const config = JSON.parse(files['config.json'].toString()) as Record<string, unknown>;
  const file = files['model.safetensors'];
  const start = 8 + Number(file.readBigUInt64LE());
  type Tensor = { readonly shape: number[]; readonly data_offsets: [number, number] };
  const tensors = JSON.parse(file.subarray(8, start).toString()) as Record<string, Tensor>;
  const grown = ['self_attn.q_proj.weight', 'self_attn.kv_b_proj.weight', 'self_attn.o_proj.weight'];
  const parts: Buffer[] = [];
  let [at, state] = [0, 7];
  const moved = Object.entries(tensors).map(([name, tensor]) => {
    let data = file.subarray(start + tensor.data_offsets[0], start + tensor.data_offsets[1]);
    let { shape } = tensor;
    if (grown.some(each => name.endsWith(each))) {
      // A head has some columns of `o_proj`, and some rows of each other projection.
      const axis = name.endsWith('o_proj.weight') ? 1 : 0;
      shape = shape.map((size, each) => (each === axis ? (size / 2) * count : size));
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      for (let index = 0; index < values.length; index++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        values[index] = (state / 2 ** 32 - 0.5) * 2;
      }
      data = Buffer.from(values.buffer);
    }
    parts.push(data);
    const data_offsets = [at, at + data.length];
    at += data.length;
    return [name, { ...tensor, shape, data_offsets }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(moved)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return {
    ...files,
    'config.json': Buffer.from(JSON.stringify({ ...config, num_attention_heads: count, num_key_value_heads: count })),
    'model.safetensors': Buffer.concat([length, text, ...parts]),
  };
}

for (const count of [1, 128]) {
  test(`a model with ${count} ${count === 1 ? 'head' : 'heads'} shows the engine’s numbers at three widths`, async ({
    scope,
    page,
  }) => {
    const files = many(count);
    const native = inspect(TEXT, { model: write(files), details: true });
    const [at, layer, head] = [native.ids.length - 1, 5, Math.min(9, count - 1)];
    await scope.link({ view: 'attention', text: TEXT, token: at, layer: 4, head: 0 });
    await scope.openMenu();
    await page.getByText('Open another model').click();
    await page.getByLabel('Files of the model').setInputFiles(asChosen(files));
    await expect(scope.sentence).toContainText('of its 256');
    await expect(list(page).locator('[role=option]')).toHaveCount(count);
    await view(page).getByRole('button', { name: 'The layer above' }).click();
    await addressed(page, { layer: String(layer) });
    await list(page).focus();
    await page.keyboard.press('End');
    await come(page, at + 1);
    for (let presses = 0; presses < head; presses++) await page.keyboard.press('ArrowDown');
    if (head > 0) await addressed(page, { head: String(head) });
    for (const width of [320, 768, 1440]) {
      await resize(scope, width);
      expect(await scrollWidth(page)).toBe(width);
      await matchesPicture(page, native, at, layer);
      await matchesHead(page, native, at, layer, head);
    }
    await expect(view(page).locator('.count')).toContainText(count === 1 ? '1 head,' : '128 heads,');
    await view(page).locator('summary').click();
    await expect(view(page).locator('table[data-table=heads] thead th')).toHaveCount(2 + count);
    expect(await scrollWidth(page)).toBe(1440);
  });
}
