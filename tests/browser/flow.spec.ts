// The flow view: every norm, vector and mark of a layer equals the native engine's result, stage by stage. Only a step
// forward is animated.

import type { Locator, Page } from '@playwright/test';
import { addressed, focused, reach, scrollWidth, speed } from './support/journey';
import { chosen as asChosen, shipped, wide, write } from './support/models';
import type { ModelFiles } from './support/models';
import type { Detail, ModelInfo, Native } from './support/native';
import { float, inspect } from './support/native';
import { exact, must, percent, quoted, rowsOf, valuesOf } from './support/printed';
import { resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, grouped, test } from './support/scope';
import { SOON } from './support/soon';
import type { State } from './support/views';
import { open as openView, openNew, unfold } from './support/views';
import { testArrival, testLooks } from './support/view-tests';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const NATIVE = inspect(TEXT, { details: true });
const COUNT = NATIVE.ids.length;
const CONFIG = JSON.parse(shipped()['config.json'].toString()) as Readonly<Record<string, number>>;

const fields = (state: State): State => ({ view: 'flow', text: TEXT, ...state });
const open = ({ page }: ScopePage, state: State): Promise<void> => openView(page, fields(state));

const flow = (page: Page): Locator => page.locator('moe-flow');
const diagram = (page: Page): Locator => page.getByRole('listbox', { name: /^Operations of layer/u });
const step = (page: Page, id: string): Locator => flow(page).locator(`[data-step='${id}']`);

interface Wanted {
  readonly id: string;
  readonly name: string;
  readonly shape: string;
  readonly norm: number | null;
  readonly part: number | null;
  readonly weight: number | null;
  readonly expert: number | null;
  readonly result: string | null;
  /** The name and the values of each vector. */
  readonly vectors: readonly (readonly [string, readonly number[]])[];
}

/** For each head, the position with the most attention weight, and this weight. */
function reads(detail: Detail, layer: number) {
  return must(detail.attention[layer]).map((row, head) => {
    const weights = row.map(float);
    const weight = Math.max(...weights);
    return { head, position: weights.indexOf(weight), weight };
  });
}

/** The operations of a layer from bottom to top, with the native engine's numbers. */
function wanted(native: Native, position: number, layer: number): Wanted[] {
  const { info } = native;
  const detail = must(native.details?.[position]);
  const record = must(native.records[position]);
  const norms = must(detail.stream_norms[layer]);
  const hidden = grouped(info.hidden_size);
  const kv = info.kv_lora_rank;
  const rope = info.qk_rope_head_dim;
  const at = (rows: readonly (readonly number[])[], row = layer): readonly number[] => must(rows[row]);
  const make = (id: string, name: string, shape: string, rest: Partial<Wanted>): Wanted => ({
    id,
    name,
    shape,
    norm: null,
    part: null,
    weight: null,
    expert: null,
    result: null,
    vectors: [],
    ...rest,
  });
  const cached = [
    ['latent', at(detail.latents)],
    ['ropeKey', at(detail.rope_keys)],
  ] as const;
  const most = reads(detail, layer).toSorted((one, other) => other.weight - one.weight);
  const named = [...new Set(most.map(each => each.position))].slice(0, 3);
  const steps = [
    make('in', 'stream in', hidden, { norm: must(norms[0]), vectors: [['stream', at(detail.stream)]] }),
    make('attentionNorm', 'normalise', hidden, { vectors: [['normed', at(detail.attention_inputs)]] }),
    make('latent', 'compress', `${hidden} → ${kv} + ${rope}`, { vectors: cached }),
    make('cache', 'write the cache', `${kv} + ${rope} → ${grouped((kv + rope) * info.cache_value_bytes)} B`, {
      vectors: cached,
    }),
    make('attend', 'attend', `${info.num_attention_heads} × ${info.v_head_dim}`, {
      result: `most: ${named.map(each => quoted(must(native.tokens[each]))).join(' ')}`,
      vectors: [['heads', must(detail.head_outputs[layer]).flat()]],
    }),
    make('attentionOut', 'attention adds', `${info.num_attention_heads * info.v_head_dim} → ${hidden}`, {
      norm: must(norms[1]),
      vectors: [['adds', at(detail.attention_outputs)]],
    }),
    make('between', 'stream', hidden, { norm: must(norms[2]), vectors: [['stream', at(detail.attended)]] }),
    make('ffnNorm', 'normalise', hidden, { vectors: [['normed', at(detail.ffn_inputs)]] }),
  ];
  const adds: Partial<Wanted> = { norm: must(norms[3]), vectors: [['adds', at(detail.ffn_outputs)]] };
  if (layer < info.first_k_dense_replace) {
    steps.push(make('dense', 'dense network', `${hidden} → ${grouped(info.intermediate_size)} → ${hidden}`, adds));
  } else {
    const route = must(record.routes.find(each => each.layer === layer));
    const row = layer - info.first_k_dense_replace;
    const experts = info.n_routed_experts;
    const inner = (count: number): string => `${hidden} → ${grouped(info.moe_intermediate_size * count)} → ${hidden}`;
    const groups =
      route.kept_groups.length === 1
        ? `group ${String(route.kept_groups[0])}`
        : `groups ${route.kept_groups.slice(0, -1).join(', ')} and ${String(route.kept_groups.at(-1))}`;
    steps.push(
      make('score', 'score experts', `${hidden} → ${experts}`, {
        vectors: [
          ['logits', at(detail.router_logits, row)],
          ['scores', route.scores],
        ],
      }),
    );
    if (info.topk_group < info.n_group) {
      steps.push(
        make('cut', 'keep groups', `${info.topk_group} of ${info.n_group}`, {
          result: groups,
          vectors: [['groups', route.group_scores]],
        }),
      );
    }
    steps.push(
      make('choose', 'choose', `${info.num_experts_per_tok} of ${experts}`, {
        result: `${route.experts.slice(0, -1).join(', ')} and ${String(route.experts.at(-1))}`,
        vectors: [['weights', route.weights]],
      }),
    );
    route.experts.forEach((expert, rank) => {
      steps.push(
        make(`expert-${rank}`, `expert ${expert}`, inner(1), {
          expert,
          weight: must(route.weights[rank]),
          norm: must(at(detail.expert_norms, row)[rank]),
          part: must(at(detail.parts, row)[rank]),
          vectors: [['output', must(must(detail.expert_outputs[row])[rank])]],
        }),
      );
    });
    if (info.n_shared_experts > 0) {
      steps.push(
        make('shared', 'shared expert', inner(info.n_shared_experts), {
          norm: must(at(detail.expert_norms, row).at(-1)),
          part: must(at(detail.parts, row).at(-1)),
          vectors: [['output', at(detail.shared_outputs, row)]],
        }),
      );
    }
    const outputs = info.num_experts_per_tok + (info.n_shared_experts > 0 ? 1 : 0);
    steps.push(make('sum', 'weight and add', `${outputs} × ${hidden} → ${hidden}`, adds));
  }
  steps.push(
    make('out', 'stream out', hidden, { norm: must(norms[4]), vectors: [['stream', at(detail.stream, layer + 1)]] }),
  );
  if (layer === info.num_hidden_layers - 1) {
    const { tokens, probabilities } = record.next;
    steps.push(
      make('finalNorm', 'normalise', hidden, { vectors: [['normed', detail.final_input]] }),
      make('logits', 'logits', `${hidden} → ${grouped(info.vocab_size)}`, {
        result: `${quoted(must(native.labels.get(must(tokens[0]))))} ${percent(must(probabilities[0]))}`,
        vectors: [['logits', tokens.map(token => must(detail.logits[token]))]],
      }),
    );
  }
  return steps;
}

