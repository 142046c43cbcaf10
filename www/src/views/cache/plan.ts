// Positions of the tokens' columns and heights of the caching schemes in a picture of a given width. All schemes have
// one scale: a column is as tall as the number of values that a layer stores per token. Pure.

import { clamp } from '../../scope/clamp';
import { shownInfo } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { windowOf } from '../shared/geometry';
import type { EvenColumns } from '../shared/labels';
import { labelling } from '../shared/labels';
import { positionAndCount } from '../shared/layout';

const COLUMN = { least: 12, most: 48 };
/** Height of the expanded cache in px. */
const HEIGHT = 160;
/** Space below the expanded cache, where the lines beside the playhead's column end. */
const FOOT = 8;
/** Width in px right of the columns: for the schemes' values and names, or only for the values if there is no room. */
const GUTTER = { names: 148, values: 52 };
/** Minimum column width if the names are beside the columns. */
const NAMED_COLUMN = 20;
/** Names are shown if this many columns (or all columns, if there are fewer) fit beside the names. */
const MOST_NAMED = 20;
/** Minimum distance in px between two names. */
const LINE = 16;

export interface Plan extends EvenColumns {
  /** Number of tokens. */
  readonly count: number;
  /** The right edge of the last column. */
  readonly right: number;
  /** Px per value. */
  readonly scale: number;
  readonly heights: {
    readonly cKv: number;
    readonly ropeKey: number;
    readonly latent: number;
    readonly expanded: number;
    readonly plainMha: number;
  };
  /** The baselines of the schemes' names. */
  readonly names: { readonly latent: number; readonly plainMha: number; readonly expanded: number };
  /** True if there is room for names beside the columns. */
  readonly named: boolean;
  readonly width: number;
  readonly height: number;
  readonly positionAt: (x: number) => number | undefined;
}

export function planOf(snapshot: Snapshot, width: number): Plan {
  const values = shownInfo(snapshot).cache_values;
  const { at, count } = positionAndCount(snapshot);
  const named = width - GUTTER.names >= Math.min(count, MOST_NAMED) * NAMED_COLUMN;
  const gutter = named ? GUTTER.names : GUTTER.values;
  const room = Math.max(COLUMN.least, width - gutter);
  const column = clamp(Math.floor(room / Math.max(1, count)), COLUMN.least, COLUMN.most);
  const { first, end } = windowOf(count, at, Math.max(1, Math.floor(room / column)));
  const { across, top } = labelling(column);
  const right = (end - first) * column;
  const scale = HEIGHT / values.expanded;
  const plainMha = values.plain_mha * scale;
  const expandedName = top + HEIGHT - 4;
  return {
    top,
    column,
    first,
    end,
    at,
    across,
    count,
    right,
    scale,
    heights: {
      cKv: values.c_kv * scale,
      ropeKey: values.rope_key * scale,
      latent: values.latent * scale,
      expanded: HEIGHT,
      plainMha,
    },
    names: {
      latent: top + LINE - 4,
      plainMha: Math.min(top + plainMha - 4, expandedName - LINE),
      expanded: expandedName,
    },
    named,
    width: right + gutter,
    height: top + HEIGHT + FOOT,
    x: position => (position - first) * column,
    positionAt(x) {
      const position = first + Math.floor(x / column);
      return position >= first && position < end ? position : undefined;
    },
  };
}
