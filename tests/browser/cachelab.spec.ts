// The cache lab: each cache setting is a point with the native engine's bytes and loss. GQA and MQA are not run; the
// axis only marks their bytes. The multiply-adds of absorption are calculated from the model's dimensions.

import type { Locator, Page } from '@playwright/test';
import { addressed, focused, reach, scrollWidth } from './support/journey';
import { clean, LOOKS } from './support/looks';
import type { Changed } from './support/native';
import { float, inspect } from './support/native';
import { must, quoted, rowsOf, scientific, signedTwo, two } from './support/printed';
import { resize } from './support/same-load';
import { expect, grouped, ScopePage, test } from './support/scope';
import { SOON } from './support/soon';
import type { State } from './support/views';
import { expectDark, expectLooks, open as openView, openNew } from './support/views';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const PLAIN = inspect(TEXT, { details: true });
const INFO = PLAIN.info;
const LAST = PLAIN.ids.length - 1;
/** A position in the middle of the text. */
const MIDST = 8;
const WHOLE = 'latent, f32';
const EXPANDED = 'expanded, f32';

/** The standard settings by name, with the engine's what-if for each. */
const USUAL: Readonly<Record<string, object>> = {
  f16: { cache_format: 'f16' },
  int8: { cache_format: 'int8' },
  int4: { cache_format: 'int4' },
  'rank 24': { latent_rank: 24 },
  'rank 16': { latent_rank: 16 },
  'rank 8': { latent_rank: 8 },
  'rank 16, int8': { latent_rank: 16, cache_format: 'int8' },
  'rank 16, int4': { latent_rank: 16, cache_format: 'int4' },
};

const fields = (state: State): State => ({ view: 'cachelab', text: TEXT, token: LAST, ...state });
const open = ({ page }: ScopePage, state: State = {}, place?: string): Promise<void> =>
  openView(page, fields(state), place);

const view = (page: Page): Locator => page.locator('moe-cachelab');
const points = (page: Page): Locator => view(page).locator('[data-point]');
const point = (page: Page, name: string): Locator =>
  view(page).getByRole('button', { name: new RegExp(`^${name}: `, 'u') });
const sweep = (page: Page): Locator => view(page).getByRole('button', { name: 'Try the standard settings' });
const back = (page: Page): Locator => view(page).getByRole('button', { name: 'Undo all changes' });
const fixed = (value: number, digits: number): string => {
  const said = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // A number that is rounded to zero has no sign.
  return said
    .format(value)
    .replace(/^-(?=[0.]+$)/u, '')
    .replace('-', '−');
};

/** Number of tokens that the run up to a position predicts: one per position, except at the end of the text. */
const predicted = (position: number): number => Math.min(position + 1, LAST);

const RUNS = new Map<string, Changed>();

/** The native engine's changed run with these settings; the loss covers the steps up to `position`. */
function native(settings: object, position = LAST): Changed {
  const key = JSON.stringify(settings);
  const all = RUNS.get(key) ?? must(inspect(TEXT, { whatIf: settings }).what_if);
  RUNS.set(key, all);
  return { ...all, loss: lossUpTo(all, position) };
}

/** The loss of the run up to `position`, computed as in the engine. */
function lossUpTo({ loss }: Changed, position: number): Changed['loss'] {
  if (predicted(position) === loss.tokens) return loss;
  const losses = loss.losses.slice(0, predicted(position));
  const [plain, plain_error] = meanAndError(losses.map(each => each.plain));
  const [changed] = meanAndError(losses.map(each => each.changed));
  const [, cost_error] = meanAndError(losses.map(each => each.changed - each.plain));
  return { tokens: losses.length, plain, changed, cost: changed - plain, plain_error, cost_error, losses };
}

function meanAndError(values: readonly number[]): [number, number] {
  const mean = values.reduce((all, each) => all + each, 0) / values.length;
  const squares = values.reduce((all, each) => all + (each - mean) * (each - mean), 0);
  return [mean, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length)];
}

interface Expected {
  readonly name: string;
  readonly bytes: number;
  readonly loss: number;
  readonly cost: number;
  readonly error: number;
  readonly tokens: number;
}

const bytesOf = (values: number): number => values * INFO.cache_value_bytes * INFO.num_hidden_layers;

