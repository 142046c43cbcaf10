// With a what-if, a bar names the shown run, and every number on the page and in its exports equals the number of this
// run in the native engine.

import type { Locator, Page } from '@playwright/test';
import { exported } from './support/exports';
import { element } from './support/exports';
import type { Native } from './support/native';
import { float, inspect } from './support/native';
import { drawn, fractions } from './support/numbers';
import { exact, must, percent } from './support/printed';
import { go } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import type { State } from './support/views';
import { open } from './support/views';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const AT = 9;
const TEMPERATURE = 0.7;
const EVERYTHING = { details: true, loads: true, temperature: TEMPERATURE, greedy: 4 };
const PLAIN = inspect(TEXT, EVERYTHING);

/** What-ifs with one or several settings: the fields of the link, the engine's settings, and the words in the bar. */
const WHAT_IFS: readonly (readonly [fields: State, settings: object, words: string])[] = [
  [{ off: '2.3' }, { experts_off: [{ layer: 2, expert: 3 }] }, 'expert 3 of layer 2 off'],
  [{ forced: '3.9' }, { experts_forced: [{ layer: 3, expert: 9 }] }, 'expert 9 of layer 3 forced'],
  [{ mixture: 'only_shared' }, { mixture: 'only_shared' }, 'only the shared experts run'],
  [{ mixture: 'without_shared' }, { mixture: 'without_shared' }, 'without the shared experts'],
  [{ chosen: 2 }, { num_experts_per_tok: 2 }, '2 experts per token'],
  [{ groups: 1 }, { topk_group: 1 }, '1 group kept'],
  [{ bias: 'off' }, { selection_bias: false }, 'no selection bias'],
  [
    { shifts: '2.14.-0.25' },
    { bias_shifts: [{ layer: 2, expert: 14, by: -0.25 }] },
    'selection bias of expert 14 of layer 2 −0.25',
  ],
  [{ rank: 8 }, { latent_rank: 8 }, '8 of 32 directions of the latent stored'],
  [{ format: 'int4' }, { cache_format: 'int4' }, 'cache in int4'],
  [
    { off: '2.3_4.10_4.2', chosen: 6 },
    {
      experts_off: [
        { layer: 2, expert: 3 },
        { layer: 4, expert: 10 },
        { layer: 4, expert: 2 },
      ],
      num_experts_per_tok: 6,
    },
    'expert 3 of layer 2, experts 2 and 10 of layer 4 off, 6 experts per token',
  ],
  [
    { mixture: 'without_shared', groups: 3, rank: 16, format: 'int8' },
    { mixture: 'without_shared', topk_group: 3, latent_rank: 16, cache_format: 'int8' },
    'without the shared experts, 3 groups kept, 16 of 32 directions of the latent stored, cache in int8',
  ],
];

const VIEWS = ['roll', 'router', 'next', 'flow', 'attention', 'cache', 'grid'] as const;
const fields = (state: State): State => ({
  text: TEXT,
  token: AT,
  layer: 3,
  expert: 5,
  temperature: TEMPERATURE,
  ...state,
});
const bar = (page: Page): Locator => page.locator('moe-change-bar section');

type Changed = Native & { readonly what_if: NonNullable<Native['what_if']> };

/** The native engine's runs of the text, without and with the settings. */
function changed(settings: object): Changed {
  const native = inspect(TEXT, { ...EVERYTHING, whatIf: settings });
  return { ...native, what_if: must(native.what_if) };
}

/** The fractions in the results of the plain run, and those only in the results of the changed run. */
const ofPlain = fractions([PLAIN.records, PLAIN.details, PLAIN.distributions, PLAIN.loads, PLAIN.selection_biases]);
function ofChanged({ what_if: run, selection_biases }: Changed): Set<number> {
  const records = run.compared.map(({ record }) => record);
  return fractions([records, run.details, run.distributions, run.loads, selection_biases]);
}

const strange = (numbers: readonly number[], known: ReadonlySet<number>): number[] =>
  numbers.filter(value => !known.has(value));

/** The scores in the accessible names of the experts in the roll, layer by layer from the top. */
const scores = (page: Page): Promise<string[]> =>
  page
    .locator('moe-roll [role=option][id^=expert-]')
    .evaluateAll(all => all.map(each => /score (\S+?)(?:,|$)/u.exec(each.getAttribute('aria-label') ?? '')?.[1] ?? ''));

const scoresOf = ({ routes }: Native['records'][number]): string[] =>
  routes.toReversed().flatMap(route => [...route.scores].map(exact));

/** The scores, shares and weights in the router's cells. */
const cells = (page: Page): Promise<string[][]> =>
  page
    .locator('moe-router tbody tr')
    .evaluateAll(rows =>
      rows.map(row =>
        ['score', 'share', 'weight'].map(column =>
          (row.querySelector(`[data-cell=${column}]`)?.textContent ?? '').replace(/\s+/gu, ' ').trim(),
        ),
      ),
    );