/** The index of the stage that completes an operation; -1 for the stream into layer 0, which exists before stage 0. */
function stageOf(info: ModelInfo, layer: number, id: string): number {
  const per = info.topk_group < info.n_group ? 5 : 4;
  const dense = info.first_k_dense_replace;
  const start = layer < dense ? 3 * layer : 3 * dense + per * (layer - dense);
  if (id === 'in') return start - 1;
  if (['attentionNorm', 'latent', 'cache'].includes(id)) return start;
  if (['attend', 'attentionOut', 'between'].includes(id)) return start + 1;
  if (id === 'finalNorm' || id === 'logits') return 3 * dense + per * (info.num_hidden_layers - dense);
  if (layer < dense || id === 'ffnNorm' || id === 'score') return start + 2;
  return id === 'cut' ? start + 3 : start + per - 1;
}

/** The texts and numbers of each operation in the diagram, from bottom to top. */
function rowsSeen(page: Page) {
  return flow(page)
    .locator('[data-step]')
    .evaluateAll(rows =>
      rows.reverse().map(row => {
        const number = (name: string): number | null => {
          const found = row.getAttribute(name);
          return found === null ? null : Number(found);
        };
        const text = (selector: string): string | null => {
          const found = row.querySelector(selector);
          return found ? (found.textContent ?? '').replace(/\s+/gu, ' ').trim() : null;
        };
        return {
          id: row.getAttribute('data-step'),
          done: row.getAttribute('data-done'),
          name: text('.name'),
          shape: text('.shape'),
          result: text('.result'),
          norm: number('data-norm'),
          part: number('data-part'),
          weight: number('data-weight'),
          expert: number('data-expert'),
          normText: text('.norm'),
          partText: text('.part'),
          label: row.getAttribute('aria-label'),
        };
      }),
    );
}

