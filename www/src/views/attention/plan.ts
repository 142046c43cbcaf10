// Positions of the heads' rows and the tokens' columns in a picture of a given width. Pure.

import { clamp } from '../../scope/clamp';
import type { Snapshot } from '../../scope/state';
import { windowOf } from '../shared/geometry';
import type { EvenColumns } from '../shared/labels';
import { positionAndCount } from '../shared/layout';

const COLUMN = { least: 12, most: 40 };
const PITCH = { least: 4, most: 24 };
/** Height in px for all rows together. */
const HEIGHT = 384;
/** Minimum row height in px for a name in every row. */
const LEAST_TEXT = 11;
/** Width in px of the gutter with the heads' names; `wide` is for heads whose numbers have three digits. */
const GUTTER = { narrow: 56, wide: 64 };
const THREE_DIGITS = 100;
/** The height of the tokens' labels, which are rotated. */
const TOP = 72;
const FOOT = 8;
/** `windowOf` keeps three parts of the window before the playhead's part, because heads read earlier tokens. */
const BEHIND = 3;
/** Gap between the column of all earlier tokens and the first token's column. */
const APART = 4;
/** Maximum side of a square of weight 1, in columns. As a row's weights add up to 1, neighbours then never overlap. */
const SPREAD = Math.SQRT2;

export interface Plan extends EvenColumns {
  readonly layer: number;
  readonly heads: number;
  readonly left: number;
  readonly pitch: number;
  /** The side of a square of weight 1. */
  readonly full: number;
  /** True if rows are tall enough for names. */
  readonly named: boolean;
  /** The x of the column that stands for all tokens before the window; null if no token is before the window. */
  readonly before: number | null;
  /** Number of tokens. */
  readonly count: number;
  readonly right: number;
  readonly foot: number;
  readonly width: number;
  readonly height: number;
  /** The top of a head's row. */
  y(head: number): number;
  positionAt(x: number): number | undefined;
  headAt(y: number): number | undefined;
}

export function planOf(snapshot: Snapshot, layer: number, width: number): Plan {
  const heads = snapshot.model.info.num_attention_heads;
  const pitch = clamp(Math.floor(HEIGHT / heads), PITCH.least, PITCH.most);
  const names = heads > THREE_DIGITS ? GUTTER.wide : GUTTER.narrow;
  const room = Math.max(COLUMN.least, width - names);
  const { at, count } = positionAndCount(snapshot);
  const column = clamp(Math.floor(room / Math.max(1, count)), COLUMN.least, COLUMN.most);
  const fit = Math.floor(room / column);
  // If not all tokens fit, one column is reserved for all tokens before the window.
  const { first, end } = windowOf(count, at, Math.max(1, fit >= count ? fit : fit - 1), BEHIND);
  const left = names + (first > 0 ? column + APART : 0);
  const right = left + (end - first) * column;
  const foot = TOP + heads * pitch;
  return {
    layer,
    heads,
    left,
    before: first > 0 ? names : null,
    top: TOP,
    column,
    pitch,
    full: Math.min(SPREAD * column, pitch) - 1,
    named: pitch >= LEAST_TEXT,
    first,
    end,
    count,
    at,
    across: false,
    right,
    foot,
    width: right,
    height: foot + FOOT,
    x: position => left + (position - first) * column,
    y: head => TOP + head * pitch,
    positionAt(x) {
      const position = first + Math.floor((x - left) / column);
      return position >= first && position < end ? position : undefined;
    },
    headAt(y) {
      const head = Math.floor((y - TOP) / pitch);
      return head >= 0 && head < heads ? head : undefined;
    },
  };
}
