// Geometry of the pictures: pure functions of sizes and counts, in px.

import { clamp } from '../../scope/clamp';
import type { Shape } from '../../scope/shape';

/** Below this width, a picture is laid out for a phone. */
const PHONE = 600;
const COLUMN = { least: 12, most: 80, phone: 20 };
/** From this column width, labels are horizontal. */
const ACROSS = 36;
/** Minimum number of tokens in sight after the playhead, if the text has them. */
const AHEAD = 3;
/** The bar of a score of 1 is this much wider than a column. */
const BARS = 26;
const GROUP_GAP = 4;
const PITCHES = [12, 10, 8, 7, 6];
/** Row height on a phone, for touch. */
const PHONE_PITCH = 12;
/** Row height with more than `MANY_EXPERTS` experts, if none of `PITCHES` fits. */
const LEAST_PITCH = 4;
const MANY_EXPERTS = 64;

/** The columns: one per token; the playhead's column is wider. */
export interface Columns {
  readonly phone: boolean;
  /** Width left of the columns, for the names of layers and experts. */
  readonly left: number;
  /** Width of one column. */
  readonly width: number;
  /** Extra width of the playhead's column. */
  readonly open: number;
  /** The tokens in sight: from `first`, up to but not including `end`. */
  readonly first: number;
  readonly end: number;
  /** The playhead. */
  readonly at: number;
  /** True if labels are horizontal. */
  readonly across: boolean;
  /** The right edge of the last column. */
  readonly right: number;
  /** The left edge of a token's column. */
  x(position: number): number;
  /** The right edge of a token's column. */
  endOf(position: number): number;
  /** The position whose column contains an x; undefined outside the columns. */
  positionAt(x: number): number | undefined;
}

/** The columns of `count` tokens in a width, with the playhead at position `at`. */
export function columns(available: number, count: number, at: number, phone = isPhone(available)): Columns {
  const left = phone ? 56 : 124;
  const open = phone ? 84 : 88;
  const room = Math.max(COLUMN.least, available - left - open);
  const even = 2 * Math.floor(room / Math.max(1, count) / 2);
  const width = phone ? COLUMN.phone : clamp(even, COLUMN.least, COLUMN.most);
  const fit = Math.max(1, Math.floor(room / width));
  const { first, end } = windowOf(count, at, fit);
  const x = (position: number): number => left + (position - first) * width + (position > at ? open : 0);
  const endOf = (position: number): number => x(position) + width + (position === at ? open : 0);
  return {
    phone,
    left,
    width,
    open,
    first,
    end,
    at,
    across: width >= ACROSS,
    right: left + (end - first) * width + open,
    x,
    endOf,
    positionAt(where) {
      for (let position = first; position < end; position++) {
        if (where >= x(position) && where < endOf(position)) return position;
      }
      return undefined;
    },
  };
}

/**
 * The tokens in sight. If not all tokens fit, the window has `behind` + 1 equal parts and then at least `AHEAD` more
 * tokens. Except near the ends of the text, the playhead is in the last part. The window moves by whole parts, so most
 * steps do not move the columns.
 */
export function windowOf(
  count: number,
  at: number,
  fit: number,
  behind = 1,
): { readonly first: number; readonly end: number } {
  const turn = Math.max(1, Math.floor((fit - AHEAD) / (behind + 1)));
  const first = clamp((Math.floor(at / turn) - behind) * turn, 0, count - fit);
  return { first, end: Math.min(count, first + fit) };
}

/** The width of the bars in the playhead's column: of a score of 1. Right of them is room for numbers. */
export function barsWidth({ width }: Columns): number {
  return width + BARS;
}

export function isPhone(width: number): boolean {
  return width < PHONE;
}

/** The rows of one layer's stave. */
export interface Rows {
  /** Height of one expert's row. */
  readonly pitch: number;
  /** Number of experts per group. */
  readonly perGroup: number;
  /** The groups' indices. */
  readonly groups: readonly number[];
  readonly groupHeight: number;
  /** Height of all groups together. */
  readonly height: number;
  /** The top of an expert's row. */
  readonly y: (expert: number) => number;
  /** The top of a group. */
  readonly top: (group: number) => number;
  readonly groupOf: (expert: number) => number;
  /** The expert whose row contains a y; undefined between and outside the groups. */
  readonly expertAt: (y: number) => number | undefined;
}

export function rows(shape: Shape, pitch: number): Rows {
  const count = Math.max(1, shape.n_group);
  const perGroup = shape.n_routed_experts / count;
  const groupHeight = perGroup * pitch;
  const groupOf = (expert: number): number => Math.floor(expert / perGroup);
  const top = (group: number): number => group * (groupHeight + GROUP_GAP);
  return {
    pitch,
    perGroup,
    groups: Array.from({ length: count }, (_, group) => group),
    groupHeight,
    height: count * groupHeight + (count - 1) * GROUP_GAP,
    y: expert => top(groupOf(expert)) + (expert % perGroup) * pitch,
    top,
    groupOf,
    expertAt(y) {
      const group = Math.floor(y / (groupHeight + GROUP_GAP));
      const row = Math.floor((y - top(group)) / pitch);
      return group >= 0 && group < count && row >= 0 && row < perGroup ? group * perGroup + row : undefined;
    },
  };
}