/** Compares the diagram with the native results; operations after `stage` must not have any numbers. */
async function matches(page: Page, native: Native, position: number, layer: number, stage = Infinity): Promise<void> {
  const expected = wanted(native, position, layer).map(each => {
    const done = stageOf(native.info, layer, each.id) <= stage;
    const name = done || each.expert === null ? each.name : 'expert';
    const at = done ? each : { ...each, norm: null, part: null, weight: null, expert: null, result: null };
    const numbers = [
      at.result,
      at.part === null ? null : `part ${exact(at.part)}`,
      at.norm === null
        ? null
        : `norm ${exact(at.norm)}${at.weight === null ? '' : ` × ${exact(at.weight)} (the expert’s weight)`}`,
      done ? null : 'not computed yet',
    ];
    return {
      id: at.id,
      done: String(done),
      name,
      shape: at.shape,
      result: at.result,
      norm: at.norm === null ? null : float(at.norm),
      part: at.part === null ? null : float(at.part),
      weight: at.weight === null ? null : float(at.weight),
      expert: at.expert,
      normText: at.norm === null ? null : `norm ${exact(at.norm)}${at.weight === null ? '' : ` × ${exact(at.weight)}`}`,
      partText: at.part === null ? null : `part ${exact(at.part)}`,
      label: [name, at.shape, ...numbers].filter(each => each !== null).join(', '),
    };
  });
  await expect.poll(() => rowsSeen(page), SOON).toEqual(expected);
}

interface Strip {
  readonly name: string | null;
  readonly scale: number;
  readonly text: string;
  readonly values: readonly number[];
  readonly opacity: readonly number[];
  readonly below: readonly boolean[];
  /** Column and row of each cell. */
  readonly cells: readonly string[];
}

async function strips(page: Page): Promise<Strip[]> {
  const strips = await flow(page)
    .locator('.strip')
    .evaluateAll(all =>
      JSON.stringify(
        all.map(strip => {
          const cells = [...strip.querySelectorAll<SVGElement>('rect[data-value]')];
          const [first] = cells;
          const size = Number(first?.getAttribute('width')) + 1;
          const number = (cell: Element, name: string): number => Number(cell.getAttribute(name));
          return {
            name: strip.getAttribute('data-strip'),
            scale: Number(strip.getAttribute('data-scale')),
            text: (strip.querySelector('p')?.textContent ?? '').replace(/\s+/gu, ' ').trim(),
            values: cells.map(cell => number(cell, 'data-value')),
            opacity: cells.map(cell => number(cell, 'fill-opacity')),
            below: cells.map(cell => cell.classList.contains('below')),
            cells: cells.map(cell => `${number(cell, 'x') / size} ${number(cell, 'y') / size}`),
          };
        }),
      ),
    );
  return JSON.parse(strips) as Strip[];
}

/** Compares the strips of the shown operation with its vectors. `columns`: cells per row of a strip. */
async function matchesStrips(page: Page, { id, vectors }: Wanted, columns: number): Promise<void> {
  await expect(flow(page).locator('#panel')).toHaveAttribute('data-shown', id);
  const found = await strips(page);
  expect(found.map(({ name }) => name)).toEqual(vectors.map(([name]) => name));
  for (const [index, [, decimals]] of vectors.entries()) {
    const strip = must(found[index]);
    const values = decimals.map(float);
    const scale = Math.max(...values.map(Math.abs));
    expect(strip.values, id).toEqual(values);
    expect(strip.scale).toBe(scale);
    expect(strip.text).toContain(`${grouped(values.length)} values, ±`);
    expect(strip.text.endsWith(`±${scale.toFixed(2)}`)).toBe(true);
    expect(strip.below).toEqual(values.map(value => value < 0));
    expect(strip.opacity).toEqual(values.map(value => Math.abs(value) / scale));
    expect(strip.cells).toEqual(values.map((_, cell) => `${cell % columns} ${Math.floor(cell / columns)}`));
  }
}

