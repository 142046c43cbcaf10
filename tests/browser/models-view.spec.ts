// The view of published models: every number and mark equals the native engine's survey. The survey's settings
// are the values of the controls: context, users, memory, bits of cache and weights, and the user's config.json.

import type { Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, addressed, focused, holdBack } from './support/journey';
import { LOOKS } from './support/looks';
import { chosen as asChosen, wide, write } from './support/models';
import type { Question, Survey, SurveyedModel } from './support/native';
import { PROJECT, survey } from './support/native';
import { must, rowsOf } from './support/printed';
import { expect, grouped, ScopePage, test } from './support/scope';
import type { State } from './support/views';
import { boxesOf, onlyAll, open as openView } from './support/views';
import { testLooks } from './support/view-tests';

interface Preset {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly note: string | null;
  readonly unverified_fields: readonly string[];
  readonly params_total_published: string | null;
  readonly params_active_published: string | null;
}

const PRESETS = (
  JSON.parse(readFileSync(join(PROJECT, 'www/src/engine/presets.json'), 'utf8')) as { presets: Preset[] }
).presets;
const USUAL: Question = { context: 131_072, users: 8, memory: 1000, bits: 16, weights: 8, config: '' };

/** The config.json of a model like Mixtral, with invented dimensions. */
const CONFIG = JSON.stringify({
  model_type: 'mixtral',
  num_hidden_layers: 40,
  hidden_size: 4096,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  num_local_experts: 16,
  num_experts_per_tok: 2,
  intermediate_size: 14_336,
  vocab_size: 32_000,
  sliding_window: 4096,
});

const view = (page: Page): Locator => page.locator('moe-models');
const control = (page: Page, role: 'slider' | 'spinbutton' | 'combobox', name: string): Locator =>
  view(page).getByRole(role, { name, exact: true });
const chooser = (page: Page): Locator => control(page, 'combobox', 'model');
const box = (page: Page): Locator => view(page).getByRole('textbox', { name: 'Text of a config.json' });
const textOf = async (place: Locator): Promise<string> =>
  ((await place.textContent()) ?? '').replace(/\s+/gu, ' ').trim();

const fields = (state: State): State => ({ view: 'models', ...state });

async function open({ page }: ScopePage, state: State = {}): Promise<void> {
  await openView(page, fields(state));
  await answered(page);
}

/** Waits until the survey with the current settings is shown. */
async function answered(page: Page): Promise<void> {
  await new ScopePage(page).settled();
  await expect(view(page).locator('section')).toHaveAttribute('aria-busy', 'false');
}

const SURVEYS = new Map<string, Survey>();

/** The native engine's survey with these settings. */
function surveyed(question: Question, model?: string): Survey {
  const key = JSON.stringify([question, model]);
  const found = SURVEYS.get(key) ?? survey(question, model);
  SURVEYS.set(key, found);
  return found;
}

function find(native: Survey, id: string): SurveyedModel {
  return must(native.models.find(model => model.id === id));
}

function nameOf({ origin, name }: SurveyedModel): string {
  return origin === 'page' ? 'this page’s model' : origin === 'own' ? 'your config.json' : name;
}

/** A number of bytes as the page writes it, such as 9.21 GB, where 1 GB is 10^9 bytes. */
function bytes(value: number): string {
  const power = Math.min(6, Math.floor((String(Math.floor(value)).length - 1) / 3));
  if (power === 0) return `${value} B`;
  const [whole = '', rest = ''] = (value / 1000 ** power).toFixed(2).split('.');
  return `${grouped(Number(whole))}.${rest} ${must(['', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'][power])}`;
}

const whole = (value: number | undefined): string =>
  value === undefined
    ? 'unknown'
    : BigInt(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/gu, ',');
const values = (all: Locator): Promise<(string | null)[]> =>
  all.evaluateAll(each => each.map(one => one.getAttribute('data-value')));
const attribute = (value: number | undefined): string | null => (value === undefined ? null : String(value));