function cellsOf({ routes }: Native['records'][number]): string[][] {
  const { experts, scores, shares, weights } = must(routes.find(({ layer }) => layer === 3));
  return [...scores].map((score, expert) => {
    const rank = experts.indexOf(expert);
    return [score, rank < 0 ? null : must(shares[rank]), rank < 0 ? null : must(weights[rank])].map(value =>
      value === null ? '' : exact(value),
    );
  });
}

/** The percentages in the next-token view. */
const percents = async (page: Page): Promise<string[]> =>
  ((await page.locator('moe-next section').innerText()).match(/\d+\.\d\d%/gu) ?? []).slice();

const percentsOf = (result: unknown): Set<string> => new Set([...fractions(result)].map(percent));

/** Checks that the sentence about the shown step names the experts and the bytes of a run. */
async function sentenceIs(scope: ScopePage, record: Native['records'][number], bytes: number): Promise<void> {
  const route = must(record.routes.find(({ layer }) => layer === 3));
  const experts = route.experts.toSorted((one, other) => one - other);
  const ran =
    experts.length === 0
      ? 'none of its 16 routed experts'
      : `${experts.length} of its 16 experts (${experts.join(', ')})`;
  await expect(scope.sentence).toContainText(`layer 3 ran ${ran}`);
  await expect(scope.sentence).toContainText(`, and stored ${bytes} bytes`);
}

for (const [state, settings, words] of WHAT_IFS) {
  test(`with ${words}, every number in each view belongs to the shown run`, async ({ scope, page }) => {
    const native = changed(settings);
    const { plan, loss, compared } = native.what_if;
    const mine = ofChanged(native);
    let differing = 0;
    for (const view of VIEWS) {
      await test.step(view, async () => {
        await open(page, fields({ ...state, view }));
        await expect(bar(page)).toHaveAttribute('data-run', 'changed');
        const numbers = await drawn(page.locator(`moe-${view}`));
        // Numbers are read from the roll's names of experts, the router's cells, and the next-token view's percentages.
        const { record } = must(compared[AT]);
        if (view === 'roll') expect(await scores(page)).toEqual(scoresOf(record));
        else if (view === 'router') expect(await cells(page)).toEqual(cellsOf(record));
        else if (view === 'next') {
          const shown = await percents(page);
          expect(shown.length).toBeGreaterThan(4);
          const known = percentsOf([record.next, must(native.what_if.distributions)[AT]]);
          expect(shown.filter(each => !known.has(each))).toEqual([]);
        } else if (view !== 'grid' || record.routes.some(({ experts }) => experts.length > 0)) {
          expect(numbers.length).toBeGreaterThan(0);
        }
        expect(strange(numbers, mine)).toEqual([]);
        differing += strange(numbers, ofPlain).length;
        await sentenceIs(scope, must(compared[AT]).record, plan.latent_bytes / native.info.num_hidden_layers);
      });
    }
    expect(differing).toBeGreaterThan(0);
    await expect(bar(page)).toContainText(`Changed run: ${words}`);
    // Both runs end at the playhead. The step at the playhead predicts one more token.
    const losses = loss.losses.slice(0, AT + 1);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const costs = losses.map(({ plain, changed }) => changed - plain);
    const cost = mean(losses.map(({ changed }) => changed)) - mean(losses.map(({ plain }) => plain));
    const squares = costs.map(value => (value - mean(costs)) ** 2);
    const error = Math.sqrt(mean(squares) / (costs.length - 1));
    const shown = bar(page).locator('.cost');
    expect(Number(await shown.getAttribute('data-cost'))).toBeCloseTo(cost, 12);
    expect(Number(await shown.getAttribute('data-error'))).toBeCloseTo(error, 12);
    await expect(shown).toContainText(`${Math.abs(cost).toFixed(2)} ± ${error.toFixed(2)} bits per token`);
    await expect(shown).toContainText(`(${AT + 1}\u00a0of\u00a0`);
    await test.step('shown without the change', async () => {
      await page.getByRole('button', { name: 'Show without' }).click();
      await scope.settled();
      await expect(bar(page)).toHaveAttribute('data-run', 'plain');
      const numbers = await drawn(page.locator('moe-grid'));
      expect(numbers.length).toBeGreaterThan(0);
      expect(strange(numbers, ofPlain)).toEqual([]);
      await sentenceIs(scope, must(PLAIN.records[AT]), 192);
      await page.getByRole('button', { name: 'Show with' }).click();
      await scope.settled();
      await expect(bar(page)).toHaveAttribute('data-run', 'changed');
      await page.getByRole('button', { name: 'Undo all' }).click();
      await scope.settled();
      await expect(bar(page)).toHaveCount(0);
      expect(strange(await drawn(page.locator('moe-grid')), ofPlain)).toEqual([]);
    });
  });
}