/** The expected points: one per setting, and two for the plain model (latent and expanded cache). */
function expected(ways: Readonly<Record<string, object>>, position = LAST): Expected[] {
  const { loss } = native({ cache_format: 'f16' }, position);
  const asItIs = { loss: loss.plain, cost: 0, error: 0, tokens: loss.tokens };
  const all = [
    ...Object.entries(ways).map(([name, settings]) => {
      const { plan, loss } = native(settings, position);
      const { changed, cost, cost_error: error, tokens } = loss;
      return { name, bytes: plan.latent_bytes, loss: changed, cost, error, tokens };
    }),
    { name: WHOLE, bytes: bytesOf(INFO.cache_values.latent), ...asItIs },
    { name: EXPANDED, bytes: bytesOf(INFO.cache_values.expanded), ...asItIs },
  ];
  return all.sort((a, b) => a.bytes - b.bytes || a.loss - b.loss);
}

/** Compares the names, numbers and positions of all points with the expected points. */
async function matches(page: Page, wanted: readonly Expected[]): Promise<void> {
  await expect(points(page)).toHaveCount(wanted.length);
  const drawn = await view(page)
    .locator('svg.lab')
    .evaluate(svg => {
      const of = (element: Element | null, name: string): number => Number(element?.getAttribute(name) ?? Number.NaN);
      return {
        axis: {
          left: of(svg, 'data-left'),
          right: of(svg, 'data-right'),
          least: of(svg, 'data-least'),
          most: of(svg, 'data-most'),
          top: of(svg, 'data-top'),
          foot: of(svg, 'data-foot'),
          low: of(svg, 'data-low'),
          high: of(svg, 'data-high'),
        },
        points: [...svg.querySelectorAll('[data-point]')].map(each => ({
          label: each.querySelector('title')?.textContent,
          name: each.querySelector('text')?.textContent ?? '',
          bytes: of(each, 'data-bytes'),
          loss: of(each, 'data-loss'),
          error: of(each, 'data-error'),
          x: of(each.querySelector('.disc'), 'cx'),
          y: of(each.querySelector('.disc'), 'cy'),
          bar: each.querySelector('.error')?.getAttribute('d') ?? '',
        })),
      };
    });
  const { axis } = drawn;
  const x = (bytes: number): number =>
    axis.left + (Math.log(bytes / axis.least) / Math.log(axis.most / axis.least)) * (axis.right - axis.left);
  const y = (loss: number): number => axis.foot - ((loss - axis.low) / (axis.high - axis.low)) * (axis.foot - axis.top);
  const exactly = expect.soft;
  drawn.points.forEach((seen, index) => {
    const { name, bytes, loss, cost, error } = must(wanted[index]);
    exactly(seen.name.trim()).toBe(name);
    exactly(seen.label).toBe(`${name}: ${grouped(bytes)} bytes, loss ${two(loss)}, ${signedTwo(cost)}`);
    exactly(seen.bytes).toBe(bytes);
    exactly(seen.loss).toBeCloseTo(loss, 12);
    exactly(seen.error).toBeCloseTo(error, 12);
    exactly(seen.x).toBeCloseTo(x(bytes), 6);
    exactly(seen.y).toBeCloseTo(y(loss), 6);
    const [high, low] =
      seen.bar
        .match(/^M[\d.]+ ([\d.]+)V([\d.]+)/u)
        ?.slice(1)
        .map(Number) ?? [];
    if (error === 0) exactly(seen.bar).toBe('');
    else {
      exactly(high).toBeCloseTo(y(loss + error), 6);
      exactly(low).toBeCloseTo(y(loss - error), 6);
    }
  });
}

