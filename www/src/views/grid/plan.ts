// Positions of the tokens' columns, the experts' rows and the load margin in a picture of a given width. Pure.

import type { ChanceLoad, LayerLoad } from '../../engine/types';
import { clamp } from '../../scope/clamp';
import { isHidden, isReached, shownExpertLoad, shownRun } from '../../scope/select';
import { shapeOf } from '../../scope/shape';
import type { Snapshot } from '../../scope/state';
import type { Rows } from '../shared/geometry';
import { isPhone, rows, windowOf } from '../shared/geometry';
import type { EvenColumns } from '../shared/labels';
import { labelling } from '../shared/labels';
import { positionAndCount } from '../shared/layout';

/** Limits of column widths and row heights, in px. */
interface Sizes {
  readonly column: { readonly least: number; readonly most: number };
  readonly pitch: { readonly least: number; readonly most: number };
  /** Height for all rows together. */
  readonly height: number;
}

const LARGE: Sizes = { column: { least: 12, most: 48 }, pitch: { least: 3, most: 24 }, height: 640 };
const SMALL: Sizes = { column: { least: 4, most: 24 }, pitch: { least: 1, most: 5 }, height: 96 };
/** Minimum row height in px for numbers. */
const LEAST_TEXT = 11;
const FOOT = 24;
const GUTTER = { numbers: 28, ranges: 56 };
/** Widths in px right of the columns: a gap, the bars, and two columns of numbers. */
const MARGIN = {
  wide: { gap: 16, bar: 96, count: 48, relative: 68 },
  beside: { gap: 12, bar: 56, count: 42, relative: 68 },
  phone: { gap: 12, bar: 40, count: 42, relative: 68 },
};
/** Below this view width in px, `MARGIN.phone` applies. */
const NARROW = 420;

export interface Plan extends EvenColumns {
  readonly layer: number;
  /** Width of the gutter with the experts' numbers. */
  readonly left: number;
  /** Number of tokens. */
  readonly count: number;
  /** The right edge of the last column. */
  readonly right: number;
  /** The bottom of the last row. */
  readonly foot: number;
  readonly rows: Rows;
  /** The experts from top to bottom. */
  readonly order: readonly number[];
  /** True if the experts are shown in their groups. */
  readonly grouped: boolean;
  /** True if rows are tall enough for numbers. */
  readonly numbered: boolean;
  readonly margin: {
    readonly left: number;
    /** Maximum length of a bar. */
    readonly bar: number;
    /** The right edges of the two columns of numbers. */
    readonly count: number;
    readonly relative: number;
  };
  readonly width: number;
  readonly height: number;
  /** The top of an expert's row. */
  y(expert: number): number;
  positionAt(x: number): number | undefined;
  expertAt(y: number): number | undefined;
}

/** The load of a layer's experts over the tokens up to the playhead; undefined until it is computed. */
export function layerLoad(snapshot: Snapshot, layer: number): LayerLoad | undefined {
  return shownExpertLoad(snapshot)?.layers.find(each => each.layer === layer);
}

/** The load by chance of as many tokens; undefined as long as no layer's load is shown. */
export function chanceLoad(snapshot: Snapshot): ChanceLoad | undefined {
  const load = shownExpertLoad(snapshot);
  return load && load.layers.length > 0 ? load.chance : undefined;
}

export function large(snapshot: Snapshot, layer: number, width: number): Plan {
  return planOf(snapshot, layer, width, LARGE);
}

export function small(snapshot: Snapshot, layer: number, width: number): Plan {
  return planOf(snapshot, layer, width, SMALL);
}

function planOf(snapshot: Snapshot, layer: number, width: number, sizes: Sizes): Plan {
  const shape = shapeOf(snapshot);
  const experts = shape.n_routed_experts;
  const isSmall = sizes === SMALL;
  const pitch = clamp(Math.floor(sizes.height / Math.max(1, experts)), sizes.pitch.least, sizes.pitch.most);
  const numbered = pitch >= LEAST_TEXT;
  const grid = rows(shape, pitch);
  const order = orderOf(snapshot, layer);
  const grouped = order === null;

  const sides = width < NARROW ? MARGIN.phone : isPhone(width) ? MARGIN.beside : MARGIN.wide;
  const left = isSmall ? 0 : numbered ? GUTTER.numbers : GUTTER.ranges;
  const numbers = isSmall ? 0 : sides.count + sides.relative;
  const room = Math.max(sizes.column.least, width - left - sides.gap - sides.bar - numbers);
  const { at, count } = positionAndCount(snapshot);
  const column = clamp(Math.floor(room / Math.max(1, count)), sizes.column.least, sizes.column.most);
  const { first, end } = windowOf(count, at, Math.max(1, Math.floor(room / column)));
  const right = left + (end - first) * column;
  const { across, top } = isSmall ? { across: false, top: 0 } : labelling(column);

  const ranks = order ?? Array.from({ length: experts }, (_, expert) => expert);
  const rankOf = new Map(ranks.map((expert, rank) => [expert, rank]));
  const bar = right + sides.gap;
  return {
    layer,
    left,
    top,
    column,
    first,
    end,
    count,
    at,
    across,
    right,
    foot: top + (grouped ? grid.height : experts * pitch),
    rows: grid,
    order: ranks,
    grouped,
    numbered,
    margin: {
      left: bar,
      bar: sides.bar,
      count: bar + sides.bar + sides.count,
      relative: bar + sides.bar + sides.count + sides.relative,
    },
    width: bar + sides.bar + numbers,
    height: top + grid.height + (isSmall ? 0 : FOOT),
    x: position => left + (position - first) * column,
    y: expert => top + (grouped ? grid.y(expert) : (rankOf.get(expert) ?? 0) * pitch),
    positionAt(x) {
      const position = first + Math.floor((x - left) / column);
      return position >= first && position < end ? position : undefined;
    },
    expertAt(y) {
      if (y < top) return undefined;
      return grouped ? grid.expertAt(y - top) : ranks[Math.floor((y - top) / pitch)];
    },
  };
}

/**
 * The experts in descending order of load; null for the order by number. Until the load of a new step is known, the
 * last known load gives the order.
 */
function orderOf(snapshot: Snapshot, layer: number): number[] | null {
  if (snapshot.state.sort === 'expert' || isHidden(snapshot) || !isReached(snapshot, layer, 'choose')) return null;
  const counts = shownRun(snapshot).expertLoad?.layers.find(each => each.layer === layer)?.counts;
  if (counts?.length !== shapeOf(snapshot).n_routed_experts) return null;
  return counts.map((_, expert) => expert).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
}