/** All content of the view, read in one call. */
function seen(page: Page) {
  return view(page).evaluate(element => {
    const root = element.shadowRoot ?? element;
    const all = (within: ParentNode, selector: string): Element[] => [...within.querySelectorAll(selector)];
    const text = (element: Element | null | undefined): string =>
      (element?.textContent ?? '').replace(/\s+/gu, ' ').trim();
    const svg = root.querySelector('svg.schemes');
    const square = root.querySelector('svg.square');
    const weights = root.querySelector('table[data-table=weights]');
    return {
      text: text(element.shadowRoot?.querySelector('section')),
      model: root.querySelector<HTMLSelectElement>('select')?.value,
      unverified: all(root, '.unverified').map(text),
      numbers: all(root, 'input[type=number]').map(input => (input as HTMLInputElement).value),
      figures: Object.fromEntries(
        all(root, '[data-figure]').map(figure => [
          figure.getAttribute('data-figure') ?? '',
          [text(figure), figure.getAttribute('data-value')],
        ]),
      ),
      heading: text(root.querySelector('h3')),
      schemes: all(root, 'table[data-table=schemes] tbody tr').map(row => ({
        scheme: row.getAttribute('data-scheme'),
        values: all(row, 'td').map(cell => cell.getAttribute('data-value')),
      })),
      caches: {
        width: Number(svg?.getAttribute('width')),
        bars: all(root, 'svg.schemes rect[data-scheme]').map(bar => ({
          scheme: bar.getAttribute('data-scheme'),
          value: bar.getAttribute('data-value'),
          width: Number(bar.getAttribute('width')),
        })),
        figures: all(root, 'svg.schemes text tspan:nth-of-type(2)').map(each => each.textContent),
        room: all(root, 'svg.schemes [data-room]').map(line => ({
          value: line.getAttribute('data-room'),
          d: line.getAttribute('d') ?? '',
        })),
        text: text(svg),
      },
      weights: weights && all(weights, 'tbody tr').map(row => [...row.children].map(text)),
      square: square && {
        unit: Number(square.getAttribute('data-unit')),
        cell: Number(square.getAttribute('data-cell')),
        stretches: all(square, 'path[data-component]').map(path => ({
          component: path.getAttribute('data-component'),
          active: path.getAttribute('data-active') === 'true',
          value: Number(path.getAttribute('data-value')),
          area: [...(path.getAttribute('d') ?? '').matchAll(/h([\d.e-]+)v([\d.]+)/gu)].reduce(
            (sum, [, width, height]) => sum + Number(width) * Number(height),
            0,
          ),
        })),
      },
      bars: all(root, 'svg.bars g.bar').map(bar => ({
        id: bar.getAttribute('data-model'),
        long: bar.getAttribute('data-long'),
        short: bar.getAttribute('data-short'),
        chosen: bar.classList.contains('chosen'),
        name: bar.querySelector('svg text')?.textContent,
        figure: bar.querySelector('text.figure')?.textContent,
        parts: all(bar, 'rect[data-part]').map(
          part => [part.getAttribute('data-part') ?? '', Number(part.getAttribute('width'))] as const,
        ),
        more: bar.querySelectorAll('rect.more').length,
      })),
    };
  });
}

type Seen = Awaited<ReturnType<typeof seen>>;