test('after its panel is closed, after a step, in another example and after a reload, the change is still named and shown', async ({
  scope,
  page,
}) => {
  const [state, settings, words] = must(WHAT_IFS[0]);
  await scope.open(
    `./#v=1&${new URLSearchParams(Object.entries({ ...fields({ ...state, view: 'whatif' }) }).map(([k, v]) => [k, String(v)])).toString()}`,
  );
  await scope.settled();
  const isNamed = async (run: 'changed' | 'plain' = 'changed'): Promise<void> => {
    await scope.settled();
    await expect(bar(page)).toHaveAttribute('data-run', run);
    await expect(bar(page)).toContainText(words);
  };
  await isNamed();
  await page.getByRole('button', { name: 'Close' }).click();
  await isNamed();
  await scope.next.click();
  await isNamed();
  await sentenceIs(scope, must(changed(settings).what_if.compared[AT + 1]).record, 192);
  await page.getByRole('button', { name: '6 × 7' }).click();
  await isNamed();
  await page.reload();
  await scope.up();
  await isNamed();
});

for (const [state, settings, words] of [must(WHAT_IFS[2]), must(WHAT_IFS[8]), must(WHAT_IFS[4])]) {
  test(`with ${words}, the text continues with the tokens of the shown run`, async ({ scope, page }) => {
    const { what_if: run, ids } = changed(settings);
    await open(page, { text: TEXT, token: ids.length - 1, ...state }, './');
    const shown = must(run.compared.at(-1)).record.next.tokens[0];
    await scope.openSettings();
    await scope.generate.click();
    await scope.at(ids.length, ids.length + 1);
    await scope.settled();
    expect(shown).toBe(run.greedy[0]);
    await expect.poll(() => page.url()).toContain(`ids=${run.greedy[0]}`);
    await expect(bar(page)).toHaveAttribute('data-run', 'changed');
    await test.step('while the plain run is shown, the plain run chooses the token', async () => {
      await open(page, { text: TEXT, token: ids.length - 1, ...state, shown: 'plain' }, './');
      await scope.openSettings();
      await scope.generate.click();
      await scope.at(ids.length, ids.length + 1);
      await expect.poll(() => page.url()).toContain(`ids=${PLAIN.greedy[0]}`);
    });
  });
}

test('both runs continue the text; the continuations are one below the other, with the first difference marked', async ({
  scope,
  page,
}) => {
  const [state, settings] = must(WHAT_IFS[2]);
  const native = inspect(TEXT, { greedy: 16, whatIf: settings });
  await open(page, { text: TEXT, ...state, view: 'whatif' });
  await page.getByRole('button', { name: 'Let both runs continue the text' }).click();
  const line = (run: string): Locator => page.locator(`moe-whatif dd[data-run=${run}]`);
  await expect(line('plain')).toHaveAttribute('data-tokens', native.greedy.join('.'));
  await expect(line('changed')).toHaveAttribute('data-tokens', must(native.what_if).greedy.join('.'));
  const difference = native.greedy.findIndex((token, index) => token !== must(native.what_if).greedy[index]);
  expect(difference).toBeGreaterThanOrEqual(0);
  await expect(page.locator('moe-whatif [data-difference]')).toHaveAttribute('data-difference', String(difference));
  for (const run of ['plain', 'changed']) await expect(line(run).locator('mark')).toHaveCount(1);
  // The continuations of an old text are not shown for a new text.
  await go(scope, 'v=1&text=The&off=2.3&view=whatif');
  await expect(line('plain')).toHaveCount(0);
});

test('exports name the shown run and contain its numbers; an element has the change bar and names the run in its events', async ({
  page,
}) => {
  const [state, settings, words] = must(WHAT_IFS[10]);
  const native = changed(settings);
  const mine = ofChanged(native);
  await element(page, fields({ ...state, view: 'router' }));
  for (const view of VIEWS) {
    await test.step(view, async () => {
      await page.locator('moe-scope').evaluate((scope, view) => {
        scope.setAttribute('view', view);
      }, view);
      const json = JSON.parse(await exported(page, 'json')) as Record<string, unknown>;
      expect(json['run']).toBe('changed');
      const known = view === 'roll' ? new Set([...mine, ...ofPlain]) : mine;
      const { permalink, version, model, ...rest } = json;
      expect([permalink, version, model].every(each => each !== undefined)).toBe(true);
      expect(
        strange(
          [...fractions(rest)].filter(value => value === float(value)),
          known,
        ),
      ).toEqual([]);
      for (const format of ['csv', 'svg']) expect(await exported(page, format)).toContain(`changed run: ${words}`);
    });
  }
  await expect(page.locator('moe-scope').locator('moe-change-bar section')).toContainText(words);
  const heard = page.locator('moe-scope').evaluate(
    scope =>
      new Promise<unknown>(resolve => {
        scope.addEventListener('step', event => {
          const { run, position, record } = (event as CustomEvent<Record<string, unknown>>).detail;
          resolve({ run, position, experts: (record as { routes: { experts: number[] }[] }).routes[0]?.experts });
        });
        (scope as unknown as { step(): void }).step();
      }),
  );
  const record = must(native.what_if.compared[AT + 1]).record;
  expect(await heard).toEqual({ run: 'changed', position: AT + 1, experts: record.routes[0]?.experts });
});
