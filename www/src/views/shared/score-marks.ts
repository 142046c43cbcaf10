// Marks for routers' scores and shares, which the roll and the grid both draw: tints of blue and discs.

import type { Route } from '../../engine/types';

/** Number of blue tints for scores above 0. */
export const LEVELS = 16;
/** The score that is drawn in the strongest blue: most scores of a trained router are far below 1. */
export const FULL_SCORE = 0.5;

/** A route and the position that it belongs to. */
export interface Placed {
  readonly position: number;
  readonly route: Route;
}

/** The tint of a score, from 1 to `LEVELS`; 0 is not drawn. */
export function levelOf(score: number): number {
  return Math.round(Math.min(1, score / FULL_SCORE) * LEVELS);
}

/** Path data of a disc around a point. */
export function disc(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}
