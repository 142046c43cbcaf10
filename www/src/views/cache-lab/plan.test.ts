import { describe, expect, test } from 'vitest';
import type { Snapshot, Tried } from '../../scope/state';
import { commonCacheSettings, PLAIN } from '../../scope/what-if';
import { must } from '../../testing/must';
import { comparisonOf, modelOf, RUN, snapshotOf } from '../../testing/snapshots';
import { en } from '../../text/en/index';
import type { Placed, Plan } from './plan';
import { groupsOf, plainLoss, planOf, pointsOf } from './plan';

/** A loss over the 8 tokens that a run up to position 7 predicts. */
const loss = (changed: number, error = 0.05): Tried['loss'] => ({
  ...RUN.loss,
  tokens: 8,
  plain: 3,
  changed,
  cost: changed - 3,
  plain_error: 0.4,
  cost_error: error,
});

const WHOLE: Tried = { setting: { latent_rank: null, cache_format: 'f32' }, bytes: 960, loss: loss(3) };
const HALF: Tried = { setting: { latent_rank: 16, cache_format: 'f32' }, bytes: 640, loss: loss(3.4) };

const lab = (tried: readonly Tried[], state: Partial<Snapshot['state']> = {}): Snapshot =>
  snapshotOf(12, { tried, state: { view: 'cachelab', position: 7, reach: 7, ...state } });

/** The results of a sweep: the engine's bytes, and losses that grow as bytes shrink. */
const SWEPT = commonCacheSettings(32).map((setting): Tried => {
  const width = (setting.latent_rank ?? 32) + 16;
  const bytes = { f32: 4, f16: 2, int8: 1.25, int4: 0.75 }[setting.cache_format] * width * 5;
  return { setting, bytes, loss: loss(3 + 30 / bytes) };
});

describe('the points', () => {
  test('do not exist before the plain run’s loss is known', () => {
    expect(pointsOf(lab([]), en)).toEqual([]);
    expect(plainLoss(lab([]))).toBeUndefined();
    expect(planOf(lab([]), 700, en)).toMatchObject({ up: undefined, points: [] });
  });

  test('are the tried settings, the unchanged latent and the expanded cache, sorted by bytes', () => {
    // The latent has 48 values in each of 5 layers, 4 bytes per value; the expanded cache has 640 values.
    expect(pointsOf(lab([WHOLE, HALF]), en).map(({ name, bytes, loss }) => [name, bytes, loss.changed])).toEqual([
      ['rank 16', 640, 3.4],
      ['latent, f32', 960, 3],
      ['expanded, f32', 12_800, 3],
    ]);
  });

  test('include the unchanged latent even if it was not tried, since every comparison has the plain run’s loss', () => {
    const points = pointsOf(lab([HALF]), en);
    expect(points.map(({ bytes }) => bytes)).toEqual([640, 960, 12_800]);
    expect(points[1]?.loss).toMatchObject({ changed: 3, cost: 0, cost_error: 0 });
  });

  test('omit settings whose loss was measured on fewer tokens', () => {
    const old = { ...HALF, loss: { ...HALF.loss, tokens: 5 } };
    expect(pointsOf(lab([old, WHOLE]), en).map(({ bytes }) => bytes)).toEqual([960, 12_800]);
  });

  test('mark the setting of the current what-if', () => {
    const own = (snapshot: Snapshot): (string | false)[] => pointsOf(snapshot, en).map(({ own, name }) => own && name);
    expect(own(lab([WHOLE, HALF]))).toEqual([false, 'latent, f32', false]);
    const whatIf = { ...PLAIN, latent_rank: 16 };
    const changed = comparisonOf({ whatIf, steps: [], progress: { is: 'level', loss: HALF.loss } });
    expect(own({ ...lab([WHOLE, HALF], { whatIf }), changed })).toEqual(['rank 16', false, false]);
    // Rank 32 is the whole latent.
    expect(own(lab([WHOLE, HALF], { whatIf: { ...PLAIN, latent_rank: 32 } }))).toEqual([false, 'latent, f32', false]);
    expect(own(lab([WHOLE, HALF], { whatIf: { ...PLAIN, num_experts_per_tok: 2 } }))).toEqual([false, false, false]);
  });
});

