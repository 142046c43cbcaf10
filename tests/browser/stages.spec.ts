// If the step is shown only up to a stage, then no number that a later stage computes is in a view, in the texts for
// screen readers, in the hover line, or in an exported file.

import type { Page } from '@playwright/test';
import { element, exported, parseCsv } from './support/exports';
import type { Native } from './support/native';
import { inspect } from './support/native';
import { drawn, fractions } from './support/numbers';
import { exact, must, percent } from './support/printed';
import { expect, test } from './support/scope';
import { addressed } from './support/journey';
import { open } from './support/views';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const AT = 8;
const LAYER = 2;
const NATIVE = inspect(TEXT, { details: true, loads: true, temperature: 0.7 });
const ASKED = { text: TEXT, token: AT, layer: LAYER, expert: 5, temperature: 0.7 };
const VIEWS = ['roll', 'router', 'next', 'flow', 'attention', 'cache', 'grid', 'whatif', 'cachelab'] as const;
/** The names of the stages of layers 1 and 2, as in links. */
const STAGES = [1, 2].flatMap(layer =>
  ['cache', 'attend', 'score', 'cut', 'choose'].map(operation => `${layer}.${operation}`),
);

/** For each stage of the step, the numbers that the stage computes. */
function computed({ records, details, distributions, loads }: Native): Map<string, unknown> {
  const record = must(records[AT]);
  const detail = must(details?.[AT]);
  const dense = NATIVE.info.first_k_dense_replace;
  const all = new Map<string, unknown>();
  for (let layer = 0; layer < NATIVE.info.num_hidden_layers; layer++) {
    const norms = must(detail.stream_norms[layer]);
    all.set(`${layer}.cache`, [detail.attention_inputs[layer], detail.latents[layer], detail.rope_keys[layer]]);
    all.set(`${layer}.attend`, [
      detail.attention[layer],
      detail.other_attention[layer],
      detail.queries[layer],
      detail.absorbed_queries[layer],
      detail.keys[layer],
      detail.values[layer],
      detail.head_outputs[layer],
      detail.attention_outputs[layer],
      detail.attended[layer],
      norms.slice(1, 3),
      detail.weight_differences[layer],
      detail.attention_differences[layer],
    ]);
    const output = [detail.ffn_outputs[layer], detail.stream[layer + 1], norms.slice(3)];
    const route = record.routes.find(route => route.layer === layer);
    if (!route) {
      all.set(`${layer}.dense`, [detail.ffn_inputs[layer], output]);
      continue;
    }
    const load = loads?.[AT]?.layers.find(load => load.layer === layer);
    all.set(`${layer}.score`, [
      detail.ffn_inputs[layer],
      detail.router_logits[layer - dense],
      route.scores,
      route.choice_scores,
    ]);
    all.set(`${layer}.cut`, route.group_scores);
    all.set(`${layer}.choose`, [
      route.weights,
      route.shares,
      detail.expert_outputs[layer - dense],
      detail.shared_outputs[layer - dense],
      detail.expert_norms[layer - dense],
      detail.parts[layer - dense],
      load?.relative,
      output,
    ]);
  }
  const logits = record.next.tokens.map(token => detail.logits[token]);
  all.set('next', [record.next, logits, detail.final_input, distributions?.[AT]]);
  return all;
}

const COMPUTED = [...computed(NATIVE)];
const NAMES = COMPUTED.map(([name]) => name);

/** For each number, the index of the first stage that computes it; -1 for numbers of other tokens or the step's input. */
const FIRST = new Map<number, number>();
/** The same for each number as the page prints it. */
const FIRST_PRINTED = new Map<string, number>();
const others = [
  NATIVE.records.filter((_, position) => position !== AT),
  NATIVE.loads?.filter((_, position) => position !== AT),
  NATIVE.selection_biases,
  NATIVE.details?.[AT]?.stream[0],
  NATIVE.details?.[AT]?.stream_norms[0]?.[0],
];
for (const [index, values] of [others, ...COMPUTED.map(([, values]) => values)].entries()) {
  for (const value of fractions(values)) {
    if (!FIRST.has(value)) FIRST.set(value, index - 1);
    for (const text of [exact(value), percent(value)]) {
      const isLong = text.replace(/\D/gu, '').length >= 4;
      if (isLong && !FIRST_PRINTED.has(text)) FIRST_PRINTED.set(text, index - 1);
    }
  }
}

/** From `numbers`, the numbers that only a stage after `stage` computes. */
function later(stage: string, numbers: readonly number[]): number[] {
  return numbers.filter(value => (FIRST.get(value) ?? -1) > NAMES.indexOf(stage));
}

