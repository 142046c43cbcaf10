// Experts that are chosen together: a triangle of all pairs, in a given width.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { LayerLoad } from '../../engine/types';
import { clamp } from '../../scope/clamp';

/** Two experts, the higher number first. */
export type Pair = readonly [number, number];

/** If the layer has more experts than this, the triangle contains only the experts that were chosen. */
const MANY = 32;
const CELL = 24;
/** Maximum side of the triangle in px if there are more than `MANY` experts. */
const SIDE = 480;
/** Minimum cell size in px for numbers. */
const LEAST_TEXT = 16;
const SWATCH = 24;
/** Maximum number of counts in the key that explains the opacities. */
const STEPS = 5;

export interface Pairs {
  /** The experts in the triangle, in ascending order. */
  readonly experts: readonly number[];
  /** True if some experts are left out. */
  readonly limited: boolean;
  readonly cell: number;
  /** Side in px of the square that contains the triangle. */
  readonly side: number;
  /** The largest count of a pair. */
  readonly most: number;
  readonly load: LayerLoad | undefined;
}

export function pairsOf(load: LayerLoad | undefined, experts: number, width: number): Pairs {
  const limited = experts > MANY;
  const all = Array.from({ length: experts }, (_, expert) => expert);
  const shown = limited ? all.filter(expert => (load?.counts[expert] ?? 0) > 0) : all;
  const side = limited ? Math.min(width, SIDE) : Math.min(CELL, Math.floor(width / Math.max(1, experts))) * experts;
  const most = load ? Math.max(0, ...shown.map((high, index) => mostBefore(load, shown, high, index))) : 0;
  return { experts: shown, limited, cell: Math.min(CELL, side / Math.max(1, shown.length)), side, most, load };
}

function mostBefore(load: LayerLoad, shown: readonly number[], high: number, index: number): number {
  let most = 0;
  for (let before = 0; before < index; before++) most = Math.max(most, together(load, [high, shown[before] ?? 0]));
  return most;
}

export function together(load: LayerLoad, [high, low]: Pair): number {
  return load.together[high]?.[low] ?? 0;
}

/** The pair that is described at first: the most frequent pair of the selected expert, or else of all experts. */
export function firstPair({ experts, load }: Pairs, looked: number | null): Pair | undefined {
  if (!load) return undefined;
  const all = experts.flatMap((high, index) => experts.slice(0, index).map((low): Pair => [high, low]));
  const best = (some: readonly Pair[]): Pair | undefined =>
    some.reduce<Pair | undefined>(
      (before, pair) => (before && together(load, before) >= together(load, pair) ? before : pair),
      undefined,
    );
  return best(all.filter(pair => looked !== null && pair.includes(looked))) ?? best(all);
}

export function pairAt({ experts, cell }: Pairs, x: number, y: number): Pair | undefined {
  const [row, column] = [Math.floor(y / cell), Math.floor(x / cell)];
  const [high, low] = [experts[row], experts[column]];
  return high !== undefined && low !== undefined && column < row ? [high, low] : undefined;
}

/** The pair to which an arrow key moves; undefined for other keys. */
export function movedPair({ experts }: Pairs, [high, low]: Pair, key: string): Pair | undefined {
  const [row, column] = [experts.indexOf(high), experts.indexOf(low)];
  const to = (row: number, column: number): Pair => {
    const within = clamp(row, 1, experts.length - 1);
    return [experts[within] ?? high, experts[clamp(column, 0, within - 1)] ?? low];
  };
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    default:
      return undefined;
  }
}

/** The triangle: one path per count, over a background of all pairs. */
export function triangle(pairs: Pairs): TemplateResult<2> {
  const { cell, experts, load, most, side } = pairs;
  const inset = cell > 4 ? 0.5 : 0;
  const size = cell - 2 * inset;
  const paths = new Map<number, string>();
  let ground = '';
  experts.forEach((high, row) => {
    for (let column = 0; column < row; column++) {
      const count = load ? together(load, [high, experts[column] ?? 0]) : 0;
      const path = `M${column * cell + inset} ${row * cell + inset}h${size}v${size}h${-size}z`;
      ground += path;
      if (count > 0) paths.set(count, (paths.get(count) ?? '') + path);
    }
  });
  return svg`
    <path class="fill" d=${ground} />
    <g data-term="together">
      ${[...paths].map(
        ([count, path]) =>
          svg`<path class="pair" data-count=${count} fill-opacity=${count / Math.max(1, most)} d=${path} />`,
      )}
    </g>
    ${load && most > 0 && side >= STEPS * SWATCH * 2 ? scale(pairs) : nothing}`;
}

/** The numbers of the experts on the diagonal; those of the selected pair are inverted. */
export function diagonal({ cell, experts }: Pairs, pair: Pair | undefined): unknown {
  return experts.map((expert, index) => {
    const here = pair?.includes(expert) === true;
    if (!here && cell < LEAST_TEXT) return nothing;
    const middle = (index + 0.5) * cell;
    const x = cell < LEAST_TEXT ? middle + 16 : middle;
    return svg`
      ${here ? svg`<rect class="solid" x=${x - 12} y=${middle - 8} width="24" height="16" />` : nothing}
      <text class="middle ${here ? 'inverted' : ''}" x=${x} y=${middle + 4}>${expert}</text>`;
  });
}

export function ring({ cell, experts }: Pairs, [high, low]: Pair): TemplateResult<2> {
  return svg`<rect class="ring" x=${experts.indexOf(low) * cell} y=${experts.indexOf(high) * cell} width=${cell} height=${cell} />`;
}

/** The key that explains the opacities, in the empty corner above the triangle. */
function scale({ most, side }: Pairs): TemplateResult<2> {
  const counts = [...new Set(Array.from({ length: STEPS }, (_, step) => Math.round((most * step) / (STEPS - 1))))];
  const start = side - counts.length * SWATCH;
  return svg`<g data-scale=${most}>${counts.map((count, index) => {
    const x = start + index * SWATCH;
    return svg`
      <rect class="fill" x=${x + 0.5} width=${SWATCH - 1} height="12" />
      <rect class="pair" fill-opacity=${count / most} x=${x + 0.5} width=${SWATCH - 1} height="12" />
      <text class="middle" x=${x + SWATCH / 2} y="26">${count}</text>`;
  })}</g>`;
}