async function swept(page: Page): Promise<void> {
  await expect(view(page).getByRole('button', { name: 'All standard settings have been tried' })).toBeVisible();
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

/** The names whose letters overlap a disc or another name. */
function overlaps(view: Element): string[] {
  const all = [...(view.shadowRoot ?? view).querySelectorAll('[data-point]')];
  const boxes = (selector: string) =>
    all.flatMap(point => {
      const part = point.querySelector(selector);
      return part ? [{ name: point.querySelector('title')?.textContent ?? '', box: part.getBoundingClientRect() }] : [];
    });
  const [names, discs] = [boxes('text'), boxes('.disc')];
  // A line of text is higher than its letters, so 4 px at the top and at the bottom do not count.
  const letters = ({ left, right, top, bottom }: DOMRect) => ({ left, right, top: top + 4, bottom: bottom - 4 });
  return names.flatMap(({ name, box }, index) =>
    [...discs, ...names.slice(index + 1)].flatMap(other => {
      const [one, two] = [letters(box), other.box];
      const apart = one.right <= two.left || two.right <= one.left || one.bottom <= two.top || two.bottom <= one.top;
      return apart ? [] : [`${name} / ${other.name}`];
    }),
  );
}

/** Checks that no name covers a point or another name, at each width. */
async function expectNames(page: Page, widths: readonly number[] = [320, 768, 1440]): Promise<void> {
  for (const width of widths) {
    await resize(new ScopePage(page), width);
    expect.soft(await view(page).evaluate(overlaps), `${width} px`).toEqual([]);
  }
}

test('before a setting is tried, the view shows the plain loss, marks for other kinds of attention, and the multiply-adds of absorption', async ({
  scope,
  page,
}) => {
  await open(scope, { token: MIDST });
  await matches(page, expected({}, MIDST));
  const { loss } = native({ cache_format: 'f16' }, MIDST);
  await expect(view(page).locator('[data-plain]')).toContainText(
    `Without a change the model’s loss is ${two(loss.plain)} bits per token (standard error ${two(loss.plain_error)}, n = ${loss.tokens}).`,
  );
  const difference = Math.max(...must(PLAIN.details?.[MIDST]).attention_differences.map(float));
  const said = view(page).locator('[data-difference]');
  await expect(said).toHaveAttribute('data-difference', String(difference));
  await expect(said).toContainText(`differ by at most ${scientific(difference)} in any layer`);
  await expect(point(page, WHOLE)).toHaveAttribute('aria-pressed', 'true');
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');

  await test.step('other kinds of attention are only marks on the axis of bytes', async () => {
    await open(scope);
    const { qk_nope_head_dim: nope, v_head_dim: value } = INFO;
    const ticks = await view(page)
      .locator('[data-groups]')
      .evaluateAll(all =>
        all.map(tick => ({
          said: tick.textContent.trim(),
          bytes: Number(tick.getAttribute('data-bytes')),
          x: Number(tick.querySelector('text')?.getAttribute('x')),
          top: Number(/M[\d.]+ ([\d.]+)/u.exec(tick.querySelector('path')?.getAttribute('d') ?? '')?.[1]),
        })),
      );
    const axis = await view(page)
      .locator('svg.lab')
      .evaluate(svg =>
        ['left', 'right', 'least', 'most', 'foot'].map(name => Number(svg.getAttribute(`data-${name}`))),
      );
    const [left = 0, right = 0, least = 0, most = 0, foot = 0] = axis;
    expect(ticks.map(({ said, bytes }) => [said, bytes])).toEqual([
      ['plain MHA', bytesOf(INFO.num_attention_heads * (nope + value))],
      ['GQA-4', bytesOf(4 * (nope + value))],
      ['GQA-2', bytesOf(2 * (nope + value))],
      ['MQA', bytesOf(nope + value)],
    ]);
    for (const { bytes, x, top } of ticks) {
      expect(x).toBeCloseTo(left + (Math.log(bytes / least) / Math.log(most / least)) * (right - left), 6);
      expect(top).toBe(foot);
    }
    await expect(view(page).locator('svg.lab')).toContainText('not run: the model was not trained this way');
  });
  await test.step('the multiply-adds of absorption equal the formulas after 1 token, in the middle and at the end of the text', async () => {
    const {
      num_attention_heads: h,
      kv_lora_rank: r,
      qk_rope_head_dim: rope,
      qk_nope_head_dim: nope,
      v_head_dim: v,
    } = INFO;
    for (const position of [0, MIDST, LAST]) {
      await open(scope, { token: position });
      const t = position + 1;
      const naive = h * (nope + v) * r + t * h * (nope + rope) + t * h * v;
      const absorbed = h * nope * r + t * h * (r + rope) + t * h * r + h * r * v;
      const rebuilt = t * h * (nope + v) * r + t * h * (nope + rope) + t * h * v;
      const marks = await view(page)
        .locator('svg.work circle')
        .evaluateAll(all =>
          all.map(mark => ({
            way: mark.getAttribute('data-way'),
            adds: Number(mark.getAttribute('data-adds')),
            y: Number(mark.getAttribute('cy')),
          })),
        );
      expect(marks.map(({ way, adds }) => [way, adds])).toEqual([
        ['naive', naive],
        ['absorbed', absorbed],
        ['rebuilt', rebuilt],
      ]);
      const [foot = 0, tall = 0, least = 0, most = 0] = await view(page)
        .locator('svg.work')
        .evaluate(svg => ['foot', 'tall', 'least', 'most'].map(name => Number(svg.getAttribute(`data-${name}`))));
      for (const { adds, y } of marks) {
        expect(y).toBeCloseTo(foot - (Math.log(adds / least) / Math.log(most / least)) * tall, 6);
      }
      expect(await rowsOf(view(page).locator('table[data-table=work]'))).toEqual([
        [
          'naive, expanded cache',
          grouped(naive),
          grouped(h * (nope + v) * r),
          grouped(h * (nope + rope + v)),
          '40,960',
        ],
        [
          'absorbed, latent cache',
          grouped(absorbed),
          grouped(h * nope * r + h * r * v),
          grouped(h * (2 * r + rope)),
          '139,264',
        ],
        ['rebuilt, latent cache', grouped(rebuilt), '0', grouped(h * ((nope + v) * r + nope + rope + v)), '16,818,176'],
      ]);
    }
    expect(2 * r).toBe(nope + v);
    await expect(view(page).locator('[data-description=here]')).toContainText('the same number of multiply-adds');
    await expect(view(page).locator('[data-description=deepseek]')).toContainText(
      'absorbed costs 3.40 times the multiply-adds of naive per token of context, with a cache that is 71.1 times smaller',
    );
  });
});

test('trying the standard settings fills the picture and the tables; the what-if stays; no name covers a point or another name', async ({
  scope,
  page,
}) => {
  await open(scope, { format: 'int4' });
  await matches(page, expected({ int4: must(USUAL.int4) }));
  await sweep(page).click();
  await swept(page);
  await matches(page, expected(USUAL));
  await addressed(page, { format: 'int4' });
  await expect(point(page, 'int4')).toHaveAttribute('aria-pressed', 'true');
  const cost = native(must(USUAL.int4)).loss.cost;
  await expect(view(page).locator('[data-cost]')).toHaveAttribute('data-cost', String(cost));
  await page.getByText('The lab in numbers').click();
  const { loss } = native({ cache_format: 'f16' });
  const four = (value: number): string => fixed(value, 4);
  expect(await rowsOf(view(page).locator('table[data-table=tried]'))).toEqual(
    expected(USUAL).map(({ name, bytes, loss: changed, cost, error, tokens }) => [
      name,
      grouped(bytes),
      four(changed),
      four(cost),
      four(error),
      four(loss.plain_error),
      String(tokens),
    ]),
  );
  expect(await rowsOf(view(page).locator('table[data-table=groups]'))).toEqual(
    [INFO.num_attention_heads, 4, 2, 1].map(groups => {
      const values = groups * (INFO.qk_nope_head_dim + INFO.v_head_dim);
      const name = groups === INFO.num_attention_heads ? 'plain MHA' : groups === 1 ? 'MQA' : `GQA-${groups}`;
      return [name, grouped(values), grouped(bytesOf(values))];
    }),
  );
  await expectLooks(page);
  await expectDark(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await open(scope);
  await expect(points(page)).toHaveCount(Object.keys(USUAL).length + 2);
  await expectNames(page);
});

test('after a step, settings that were tried on fewer tokens have no point until they are tried again', async ({
  scope,
  page,
}) => {
  await open(scope, { token: MIDST, rank: 8 });
  await sweep(page).click();
  await swept(page);
  await matches(page, expected(USUAL, MIDST));
  await expectNames(page);
  await scope.next.click();
  await scope.settled();
  await matches(page, expected({ 'rank 8': must(USUAL['rank 8']) }, MIDST + 1));
  // All standard settings except rank 8: rank 8 is the current what-if, so the step also ran it.
  await expect(view(page)).toContainText('7 settings were tried on fewer tokens of this text and are not drawn.');
  await sweep(page).click();
  await swept(page);
  await matches(page, expected(USUAL, MIDST + 1));
  // For a new text, the results of the earlier text are not shown.
  await open(scope, { text: 'Tom had a red ball.', token: 2 });
  await expect(points(page)).toHaveCount(2);
});

test('a change of the cache while settings are tried stops the tries, and the view shows the change', async ({
  scope,
  page,
}) => {
  await open(scope);
  // Both clicks are in one task, so that the engine cannot try a setting between them.
  await view(page).evaluate(element => {
    const within = element.shadowRoot;
    within?.querySelector<HTMLElement>('.tries button')?.click();
    within?.querySelector<HTMLElement>('input[value=int8]')?.click();
  });
  await expect(point(page, 'int8')).toHaveAttribute('aria-pressed', 'true');
  await expect(view(page).locator('.tries [aria-live]')).toBeEmpty();
  await matches(page, expected({ int8: must(USUAL.int8) }));
  const cost = native(must(USUAL.int8)).loss.cost;
  await expect(view(page).locator('[data-cost]')).toHaveAttribute('data-cost', String(cost));
  await sweep(page).click();
  await swept(page);
  await matches(page, expected(USUAL));
});

test('points, slider and buttons change the cache; the change is still there after a reload', async ({
  scope,
  page,
}) => {
  await open(scope);
  await sweep(page).click();
  await swept(page);
  await point(page, 'rank 16, int4').locator('.disc').click();
  await addressed(page, { rank: '16', format: 'int4' });
  await expect(point(page, 'rank 16, int4')).toHaveAttribute('aria-pressed', 'true');
  await expect(view(page).locator('.ring')).toHaveCount(1);
  await expect(view(page).getByRole('slider', { name: /^Directions/u })).toHaveValue('16');
  await expect(view(page).getByRole('radio', { name: 'int4' })).toBeChecked();
  await point(page, WHOLE).locator('.disc').click();
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  await expect.poll(() => page.evaluate(() => location.hash), SOON).not.toMatch(/rank|format/u);
  // A click on the point of the expanded cache sets no what-if.
  await point(page, EXPANDED).locator('.disc').click({ force: true });
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  await view(page)
    .getByRole('slider', { name: /^Directions/u })
    .fill('1');
  await view(page).getByRole('radio', { name: 'int4' }).check();
  const extreme = { 'rank 1': { latent_rank: 1 }, 'rank 1, int4': { latent_rank: 1, cache_format: 'int4' } };
  await expect(point(page, 'rank 1, int4')).toHaveAttribute('aria-pressed', 'true');
  await addressed(page, { rank: '1', format: 'int4' });
  await page.reload();
  await scope.ready();
  await scope.settled();
  await matches(page, expected({ 'rank 1, int4': extreme['rank 1, int4'] }));
  const { loss, compared } = native(extreme['rank 1, int4']);
  await expect(view(page).locator('[data-cost]')).toHaveText(`${signedTwo(loss.cost)} bits per token`);
  for (const { kl_bits } of compared) expect(Number.isFinite(kl_bits)).toBe(true);
});

test('by keyboard alone: Tab reaches the points, arrow keys move between them, Enter and Space select one', async ({
  scope,
  page,
}) => {
  await open(scope);
  await reach(page, /^Try the standard settings/u);
  await page.keyboard.press('Enter');
  await swept(page);
  const wanted = expected(USUAL);
  await reach(page, `${must(wanted[0]).name}:`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => focused(page), SOON).toContain(`${must(wanted[1]).name}:`);
  await page.keyboard.press('Enter');
  await expect(points(page).nth(1)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page), SOON).toContain(`${must(wanted[2]).name}:`);
  await page.keyboard.press(' ');
  await expect(points(page).nth(2)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Tab');
  expect(await focused(page)).not.toMatch(/bytes, loss/u);
});

test('a what-if that changes more than the cache has no point, and a button keeps only the cache change; a question hides the answer', async ({
  scope,
  page,
}) => {
  await open(scope, { off: '3.2', format: 'int4' });
  await expect(view(page).locator('.other')).toHaveText(
    'The what-if changes more than the cache, so it has no point in this picture.',
  );
  await matches(page, expected({}));
  await view(page).getByRole('button', { name: 'Keep only the cache change' }).click();
  await matches(page, expected({ int4: must(USUAL.int4) }));
  await expect(view(page).locator('.other')).toHaveCount(0);
  await back(page).click();
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');

  await test.step('before the answer is shown, the view has no part of the answer', async () => {
    await openNew(page, fields({ reveal: 'click', token: MIDST, format: 'int4' }));
    // The question names this token only after the text was run up to it, so the view is up to date.
    await expect(view(page).getByText(/^Guess first/u)).toContainText(
      `up to the token after ${quoted(must(PLAIN.tokens[MIDST]))},`,
    );
    await expect(points(page)).toHaveCount(0);
    for (const hidden of ['[data-plain]', '[data-cost]', '[data-loss]', '[data-difference]', 'details', '.verdict']) {
      await expect(view(page).locator(hidden)).toHaveCount(0);
    }
    await view(page).getByRole('button', { name: 'Show the answer' }).click();
    await matches(page, expected({ int4: must(USUAL.int4) }, MIDST));
  });
  await test.step('the cache lab opens beside the roll and has its points', async () => {
    await open(scope, { view: 'roll' }, './');
    await page.getByRole('button', { name: 'cache lab' }).click();
    await matches(page, expected({}));
  });
});

for (const { width, colorScheme } of LOOKS) {
  test(
    `${width} px, ${colorScheme}: axe-core finds no problem, and no name covers a point or another name`,
    { tag: '@all' },
    async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const state of [{ rank: 1, format: 'int4' }, { token: MIDST }]) {
        await openNew(page, fields(state));
        await sweep(page).click();
        await swept(page);
        await expectNames(page, [width]);
        await page.getByText('The lab in numbers').click();
        expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
        await clean(page, 'moe-alone');
      }
    },
  );
}