/** The printed numbers in a text, of at least 4 digits, that no stage up to `stage` computes. */
function laterIn(stage: string, text: string): string[] {
  const numbers = text.match(/[−-]?\d+\.\d{2,}%?/gu) ?? [];
  return numbers.filter(each => (FIRST_PRINTED.get(each) ?? -1) > NAMES.indexOf(stage));
}

/** The fractions in the attributes of the roll and of the view beside it, with open tables. */
async function drawnIn(page: Page, view: (typeof VIEWS)[number]): Promise<number[]> {
  const beside = view === 'roll' ? [] : await drawn(page.locator(`moe-${view}`));
  return [...(await drawn(page.locator('moe-roll'))), ...beside];
}

/** All texts of the page, including the texts for screen readers. */
function texts(page: Page): Promise<string> {
  return page.evaluate(() => {
    const roots: ParentNode[] = [document];
    for (const root of roots) {
      for (const each of root.querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
    }
    return roots
      .flatMap(root =>
        [...root.querySelectorAll('*')].flatMap(each => [
          ...['aria-label', 'aria-description', 'title', 'alt'].map(name => each.getAttribute(name) ?? ''),
          ...[...each.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent ?? ''),
        ]),
      )
      .join('\n');
  });
}

for (const view of VIEWS) {
  test(`at each stage, the view “${view}” shows no number of a later stage`, async ({ page }) => {
    for (const stage of STAGES) {
      await test.step(stage, async () => {
        await open(page, { ...ASKED, view, stage }, './');
        expect(later(stage, await drawnIn(page, view))).toEqual([]);
        expect(laterIn(stage, await texts(page))).toEqual([]);
      });
    }
    // The finished step does show numbers of later stages, so the comparisons above can fail.
    await open(page, { ...ASKED, view }, './');
    await drawnIn(page, view);
    expect(laterIn('1.cache', await texts(page)).length).toBeGreaterThan(0);
  });
}

test('stage by stage, the hover line of an expert gets its score, then its group, then its choice', async ({
  page,
}) => {
  const route = must(must(NATIVE.records[AT]).routes.find(({ layer }) => layer === LAYER));
  const expert = must(route.experts[0]);
  const chip = page.locator('moe-roll .chip');
  const token = `“${must(NATIVE.tokens[AT]).trim()}”`;
  const start = `${token}, layer ${LAYER}, expert ${expert}: score ${exact(must(route.scores[expert]))}`;
  const [share, weight] = [exact(must(route.shares[0])), exact(must(route.weights[0]))];
  for (const [stage, text] of [
    ['2.attend', null],
    ['2.score', start],
    ['2.cut', `${start}, group kept`],
    ['2.choose', `${start}, chosen, share ${share}, weight ${weight}`],
  ] as const) {
    await open(page, { ...ASKED, expert, stage });
    if (text === null) await expect(chip).toHaveCount(0);
    else await expect(chip).toHaveText(text);
  }
});

test('files exported at a stage contain no number of a later stage', async ({ page }) => {
  for (const stage of ['2.attend', '2.cut']) {
    for (const view of VIEWS) {
      await element(page, { ...ASKED, view, stage });
      const { rows } = parseCsv(await exported(page, 'csv'));
      expect.soft(later(stage, rows.flat().map(Number).map(Math.fround)), `CSV of ${view}, ${stage}`).toEqual([]);
      expect.soft(laterIn(stage, await exported(page, 'svg')), `SVG of ${view}, ${stage}`).toEqual([]);
    }
  }
  await element(page, { ...ASKED, view: 'router' });
  const { rows } = parseCsv(await exported(page, 'csv'));
  expect(later('1.choose', rows.flat().map(Number).map(Math.fround)).length).toBeGreaterThan(0);
});

test('an old link with the number of a stage shows this stage, and the address then has the stage’s name', async ({
  scope,
  page,
}) => {
  await scope.link({ text: TEXT, token: AT, stage: 11 });
  await addressed(page, { stage: '2.cut' });
  await expect(scope.sentence).toContainText(`layer ${LAYER} keeps groups`);
  await scope.link({ text: TEXT, token: AT, stage: '0.score' });
  await expect(scope.fault).toContainText('In the link, “stage” is 0.score, which is out of range');
  await expect(scope.sentence).toContainText(', and stored');
});

test('“Show the whole step” leads from a stage to the finished step', async ({ scope, page }) => {
  await open(page, { ...ASKED, view: 'router', stage: '2.score' });
  const router = page.locator('moe-router');
  await expect(router).toContainText('Stage 11 of 24 is shown: Layer 2 scores the experts.');
  await page.getByRole('button', { name: 'Show the whole step' }).click();
  await scope.settled();
  await expect(router).not.toContainText('of 24 is shown');
  await expect.poll(() => page.url()).not.toContain('stage=');
});
