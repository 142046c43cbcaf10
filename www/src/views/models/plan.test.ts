import { describe, expect, test } from 'vitest';
import type { Scheme, Survey, SurveyedModel, Weighed } from '../../engine/types';
import { must } from '../../testing/must';
import { barsPlan, isNarrow, squarePlan } from './plan';

const scheme = (token_bytes: number, long_token_bytes = token_bytes, values = 48): Scheme =>
  ({ scheme: 'published', values, token_bytes, long_token_bytes }) as unknown as Scheme;

const model = (id: string, schemes: Scheme[], more: Partial<SurveyedModel> = {}): SurveyedModel =>
  ({ id, name: id, schemes, ...more }) as SurveyedModel;

const survey = (...models: SurveyedModel[]): Survey => ({ models }) as unknown as Survey;

describe('the bars', () => {
  const plan = barsPlan(
    survey(
      model('heads', [scheme(400)]),
      model('unknown', []),
      model('latent', [scheme(100)], { c_kv: 32 }),
      model('window', [scheme(300, 200)]),
      model('indexed', [scheme(132)], { c_kv: 36, indexer_bytes: 12 }),
    ),
    false,
    760,
  );

  test('are sorted by the bytes that remain per token in a long context, unknown models last', () => {
    expect(plan.bars.map(({ model }) => model.id)).toEqual(['latent', 'indexed', 'window', 'heads', 'unknown']);
    expect(plan.bars.map(({ y }) => y)).toEqual([0, 20, 40, 60, 80]);
  });

  test('are drawn to one scale, and the largest fills the room for bars', () => {
    // 760 - 296 (names) - 64 (numbers) = 400 px.
    expect(plan).toMatchObject({ left: 296, room: 400, row: 20, height: 100, narrow: false });
    expect(must(plan.bars[3]).parts).toEqual([{ kind: 'heads', width: 400 }]);
  });

  test('of latent attention have parts for c_KV, the RoPE key and an indexer', () => {
    // One byte is 1 px. c_KV is 32 of the 48 values, which take 100 bytes.
    const [ckv, rope] = must(plan.bars[0]).parts;
    expect([ckv?.kind, rope?.kind]).toEqual(['ckv', 'rope']);
    expect(ckv?.width).toBeCloseTo(200 / 3, 9);
    expect(rope?.width).toBeCloseTo(100 / 3, 9);
    // The indexer takes 12 of the 132 bytes. c_KV is 36 of the 48 values, which take the other 120 bytes.
    expect(must(plan.bars[1]).parts).toEqual([
      { kind: 'ckv', width: 90 },
      { kind: 'rope', width: 30 },
      { kind: 'index', width: 12 },
    ]);
  });

  test('have an extra part for layers with a window', () => {
    expect(must(plan.bars[2])).toMatchObject({ long: 200, short: 300, more: 100 });
    expect(must(plan.bars[2]).parts).toEqual([{ kind: 'heads', width: 200 }]);
  });

  test('of unknown models are empty', () => {
    expect(must(plan.bars[4])).toMatchObject({ parts: [], more: 0, long: 0, short: 0 });
  });

  test('are below their names in a narrow view', () => {
    expect([isNarrow(519), isNarrow(520)]).toEqual([true, false]);
    expect(barsPlan(survey(model('heads', [scheme(400)])), false, 400)).toMatchObject({
      narrow: true,
      left: 0,
      room: 336,
      row: 36,
    });
  });

  test('reserve 28 rows until the models are known, and one more row for the user’s model', () => {
    expect(barsPlan(undefined, false, 664).height).toBe(28 * 20);
    expect(barsPlan(undefined, true, 664).height).toBe(29 * 20);
  });
});

/** The total area of the rectangles in a path. */
function area(path: string): number {
  return Array.from(path.matchAll(/h(-?[\d.]+)v([\d.]+)h/gu), ([, wide, tall]) => Number(wide) * Number(tall)).reduce(
    (all, each) => all + each,
    0,
  );
}

describe('the square of weights', () => {
  const WEIGHED = {
    total: 1000,
    active: 445,
    parts: [
      { component: 'attention', total: 200, active: 200 },
      { component: 'routed_experts', total: 600, active: 150 },
      { component: 'embedding', total: 105, active: 0 },
      { component: 'head', total: 95, active: 95 },
    ],
  } as unknown as Weighed;
  const plan = squarePlan(WEIGHED, 500);

  test('has cells that each stand for 1, 10, 100, … weights', () => {
    expect(plan).toMatchObject({ unit: 10, columns: 10, cell: 41, width: 410, height: 410 });
    expect(squarePlan({ ...WEIGHED, total: 671_026_419_200 }, 500)).toMatchObject({ unit: 1e9, columns: 26 });
    expect(squarePlan({ ...WEIGHED, total: 50 }, 500).unit).toBe(1);
  });

  test('starts with the weights that a token uses; the embedding and then the unused weights follow', () => {
    expect(plan.stretches.map(({ component, active, weights }) => [component, active, weights])).toEqual([
      ['attention', true, 200],
      ['routed_experts', true, 150],
      ['head', true, 95],
      ['embedding', false, 105],
      ['routed_experts', false, 450],
    ]);
  });

  test('has areas in proportion to the weights', () => {
    for (const { path, weights } of plan.stretches) {
      expect(area(path) / plan.cell ** 2).toBeCloseTo(weights / plan.unit, 9);
    }
  });

  test('starts each part where the part before it ends, even inside a cell', () => {
    expect(plan.stretches[0]?.path).toBe('M0 0h410v41h-410zM0 41h410v41h-410z');
    // The second part fills the cells from 20 to 35, the third part the cells from 35 to 44.5.
    expect(plan.stretches[1]?.path).toBe('M0 82h410v41h-410zM0 123h205v41h-205z');
    expect(plan.stretches[2]?.path).toBe('M205 123h205v41h-205zM0 164h184.5v41h-184.5z');
  });

  test('is at most as wide as the view, and at most 416 px', () => {
    for (const width of [100, 320, 1440]) expect(squarePlan(WEIGHED, width).width).toBeLessThanOrEqual(width);
    expect(squarePlan(WEIGHED, 1440).width).toBeLessThanOrEqual(416);
  });
});
