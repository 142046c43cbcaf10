import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MODEL, modelOf } from '../../testing/snapshots';
import {
  columns,
  denseLayers,
  isPhone,
  nextTokensWidth,
  pitchThatFits,
  routedLayers,
  rows,
  showsAll,
  stavesOf,
  windowOf,
} from './geometry';

const SHAPE = MODEL.info;
const SEED = 17;

describe('columns', () => {
  // 1440 - 124 (gutter) - 88 (the playhead's extra width) = 1228 px; 1228 / 12 tokens is more than the maximum, 80.
  const wide = columns(1440, 12, 7);

  test('of a few tokens have the maximum width', () => {
    expect(wide).toMatchObject({
      phone: false,
      left: 124,
      width: 80,
      open: 88,
      first: 0,
      end: 12,
      at: 7,
      across: true,
    });
    expect(wide.right).toBe(124 + 12 * 80 + 88);
  });

  test('after the playhead are moved right by the playhead’s extra width', () => {
    expect([wide.x(0), wide.x(7), wide.x(8)]).toEqual([124, 684, 852]);
    expect([wide.endOf(6), wide.endOf(7), wide.endOf(11)]).toEqual([684, 852, 1172]);
  });

  test('are found from the pointer’s position', () => {
    expect([123, 124, 683, 684, 851, 852, 1171, 1172].map(where => wide.positionAt(where))).toEqual([
      undefined,
      0,
      6,
      7,
      7,
      8,
      11,
      undefined,
    ]);
  });

  test('of many tokens are narrow, and only a window of them is shown', () => {
    const many = columns(1440, 512, 200);
    expect(many).toMatchObject({ width: 12, across: false, first: 147, end: 249 });
    expect(many.x(147)).toBe(124);
  });

  test('have a width that is an even number, and horizontal labels from 36 px', () => {
    // 1228 / 34 is 36.1, rounded down to 36; 1228 / 35 is 35.1, rounded down to 34.
    expect(columns(1440, 34, 0)).toMatchObject({ width: 36, across: true });
    expect(columns(1440, 35, 0)).toMatchObject({ width: 34, across: false });
  });

  test('on a phone (below 600 px) are 20 px wide', () => {
    // 360 - 56 (gutter) - 84 (the playhead's extra width) = 220 px: 11 columns.
    expect(columns(360, 12, 7)).toMatchObject({ phone: true, left: 56, open: 84, width: 20, first: 0, end: 11 });
    expect(columns(360, 12, 11)).toMatchObject({ first: 1, end: 12 });
    expect([isPhone(599), isPhone(600)]).toEqual([true, false]);
  });

  test('have no gaps between them, and the playhead’s column is in sight', () => {
    const sizes = fc.record({ width: fc.integer({ min: 320, max: 2000 }), count: fc.integer({ min: 1, max: 512 }) });
    fc.assert(
      fc.property(sizes, fc.nat(511), ({ width, count }, wanted) => {
        const at = Math.min(wanted, count - 1);
        const plan = columns(width, count, at);
        for (let position = plan.first; position < plan.end; position++) {
          expect(plan.positionAt(plan.x(position))).toBe(position);
          expect(plan.positionAt(plan.endOf(position) - 0.5)).toBe(position);
          expect(plan.endOf(position)).toBe(position + 1 < plan.end ? plan.x(position + 1) : plan.right);
        }
        expect(plan.first <= at && at < plan.end).toBe(true);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

describe('a window of tokens', () => {
  test('shows all tokens if they fit', () => {
    expect(windowOf(12, 7, 15)).toEqual({ first: 0, end: 12 });
    expect(windowOf(12, 11, 12)).toEqual({ first: 0, end: 12 });
  });

  test('moves by whole parts: a step within a part does not move the window', () => {
    // 13 tokens fit. 13 - 3 (tokens ahead) = 10: two parts of 5 tokens.
    const first = (at: number): number => windowOf(100, at, 13).first;
    expect([0, 4, 5, 9, 10, 14, 15].map(first)).toEqual([0, 0, 0, 0, 5, 5, 10]);
  });

  test('can have three parts before the playhead’s part instead of one', () => {
    // 15 tokens fit. 15 - 3 (tokens ahead) = 12: four parts of 3 tokens.
    expect(windowOf(100, 50, 15, 3)).toEqual({ first: 39, end: 54 });
  });

  test('ends with the text if the playhead is at the last token', () => {
    expect(windowOf(100, 99, 13)).toEqual({ first: 87, end: 100 });
  });

  test('contains the playhead and, if the text has them, three tokens after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.nat(511),
        fc.integer({ min: 7, max: 120 }),
        (count, wanted, fit) => {
          const at = Math.min(wanted, count - 1);
          for (const behind of [1, 3]) {
            const { first, end } = windowOf(count, at, fit, behind);
            expect(first).toBeGreaterThanOrEqual(0);
            expect(end - first).toBe(Math.min(fit, count));
            expect(first).toBeLessThanOrEqual(at);
            expect(end).toBeGreaterThanOrEqual(Math.min(count, at + 4));
          }
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('the rows of a stave', () => {
  const grid = rows(SHAPE, 12);

  test('are grouped, with 4 px between groups', () => {
    expect(grid).toMatchObject({ perGroup: 4, groups: [0, 1, 2, 3], groupHeight: 48, height: 4 * 48 + 3 * 4 });
    expect([0, 3, 4, 5, 15].map(grid.y)).toEqual([0, 36, 52, 64, 192]);
    expect([0, 3, 4, 15].map(grid.groupOf)).toEqual([0, 0, 1, 3]);
  });

  test('are found from the pointer’s position, except between and outside groups', () => {
    expect([-1, 0, 47, 48, 51, 52, 203, 204].map(grid.expertAt)).toEqual([
      undefined,
      0,
      3,
      undefined,
      undefined,
      4,
      15,
      undefined,
    ]);
  });

  test('of a model without groups form one group', () => {
    const one = rows({ ...SHAPE, n_group: 0 }, 10);
    expect(one).toMatchObject({ perGroup: 16, groups: [0], height: 160 });
    expect(one.expertAt(155)).toBe(15);
  });
});

describe('staves', () => {
  test('are stacked above the expanded cache, with a gap before the dense layers', () => {
    const { staves, foot, height } = stavesOf(SHAPE, [4, 3, 2, 1, 0], 12);
    // A routed layer has 204 px of rows and 32 px below them. A dense layer has 24 px; the gap before it is 8 px.
    expect(staves.map(({ layer, dense, top }) => [layer, dense, top])).toEqual([
      [4, false, 0],
      [3, false, 236],
      [2, false, 472],
      [1, false, 708],
      [0, true, 952],
    ]);
    expect(staves[0]).toMatchObject({ line: 210, strip: 218 });
    expect(staves[4]).toMatchObject({ line: 956, strip: 964 });
    expect([foot, height]).toEqual([1044, 1056]);
  });

  test('have the expanded cache below them even if only one layer is shown', () => {
    expect(stavesOf(SHAPE, [2], 12)).toMatchObject({ foot: 218 + 80, height: 218 + 92 });
  });

  test('are listed from top to bottom, routed layers and dense layers separately', () => {
    expect(routedLayers(SHAPE)).toEqual([4, 3, 2, 1]);
    expect(denseLayers(SHAPE)).toEqual([0]);
    const dense = modelOf({ first_k_dense_replace: 5 }).info;
    expect([routedLayers(dense), denseLayers(dense)]).toEqual([[], [4, 3, 2, 1, 0]]);
  });

  test('are all shown up to 160 rows, but not on a phone', () => {
    expect(showsAll(SHAPE, false)).toBe(true);
    expect(showsAll(SHAPE, true)).toBe(false);
    expect(showsAll({ ...SHAPE, n_routed_experts: 40 }, false)).toBe(true);
    expect(showsAll({ ...SHAPE, n_routed_experts: 44 }, false)).toBe(false);
  });
});

describe('the row height', () => {
  test('is the largest with which all staves fit, or 6 px if no row height is small enough', () => {
    // The picture is 1056 px tall with rows of 12 px, 928 px with 10 px, and 672 px with 6 px.
    expect(pitchThatFits(SHAPE, 1056, false)).toBe(12);
    expect(pitchThatFits(SHAPE, 1055, false)).toBe(10);
    expect(pitchThatFits(SHAPE, 928, false)).toBe(10);
    expect(pitchThatFits(SHAPE, 672, false)).toBe(6);
    expect(pitchThatFits(SHAPE, 100, false)).toBe(6);
  });

  test('on a phone is 12 px, for touch', () => {
    expect(pitchThatFits(SHAPE, 300, true)).toBe(12);
  });

  test('with 256 experts is 4 px if nothing larger fits', () => {
    const many = { ...SHAPE, n_routed_experts: 256, n_group: 8 };
    expect(pitchThatFits(many, 900, false)).toBe(4);
    // 256 rows of 6 px and 7 gaps of 4 px are 1564 px.
    expect(pitchThatFits(many, 1564 + 32 + 112, false)).toBe(6);
  });
});

test('the next tokens and their gap take 0 px on a phone, and more in a wider roll', () => {
  expect([599, 600, 899, 900, 1199, 1200].map(nextTokensWidth)).toEqual([0, 112, 112, 120, 120, 192]);
});