/** Distances from the bottom of a stave's groups to the shared expert's line, the cache strip and the next stave. */
const STAVE = { shared: 6, strip: 14, height: 32 };
/** Distances from the top of a dense layer to its network's line, its cache strip and the next layer. */
const DENSE = { line: 4, strip: 12, height: 24 };
/** Additional gap between the layers with routed experts and the dense layers below them. */
const BEFORE_DENSE = 8;

/** Height of the expanded cache; the latent cache is drawn to the same scale. */
export const EXPANDED_HEIGHT = 80;
/** Space below the expanded cache for the triangle that marks the playhead. */
const FOOT = 12;

/** The place of one layer in the picture. */
export interface Stave {
  readonly layer: number;
  readonly dense: boolean;
  /** The top of the stave. */
  readonly top: number;
  /** The top of the shared expert's line, or of the dense network's line. */
  readonly line: number;
  /** The top of the layer's cache strip. */
  readonly strip: number;
}

/** The layers, the topmost first, and the expanded cache below the lowest layer. */
export interface Staves {
  readonly rows: Rows;
  readonly staves: readonly Stave[];
  /** The bottom of the expanded cache, whose top is the lowest layer's cache strip. */
  readonly foot: number;
  readonly height: number;
}

export function stavesOf(shape: Shape, layers: readonly number[], pitch: number): Staves {
  const grid = rows(shape, pitch);
  let top = 0;
  const staves = layers.map((layer, index) => {
    const dense = layer < shape.first_k_dense_replace;
    const before = layers[index - 1];
    if (dense && before !== undefined && before >= shape.first_k_dense_replace) top += BEFORE_DENSE;
    const start = top;
    top += dense ? DENSE.height : grid.height + STAVE.height;
    return {
      layer,
      dense,
      top: start,
      line: start + (dense ? DENSE.line : grid.height + STAVE.shared),
      strip: start + (dense ? DENSE.strip : grid.height + STAVE.strip),
    };
  });
  const foot = (staves.at(-1)?.strip ?? 0) + EXPANDED_HEIGHT;
  return { rows: grid, staves, foot, height: foot + FOOT };
}

/** The next tokens right of the last column: the gap before them and their width, by the width of the roll. */
export const NEXT_TOKENS = { gap: 16, narrow: 96, width: 104, wide: 176 };
/** From these widths of the roll, the next tokens have their normal width, and are wide. */
const ROOMY = { normal: 900, wide: 1200 };

/** The width of the next tokens with the gap before them; 0 on a phone, where they are below the columns. */
export function nextTokensWidth(available: number): number {
  if (isPhone(available)) return 0;
  const { gap, narrow, width, wide } = NEXT_TOKENS;
  return gap + (available < ROOMY.normal ? narrow : available < ROOMY.wide ? width : wide);
}

/** The model's layers that have routed experts, the topmost first. */
export function routedLayers(shape: Shape): number[] {
  const count = shape.num_hidden_layers - shape.first_k_dense_replace;
  return Array.from({ length: count }, (_, index) => shape.num_hidden_layers - 1 - index);
}

/** The dense layers, the topmost first. */
export function denseLayers(shape: Shape): number[] {
  const count = shape.first_k_dense_replace;
  return Array.from({ length: count }, (_, index) => count - 1 - index);
}

/** True if all staves are shown. On a phone or with more than 160 rows, an overview and one stave are shown instead. */
export function showsAll(shape: Shape, phone: boolean): boolean {
  return !phone && routedLayers(shape).length * shape.n_routed_experts <= 160;
}

/**
 * The largest row height with which the staves fit in `height` px; the smallest row height if they never fit. On a
 * phone the row height is fixed, unless there are more than `MANY_EXPERTS` experts.
 */
export function pitchThatFits(shape: Shape, height: number, phone: boolean): number {
  const staves = showsAll(shape, phone) ? routedLayers(shape).length : 1;
  const dense = denseLayers(shape).length * DENSE.height + BEFORE_DENSE - (DENSE.height - DENSE.strip);
  const rest = height - dense - EXPANDED_HEIGHT - FOOT;
  const fits = PITCHES.find(pitch => staves * (rows(shape, pitch).height + STAVE.height) <= rest);
  if (shape.n_routed_experts > MANY_EXPERTS) return fits ?? LEAST_PITCH;
  return phone ? PHONE_PITCH : (fits ?? Math.min(...PITCHES));
}
