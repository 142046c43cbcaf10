// The cache view: the shown bytes equal the sizes of the engine's buffers, the picture has one scale, and every number
// equals the native engine's.

import type { Locator, Page } from '@playwright/test';
import { addressed, focused, scrollWidth } from './support/journey';
import { chosen as asChosen, wide, write } from './support/models';
import type { Native } from './support/native';
import { float, inspect } from './support/native';
import { exact, fixed, must, quoted, rowsOf, scientific, valuesOf } from './support/printed';
import { resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, grouped, test } from './support/scope';
import type { State } from './support/views';
import { open as openView } from './support/views';
import { testArrival, testLooks } from './support/view-tests';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const NATIVE = inspect(TEXT, { details: true });
const COUNT = NATIVE.ids.length;
const { info: INFO } = NATIVE;

const fields = (state: State): State => ({ view: 'cache', text: TEXT, ...state });
const open = ({ page }: ScopePage, state: State): Promise<void> => openView(page, fields(state));

const cache = (page: Page): Locator => page.locator('moe-cache');
const picture = (page: Page): Locator => cache(page).locator('svg.picture');
const heads = (page: Page): Locator => cache(page).getByRole('group', { name: 'Attention head' });
const text = async (place: Locator): Promise<string> =>
  ((await place.textContent()) ?? '').replace(/\s+/gu, ' ').trim();
const times = (ratio: number): string => `${ratio.toFixed(1)}×`;

