// Scores, choices and ruled-out groups of the tokens in one layer. To keep the number of paths small, all tokens share
// one path per tint. The path data of a token is cached per route.

import type { Route } from '../../engine/types';
import type { Placed } from '../shared/score-marks';
import { disc, levelOf, LEVELS } from '../shared/score-marks';
import type { Plan } from './plan';

export interface Cells {
  /** Scores in kept groups: one path per level, from level 1. */
  readonly kept: readonly string[];
  /** Scores in ruled-out groups: one path per level, from level 1. */
  readonly cut: readonly string[];
  /** Chosen experts: discs whose area is the share. */
  readonly notes: string;
  /** Hatching of the ruled-out groups. */
  readonly hatch: string;
}

/** Maximum radius of a disc whose share is 1, in px. */
const MOST_RADIUS = 18;

/** The radius of a disc whose share is 1: the disc is at most as wide as a column and as tall as two rows. */
function fullRadius({ column, rows }: Plan): number {
  return Math.min(column / 2, rows.pitch, MOST_RADIUS);
}

export function cellsOf(placed: readonly Placed[], plan: Plan): Cells {
  const pieces = placed.map(each => pieceOf(each, plan));
  const joined = (pick: (cells: Cells) => readonly string[]): string[] =>
    Array.from({ length: LEVELS }, (_, index) => pieces.map(cells => pick(cells)[index] ?? '').join(''));
  return {
    kept: joined(({ kept }) => kept),
    cut: joined(({ cut }) => cut),
    notes: pieces.map(({ notes }) => notes).join(''),
    hatch: pieces.map(({ hatch }) => hatch).join(''),
  };
}

interface Piece {
  readonly key: string;
  readonly cells: Cells;
}

const PIECES = new WeakMap<Route, Piece>();

function pieceOf({ position, route }: Placed, plan: Plan): Cells {
  const { column, grouped, order, rows, top } = plan;
  const key = [plan.x(position), column, rows.pitch, top, ...(grouped ? [] : order)].join();
  const known = PIECES.get(route);
  if (known?.key === key) return known.cells;
  const cells = make(route, plan.x(position), plan);
  PIECES.set(route, { key, cells });
  return cells;
}

function make(route: Route, x: number, plan: Plan): Cells {
  const { column, grouped, rows, top } = plan;
  const kept = Array<string>(LEVELS).fill('');
  const cut = Array<string>(LEVELS).fill('');
  const inset = rows.pitch > 2 ? 0.5 : 0;
  const [width, height] = [column - 1, rows.pitch - 2 * inset];
  const isCut = (expert: number): boolean => !route.kept_groups.includes(rows.groupOf(expert));
  route.scores.forEach((score, expert) => {
    const level = levelOf(score) - 1;
    if (level < 0) return;
    const tints = isCut(expert) ? cut : kept;
    tints[level] = `${tints[level] ?? ''}M${x + 0.5} ${plan.y(expert) + inset}h${width}v${height}h${-width}z`;
  });
  const radius = fullRadius(plan);
  const notes = route.experts.map((expert, rank) =>
    disc(x + column / 2, plan.y(expert) + rows.pitch / 2, radius * Math.sqrt(route.shares[rank] ?? 0)),
  );
  const block = (y: number, tall: number): string => `M${x + 0.5} ${y}h${width}v${tall}h${-width}z`;
  const hatch = grouped
    ? rows.groups
        .filter(group => !route.kept_groups.includes(group))
        .map(group => block(top + rows.top(group), rows.groupHeight))
    : plan.order.filter(isCut).map(expert => block(plan.y(expert), rows.pitch));
  return { kept, cut, notes: notes.join(''), hatch: hatch.join('') };
}