test('plain attention, and attention with 4, 2 or 1 groups if the model has more heads, have a tick at their bytes', () => {
  // A group stores a key and a value of 32 numbers each, in 5 layers, 4 bytes per number.
  expect(groupsOf(lab([]))).toEqual([
    { groups: 8, isPlain: true, values: 512, bytes: 10_240 },
    { groups: 4, isPlain: false, values: 256, bytes: 5120 },
    { groups: 2, isPlain: false, values: 128, bytes: 2560 },
    { groups: 1, isPlain: false, values: 64, bytes: 1280 },
  ]);
  expect(groupsOf(snapshotOf(12, { model: modelOf({ num_attention_heads: 2 }) })).map(({ groups }) => groups)).toEqual([
    2, 1,
  ]);
});

describe('the picture', () => {
  const plan = planOf(lab(SWEPT), 700, en);

  test('has an x axis of bytes from 100 to 20,000, and a y axis that contains all losses and their error bars', () => {
    // The smallest cache is 120 bytes (int4, rank 16), the largest 12,800 (expanded).
    expect(plan.across).toMatchObject({ least: 100, most: 20_000 });
    expect([plan.x(100), plan.x(20_000)]).toEqual([44, 680]);
    expect(plan).toMatchObject({ left: 44, right: 680, top: 28, foot: 268, height: 360 });
    const up = must(plan.up);
    expect([plan.y(up.least), plan.y(up.most)]).toEqual([268, 28]);
    for (const { loss } of plan.points) {
      expect(loss.changed - loss.cost_error).toBeGreaterThanOrEqual(up.least);
      expect(loss.changed + loss.cost_error).toBeLessThanOrEqual(up.most);
    }
  });

  test('has each point at its bytes and loss, with an error bar', () => {
    for (const { x, y, bar, bytes, loss } of plan.points) {
      expect([x, y]).toEqual([plan.x(bytes), plan.y(loss.changed)]);
      expect(bar).toEqual([plan.y(loss.changed + loss.cost_error), plan.y(loss.changed - loss.cost_error)]);
    }
  });

  test('has at least 44 px between the numbers on its x axis', () => {
    for (const width of [320, 420, 700, 1400]) {
      const { numbered, x } = planOf(lab(SWEPT), width, en);
      const gaps = numbered.slice(1).map((tick, index) => x(tick) - x(must(numbered[index])));
      expect(Math.min(...gaps), `${width} px`).toBeGreaterThanOrEqual(44);
    }
  });

  test('is 16 px taller in a view narrower than 420 px', () => {
    expect(planOf(lab(SWEPT), 419, en).height).toBe(268 + 108);
    expect(planOf(lab(SWEPT), 420, en).height).toBe(268 + 92);
  });

  test('has a note below the groups’ ticks that stays within the picture’s width', () => {
    for (const width of [320, 700]) {
      const note = must(planOf(lab(SWEPT), width, en).note);
      const half = (en.cacheLab.notRun.length * 6.2) / 2;
      expect(note - half).toBeGreaterThanOrEqual(0);
      expect(note + half).toBeLessThanOrEqual(width);
    }
  });
});

/** The box of a point's name: 6.2 px per character, 13 px tall. */
function boxOf({ name, label }: Placed) {
  const wide = name.length * 6.2;
  const left = label.anchor === 'start' ? label.x : label.x - wide;
  return { left, right: left + wide, top: label.y - 11, bottom: label.y + 2 };
}

/** The names that overlap another name or the picture's edge. */
function crowded({ points, width, foot }: Plan): string[] {
  const boxes = points.map(point => ({ name: point.name, ...boxOf(point) }));
  return boxes
    .filter(
      one =>
        one.left < 0 ||
        one.right > width ||
        one.bottom > foot ||
        boxes.some(
          other =>
            other !== one &&
            one.left < other.right &&
            other.left < one.right &&
            one.top < other.bottom &&
            other.top < one.bottom,
        ),
    )
    .map(({ name }) => name);
}

describe('the points’ names', () => {
  test.each([320, 360, 420, 768, 1440])('in %i px overlap neither each other nor the edge', width => {
    expect(crowded(planOf(lab(SWEPT), width, en))).toEqual([]);
  });

  test('overlap neither each other nor the edge if all losses are equal', () => {
    const same = SWEPT.map(tried => ({ ...tried, loss: loss(3) }));
    expect(crowded(planOf(lab(same), 768, en))).toEqual([]);
  });
});
