// The what-if view: every control changes the model in the same way as the setting of the native engine with this name.

import type { Locator, Page } from '@playwright/test';
import { addressed, focused, reach } from './support/journey';
import type { Native } from './support/native';
import { float, inspect } from './support/native';
import { exact, must, quoted, rowsOf, signed, signedTwo, two } from './support/printed';
import { resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { SOON } from './support/soon';
import type { State } from './support/views';
import { open as openView } from './support/views';
import { testLooks } from './support/view-tests';

const TEXT = 'The fox saw the dark wood. The little girl ran home.';
const PLAIN = inspect(TEXT);
const COUNT = PLAIN.ids.length;
const LAST = COUNT - 1;

const fields = (state: State): State => ({ view: 'whatif', text: TEXT, token: LAST, ...state });
const open = ({ page }: ScopePage, state: State, place?: string): Promise<void> => openView(page, fields(state), place);

const view = (page: Page): Locator => page.locator('moe-whatif');
const expert = (page: Page, index: number): Locator =>
  view(page).getByRole('button', { name: new RegExp(`^expert ${index}\\b`, 'u') });
const range = (page: Page, name: string | RegExp): Locator => view(page).getByRole('slider', { name });
const radio = (page: Page, name: string): Locator => view(page).getByRole('radio', { name, exact: true });

type Changed = Native & { readonly what_if: NonNullable<Native['what_if']> };

const RUNS = new Map<string, Changed>();

/** The native engine's runs of the text, without and with the settings. */
function changed(settings: object): Changed {
  const key = JSON.stringify(settings);
  const native = RUNS.get(key) ?? inspect(TEXT, { whatIf: settings });
  const run = { ...native, what_if: must(native.what_if) };
  RUNS.set(key, run);
  return run;
}

/** Compares the view at a position with the native engine's runs with the same settings. */
async function matches(page: Page, settings: object, position = LAST): Promise<void> {
  const { what_if: native } = changed(settings);
  const { loss, compared, plan } = native;
  expect(plan.neutral).toBe(false);
  const here = must(compared[position]);
  const cost = view(page).locator('[data-cost]');
  await expect(cost).toHaveAttribute('data-cost', String(loss.cost));
  await expect(cost).toHaveText(`${signedTwo(loss.cost)} bits per token`);
  await expect(view(page).locator('.verdict span')).toHaveText(
    `loss ${two(loss.plain)} without, ${two(loss.changed)} with, n = ${loss.tokens}`,
  );
  // Every token except the first one is predicted.
  const all = PLAIN.ids.length - 1;
  await expect(view(page).locator('[data-error]')).toHaveText(
    `Standard errors: ±${two(loss.cost_error)} for the cost, ±${two(loss.plain_error)} for the loss. ` +
      (loss.tokens === all
        ? `Measured on all ${all} predictions of the text.`
        : `Measured on ${loss.tokens} of the text’s ${all} predictions; run to the end to measure all.`),
  );
  const step = view(page).locator('[data-kl]');
  await expect(step).toHaveAttribute('data-kl', String(here.kl_bits));
  await expect(step).toHaveAttribute('data-layers', String(here.route_changes.length));
  // Without a changed probability there is no table.
  const table = view(page).locator('table[data-table=moves]');
  await expect(table).toHaveCount(here.moves.length === 0 ? 0 : 1);
  const moves = here.moves.length === 0 ? [] : await rowsOf(table);
  expect(moves).toEqual(
    here.moves.map(({ token, plain, changed }) => [
      quoted(must(PLAIN.labels.get(token) ?? inspectLabel(token))),
      `${(plain * 100).toFixed(2)}%`,
      `${(changed * 100).toFixed(2)}%`,
    ]),
  );
  // For every predicted token, the bar's height is the loss with the change; a line marks the loss without the change.
  const drawn = async (kind: string, number: RegExp): Promise<{ x: number; tall: number }[]> => {
    const paths = await view(page)
      .locator(`svg.losses path.${kind}`)
      .evaluateAll(all => all.map(path => path.getAttribute('d') ?? ''));
    const found = [...paths.join('').matchAll(number)].map(([, x, y]) => ({ x: Number(x), tall: 48 - Number(y) }));
    return found.sort((one, other) => one.x - other.x);
  };
  const most = Math.max(...loss.losses.flatMap(each => [each.plain, each.changed]));
  for (const [kind, which] of [
    ['with', 'changed'],
    ['without', 'plain'],
  ] as const) {
    const marks = await drawn(kind, /M([-\d.e]+) ([-\d.e]+)h/gu);
    expect(marks).toHaveLength(loss.losses.length);
    for (const [index, each] of loss.losses.entries()) {
      expect(must(marks[index]).tall).toBeCloseTo((each[which] / most) * 48, 6);
    }
  }
  await expect(view(page).locator('[data-bytes]')).toHaveAttribute('data-bytes', String(plan.latent_bytes));
}

/** The label of a token, also of a token that is in no record. */
function inspectLabel(token: number): string {
  return must(inspect([token]).tokens[0]);
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('clicks switch experts off and force them; one button undoes all changes', async ({ scope, page }) => {
  await open(scope, { layer: 4 });
  const chosen = must(PLAIN.records[LAST]?.routes.find(({ layer }) => layer === 4)).experts;
  const off = must(chosen[0]);
  await expert(page, off).click();
  await matches(page, { experts_off: [{ layer: 4, expert: off }] });
  await addressed(page, { off: `4.${off}`, layer: '4', expert: String(off) });
  await view(page).getByRole('button', { name: 'force', exact: true }).click();
  const forced = must([...Array(16).keys()].find(each => !chosen.includes(each)));
  await expert(page, forced).click();
  const both = { experts_off: [{ layer: 4, expert: off }], experts_forced: [{ layer: 4, expert: forced }] };
  await matches(page, both);
  // A reload restores the change from the address.
  await addressed(page, { off: `4.${off}`, forced: `4.${forced}` });
  await page.reload();
  await scope.ready();
  await matches(page, both);
  await expect(expert(page, off)).toHaveAccessibleName(`expert ${off}, off`);
  await expect(expert(page, forced)).toHaveAccessibleName(`expert ${forced}, forced`);
  // Forcing an expert that is off switches it on again, because only the last click counts.
  await view(page).getByRole('button', { name: 'force', exact: true }).click();
  await expert(page, off).click();
  await matches(page, {
    experts_forced: [...both.experts_forced, { layer: 4, expert: off }].sort((a, b) => a.expert - b.expert),
  });
  await view(page).getByRole('button', { name: 'Undo all changes' }).click();
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  await expect.poll(() => page.evaluate(() => location.hash), SOON).not.toMatch(/off|forced/u);
});

test('every control changes the model in the same way as the native engine’s setting', async ({ scope, page }) => {
  await test.step('nothing is changed at first', async () => {
    await open(scope, { layer: 4 });
    await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
    await expect(view(page).getByRole('button', { name: 'Undo all changes' })).toHaveAttribute('aria-disabled', 'true');
    await expect(view(page).locator('table')).toHaveCount(0);
  });
  await test.step('which experts run, how many, and from how many groups', async () => {
    await open(scope, { layer: 2 });
    await radio(page, 'shared only').check();
    await matches(page, { mixture: 'only_shared' });
    await radio(page, 'chosen only').check();
    await matches(page, { mixture: 'without_shared' });
    await radio(page, 'chosen + shared').check();
    await range(page, 'Experts per token').fill('1');
    await matches(page, { num_experts_per_tok: 1 });
    await addressed(page, { chosen: '1' });
    await range(page, 'Groups kept').fill('4');
    await matches(page, { num_experts_per_tok: 1, topk_group: 4 });
    await range(page, 'Groups kept').fill('2');
    await expect(view(page).locator('.note')).toBeEmpty();
    await range(page, 'Experts per token').fill('12');
    await matches(page, { num_experts_per_tok: 12 });
    await expect(view(page).locator('.note')).toHaveText(
      'The kept groups have too few experts, so experts of all groups can be chosen.',
    );
    await range(page, 'Experts per token').fill('4');
    await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  });
  await test.step('a shifted selection bias changes the choice, not the weights', async () => {
    await open(scope, { layer: 3, expert: 6 });
    await view(page).getByRole('checkbox', { name: 'Use the selection bias' }).uncheck();
    await matches(page, { selection_bias: false });
    await view(page).getByRole('checkbox', { name: 'Use the selection bias' }).check();
    await range(page, /^Bias shift of expert 6/u).fill('0.5');
    await matches(page, { bias_shifts: [{ layer: 3, expert: 6, by: 0.5 }] });
    await addressed(page, { shifts: '3.6.0.5' });
    const { what_if: native } = changed({ bias_shifts: [{ layer: 3, expert: 6, by: 0.5 }] });
    const route = must(native.compared[LAST]?.record.routes.find(({ layer }) => layer === 3));
    expect(route.experts).toContain(6);
    // The shares are computed from the scores, without the bias.
    const sum = route.experts.reduce((all, each) => all + must(route.scores[each]), 0);
    route.experts.forEach((each, rank) => {
      expect(must(route.shares[rank])).toBeCloseTo(must(route.scores[each]) / sum, 5);
    });
  });
  await test.step('the cache has fewer directions and fewer bits', async () => {
    await open(scope, { layer: 4 });
    for (const format of ['f16', 'int8', 'int4'] as const) {
      await radio(page, format).check();
      await matches(page, { cache_format: format });
    }
    await range(page, 'Directions of c_KV kept').fill('4');
    await matches(page, { cache_format: 'int4', latent_rank: 4 });
    await addressed(page, { format: 'int4', rank: '4' });
    await radio(page, 'f32').check();
    await matches(page, { latent_rank: 4 });
  });
  await test.step('extreme settings give finite numbers', async () => {
    const all = Array.from({ length: 16 }, (_, expert) => ({ layer: 3, expert }));
    await open(scope, {
      layer: 3,
      off: all.map(({ layer, expert }) => `${layer}.${expert}`).join('_'),
      rank: 1,
      format: 'int4',
      chosen: 1,
    });
    await matches(page, { experts_off: all, latent_rank: 1, cache_format: 'int4', num_experts_per_tok: 1 });
    const { what_if: native } = changed({
      experts_off: all,
      latent_rank: 1,
      cache_format: 'int4',
      num_experts_per_tok: 1,
    });
    for (const { kl_bits } of native.compared) expect(Number.isFinite(kl_bits)).toBe(true);
  });
});

test('a change that the model refuses is reported; an accepted change stays after steps; the table has every number', async ({
  scope,
  page,
}) => {
  await test.step('a change that the model refuses', async () => {
    await open(scope, { layer: 4, forced: '4.0_4.1_4.2_4.3_4.4' });
    await expect(view(page).locator('.refused')).toHaveText(
      "The what-if's experts_forced is 5 experts of layer 4, expected at most num_experts_per_tok, 4.",
    );
    await range(page, 'Experts per token').fill('5');
    await matches(page, {
      experts_forced: [0, 1, 2, 3, 4].map(expert => ({ layer: 4, expert })),
      num_experts_per_tok: 5,
    });
    await open(scope, { layer: 4, off: '9.3' });
    await expect(view(page).locator('.refused')).toContainText('layer is 9');
    await view(page).getByRole('button', { name: 'Undo all changes' }).click();
    await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  });
  await test.step('stepping with a change', async () => {
    await open(scope, { layer: 4, off: '4.3', token: 3 });
    const settings = { experts_off: [{ layer: 4, expert: 3 }] };
    for (let position = 4; position < 7; position++) {
      await scope.next.click();
      await scope.settled();
      const { compared } = changed(settings).what_if;
      await expect(view(page).locator('[data-kl]')).toHaveAttribute(
        'data-kl',
        String(must(compared[position]).kl_bits),
      );
      await expect(view(page).locator('[data-tokens]')).toHaveAttribute('data-tokens', String(position + 1));
    }
  });
  await test.step('the table', async () => {
    const settings = { num_experts_per_tok: 2 };
    await open(scope, { layer: 4, chosen: 2 });
    await page.getByText('The change in numbers').click();
    const { compared } = changed(settings).what_if;
    const table = view(page).locator('table[data-table=change]');
    await expect(table.locator('tbody tr')).toHaveCount(compared.length);
    expect(await rowsOf(table)).toEqual(
      compared.map(({ kl_bits, route_changes }, position) => {
        const loss = compared[position - 1]?.loss;
        const changes = route_changes.map(
          ({ layer, left, entered }) =>
            `layer ${layer}: ${[...left.map(each => `−${each}`), ...entered.map(each => `+${each}`)].join(' ')}`,
        );
        const four = (value: number): string => value.toFixed(4).replace('-', '−');
        return [
          String(position),
          quoted(must(PLAIN.tokens[position])),
          four(kl_bits),
          loss ? four(loss.plain) : '',
          loss ? four(loss.changed) : '',
          changes.join('; '),
        ];
      }),
    );
  });
});

test('the roll marks changed choices with rings, and an expert that is off with a line', async ({ scope, page }) => {
  const settings = { experts_off: [{ layer: 4, expert: 3 }] };
  await open(scope, { layer: 4, off: '4.3' }, './');
  await matches(page, settings);
  const { compared } = changed(settings).what_if;
  const marks = await page.locator('moe-roll svg.overlay').evaluate(svg => {
    const of = (kind: string): string[] =>
      [...svg.querySelectorAll(`.${kind}`)].map(mark =>
        [
          mark.closest('[data-layer]')?.getAttribute('data-layer'),
          mark.getAttribute('data-position'),
          mark.getAttribute('data-expert'),
        ].join(' '),
      );
    return {
      left: of('only-without'),
      entered: of('only-with'),
      off: [...svg.querySelectorAll('[data-off]')].map(line => line.getAttribute('data-off')),
    };
  });
  const wanted = (kind: 'left' | 'entered'): string[] =>
    compared.flatMap(({ record, route_changes }) =>
      route_changes.flatMap(change => change[kind].map(each => `${change.layer} ${record.position} ${each}`)),
    );
  expect(marks.left.toSorted()).toEqual(wanted('left').toSorted());
  expect(marks.entered.toSorted()).toEqual(wanted('entered').toSorted());
  expect(marks.off).toEqual(['3']);
  // The line ends before the numbers of the playhead's column, and a chip names the state of the expert.
  const row = must((await page.locator('#expert-4-3 rect').boundingBox()) ?? undefined);
  const line = await page.locator('moe-roll [data-off]').getAttribute('d');
  const left = must((await page.locator('moe-roll svg.overlay').boundingBox()) ?? undefined).x;
  const [, end = NaN, start = NaN] = (/H([\d.]+)M([\d.]+) /u.exec(line ?? '') ?? []).map(Number);
  expect(left + end).toBeLessThan(row.x + row.width);
  expect(start - end).toBeGreaterThan(row.x + row.width - (left + end));
  await page.mouse.move(row.x + 4, row.y + row.height / 2);
  await expect(page.locator('moe-roll .chip')).toContainText('layer 4, expert 3: score');
  await expect(page.locator('moe-roll .chip')).toContainText(', switched off');
  await page.mouse.move(0, 0);
  // The next tokens have filled blocks for the changed run and outlines for the plain run, with the same scale.
  const next = must(compared[LAST]).record.next;
  const blocks = page.locator('moe-roll .next-token');
  const tokens = await blocks.evaluateAll(all => all.map(each => Number(each.getAttribute('data-token'))));
  expect(tokens).toEqual(next.tokens.slice(0, tokens.length));
  const was = await page
    .locator('moe-roll .slopes .was')
    .evaluateAll(all =>
      all.map(each => [Number(each.getAttribute('data-token')), Number(each.getAttribute('data-size'))]),
    );
  const plain = must(PLAIN.records[LAST]).next;
  expect(was.map(([token]) => token)).toEqual(plain.tokens);
  const scale = must(was[0]?.[1]) / must(plain.probabilities[0]);
  was.forEach(([, size], rank) => {
    expect(size).toBeCloseTo(must(plain.probabilities[rank]) * scale, 3);
  });
  // A click beside the columns switches an expert off, or on again.
  const clickBeside = async (): Promise<void> => {
    const staves = must((await page.locator('moe-roll .staves').boundingBox()) ?? undefined);
    const row = must((await page.locator('#expert-4-3 rect').boundingBox()) ?? undefined);
    const columns = await page.locator('moe-roll svg.closed').getAttribute('data-columns');
    const { left } = JSON.parse(columns ?? '') as { left: number };
    await page.mouse.click(staves.x + left - 16, row.y + row.height / 2);
    await scope.settled();
  };
  await clickBeside();
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  await expect(page.locator('moe-roll .overlay circle')).toHaveCount(0);
  await clickBeside();
  await matches(page, settings);
});

test('with a what-if, the labels of the next tokens are not cut off', async ({ scope, page }) => {
  await open(scope, { off: '4.10' }, './');
  for (const width of [768, 1440]) {
    await resize(scope, width);
    const names = page.locator('moe-roll .next-token b, moe-roll .others span');
    const cut = await names.evaluateAll(all =>
      all.filter(each => each.scrollWidth > each.clientWidth && each.clientWidth > 0).map(each => each.textContent),
    );
    expect(await names.count()).toBeGreaterThan(3);
    expect(cut, `${width} px`).toEqual([]);
    const outside = await page.locator('moe-roll .next-tokens .line > *').evaluateAll(all =>
      all.flatMap(each => {
        const box = each.closest('.next-token, .others')?.getBoundingClientRect();
        const { left, right } = each.getBoundingClientRect();
        return box && (left < box.left || right > box.right) ? [each.textContent] : [];
      }),
    );
    expect(outside, `${width} px`).toEqual([]);
  }
});

test('the router shows the changed run: its logits, scores, biases, choice scores and weights are the native engine’s', async ({
  scope,
  page,
}) => {
  const settings = { bias_shifts: [{ layer: 3, expert: 6, by: 0.5 }], experts_off: [{ layer: 3, expert: 2 }] };
  const native = inspect(TEXT, { whatIf: settings, details: true });
  const { compared, details } = must(native.what_if);
  const route = must(compared[LAST]?.record.routes.find(({ layer }) => layer === 3));
  const row = 3 - native.info.first_k_dense_replace;
  await open(scope, { layer: 3, shifts: '3.6.0.5', off: '3.2', view: 'router' });
  const router = page.locator('moe-router');
  const cells = (column: string): Promise<string[]> =>
    router
      .locator(`tbody [data-cell=${column}]`)
      .evaluateAll(all => all.map(each => (each.textContent ?? '').replace(/\s+/gu, ' ').trim()));
  await expect(router.locator('[data-cell=logit]').first()).toHaveText(/\d/u);
  expect(await cells('logit')).toEqual(must(details?.[LAST]).router_logits[row]?.map(exact));
  expect(await cells('score')).toEqual([...route.scores].map(exact));
  // JSON has no infinity, so experts that are off have null.
  const choices = [...route.choice_scores].map(score => (score === null ? '−∞' : exact(score)));
  expect(await cells('choice')).toEqual(choices);
  expect(choices[2]).toBe('−∞');
  const biases = must(native.selection_biases[row]).map(float);
  const shifted = biases.map((own, expert) => float(own + (expert === 6 ? 0.5 : 0)));
  expect(await cells('bias')).toEqual(shifted.map(signed));
  const weights = Array.from({ length: 16 }, (_, expert) => {
    const rank = route.experts.indexOf(expert);
    return rank < 0 ? '' : exact(must(route.weights[rank]));
  });
  expect(await cells('weight')).toEqual(weights);
});

test('by keyboard alone: keys switch an expert off, change a count and undo all changes', async ({ scope, page }) => {
  await open(scope, { layer: 4 });
  await reach(page, /^expert 0$/u);
  await page.keyboard.press('Enter');
  await matches(page, { experts_off: [{ layer: 4, expert: 0 }] });
  await reach(page, /^Experts per token/u);
  await page.keyboard.press('ArrowLeft');
  await matches(page, { experts_off: [{ layer: 4, expert: 0 }], num_experts_per_tok: 3 });
  await reach(page, /^Undo all changes/u, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(view(page).locator('.verdict')).toHaveText('Nothing is changed.');
  expect(await focused(page)).toContain('Undo all changes');
});

testLooks(
  'whatif',
  [{ layer: 4 }, { layer: 0 }, { layer: 4, off: '4.3', expert: 5 }, { layer: 4, forced: '9.1' }].map(fields),
);