/** A copy of a model without groups of experts and without shared experts. */
function bare(files: ModelFiles): ModelFiles {
  const config = JSON.parse(files['config.json'].toString()) as object;
  const file = files['model.safetensors'];
  const start = 8 + Number(file.readBigUInt64LE());
  const tensors = JSON.parse(file.subarray(8, start).toString()) as Record<string, { data_offsets: [number, number] }>;
  const parts: Buffer[] = [];
  let at = 0;
  const kept = Object.entries(tensors).filter(([name]) => !name.includes('shared_experts'));
  const moved = kept.map(([name, tensor]) => {
    const [from, to] = tensor.data_offsets;
    parts.push(file.subarray(start + from, start + to));
    const data_offsets = [at, at + to - from];
    at += to - from;
    return [name, { ...tensor, data_offsets }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(moved)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return {
    ...files,
    'config.json': Buffer.from(JSON.stringify({ ...config, n_group: 1, topk_group: 1, n_shared_experts: 0 })),
    'model.safetensors': Buffer.concat([length, text, ...parts]),
  };
}

test.describe('with reduced motion', () => {
  test.beforeEach(async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });

  test('every norm, part and weight equals the engine’s result, in layers 0, 2 and 4, at the first, a middle and the last token', async ({
    scope,
    page,
  }) => {
    for (const position of [0, 5, COUNT - 1]) {
      for (const layer of [0, 2, 4]) {
        await open(scope, { layer, token: position });
        await matches(page, NATIVE, position, layer);
      }
    }
  });

  test('arrow keys select every vector of layers 0, 2 and 4, and its values equal the engine’s', async ({
    scope,
    page,
  }) => {
    const position = 6;
    for (const layer of [0, 2, 4]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(scope, { layer, token: position });
      const expected = wanted(NATIVE, position, layer);
      await diagram(page).focus();
      // At first, the last operation is selected.
      await matchesStrips(page, must(expected.at(-1)), 32);
      for (const each of expected.slice(0, -1).toReversed()) {
        await page.keyboard.press('ArrowDown');
        await matchesStrips(page, each, 32);
        await expect(diagram(page)).toHaveAttribute('aria-activedescendant', `step-${each.id}`);
        await expect(step(page, each.id)).toHaveAttribute('aria-selected', 'true');
      }
      // At the lowest operation, the down arrow key does not move the selection.
      await page.keyboard.press('ArrowDown');
      await matchesStrips(page, must(expected[0]), 32);
      await page.keyboard.press('ArrowUp');
      await matchesStrips(page, must(expected[1]), 32);
      await addressed(page, { token: String(position), layer: String(layer) });
      // The selected operation is scrolled into view, above the panel, which covers the lower part of the diagram.
      await page.setViewportSize({ width: 768, height: 600 });
      for (const key of ['ArrowUp', 'ArrowDown']) {
        for (let presses = 0; presses < expected.length; presses++) await page.keyboard.press(key);
        const active = await flow(page).locator('[aria-selected=true]').boundingBox();
        const panel = await flow(page).locator('#panel').boundingBox();
        expect(must(active ?? undefined).y).toBeGreaterThanOrEqual(0);
        expect(must(active ?? undefined).y + must(active ?? undefined).height).toBeLessThanOrEqual(panel?.y ?? NaN);
      }
    }
  });

  test('bars show parts, discs show shares; the panel lists the tokens that heads read, and the next tokens; tables have every number; terms highlight their marks', async ({
    scope,
    page,
  }) => {
    await test.step('bars show parts and discs show shares, each with one scale', async () => {
      const [position, layer] = [4, 3];
      await open(scope, { layer, token: position });
      const route = must(NATIVE.records[position]?.routes.find(each => each.layer === layer));
      const marks = await flow(page).evaluate(view => {
        const root = view.shadowRoot;
        const bars = [...(root?.querySelectorAll('.bar') ?? [])].map(bar => {
          const rect = bar.querySelector('rect');
          const zero = Number(/^M([\d.]+) /u.exec(bar.querySelector('path')?.getAttribute('d') ?? '')?.[1]);
          const [x, width] = [Number(rect?.getAttribute('x')), Number(rect?.getAttribute('width'))];
          return { length: x < zero ? -width : width, starts: x < zero ? x + width : x, zero };
        });
        const discs = [...(root?.querySelectorAll('.rail .note') ?? [])].map(disc => ({
          share: Number(disc.getAttribute('data-share')),
          radius: Number(disc.getAttribute('r')),
        }));
        return { bars: bars.reverse(), discs };
      });
      const parts = must(NATIVE.details?.[position]?.parts[layer - NATIVE.info.first_k_dense_replace]).map(float);
      expect(marks.bars).toHaveLength(parts.length);
      const unit = must(marks.bars[0]).length / must(parts[0]);
      expect(unit).toBeGreaterThan(0);
      marks.bars.forEach(({ length, starts, zero }, index) => {
        expect(length).toBeCloseTo(must(parts[index]) * unit, 6);
        expect(starts).toBeCloseTo(zero, 6);
      });
      expect(marks.discs.map(({ share }) => share)).toEqual(route.shares.map(float));
      for (const { share, radius } of marks.discs) expect(radius ** 2 / share).toBeCloseTo(64, 6);
    });
    await test.step('the panel lists the tokens that heads read, and the next tokens', async () => {
      const [position, layer] = [7, 4];
      await open(scope, { layer, token: position });
      const detail = must(NATIVE.details?.[position]);
      const items = (): Promise<string[]> =>
        flow(page)
          .locator('#panel li')
          .evaluateAll(all => all.map(each => (each.textContent ?? '').replace(/\s+/gu, ' ').trim()));
      const values = (): Promise<number[]> =>
        flow(page)
          .locator('#panel li')
          .evaluateAll(all => all.map(each => Number(each.getAttribute('data-value'))));
      await step(page, 'attend').hover();
      const most = reads(detail, layer);
      expect(await items()).toEqual(
        most.map(
          ({ head, position, weight }) => `head ${head}: ${quoted(must(NATIVE.tokens[position]))} ${exact(weight)}`,
        ),
      );
      expect(await values()).toEqual(most.map(({ weight }) => weight));
      const { hidden_size: hidden, q_lora_rank: query, num_attention_heads: heads, ...head } = CONFIG;
      await expect(flow(page).locator('[data-query]')).toHaveText(
        `The queries: ${hidden} → c_Q ${query} → ${heads} × (${head.qk_nope_head_dim} + ${head.qk_rope_head_dim}). ` +
          `The last ${head.qk_rope_head_dim} values of each head’s query are rotated by the token’s position.`,
      );
      await step(page, 'logits').hover();
      const { tokens, probabilities } = must(NATIVE.records[position]).next;
      expect(await items()).toEqual(
        tokens.map(
          (token, rank) =>
            `${quoted(must(NATIVE.labels.get(token)))}: logit ${exact(must(detail.logits[token]))}, ` +
            percent(must(probabilities[rank])),
        ),
      );
      expect(await values()).toEqual(probabilities.map(float));
    });
    await test.step('the tables have every number', async () => {
      const [position, layer] = [6, 4];
      await open(scope, { layer, token: position });
      await expect(flow(page).locator('table')).toHaveCount(0);
      await page.getByText('The layer in numbers, layer 4').click();
      const expected = wanted(NATIVE, position, layer);
      const number = (value: number | null): string => (value === null ? '' : exact(value));
      const table = (name: string): Locator => flow(page).locator(`table[data-table=${name}]`);
      await expect(table('operations')).toBeVisible();
      expect(await rowsOf(table('operations'))).toEqual(
        expected.map(({ name, shape, norm }) => [name, shape, number(norm)]),
      );
      expect(await rowsOf(table('experts'))).toEqual(
        expected
          .filter(({ id }) => id === 'shared' || id.startsWith('expert-'))
          .map(({ name, weight, part, norm }) => [name, number(weight), number(part), number(norm)]),
      );
      const detail = must(NATIVE.details?.[position]);
      expect(await rowsOf(table('reads'))).toEqual(
        reads(detail, layer).map(({ head, position, weight }) => [
          String(head),
          quoted(must(NATIVE.tokens[position])),
          exact(weight),
        ]),
      );
      const { tokens, probabilities } = must(NATIVE.records[position]).next;
      expect(await rowsOf(table('next'))).toEqual(
        tokens.map((token, rank) => [
          quoted(must(NATIVE.labels.get(token))),
          exact(must(detail.logits[token])),
          percent(must(probabilities[rank])),
        ]),
      );
      await page.getByText('This vector in numbers').click();
      for (const id of ['latent', 'attend', 'sum', 'in']) {
        await step(page, id).hover();
        for (const [name, decimals] of must(expected.find(each => each.id === id)).vectors) {
          await expect(table(name)).toBeVisible();
          const cells = table(name).locator('td');
          expect(await valuesOf(cells)).toEqual(decimals.map(float));
          const texts = await cells.evaluateAll(all => all.map(cell => (cell.textContent ?? '').trim()));
          expect(texts).toEqual(decimals.map(exact));
        }
      }
    });
    await test.step('terms highlight their marks', async () => {
      await open(scope, { layer: 2, token: 6 });
      for (const [shown, mark] of [
        ['residual stream', "g[data-term='stream']"],
        ['latent', "[data-step='latent']"],
        ['cache', "[data-step='cache']"],
        ['reads', "[data-step='attend']"],
        ['router', "[data-step='choose']"],
        ['experts', "[data-step='expert-0']"],
        ['shared', "[data-step='shared']"],
        ['part of the sum', '.part'],
        ['norm', '.norm'],
        ['normalises', "[data-step='attentionNorm']"],
      ] as const) {
        await flow(page).locator('.term').getByText(shown, { exact: true }).focus();
        await expect(flow(page).locator(mark).first(), shown).toHaveClass(/\blit\b/u);
        await expect(flow(page).locator('.meaning')).not.toBeEmpty();
      }
      await step(page, 'latent').hover();
      await expect(flow(page).locator('.term').getByText('latent', { exact: true })).toHaveClass(/\blit\b/u);
    });
  });

  test('stepping by stage shows no number of later stages, and moves on to the next layer', async ({ scope, page }) => {
    const position = 3;
    await open(scope, { layer: 2, token: position });
    const next = page.getByRole('button', { name: 'Next stage' });
    const previous = page.getByRole('button', { name: 'Previous stage' });
    const info = NATIVE.info;
    const count = stageOf(info, info.num_hidden_layers - 1, 'logits') + 1;
    await expect(flow(page).locator('[data-stage]').last()).toHaveText(`The whole step: all ${count} stages`);
    // The finished step is shown, so the button Next stage starts with the first stage.
    for (let stage = 0; stage < count; stage++) {
      if (stage % 2 === 0) await next.click();
      else {
        await diagram(page).focus();
        await page.keyboard.press('PageDown');
      }
      const layers = Array.from({ length: info.num_hidden_layers }, (_, each) => each);
      const layer = Math.max(...layers.filter(each => stageOf(info, each, 'cache') <= stage));
      await addressed(page, { layer: String(layer) });
      await expect(flow(page).locator('p[data-stage]')).toHaveAttribute('data-stage', String(stage));
      await expect(flow(page).locator('p[data-stage]')).toContainText(
        stage === count - 1 ? `all ${count} stages` : `${stage + 1} of ${count}`,
      );
      await matches(page, NATIVE, position, layer, stage);
    }
    await previous.click();
    await matches(page, NATIVE, position, 4, count - 2);
    // Another layer can be selected; a button leads back to the layer of the stage.
    await page.getByRole('button', { name: 'The layer below' }).click();
    await matches(page, NATIVE, position, 3, count - 2);
    await page.getByRole('button', { name: 'Go to layer 4' }).click();
    await addressed(page, { layer: '4' });
    await open(scope, { layer: 3, token: position, stage: 5 });
    await matches(page, NATIVE, position, 3, 5);
    await expect(flow(page).locator('.strip')).toHaveCount(0);
    await addressed(page, { layer: '3', stage: '1.score' });
    await step(page, 'sum').hover();
    await expect(flow(page).locator('#panel')).toContainText('not computed yet');
    await expect(flow(page).locator('#panel rect')).toHaveCount(0);
    // At the first stage, the button Previous stage is disabled.
    await open(scope, { layer: 0, token: position, stage: 0 });
    await expect(previous).toHaveAttribute('aria-disabled', 'true');
  });

  test('a click selects a layer, pointing selects a vector, and clicks open views with more detail', async ({
    scope,
    page,
  }) => {
    const position = 6;
    await open(scope, { layer: 1, token: position });
    await page.getByRole('button', { name: 'The layer above' }).click();
    await matches(page, NATIVE, position, 2);
    const expected = wanted(NATIVE, position, 2);
    await step(page, 'latent').hover();
    await matchesStrips(page, must(expected.find(({ id }) => id === 'latent')), 32);
    // The operation stays selected while the pointer is on its numbers.
    await page.getByText('This vector in numbers: compress').hover();
    await matchesStrips(page, must(expected.find(({ id }) => id === 'latent')), 32);
    const expert = must(expected.find(({ id }) => id === 'expert-1')?.expert ?? undefined);
    await step(page, 'expert-1').click();
    await addressed(page, { view: 'router', layer: '2', expert: String(expert) });
    await expect(page.locator('moe-router')).toContainText('layer 2');
    for (const [name, view] of [
      ['attention', 'attention'],
      ['cache', 'cache'],
      ['router', 'router'],
      ['next token', 'next'],
    ] as const) {
      await open(scope, { layer: 2, token: position });
      await flow(page).getByRole('group', { name: 'Look closer' }).getByRole('button', { name }).click();
      await addressed(page, { view });
    }
    // A click on an operation that is not a routed expert opens no other view.
    await open(scope, { layer: 2, token: position });
    await step(page, 'sum').click();
    await step(page, 'shared').click();
    await addressed(page, { view: 'flow' });
  });

  test('by keyboard alone: keys select a layer, a stage, a token and a vector', async ({ scope, page }) => {
    const [position, layer] = [5, 3];
    await open(scope, { layer, token: position });
    await scope.next.focus();
    await reach(page, 'The layer below');
    await page.keyboard.press('Enter');
    await matches(page, NATIVE, position, layer - 1);
    await reach(page, 'Previous stage');
    await reach(page, 'Next stage');
    await reach(page, `Operations of layer ${layer - 1}`);
    // The page's keys for tokens and stages work in the diagram, too.
    await page.keyboard.press('ArrowRight');
    await addressed(page, { token: String(position + 1) });
    await matches(page, NATIVE, position + 1, layer - 1);
    await page.keyboard.press('ArrowLeft');
    await matches(page, NATIVE, position, layer - 1);
    await page.keyboard.press('PageUp');
    await expect(flow(page).locator('p[data-stage]')).toContainText('Layer 4 chooses and runs experts');
    await page.keyboard.press('PageDown');
    await addressed(page, { layer: '4' });
    const expected = wanted(NATIVE, position, 4);
    await matches(page, NATIVE, position, 4);
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press('ArrowDown');
    const to = must(expected[expected.length - 6]);
    await matchesStrips(page, to, 32);
    expect(to.id).toBe('expert-3');
    await reach(page, 'Vector: ');
    await reach(page, 'cache');
    await reach(page, 'This vector in numbers');
    await page.keyboard.press('Enter');
    await expect(flow(page).locator('table[data-table=output]')).toBeVisible();
    await page.keyboard.press('Shift+Tab');
    while (!(await focused(page)).startsWith('Operations of layer')) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await addressed(page, { view: 'router', layer: '4', expert: String(to.expert) });
  });

  test('before the answer is shown, the flow of layers 0, 2 and 4 does not contain it; then every number equals the engine’s', async ({
    scope,
    page,
  }) => {
    // Each layer is tested at a different position, because an answer that was shown stays visible at its position.
    for (const [layer, position] of [
      [0, 4],
      [2, 5],
      [4, 6],
    ] as const) {
      await open(scope, { layer, token: position, reveal: 'click' });
      await expect(page.getByText(`The layer in numbers, layer ${layer}`)).toBeVisible();
      await unfold(flow(page));
      const expected = wanted(NATIVE, position, layer);
      const found = await rowsSeen(page);
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      for (const { norm, part, weight, expert, result, done } of found) {
        expect([norm, part, weight, expert, result, done]).toEqual([null, null, null, null, null, 'false']);
      }
      for (const gone of ['[data-value]', '.strip', '#panel li', '.note', 'table[data-table=next]', '[data-share]']) {
        await expect(flow(page).locator(gone)).toHaveCount(0);
      }
      const html = await flow(page).evaluate(view => view.shadowRoot?.innerHTML ?? '');
      for (const { name, expert } of expected) if (expert !== null) expect(html).not.toContain(name);
      const token = quoted(must(NATIVE.tokens[position]));
      await expect(flow(page).locator('.guess')).toContainText(
        layer === 0
          ? `Which token does the model expect after ${token}?`
          : layer === 4
            ? `which 4 of its 16 experts does layer 4 choose for ${token}, and which token follows?`
            : `Which 4 of its 16 experts does layer 2 choose for ${token}?`,
      );
      await flow(page).getByRole('button', { name: 'Show the answer' }).click();
      await matches(page, NATIVE, position, layer);
      await expect(flow(page).locator('.guess')).toHaveCount(0);
    }
  });

  testLooks(
    'flow',
    [
      { layer: 4, token: 8 },
      { layer: 0, token: 8 },
      { layer: 3, token: 8, stage: 14 },
      { layer: 2, token: 8, reveal: 'click' },
    ].map(state => fields(state)),
    page => expect(flow(page).locator('table[data-table=operations]')).toBeVisible(),
  );

  test('at 320 px, every name and number is inside its row, and names do not overlap numbers', async ({
    scope,
    page,
  }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await open(scope, { layer: 4, token: 8 });
    const outside = await flow(page)
      .locator('[data-step]')
      .evaluateAll(rows =>
        rows.flatMap(row => {
          const { left, right, top, bottom } = row.getBoundingClientRect();
          const sides = ['.name', '.part, .norm, .result'].map(each =>
            row.querySelector(each)?.getBoundingClientRect(),
          );
          const meet = (sides[0]?.right ?? 0) > (sides[1]?.left ?? Infinity);
          if (meet) return [`${row.getAttribute('data-step')} meets its numbers`];
          return [...row.querySelectorAll('.name, .shape, .part, .norm, .result')]
            .filter(each => each.checkVisibility())
            .filter(each => {
              const box = each.getBoundingClientRect();
              return box.left < left || box.right > right || box.top < top - 1 || box.bottom > bottom + 1;
            })
            .map(each => `${row.getAttribute('data-step')} ${each.className}`);
        }),
      );
    expect(outside).toEqual([]);
  });

  testArrival('flow', {
    link: 'layer=3',
    place: '[data-step], .rail, #panel, .stages, summary',
    before: place => expect(flow(place.page()).locator('[data-done=true]')).toHaveCount(0),
    after: view => expect(view.locator('[data-done=true]').first()).toBeAttached(),
    // The last two boxes may change, because a summary contains the name of the selected operation.
    changing: 2,
  });

  for (const [name, files] of [
    ['256 experts in 8 groups', wide()],
    ['256 experts, no groups and no shared expert', bare(wide())],
  ] as const) {
    test(`a model with ${name} shows the engine’s numbers at three widths`, async ({ scope, page }) => {
      const native = inspect(TEXT, { model: write(files), details: true });
      const at = native.ids.length - 1;
      await scope.link({ view: 'flow', text: TEXT, token: at, layer: 4 });
      await scope.openMenu();
      await page.getByText('Open another model').click();
      await page.getByLabel('Files of the model').setInputFiles(asChosen(files));
      await expect(scope.sentence).toContainText('of its 256');
      await matches(page, native, at, 4);
      await scope.text.hover();
      await page.getByRole('button', { name: 'The layer above' }).focus();
      await page.keyboard.press('Enter');
      await matches(page, native, at, 5);
      await diagram(page).focus();
      for (const each of wanted(native, at, 5).toReversed()) {
        await matchesStrips(page, each, 32);
        await page.keyboard.press('ArrowDown');
      }
      for (const width of [320, 768, 1440]) {
        await resize(scope, width);
        expect(await scrollWidth(page)).toBe(width);
        await matches(page, native, at, 5);
      }
    });
  }
});

/** The different play states of the animations in the flow, sorted. */
function movements(page: Page): Promise<string[]> {
  return flow(page).evaluate(view => {
    const all = view.shadowRoot?.getAnimations() ?? [];
    return [...new Set(all.map(({ playState }) => playState))].sort();
  });
}

test.describe('with animations', () => {
  let setPace: (rate: number) => Promise<void>;

  test.beforeEach(async ({ page, scope }) => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await open(scope, { layer: 4, token: COUNT - 1 });
    await scope.scrubber.fill('4');
    await addressed(page, { token: '4' });
    await matches(page, NATIVE, 4, 4);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Animation.enable');
    setPace = async rate => {
      await devtools.send('Animation.setPlaybackRate', { playbackRate: rate });
    };
    await setPace(0);
  });

  test.afterEach(() => setPace(1));

  /** Plays all animations at 50 times the speed until they end, then stops animation time again. */
  async function look(page: Page): Promise<void> {
    await setPace(50);
    await expect
      .poll(
        () => flow(page).evaluate(view => view.getAnimations({ subtree: true }).map(({ playState }) => playState)),
        SOON,
      )
      .toEqual([]);
    await expect.poll(() => movements(page), SOON).toEqual([]);
    await setPace(0);
  }

  test('a step forward is animated from bottom to top, at the speed of playback; the pointer or a key pauses the animation', async ({
    scope,
    page,
  }) => {
    await test.step('the animation goes from bottom to top; the final numbers are shown from the start', async () => {
      expect(await movements(page)).toEqual([]);
      await scope.next.click();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await matches(page, NATIVE, 5, 4);
      const timed = await flow(page).evaluate(view =>
        (view.shadowRoot?.getAnimations() ?? []).flatMap(({ effect }) => {
          const row = (effect as KeyframeEffect).target?.closest('[data-step]');
          const { delay, duration } = effect?.getTiming() ?? {};
          return row ? [{ id: row.getAttribute('data-step'), delay: delay ?? NaN, duration: Number(duration) }] : [];
        }),
      );
      // An operation does not start before the operation below it. An animation takes 300 to 800 ms; a pause follows.
      const order = wanted(NATIVE, 5, 4).map(({ id }) => id);
      const delays = order.map(id => Math.min(...timed.filter(each => each.id === id).map(({ delay }) => delay)));
      expect(delays).toEqual(delays.toSorted((one, other) => one - other));
      for (const { duration } of timed) expect(duration).toBeGreaterThanOrEqual(300);
      for (const { duration } of timed) expect(duration).toBeLessThanOrEqual(800);
      const turns = [...new Set(delays)];
      expect(turns).toHaveLength(7);
      turns.slice(1).forEach((delay, index) => {
        expect(delay).toBeGreaterThan(must(turns[index]) + must(timed[0]).duration);
      });
      await look(page);
      await matches(page, NATIVE, 5, 4);
    });
    await test.step('the pointer or a key pauses and resumes the animation', async () => {
      await scope.next.click();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await step(page, 'latent').hover();
      await expect.poll(() => movements(page), SOON).toEqual(['paused']);
      await matchesStrips(page, must(wanted(NATIVE, 6, 4).find(({ id }) => id === 'latent')), 32);
      await scope.text.hover();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await diagram(page).focus();
      await page.keyboard.press('x');
      await expect.poll(() => movements(page), SOON).toEqual(['paused']);
      await page.keyboard.press('x');
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await look(page);
    });
    await test.step('the animation has the speed of playback', async () => {
      await scope.openSettings();
      await speed(page).selectOption('4×');
      await scope.next.click();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      const rates = await flow(page).evaluate(view => [
        ...new Set(view.shadowRoot?.getAnimations().map(({ playbackRate }) => playbackRate)),
      ]);
      expect(rates).toEqual([4]);
    });
  });

  test('the next step ends the animation; a token that is run for the first time is animated; showing an answer is not animated', async ({
    scope,
    page,
  }) => {
    await test.step('the next step or a stage ends the animation', async () => {
      await diagram(page).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await page.keyboard.press('ArrowRight');
      await matches(page, NATIVE, 6, 4);
      expect(await movements(page)).toEqual([]);
      await look(page);
      await page.keyboard.press('ArrowRight');
      await matches(page, NATIVE, 7, 4);
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      // Going to a stage also ends the animation.
      await page.keyboard.press('PageUp');
      await expect.poll(() => movements(page), SOON).toEqual([]);
      await look(page);
      await scope.previous.click();
      await matches(page, NATIVE, 6, 4);
      expect(await movements(page)).toEqual([]);
    });
    await test.step('a token that is run for the first time is animated', async () => {
      await setPace(1);
      await openNew(page, fields({ layer: 3, token: 2 }));
      await setPace(0);
      await scope.next.click();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await matches(page, NATIVE, 3, 3);
      await look(page);
      await scope.next.click();
      await expect.poll(() => movements(page), SOON).toEqual(['running']);
      await look(page);
    });
    await test.step('showing an answer is not animated', async () => {
      await setPace(1);
      await openNew(page, fields({ layer: 3, token: 2, reveal: 'click' }));
      await setPace(0);
      await scope.next.click();
      await expect(scope.sentence).toHaveText('Make your guess, then show the answer.');
      await addressed(page, { token: '3' });
      await scope.settled();
      await flow(page).getByRole('button', { name: 'Show the answer' }).click();
      await matches(page, NATIVE, 3, 3);
      expect(await movements(page)).toEqual([]);
    });
  });
});

test('with reduced motion, nothing is animated', async ({ scope, page }) => {
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
  await open(scope, { layer: 4, token: 4 });
  await scope.next.click();
  await matches(page, NATIVE, 5, 4);
  await diagram(page).focus();
  await page.keyboard.press('ArrowRight');
  await matches(page, NATIVE, 6, 4);
  await page.keyboard.press('PageDown');
  await matches(page, NATIVE, 6, 0, 0);
  expect(await page.evaluate(() => (globalThis as unknown as { animated: number }).animated)).toBe(0);
});