/** Compares every number and mark of the view with the native engine. */
async function matches(page: Page, native: Native, position: number, layer: number, head: number): Promise<void> {
  const { info } = native;
  const record = must(native.records[position]);
  await expect(cache(page).getByRole('heading', { level: 2 })).toHaveText(`Cache of layer ${layer}`);
  await expect(cache(page).locator('.cell h3')).toHaveText(
    `The cell of ${quoted(must(native.tokens[position]))} in layer ${layer}`,
  );
  await expect(cache(page).locator('[data-head]')).toHaveAttribute('data-head', String(head));
  const { latent, expanded } = record.cache;
  const values = info.cache_values;
  const plain = values.plain_mha * info.cache_value_bytes * info.num_hidden_layers * (position + 1);

  // The engine's buffers have the calculated sizes. The label of each ratio names the scheme that is compared.
  expect(latent).toBe(values.latent * info.cache_value_bytes * info.num_hidden_layers * (position + 1));
  expect(expanded).toBe(values.expanded * info.cache_value_bytes * info.num_hidden_layers * (position + 1));
  const figures = cache(page).locator('dl.figures > div');
  await expect(figures).toHaveCount(3);
  await expect(cache(page).locator('.strip')).toHaveCount(6);
  expect(await figures.evaluateAll(all => all.map(each => [...each.children].map(part => part.textContent)))).toEqual([
    ['smaller than expanded keys and values', times(expanded / latent)],
    ['smaller than plain MHA, not run', times(plain / latent)],
    [
      `stored for ${position + 1} ${position === 0 ? 'token' : 'tokens'}, all ${info.num_hidden_layers} layers`,
      `${grouped(latent)} B`,
    ],
  ]);
  const [count, nope, rope, value] = [
    info.num_attention_heads,
    info.qk_nope_head_dim,
    info.qk_rope_head_dim,
    info.v_head_dim,
  ];
  expect(await rowsOf(cache(page).locator('table[data-table=schemes]'))).toEqual([
    [
      `latent, stored c_KV ${values.c_kv} + RoPE key ${values.rope_key}`,
      grouped(values.latent),
      `${grouped(latent)} B`,
      '1.0×',
    ],
    [
      `expanded ${count} heads × (${nope} + ${rope} + ${value})`,
      grouped(values.expanded),
      `${grouped(expanded)} B`,
      times(expanded / latent),
    ],
    [
      `plain MHA ${count} heads × (${nope} + ${value}); calculated, not run`,
      grouped(values.plain_mha),
      `${grouped(plain)} B`,
      times(plain / latent),
    ],
  ]);

  // The picture has one scale: heights are proportional to numbers of values. Each token has one column.
  const drawn = await picture(page).evaluate(svg => {
    const heights = Object.fromEntries(
      [...svg.querySelectorAll('[data-scheme]')].map(path => [
        path.getAttribute('data-scheme'),
        Number(path.getAttribute('data-height')),
      ]),
    );
    const [, ...cells] = (svg.querySelector('[data-scheme=c_kv]')?.getAttribute('d') ?? '').split('M');
    const box = (scheme: string): { width: number; height: number } | undefined => {
      const path = svg.querySelector<SVGPathElement>(`[data-scheme=${scheme}]`);
      if (!path) return undefined;
      const { width, height } = path.getBBox();
      return { width, height };
    };
    return {
      scale: Number(svg.getAttribute('data-scale')),
      column: Number(svg.getAttribute('data-column')),
      columns: (svg.getAttribute('data-columns') ?? '').split(' ').map(Number),
      tokens: (svg.querySelector('[data-scheme=c_kv]')?.getAttribute('data-tokens') ?? '').split(' ').map(Number),
      heights,
      cells: cells.length,
      boxes: { expanded: box('expanded'), plain_mha: box('plain_mha') },
      said: [...svg.querySelectorAll('text:not([data-position], .say)')].map(
        each => each.firstChild?.nextSibling?.textContent,
      ),
    };
  });
  expect(drawn.heights.expanded).toBe(160);
  for (const scheme of ['c_kv', 'rope_key', 'expanded', 'plain_mha'] as const) {
    expect(must(drawn.heights[scheme]) / drawn.scale).toBeCloseTo(values[scheme], 6);
  }
  const [first = NaN, end = NaN] = drawn.columns;
  expect(position).toBeGreaterThanOrEqual(first);
  expect(position).toBeLessThan(end);
  expect(drawn.tokens).toEqual([first, position + 1]);
  expect(drawn.cells).toBe(position + 1 - first);
  for (const box of Object.values(drawn.boxes)) {
    expect(box?.width).toBeCloseTo((position + 1 - first) * drawn.column - 1, 1);
  }
  expect(must(drawn.boxes.plain_mha).height).toBeCloseTo(must(drawn.heights.plain_mha) - 0.5, 3);
  expect(drawn.said).toEqual([values.latent, values.plain_mha, values.expanded].map(grouped));
  const kept = grouped(values.latent * info.cache_value_bytes);
  await expect(cache(page)).toContainText(
    `A value takes 4 bytes here, so each layer stores ${grouped(values.latent)} × 4 = ${kept} bytes per token.`,
  );

  // The values in the cell, the key and the value that are rebuilt from them, and the head's query.
  const detail = must(native.details?.[position]);
  for (const [name, said, decimals] of [
    ['c_kv', 'c_KV', detail.latents[layer]],
    ['rope_key', 'RoPE key', detail.rope_keys[layer]],
    ['key', 'key, rebuilt', detail.keys[layer]?.[head]],
    ['value', 'value, rebuilt', detail.values[layer]?.[head]],
    ['query', 'query', detail.queries[layer]?.[head]],
    ['absorbed', 'absorbed query', detail.absorbed_queries[layer]?.[head]],
  ] as const) {
    const strip = cache(page).locator(`.strip[data-strip=${name}]`);
    const floats = must(decimals).map(float);
    expect(await valuesOf(strip.locator('[data-value]')), name).toEqual(floats);
    const scale = Math.max(...floats.map(Math.abs));
    expect(await text(strip.locator('p'))).toBe(`${said} ${grouped(floats.length)} values, ±${fixed(scale, 2)}`);
  }
  const agree = (name: string): Locator => cache(page).locator(`[data-agree=${name}]`);
  for (const [name, value] of [
    ['latent', detail.attention[layer]?.[head]?.[position]],
    ['expanded', detail.other_attention[layer]?.[head]?.[position]],
  ] as const) {
    expect(await valuesOf(agree(name))).toEqual([float(must(value))]);
    await expect(agree(name)).toHaveText(exact(must(value)));
  }
  for (const [name, value] of [
    ['weights', detail.weight_differences[layer]],
    ['outputs', detail.attention_differences[layer]],
  ] as const) {
    const float32 = float(must(value));
    expect(await valuesOf(agree(name))).toEqual([float32]);
    await expect(agree(name)).toHaveText(scientific(float32));
    expect(float32).toBeLessThan(1e-3);
  }
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('every number and mark equals the engine’s result, in layers 0, 2 and 4, at the first, a middle and the last token', async ({
  scope,
  page,
}) => {
  for (const position of [0, 5, COUNT - 1]) {
    for (const layer of [0, 2, 4]) {
      const head = (position + layer) % INFO.num_attention_heads;
      await open(scope, { layer, token: position, head });
      await matches(page, NATIVE, position, layer, head);
    }
  }
});

test('stepping through the text updates every number; the numbers for DeepSeek-V3 equal the published ones', async ({
  scope,
  page,
}) => {
  await open(scope, { token: 2, layer: 1 });
  for (let position = 3; position < 7; position++) {
    await scope.next.click();
    await scope.settled();
    await matches(page, NATIVE, position, 1, 0);
  }
  await scope.previous.click();
  await scope.settled();
  await matches(page, NATIVE, 5, 1, 0);
  // Values per token and layer: table 1 of the DeepSeek-V2 report, with the dimensions in DeepSeek-V3's config.json.
  // Latent 512 + 64; expanded 128 heads × (128 + 64 + 128); plain MHA 128 heads × (128 + 128).
  expect(await rowsOf(cache(page).locator('table[data-table=deepseek-v3]'))).toEqual([
    ['latent, stored', '576', '1.0×'],
    ['expanded', '40,960', '71.1×'],
    ['plain MHA', '32,768', '56.9×'],
  ]);
  await expect(cache(page).locator('[data-ratio=expanded]')).toHaveText('13.3×');
  await expect(cache(page).locator('[data-ratio=plain_mha]')).toHaveText('10.7×');
});

test('clicks select a token, a head and a layer, and a reload restores them from the link', async ({ scope, page }) => {
  await open(scope, { layer: 1, token: COUNT - 1 });
  const column = Number(await picture(page).getAttribute('data-column'));
  const { x, y } = must((await picture(page).boundingBox()) ?? undefined);
  await page.mouse.move(x + 4.5 * column, y + 100);
  await expect(picture(page).locator('.ring')).toHaveAttribute('x', String(4 * column));
  await page.mouse.click(x + 4.5 * column, y + 100);
  await matches(page, NATIVE, 4, 1, 0);
  await page.mouse.move(x, y + 400);
  await expect(picture(page).locator('.ring')).toHaveCount(0);
  await heads(page).getByRole('button', { name: 'head 5' }).click();
  await expect(heads(page).locator('[aria-pressed=true]')).toHaveText('5');
  await matches(page, NATIVE, 4, 1, 5);
  await page.getByRole('button', { name: 'The layer above' }).click();
  await matches(page, NATIVE, 4, 2, 5);
  await addressed(page, { token: '4', layer: '2', head: '5', view: 'cache' });
  await page.reload();
  await scope.ready();
  await matches(page, NATIVE, 4, 2, 5);
  // A click right of the columns selects nothing.
  const wide = Number(await picture(page).getAttribute('width'));
  await page.mouse.click(x + wide - 4, y + 100);
  await addressed(page, { token: '4' });
});

test('by keyboard alone: keys select a layer, a head and a token, and open the tables', async ({ scope, page }) => {
  await open(scope, { layer: 3, token: 6 });
  await page.getByRole('button', { name: 'The layer below' }).focus();
  await page.keyboard.press('Enter');
  await matches(page, NATIVE, 6, 2, 0);
  while ((await focused(page)) !== 'head 3') await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await matches(page, NATIVE, 6, 2, 3);
  await page.keyboard.press('ArrowLeft');
  await matches(page, NATIVE, 5, 2, 3);
  await page.keyboard.press('Home');
  await matches(page, NATIVE, 0, 2, 3);
  while (!(await focused(page)).startsWith('The vectors')) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(cache(page).locator('table[data-table=key]')).toBeVisible();
});

test('the tables have every number; terms highlight their marks; a head number that is too large selects the last head', async ({
  scope,
  page,
}) => {
  const [position, layer, head] = [6, 2, 4];
  await open(scope, { layer, token: position, head });
  for (const [shown, mark] of [
    ['latent', '[data-scheme=c_kv]'],
    ['RoPE key', '[data-scheme=rope_key]'],
    ['expanded', '[data-scheme=expanded]'],
    ['plain multi-head attention', '[data-scheme=plain_mha]'],
  ] as const) {
    await cache(page).locator('.term').getByText(shown, { exact: true }).focus();
    await expect(picture(page).locator(mark), shown).toHaveClass(/\blit\b/u);
    await expect(cache(page).locator('.meaning')).not.toBeEmpty();
  }
  await cache(page).locator('table[data-table=schemes] tr[data-scheme=plain_mha]').hover();
  await expect(cache(page).locator('.term').getByText('plain multi-head attention')).toHaveClass(/\blit\b/u);

  await page.getByText('The cache in numbers').click();
  const bytes = cache(page).locator('table[data-table=bytes]');
  await expect(bytes).toBeVisible();
  expect(await rowsOf(bytes)).toEqual(
    NATIVE.records
      .slice(0, position + 1)
      .map((record, each) => [
        String(each),
        quoted(must(NATIVE.tokens[each])),
        grouped(record.cache.latent),
        grouped(record.cache.expanded),
      ]),
  );
  await page.getByText('The vectors in numbers').click();
  const detail = must(NATIVE.details?.[position]);
  for (const [name, decimals] of [
    ['c_kv', detail.latents[layer]],
    ['rope_key', detail.rope_keys[layer]],
    ['key', detail.keys[layer]?.[head]],
    ['value', detail.values[layer]?.[head]],
    ['query', detail.queries[layer]?.[head]],
    ['absorbed', detail.absorbed_queries[layer]?.[head]],
  ] as const) {
    const cells = cache(page).locator(`table[data-table=${name}] td`);
    await expect(cells.first()).toBeVisible();
    expect(await valuesOf(cells)).toEqual(must(decimals).map(float));
    expect(await cells.evaluateAll(all => all.map(cell => (cell.textContent ?? '').trim()))).toEqual(
      must(decimals).map(exact),
    );
  }
  await open(scope, { layer: 1, token: 4, head: 99 });
  await matches(page, NATIVE, 4, 1, INFO.num_attention_heads - 1);
  await expect(page.locator('moe-status')).toContainText('head');
});

test('before the answer is shown, no mark, number or table has the answer; then every number equals the engine’s', async ({
  scope,
  page,
}) => {
  const position = 6;
  await open(scope, { layer: 2, token: position, reveal: 'click' });
  await scope.settled();
  await expect(cache(page).locator('.guess')).toContainText(
    `In an expanded cache, layer 2 would store 2,560 bytes for ${quoted(must(NATIVE.tokens[position]))}. How many bytes does it store in the latent cache?`,
  );
  await expect(picture(page).locator('[data-scheme=expanded]')).toHaveCount(1);
  for (const gone of [
    'dl.figures',
    '[data-ratio]',
    'table',
    'details',
    '.strip',
    '[data-agree]',
    '[data-scheme=c_kv]',
  ]) {
    await expect(cache(page).locator(gone)).toHaveCount(0);
  }
  await expect(cache(page).getByText(/\b(?:48|192|13\.3)\b/u)).toHaveCount(0);
  await cache(page).getByRole('button', { name: 'Show the answer' }).click();
  await matches(page, NATIVE, position, 2, 0);
  await expect(cache(page).locator('.guess')).toHaveCount(0);
});

testLooks(
  'cache',
  [
    { layer: 4, token: 8 },
    { layer: 0, token: 0 },
    { layer: 2, token: 8, reveal: 'click' },
  ].map(fields),
  (page, state) =>
    expect(cache(page).locator('table[data-table=bytes]')).toHaveCount(state['reveal'] === undefined ? 1 : 0),
);

testArrival('cache', {
  link: 'layer=3',
  place: 'svg.picture, h2, h3, table, .heads, summary',
  before: place => expect(cache(place.page()).locator('.strip')).toHaveCount(0),
  after: view => expect(view.locator('.strip')).toHaveCount(6),
});

test('in a long text, the columns follow the playhead', async ({ scope, page }) => {
  const long = 'The fox saw the dark wood. '.repeat(18).trim();
  const native = inspect(long, { details: true });
  const count = native.ids.length;
  await page.setViewportSize({ width: 768, height: 900 });
  for (const position of [count - 1, 40, 0]) {
    await open(scope, { text: long, token: position, layer: 1 });
    await matches(page, native, position, 1, 0);
  }
  const [first = NaN, end = NaN] = ((await picture(page).getAttribute('data-columns')) ?? '').split(' ').map(Number);
  expect(end - first).toBeLessThan(count);
  await expect(cache(page).locator('.window')).toContainText(`of ${count}`);
});

test('a model with 256 experts shows the engine’s numbers at three widths', async ({ scope, page }) => {
  const files = wide();
  const native = inspect(TEXT, { model: write(files), details: true });
  const at = native.ids.length - 1;
  await scope.link({ view: 'cache', text: TEXT, token: at, layer: 4 });
  await scope.openMenu();
  await page.getByText('Open another model').click();
  await page.getByLabel('Files of the model').setInputFiles(asChosen(files));
  await expect(scope.sentence).toContainText('of its 256');
  await matches(page, native, at, 4, 0);
  for (const width of [320, 768, 1440]) {
    await resize(scope, width);
    expect(await scrollWidth(page)).toBe(width);
    await matches(page, native, at, 4, 0);
  }
});