/** Compares every number and mark of the view with the native engine's survey, and returns what the view shows. */
async function matches(page: Page, asked: Partial<Question>, id: string, model?: string): Promise<Seen> {
  const question = { ...USUAL, ...asked };
  const native = surveyed(question, model);
  const chosen = find(native, id);
  const published = chosen.schemes[0];
  // After a key or a click, the settings change first, and the survey later. Wait until both have changed.
  await expect(chooser(page)).toHaveValue(id);
  await answered(page);
  const shown = await seen(page);

  expect(shown.model).toBe(id);
  expect(shown.numbers).toEqual([question.context, question.users, question.memory].map(String));
  const fit = published?.fit;
  expect(shown.figures).toEqual({
    fit: [fit === undefined ? 'unknown' : fit === 1 ? '1 user' : `${whole(fit)} users`, attribute(fit)],
    token: [published ? `${whole(published.long_token_bytes)} B` : 'unknown', attribute(published?.long_token_bytes)],
    user: [published ? bytes(published.user_bytes) : 'unknown', attribute(published?.user_bytes)],
  });

  // The cache schemes: exact figures, and bars on the same scale as the memory that is left.
  const users = question.users === 1 ? '1 user' : `${whole(question.users)} users`;
  const tokens = question.context === 1 ? '1 token' : `${whole(question.context)} tokens`;
  expect(shown.heading).toBe(`The caches of ${users}, ${tokens} each`);
  expect(shown.schemes).toEqual(
    chosen.schemes.map(({ scheme, values, long_token_bytes, user_bytes, all_bytes, fit }) => ({
      scheme,
      values: [values, long_token_bytes, user_bytes, all_bytes, fit].map(attribute),
    })),
  );
  const { width, bars, figures, room, text } = shown.caches;
  const most = Math.max(chosen.room ?? 0, ...chosen.schemes.map(({ all_bytes }) => all_bytes));
  const scaled = (value: number): number => (most > 0 ? (value / most) * (width - 1) : 0);
  for (const { scheme, all_bytes } of chosen.schemes) {
    const bar = must(bars.find(bar => bar.scheme === scheme));
    expect(bar.value).toBe(String(all_bytes));
    expect(bar.width).toBeCloseTo(scaled(all_bytes), 6);
  }
  if (published) expect(figures).toEqual(chosen.schemes.map(({ all_bytes }) => bytes(all_bytes)));
  expect(room).toHaveLength(chosen.room !== undefined && published ? 1 : 0);
  if (chosen.room !== undefined && published) {
    expect(room[0]?.value).toBe(String(chosen.room));
    expect(room[0]?.d.startsWith(`M${Math.round(scaled(chosen.room)) + 0.5} 18v16`)).toBe(true);
    expect(text).toContain(`left for caches: ${bytes(chosen.room)}`);
  }

  matchesWeights(shown, chosen);
  matchesBars(shown, native, id);
  return shown;
}

/** Compares the areas in the square, which are proportional to numbers of weights, and the figures beside it. */
function matchesWeights(shown: Seen, { weights }: SurveyedModel): void {
  const { square } = shown;
  if (!weights) {
    expect([square, shown.weights]).toEqual([null, null]);
    expect(shown.text).toContain('Its weights are not counted');
    return;
  }
  const parts = weights.parts.filter(({ total }) => total > 0);
  expect(shown.weights).toEqual([
    ...parts.map(({ component, total, active }) => [
      must(COMPONENTS[component]),
      whole(total),
      component === 'embedding' ? 'one row' : whole(active),
    ]),
    ['sum', whole(weights.total), whole(weights.active)],
  ]);
  if (!square) throw new Error('there is no square');
  expect(weights.total / square.unit).toBeGreaterThanOrEqual(100);
  expect(weights.total / square.unit).toBeLessThan(1000);
  for (const { value, area } of square.stretches) {
    expect(Math.abs(area / square.cell ** 2 - value / square.unit)).toBeLessThan(1e-6);
  }
  const embedding = parts.filter(({ component }) => component === 'embedding');
  expect(square.stretches.map(({ component, active, value }) => [component, active, value])).toEqual([
    ...parts.filter(part => !embedding.includes(part)).map(({ component, active }) => [component, true, active]),
    ...embedding.map(({ component, total }) => [component, false, total]),
    ...parts
      .filter(part => !embedding.includes(part) && part.total > part.active)
      .map(part => [part.component, false, part.total - part.active]),
  ]);
  // The order is told in words: the experts that are not chosen come last, if the model has some.
  const order = /From the top left, row by row: [^.]+\./u.exec(shown.text)?.[0] ?? '';
  expect(order.endsWith('; then the experts that are not chosen.')).toBe(
    parts.some(({ component, total, active }) => component === 'routed_experts' && total > active),
  );
  expect(order).toContain('; then the embedding');
}

const COMPONENTS: Readonly<Record<string, string>> = {
  attention: 'attention',
  routed_experts: 'routed experts',
  shared_experts: 'shared experts',
  dense_ffn: 'dense networks',
  embedding: 'embedding',
  head: 'head',
  norms_and_routers: 'norms and routers',
};

