import { describe, expect, test } from 'vitest';
import { MODEL, modelOf, snapshotOf } from '../../testing/snapshots';
import { planOf } from './plan';

const at = (position: number, tokens = 12): ReturnType<typeof snapshotOf> =>
  snapshotOf(tokens, { state: { position } });

describe('the caches of a text', () => {
  const plan = planOf(at(7), 600);

  test('are drawn to one scale, with the expanded cache 160 px tall', () => {
    // 640 values are 160 px. c_KV has 32 values, the RoPE key 16, plain attention 512.
    expect(plan.scale).toBe(0.25);
    expect(plan.heights).toEqual({ cKv: 8, ropeKey: 4, latent: 12, expanded: 160, plainMha: 128 });
  });

  test('have their names beside them', () => {
    // 600 - 148 (names) = 452 px; 452 / 12 tokens is 37.7, rounded down to 37.
    expect(plan).toMatchObject({
      named: true,
      column: 37,
      across: false,
      top: 72,
      right: 444,
      width: 592,
      height: 240,
    });
    expect(plan.names).toEqual({ latent: 84, plainMha: 196, expanded: 228 });
  });

  test('have one column per token, and the token is found from the pointer’s position', () => {
    expect([0, 36, 37, 443, 444].map(plan.positionAt)).toEqual([0, 0, 1, 11, undefined]);
    expect([plan.x(0), plan.x(11)]).toEqual([0, 407]);
  });

  test('have numbers without names in a narrow view, unless there are few tokens', () => {
    // 320 - 148 (names) = 172 px: less than 20 px for each of 12 tokens.
    expect(planOf(at(7), 320)).toMatchObject({ named: false, column: 22, width: 12 * 22 + 52 });
    expect(planOf(at(0, 1), 320)).toMatchObject({ named: true, column: 48 });
  });

  test('show a window if there are many tokens', () => {
    // 452 px hold 37 columns of 12 px. 37 - 3 (tokens ahead) = 34: two parts of 17 tokens.
    expect(planOf(at(50, 100), 600)).toMatchObject({ named: true, column: 12, first: 17, end: 54 });
  });
});

test('two names that would overlap are kept 16 px apart', () => {
  const cache_values = { ...MODEL.info.cache_values, plain_mha: 620 };
  const { names } = planOf(snapshotOf(12, { model: modelOf({ cache_values }) }), 600);
  expect(names.expanded - names.plainMha).toBe(16);
});

test('in views of 320 to 1440 px, the picture fits in the view, and a playhead at the last token is in sight', () => {
  for (const width of [320, 360, 768, 1440]) {
    for (const tokens of [1, 12, 40, 512]) {
      const plan = planOf(at(tokens - 1, tokens), width);
      expect(plan.width, `${tokens} tokens in ${width} px`).toBeLessThanOrEqual(width);
      expect(plan.positionAt(plan.x(tokens - 1))).toBe(tokens - 1);
    }
  }
});
