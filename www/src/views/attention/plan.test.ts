import { describe, expect, test } from 'vitest';
import { modelOf, snapshotOf } from '../../testing/snapshots';
import { planOf } from './plan';

const at = (position: number, tokens = 12): ReturnType<typeof snapshotOf> =>
  snapshotOf(tokens, { state: { position } });

describe('a few tokens', () => {
  // 700 - 56 (the heads' names) = 644 px; 644 / 12 tokens is more than the maximum, 40.
  const plan = planOf(at(7), 4, 700);

  test('have columns of the maximum width and rows of 24 px for 8 heads', () => {
    expect(plan).toMatchObject({ column: 40, pitch: 24, left: 56, first: 0, end: 12, before: null, named: true });
    expect(plan).toMatchObject({ right: 56 + 12 * 40, top: 72, foot: 72 + 8 * 24, height: 72 + 8 * 24 + 8 });
  });

  test('a square of weight 1 is 1 px smaller than its row', () => {
    expect(plan.full).toBe(23);
  });

  test('the token and the head are found from the pointer’s position', () => {
    expect([55, 56, 95, 96, 535, 536].map(where => plan.positionAt(where))).toEqual([
      undefined,
      0,
      0,
      1,
      11,
      undefined,
    ]);
    expect([71, 72, 95, 96, 263, 264].map(where => plan.headAt(where))).toEqual([undefined, 0, 0, 1, 7, undefined]);
  });
});

describe('many tokens', () => {
  const plan = planOf(at(200, 512), 4, 700);

  test('show a window of four parts with the playhead in the last part, and one column for all earlier tokens', () => {
    // 53 columns of 12 px fit; one is for the earlier tokens. 52 - 3 (tokens ahead) = 49: four parts of 12 tokens.
    expect(plan).toMatchObject({ column: 12, before: 56, first: 156, end: 208, left: 56 + 12 + 4, count: 512 });
    expect(plan.right).toBe(72 + 52 * 12);
    expect(plan.right).toBeLessThanOrEqual(700);
  });

  test('squares of neighbours never overlap, since a row’s weights add up to 1', () => {
    // The squares of weights a and 1 - a have sides of √a and √(1 - a) full sides: together at most √2 full sides.
    expect(plan.full * Math.SQRT2).toBeLessThanOrEqual(2 * plan.column);
  });
});

test('with more than 34 heads, rows have no names; with more than 100 heads, the gutter is wider', () => {
  const heads = (count: number): ReturnType<typeof planOf> =>
    planOf(snapshotOf(12, { model: modelOf({ num_attention_heads: count }) }), 4, 700);
  expect(heads(128)).toMatchObject({ pitch: 4, named: false, left: 64, full: 3 });
  expect(heads(100)).toMatchObject({ pitch: 4, left: 56 });
  // 384 px hold 34 rows of 11 px.
  expect([heads(34).named, heads(35).named]).toEqual([true, false]);
});

test('a playhead at the last token is in sight in views of 320 to 1440 px', () => {
  for (const width of [320, 360, 768, 1440]) {
    for (const tokens of [1, 12, 40, 512]) {
      const plan = planOf(at(tokens - 1, tokens), 4, width);
      expect(plan.positionAt(plan.x(plan.at)), `${tokens} tokens in ${width} px`).toBe(tokens - 1);
    }
  }
});