/** Compares the bars: one per model, with one scale, in the order of the bytes of one more token. */
function matchesBars({ bars: found }: Seen, native: Survey, id: string): void {
  const key = ({ schemes }: SurveyedModel): number => schemes[0]?.long_token_bytes ?? Infinity;
  const models = native.models.toSorted((one, other) => key(one) - key(other));
  const most = Math.max(...models.map(({ schemes }) => schemes[0]?.token_bytes ?? 0));
  expect(found.map(({ parts, ...bar }) => bar)).toEqual(
    models.map(model => {
      const scheme = model.schemes[0];
      return {
        id: model.id,
        long: attribute(scheme?.long_token_bytes),
        short: attribute(scheme?.token_bytes),
        chosen: model.id === id,
        name: nameOf(model) + (model.unverified.length > 0 ? ' *' : ''),
        figure: whole(scheme?.long_token_bytes),
        more: scheme && scheme.token_bytes > scheme.long_token_bytes ? 1 : 0,
      };
    }),
  );
  const largest = must(found.find(({ short }) => short === String(most)));
  const scale = largest.parts.reduce((sum, [, width]) => sum + Number(width), 0) / Number(largest.long);
  for (const [index, { parts }] of found.entries()) {
    const model = must(models[index]);
    const long = model.schemes[0]?.long_token_bytes ?? 0;
    expect(parts.reduce((sum, [, width]) => sum + Number(width), 0)).toBeCloseTo(long * scale, 4);
    const kinds = model.c_kv === undefined ? ['heads'] : ['ckv', 'rope', ...(model.indexer_bytes ? ['index'] : [])];
    expect(parts.map(([kind]) => kind)).toEqual(model.schemes.length > 0 ? kinds : []);
    if (model.c_kv !== undefined) {
      const [ckv = 0, rope = 0] = parts.map(([, width]) => Number(width));
      expect(ckv / (ckv + rope)).toBeCloseTo(model.c_kv / must(model.schemes[0]).values, 6);
    }
  }
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('DeepSeek-V3 is shown first, with 70,272 bytes and 37 of 671 billion weights per token; facts and models have their sources', async ({
  scope,
  page,
}) => {
  await open(scope);
  await matches(page, {}, 'deepseek-v3');
  await expect(view(page).locator('[data-figure=token]')).toHaveText('70,272 B');
  await expect(view(page).locator('svg.square')).toHaveAttribute('data-unit', '1000000000');
  await expect(view(page)).toContainText('36.63B of 671.03B weights (5%) are used per token.');
  await expect(view(page)).toContainText(
    'reads only one row of it. With the whole table, a token uses 37.55B weights.',
  );
  await expect(view(page)).toContainText('Its makers state 671B in total and 37B per token.');
  await test.step('the numbers in the facts equal the native engine’s', async () => {
    await open(scope, { bits: 8, context: 7 });
    const facts = view(page).locator('.facts li');
    await expect(facts).toHaveCount(6);
    const { figures, models } = survey({ ...USUAL, bits: 8, context: 7 });
    const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;
    await expect(facts.nth(0)).toContainText('93.3%');
    await expect(facts.nth(0)).toContainText(
      `DeepSeek-V2 stores ${whole(figures.v2_bytes)} bytes per token and DeepSeek-67B ${whole(figures.baseline_bytes)}: ` +
        `${percent(figures.saved_at_equal_bits)} less, the effect of latent attention. With the report’s 6 bits per value ` +
        `for DeepSeek-V2 alone, it is ${whole(figures.v2_bytes_at_6_bits)} bytes, ${percent(figures.saved_at_6_bits)} less.`,
    );
    await expect(facts.nth(0)).toContainText('this is an inference of this page');
    expect([percent(figures.saved_at_6_bits), percent(figures.saved_at_equal_bits)]).toEqual(['93.34%', '82.24%']);
    await expect(facts.nth(1)).toContainText(
      `${whole(figures.v3_misread_bytes)} bytes per token, 56.9 times the ${whole(figures.v3_bytes)} that are stored.`,
    );
    expect([figures.v3_bytes, figures.v3_misread_bytes]).toEqual([70_272, 3_997_696]);
    const v3 = must(must(models.find(({ id }) => id === 'deepseek-v3')).weights);
    const billions = (value: number): string => `${(value / 1e9).toFixed(2)}B`;
    await expect(facts.nth(2)).toContainText(`The shapes of the main model add up to ${billions(v3.total)}.`);
    await expect(facts.nth(3)).toContainText(`The shapes give ${billions(v3.active)} with the head and without`);
    await expect(facts.nth(3)).toContainText(`and ${billions(v3.active_with_embedding)} with both.`);
    await expect(view(page).locator('.facts')).not.toContainText('article');
    for (const fact of await facts.all()) await expect(fact.locator('p').last()).toContainText('DeepSeek-V');
  });
  await test.step('the table has every model and its source', async () => {
    await open(scope, { published: 'gpt-oss-20b', config: CONFIG });
    const native = survey({ ...USUAL, config: CONFIG });
    await page.getByText('All models in numbers').click();
    const table = view(page).locator('table[data-table=models]');
    await expect(table).toBeVisible();
    const sources = new Map(PRESETS.map(({ id, source }) => [id, source.replace(/\s+/gu, ' ')]));
    expect(await rowsOf(table)).toEqual(
      native.models.map(model => {
        const scheme = model.schemes[0];
        const preset = PRESETS.find(({ id }) => id === model.id);
        return [
          nameOf(model),
          model.attention,
          ...[
            model.layers,
            scheme && model.windowed_layers,
            scheme?.values,
            scheme?.token_bytes,
            scheme?.long_token_bytes,
            scheme?.user_bytes,
            scheme?.fit,
            model.weights?.total,
            model.weights?.active,
          ].map(whole),
          preset
            ? `${preset.params_total_published ?? 'unknown'} / ${preset.params_active_published ?? 'unknown'}`
            : '',
          preset?.unverified_fields.join(', ') ?? '',
          sources.get(model.id) ??
            (model.id === 'own' ? 'The text that you pasted.' : 'The config.json of the model that runs in this page.'),
        ];
      }),
    );
    expect(await table.locator('tr.here th').allTextContents()).toEqual(['gpt-oss-20b']);
  });
});

test('attention windows limit the cache, extreme numbers give finite results, and wrong links are reported', async ({
  scope,
  page,
}) => {
  await test.step('a layer with a window stores at most as many tokens as the window has', async () => {
    for (const context of [1, 128, 129, 100_000, 10_000_000]) {
      await open(scope, { published: 'gpt-oss-120b', context, users: 1 });
      await matches(page, { context, users: 1 }, 'gpt-oss-120b');
      const kept = 18 * context + 18 * Math.min(context, 128);
      expect(await values(view(page).locator('[data-figure=user]'))).toEqual([String(kept * 2048)]);
    }
    await expect(view(page).locator('.figures')).toContainText('; 73,728 B while the token is inside every window');
    await expect(view(page)).toContainText(
      '18 of its 36 layers store only the last 128 tokens and are counted that way.',
    );
  });
  await test.step('extreme numbers give finite results', async () => {
    for (const [context, users, memory] of [
      [1, 0, 1],
      [10_000_000, 1_000_000, 1],
      [10_000_000, 1_000_000, 1_000_000],
    ] as const) {
      for (const model of ['llama-3.1-405b', 'deepseek-v3.2', 'page', 'deepseek-v4-pro']) {
        await open(scope, { model, context, users, memory });
        await matches(page, { context, users, memory }, model);
        expect(await textOf(view(page))).not.toMatch(/NaN|Infinity|∞|undefined|null/u);
      }
    }
  });
  await test.step('unknown and impossible values in a link are reported', async () => {
    await open(scope, { published: 'gpt-9', context: 99_999_999, users: -1, memory: 0, bits: 7, weights: 'x' });
    await matches(page, { context: 10_000_000, users: 0, memory: 1 }, 'deepseek-v3');
    await expect(view(page).locator('.refused')).toContainText([
      '',
      'There is no model “gpt-9” here; DeepSeek-V3 / R1 / V3.1 is shown.',
    ]);
    for (const said of ['“context” is 99999999', '“users” is -1', '“memory” is 0']) {
      await expect(scope.fault).toContainText(`In the link, ${said}`);
    }
    await expect(scope.fault).toContainText('The link has 2 more problems.');
    await open(scope, { published: 'own' });
    await expect(view(page).locator('.refused')).toContainText([
      '',
      'No config.json is given; DeepSeek-V3 / R1 / V3.1 is shown.',
    ]);
  });
});

test('every model shows the facts of its preset', async ({ scope, page }) => {
  await open(scope);
  for (const { id, note, source, unverified_fields, ...preset } of PRESETS) {
    await test.step(id, async () => {
      await chooser(page).selectOption(id);
      const { text, unverified } = await matches(page, {}, id);
      expect(text).toContain(`About ${preset.name}.`);
      expect(text).toContain(`Source: ${source.replace(/\s+/gu, ' ')}`);
      if (note !== null) expect(text).toContain(note.replace(/\s+/gu, ' '));
      expect(unverified).toEqual(
        unverified_fields.length > 0 ? [`Not checked in a primary source: ${unverified_fields.join(', ')}.`] : [],
      );
      const { params_total_published: total, params_active_published: active } = preset;
      expect(text).toContain(
        total === null && active === null
          ? 'Its makers’ own figures could not be checked in a primary source, so they are not shown.'
          : `Its makers state ${total ?? 'unknown'} in total and ${active ?? 'unknown'} per token.`,
      );
    });
  }
  await chooser(page).selectOption('page');
  await matches(page, {}, 'page');
});

test('by mouse, every control and a bar change the survey’s settings; the link restores the settings', async ({
  scope,
  page,
}) => {
  await open(scope);
  const bar = view(page).locator('g.bar[data-model="qwen3-235b-a22b"]');
  await bar.click();
  await matches(page, {}, 'qwen3-235b-a22b');
  for (const [name, least] of [
    ['context, tokens', 1],
    ['users at once', 1],
    ['memory, GB', 1],
  ] as const) {
    const slider = control(page, 'slider', name);
    await slider.scrollIntoViewIfNeeded();
    const { x, y, height } = must((await slider.boundingBox()) ?? undefined);
    await page.mouse.click(x + 1, y + height / 2);
    await expect(control(page, 'spinbutton', name)).toHaveValue(String(least));
  }
  await matches(page, { context: 1, users: 1, memory: 1 }, 'qwen3-235b-a22b');
  await control(page, 'combobox', 'cache').selectOption('8 bits per value');
  await control(page, 'combobox', 'weights').selectOption('not in this memory');
  await control(page, 'spinbutton', 'memory, GB').fill('80');
  await control(page, 'spinbutton', 'memory, GB').blur();
  await control(page, 'spinbutton', 'users at once').fill('0');
  await control(page, 'spinbutton', 'users at once').blur();
  const asked = { context: 1, users: 0, memory: 80, bits: 8, weights: 0 };
  await matches(page, asked, 'qwen3-235b-a22b');
  await expect(view(page)).toContainText('All 80 GB are counted as memory for caches.');
  const fields = { published: 'qwen3-235b-a22b', context: '1', users: '0', memory: '80', bits: '8', weights: '0' };
  await addressed(page, fields);
  await page.reload();
  await scope.ready();
  await matches(page, asked, 'qwen3-235b-a22b');
  expect(await address(page)).toMatchObject(fields);
  await expect(scope.fault.locator('p')).toHaveCount(0);
});

test('by keyboard alone, every control changes the survey’s settings', async ({ scope, page }) => {
  await open(scope, { context: 4096, users: 10, memory: 100 });
  await chooser(page).focus();
  await page.keyboard.type('Kimi');
  await matches(page, { context: 4096, users: 10, memory: 100 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('context, tokens');
  // Two steps of the context's slider double the value.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await matches(page, { context: 8192, users: 10, memory: 100 }, 'kimi-k2');
  await expect(control(page, 'slider', 'context, tokens')).toHaveAttribute('aria-valuetext', '8,192 tokens');
  await page.keyboard.press('End');
  await matches(page, { context: 10_000_000, users: 10, memory: 100 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  await page.keyboard.type('77');
  await page.keyboard.press('Enter');
  await matches(page, { context: 77, users: 10, memory: 100 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('users at once');
  // Ten steps of the users' slider multiply the value by ten.
  for (let presses = 0; presses < 10; presses++) await page.keyboard.press('ArrowRight');
  await matches(page, { context: 77, users: 100, memory: 100 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('memory, GB');
  await page.keyboard.press('End');
  await matches(page, { context: 77, users: 100, memory: 1_000_000 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await matches(page, { context: 77, users: 100, memory: 1_000_000, bits: 8 }, 'kimi-k2');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  const asked = { context: 77, users: 100, memory: 1_000_000, bits: 8, weights: 4 };
  await matches(page, asked, 'kimi-k2');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Use your own config.json');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(CONFIG);
  await matches(page, { ...asked, config: CONFIG }, 'own');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Clear');
  await page.keyboard.press('Enter');
  await matches(page, asked, 'deepseek-v3');
  await page.keyboard.press('Tab');
  while ((await focused(page)) !== 'All models in numbers') await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(view(page).locator('table[data-table=models]')).toBeVisible();
});

test('a pasted config.json is shown as a model; the link restores the text and the model', async ({ scope, page }) => {
  await open(scope, { context: 5000 });
  await page.getByText('Use your own config.json').click();
  await box(page).fill(CONFIG);
  await matches(page, { context: 5000, config: CONFIG }, 'own');
  await expect(view(page)).toContainText('40 of its 40 layers store only the last 4,096 tokens');
  await expect(view(page)).toContainText('About your config.json.');
  await addressed(page, { published: 'own', config: CONFIG });
  await page.reload();
  await scope.ready();
  await matches(page, { context: 5000, config: CONFIG }, 'own');
  await expect(box(page)).toHaveValue(CONFIG);
  await view(page).getByRole('button', { name: 'Clear' }).click();
  await matches(page, { context: 5000 }, 'deepseek-v3');
  await expect(box(page)).toHaveValue('');
});

test('a pasted text that cannot be read is reported in a sentence, and stays in its box', async ({ scope, page }) => {
  await open(scope, { published: 'olmoe-1b-7b', memory: 80 });
  await page.getByText('Use your own config.json').click();
  const said = view(page).locator('.refused');
  const bad = [
    '{',
    '[]',
    '{"model_type": "bert"}',
    CONFIG.replace('40', '"forty"'),
    CONFIG.replace('"hidden_size":4096,', ''),
    CONFIG.replace('"num_key_value_heads":8', '"num_key_value_heads":7'),
  ];
  for (const config of bad) {
    await box(page).fill(config);
    const { refused } = survey({ ...USUAL, memory: 80, config });
    await expect(said).toHaveText(`Your model cannot be read: ${must(refused)}.`);
    await expect(box(page)).toHaveValue(config);
    // The other choices stay, and no figures of another model are shown.
    await answered(page);
    await expect(view(page).getByRole('spinbutton', { name: 'memory, GB' })).toHaveValue('80');
    await expect(chooser(page).locator('option:checked')).toHaveText('your config.json, not read');
    for (const gone of [
      '[data-figure]',
      'svg.schemes',
      'svg.square',
      'table',
      '.description:not(.small)',
      '.of',
      'g.bar.chosen',
    ]) {
      await expect(view(page).locator(gone), gone).toHaveCount(0);
    }
    await expect(view(page)).not.toContainText('About DeepSeek');
  }
  await expect(said).toHaveText(
    'Your model cannot be read: config.json: num_key_value_heads is 7, expected a divisor of num_attention_heads, 32.',
  );
  await box(page).fill(CONFIG);
  await expect(said).toHaveText('');
  await matches(page, { memory: 80, config: CONFIG }, 'own');
});

test('the view of published models opens beside the roll, and stays open after a step', async ({ scope, page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await scope.open();
  await page.getByRole('button', { name: 'real models' }).click();
  await matches(page, {}, 'deepseek-v3');
  await scope.next.click();
  await chooser(page).selectOption('glm-4.5');
  await matches(page, {}, 'glm-4.5');
  await addressed(page, { view: 'models', published: 'glm-4.5' });
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(view(page)).toHaveCount(0);
});

test('opening another model changes the numbers of the page’s model', async ({ scope, page }) => {
  const files = wide();
  const folder = write(files);
  await scope.link({ view: 'models', published: 'page' });
  await matches(page, {}, 'page');
  await scope.openMenu();
  await page.getByText('Open another model').click();
  await page.getByLabel('Files of the model').setInputFiles(asChosen(files));
  await expect(scope.sentence).toContainText('of its 256');
  await matches(page, {}, 'page', folder);
});

test('missing presets are reported, and trying again loads them', async ({ scope, page, problems }) => {
  problems.allow(/404/u);
  await page.route('**/presets*.json', route => route.fulfill({ status: 404 }));
  await page.goto('./embed.html#v=1&view=models&memory=80');
  await expect(scope.fault).toContainText('presets.json: HTTP 404');
  await page.unroute('**/presets*.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await matches(page, { memory: 80 }, 'deepseek-v3');
  await expect(scope.fault.locator('p')).toHaveCount(0);
});

test('the presets are loaded only once, when the view is first opened', async ({ scope, page }) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname.replace(/^.*\//u, '')));
  const presets = (): string[] => asked.filter(name => name.startsWith('presets'));
  await scope.open();
  await scope.next.click();
  await page.getByRole('button', { name: 'Layer 2: why these experts?' }).click();
  await scope.settled();
  expect(presets()).toEqual([]);
  await page.getByRole('button', { name: 'real models' }).click();
  await matches(page, {}, 'deepseek-v3');
  expect(presets()).toHaveLength(1);
  await chooser(page).selectOption('glm-4.5');
  await control(page, 'spinbutton', 'memory, GB').fill('80');
  await control(page, 'spinbutton', 'memory, GB').blur();
  await matches(page, { memory: 80 }, 'glm-4.5');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(view(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'real models' }).click();
  await matches(page, { memory: 80 }, 'glm-4.5');
  expect(presets()).toHaveLength(1);
});

test('presets that cannot be read are reported, and the page’s model still runs', async ({ scope, page }) => {
  await page.route('**/presets*.json', route => route.fulfill({ body: 'this is no JSON' }));
  await scope.open();
  await page.getByRole('button', { name: 'real models' }).click();
  await expect(scope.fault).toContainText('presets');
  await scope.next.click();
  await expect(scope.sentence).toContainText(/^For “/u);
  await page.unroute('**/presets*.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await matches(page, {}, 'deepseek-v3');
});

testLooks(
  'models',
  [
    {},
    { published: 'own', config: '{"model_type": "a very long one, of which nobody has ever heard"}' },
    { published: 'deepseek-v4-pro', context: 10_000_000, users: 1_000_000 },
    { published: 'page', context: 10_000_000, users: 1_000_000 },
  ].map(fields),
  async page => {
    await answered(page);
    await expect(view(page).locator('table[data-table=models]')).toBeVisible();
  },
);

for (const { width } of LOOKS) {
  test(
    `${width} px: when the presets arrive, every mark is right, and nothing down to the cache schemes moves`,
    onlyAll(width !== 768),
    async ({ scope, page }) => {
      await page.setViewportSize({ width, height: 900 });
      const release = await holdBack(page, '**/presets*.json');
      await page.goto('./embed.html#v=1&view=models');
      await scope.ready();
      const place = view(page).locator('h2, h3, .controls, .figures, svg.schemes, svg.bars');
      const before = await boxesOf(place);
      await expect(view(page).locator('g.bar')).toHaveCount(0);
      release();
      await matches(page, {}, 'deepseek-v3');
      // The fifth box is that of the cache schemes. The bars of all models, below the schemes, may move.
      expect((await boxesOf(place)).slice(0, 5)).toEqual(before.slice(0, 5));
    },
  );
}
