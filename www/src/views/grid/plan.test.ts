import { describe, expect, test } from 'vitest';
import type { ExpertLoad } from '../../engine/types';
import type { Changes } from '../../testing/snapshots';
import { modelOf, snapshotOf } from '../../testing/snapshots';
import { large, layerLoad, small } from './plan';

const at = (position: number, tokens = 12, changes: Changes = {}): ReturnType<typeof snapshotOf> =>
  snapshotOf(tokens, { ...changes, state: { position, ...changes.state } });

/** In layer 2, expert 5 was chosen most often; experts 1 and 14 follow with equal counts. */
const COUNTS = [2, 3, 0, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0];
const LOAD: ExpertLoad = {
  position: 7,
  tokens: 8,
  layers: [{ layer: 2, counts: COUNTS, uniform: 1, relative: COUNTS, max_violation: 8, together: [] }],
  chance: undefined,
};
const BY_LOAD = [5, 1, 14, 0, 4, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 15];

describe('a layer’s grid', () => {
  // 1000 - 28 (experts' numbers) - 16 (gap) - 96 (bar) - 116 (the load's numbers) = 744 px for the columns.
  const plan = large(at(7), 2, 1000);

  test('has a column per token, a row per expert, and the expert load beside them', () => {
    expect(plan).toMatchObject({ left: 28, column: 48, across: true, top: 40, numbered: true, grouped: true });
    expect(plan).toMatchObject({ right: 28 + 12 * 48, foot: 40 + 396, width: 832, height: 460 });
    expect(plan.margin).toEqual({ left: 620, bar: 96, count: 764, relative: 832 });
  });

  test('has its experts in groups; tokens and experts are found from the pointer’s position', () => {
    expect([0, 3, 4, 15].map(where => plan.y(where))).toEqual([40, 112, 140, 412]);
    expect([39, 40, 136, 140, 435, 436].map(where => plan.expertAt(where))).toEqual([
      undefined,
      0,
      undefined,
      4,
      15,
      undefined,
    ]);
    expect([27, 28, 75, 76, 604].map(where => plan.positionAt(where))).toEqual([undefined, 0, 0, 1, undefined]);
  });

  test('has narrower columns and shorter bars on a phone', () => {
    expect(large(at(7), 2, 400)).toMatchObject({ column: 17, across: false, top: 72, right: 232, margin: { bar: 40 } });
    expect(large(at(7), 2, 500)).toMatchObject({ column: 24, margin: { bar: 56 } });
  });

  test('of 256 experts has low rows and ranges instead of numbers', () => {
    const many = modelOf({ n_routed_experts: 256, n_group: 8 });
    expect(large(at(7, 12, { model: many }), 2, 1000)).toMatchObject({ numbered: false, left: 56, rows: { pitch: 3 } });
  });

  test('shows a window of many tokens', () => {
    // 744 px hold 62 columns of 12 px. 62 - 3 (tokens ahead) = 59: two parts of 29 tokens.
    expect(large(at(200, 512), 2, 1000)).toMatchObject({ column: 12, first: 145, end: 207, count: 512 });
  });
});

describe('experts sorted by load', () => {
  const sorted = at(7, 12, { plain: { expertLoad: LOAD }, state: { sort: 'load' } });

  test('go from the highest to the lowest load, and by number if loads are equal', () => {
    const plan = large(sorted, 2, 1000);
    expect(plan.grouped).toBe(false);
    expect(plan.order).toEqual(BY_LOAD);
    expect([5, 1, 14].map(where => plan.y(where))).toEqual([40, 64, 88]);
    expect([40, 64, 423, 424].map(where => plan.expertAt(where))).toEqual([5, 1, 15, undefined]);
    expect(plan.foot).toBe(40 + 16 * 24);
  });

  test('keep the last order until the next load arrives', () => {
    expect(large(at(8, 12, { plain: { expertLoad: LOAD }, state: { sort: 'load' } }), 2, 1000).order).toEqual(BY_LOAD);
  });

  test('stay in their groups if the layer has no load, and while a question hides the step', () => {
    expect(large(at(7, 12, { state: { sort: 'load' } }), 2, 1000).grouped).toBe(true);
    expect(large(sorted, 3, 1000).grouped).toBe(true);
    expect(
      large(at(7, 12, { plain: { expertLoad: LOAD }, state: { sort: 'load', reveal: 'click' } }), 2, 1000).grouped,
    ).toBe(true);
  });

  test('stay in their groups if the load belongs to another model', () => {
    const model = modelOf({ n_routed_experts: 8 });
    expect(large(at(7, 12, { plain: { expertLoad: LOAD }, model, state: { sort: 'load' } }), 2, 1000).grouped).toBe(
      true,
    );
  });

  test('have the load of the given layer, if the load belongs to the shown step', () => {
    expect(layerLoad(sorted, 2)?.counts).toBe(COUNTS);
    expect(layerLoad(sorted, 3)).toBeUndefined();
    expect(layerLoad(at(8, 12, { plain: { expertLoad: LOAD } }), 2)).toBeUndefined();
  });
});

test('a small grid reserves no space for labels and numbers', () => {
  expect(small(at(7), 2, 300)).toMatchObject({
    left: 0,
    top: 0,
    column: 20,
    rows: { pitch: 5 },
    height: 4 * 20 + 3 * 4,
  });
});

test('in views of 320 to 1440 px, the picture fits in the view, and a playhead at the last token is in sight', () => {
  for (const width of [320, 360, 768, 1440]) {
    for (const tokens of [1, 12, 40, 512]) {
      const snapshot = at(tokens - 1, tokens);
      for (const plan of [large(snapshot, 2, width), small(snapshot, 2, width)]) {
        expect(plan.width, `${tokens} tokens in ${width} px`).toBeLessThanOrEqual(width);
        expect(plan.positionAt(plan.x(tokens - 1))).toBe(tokens - 1);
      }
    }
  }
});
