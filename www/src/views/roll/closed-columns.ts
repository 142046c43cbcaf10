// All columns except the playhead's, in chunks. A chunk has one path per tint and one per rank of a chosen expert. The
// path data of a column is cached per route.

import type { Route } from '../../engine/types';
import type { Rows } from '../shared/geometry';
import type { Placed } from '../shared/score-marks';
import { disc, levelOf, LEVELS } from '../shared/score-marks';

/** Path data of one column or of a chunk. */
interface Cells {
  /** Scores in kept groups: one path per level, from level 1. */
  readonly kept: readonly string[];
  /** Scores in ruled-out groups: one path per level, from level 1. */
  readonly cut: readonly string[];
  /** Chosen experts, by rank: discs whose area is the share. */
  readonly notes: readonly string[];
  /** Hatching of the ruled-out groups. */
  readonly hatch: string;
}

/** Neighbouring tokens that are drawn together in their own coordinates, so that a new window only moves the chunk. */
export interface Chunk {
  readonly key: string;
  /** The position that is drawn at x = 0; its token may be out of sight. */
  readonly from: number;
  readonly placed: readonly Placed[];
}

/** Columns per chunk. Far from the playhead, large chunks keep the DOM small; near it, small chunks redraw cheaply. */
const CHUNKS = { far: 32, near: 8 };

export function chunksOf(placed: readonly Placed[], at: number): Chunk[] {
  const chunks: { key: string; from: number; placed: Placed[] }[] = [];
  for (const each of placed) {
    const isFar = Math.floor(each.position / CHUNKS.far) !== Math.floor(at / CHUNKS.far);
    const size = isFar ? CHUNKS.far : CHUNKS.near;
    const from = Math.floor(each.position / size) * size;
    const key = `${from} ${size}`;
    const last = chunks.at(-1);
    if (last?.key === key) last.placed.push(each);
    else chunks.push({ key, from, placed: [each] });
  }
  return chunks;
}

/** The path data of a chunk: the path data of its columns, joined tint by tint and rank by rank. */
export function closedCells({ from, placed }: Chunk, width: number, rows: Rows): Cells {
  const pieces = placed.map(({ position, route }) => pieceOf(route, (position - from) * width, width, rows));
  const join = (pick: (cells: Cells) => readonly string[]): string[] => {
    const joined: string[] = [];
    for (const cells of pieces) {
      pick(cells).forEach((path, index) => {
        joined[index] = (joined[index] ?? '') + path;
      });
    }
    return joined;
  };
  return {
    kept: join(({ kept }) => kept),
    cut: join(({ cut }) => cut),
    notes: join(({ notes }) => notes),
    hatch: pieces.map(({ hatch }) => hatch).join(''),
  };
}

interface Piece {
  readonly key: string;
  readonly cells: Cells;
}

const PIECES = new WeakMap<Route, Piece>();

function pieceOf(route: Route, x: number, width: number, rows: Rows): Cells {
  const key = `${x} ${width} ${rows.pitch}`;
  const known = PIECES.get(route);
  if (known?.key === key) return known.cells;
  const cells = cellsOf(route, x, width, rows);
  PIECES.set(route, { key, cells });
  return cells;
}

function cellsOf(route: Route, x: number, width: number, rows: Rows): Cells {
  const kept = Array<string>(LEVELS).fill('');
  const cut = Array<string>(LEVELS).fill('');
  const [w, h] = [width - 1, rows.pitch - 1];
  route.scores.forEach((score, expert) => {
    const level = levelOf(score) - 1;
    if (level < 0) return;
    const tints = route.kept_groups.includes(rows.groupOf(expert)) ? kept : cut;
    tints[level] = `${tints[level] ?? ''}M${x + 0.5} ${rows.y(expert) + 0.5}h${w}v${h}h${-w}z`;
  });
  const notes = route.experts.map((expert, rank) => {
    const radius = rows.pitch * Math.sqrt(route.shares[rank] ?? 0);
    return disc(x + width / 2, rows.y(expert) + rows.pitch / 2, radius);
  });
  const hatch = rows.groups
    .filter(group => !route.kept_groups.includes(group))
    .map(group => `M${x + 0.5} ${rows.top(group)}h${w}v${rows.groupHeight}h${-w}z`)
    .join('');
  return { kept, cut, notes, hatch };
}
