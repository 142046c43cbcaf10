// Layout of the pictures in a given width: bars on one scale, and a square of equal cells. Pure; the numbers come
// from the survey.

import type { Component, Scheme, Survey, SurveyedModel, Weighed } from '../../engine/types';

/** Below this width in px, a bar is below its name. */
const NARROW = 520;
/** Width of the longest name of a model beside the bars, px. */
const NAMES = 296;
/** Number of rows that are reserved until the models are known. */
const ROWS = 28;
/** Minimum number of cells. Each stands for 10^n weights, with the largest n with at least this many cells. */
const CELLS = 100;
/** Maximum side of a square in px. */
const SQUARE = 416;

/** One model's bar. */
export interface Bar {
  readonly model: SurveyedModel;
  readonly y: number;
  /** The segments of the bar from the left; none if the cache's size is unknown. */
  readonly parts: readonly { readonly kind: 'ckv' | 'rope' | 'index' | 'heads'; readonly width: number }[];
  /** Width of the bytes that layers with a window store only while a token is in the window. */
  readonly more: number;
  readonly long: number;
  readonly short: number;
}

export interface BarsPlan {
  readonly width: number;
  readonly height: number;
  readonly row: number;
  readonly narrow: boolean;
  /** The left edge of the bars. */
  readonly left: number;
  /** The width of the largest bar. */
  readonly room: number;
  readonly bars: readonly Bar[];
}

/** All models by the bytes that remain per token in a long context, in ascending order; unknown models are last. */
export function barsPlan(survey: Survey | undefined, own: boolean, width: number): BarsPlan {
  const narrow = width < NARROW;
  const row = narrow ? 36 : 20;
  const left = narrow ? 0 : NAMES;
  const room = Math.max(0, width - left - 64);
  const models = (survey?.models ?? []).toSorted((one, other) => key(one) - key(other));
  const most = Math.max(0, ...models.map(model => model.schemes[0]?.token_bytes ?? 0));
  const scaled = (bytes: number): number => (most > 0 ? (bytes / most) * room : 0);
  const bars = models.map((model, index) => {
    const scheme = model.schemes[0];
    const long = scheme?.long_token_bytes ?? 0;
    const short = scheme?.token_bytes ?? 0;
    return {
      model,
      y: index * row,
      parts: scheme ? parts(model, scheme, scaled) : [],
      more: scaled(short - long),
      long,
      short,
    };
  });
  const rows = survey ? models.length : ROWS + (own ? 1 : 0);
  return { width, height: rows * row, row, narrow, left, room, bars };
}

function key({ schemes }: SurveyedModel): number {
  return schemes[0]?.long_token_bytes ?? Infinity;
}

/** The segments of a bar: c_KV, RoPE key and indexer of a latent, or else keys and values of heads. */
function parts(
  { c_kv, indexer_bytes }: SurveyedModel,
  { long_token_bytes: bytes, values }: Scheme,
  scaled: (bytes: number) => number,
): Bar['parts'] {
  if (c_kv === undefined) return [{ kind: 'heads', width: scaled(bytes) }];
  const index = indexer_bytes ?? 0;
  const latent = (c_kv / values) * (bytes - index);
  const all: Bar['parts'] = [
    { kind: 'ckv', width: scaled(latent) },
    { kind: 'rope', width: scaled(bytes - index - latent) },
    { kind: 'index', width: scaled(index) },
  ];
  return all.filter(part => part.width > 0);
}

/** Consecutive cells of the square, row by row from the top, for the weights of one component. */
export interface Stretch {
  readonly component: Component;
  /** True if one token uses these weights; false for the embedding, of which a token reads only one row. */
  readonly active: boolean;
  readonly weights: number;
  readonly path: string;
}

export interface SquarePlan {
  /** Number of weights for which one cell stands. */
  readonly unit: number;
  readonly columns: number;
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  readonly stretches: readonly Stretch[];
  /** The lines between cells. */
  readonly grid: string;
}

/** The weights that a token uses, from the top left; then the embedding, then unused weights. Areas are exact. */
export function squarePlan({ parts, total }: Weighed, width: number): SquarePlan {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(total / CELLS)));
  const cells = total / unit;
  const columns = Math.ceil(Math.sqrt(cells));
  const rows = Math.ceil(cells / columns);
  const cell = Math.max(1, Math.floor(Math.min(width, SQUARE) / columns));
  const stands = parts.map(({ component, total, active }) => ({ component, total, active }));
  const used = stands.filter(part => part.active > 0);
  const tables = stands.filter(part => part.component === 'embedding' && part.total > 0);
  const idle = stands.filter(part => part.component !== 'embedding' && part.total > part.active);
  let from = 0;
  const stretch = (component: Component, active: boolean, weights: number): Stretch => {
    const to = from + weights / unit;
    const path = ribbon(from, to, columns, cell);
    from = to;
    return { component, active, weights, path };
  };
  const stretches = [
    ...used.map(part => stretch(part.component, true, part.active)),
    ...tables.map(part => stretch(part.component, false, part.total)),
    ...idle.map(part => stretch(part.component, false, part.total - part.active)),
  ];
  const across = Array.from({ length: columns - 1 }, (_, index) => `M${(index + 1) * cell} 0V${rows * cell}`);
  const down = Array.from({ length: rows - 1 }, (_, index) => `M0 ${(index + 1) * cell}H${columns * cell}`);
  const grid = [...across, ...down].join('');
  return { unit, columns, cell, width: columns * cell, height: rows * cell, stretches, grid };
}

/** Path data of the cells `from` to `to`; both ends can be inside a cell. */
function ribbon(from: number, to: number, columns: number, cell: number): string {
  const first = Math.floor(from / columns);
  const last = Math.ceil(to / columns);
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => {
    const row = first + index;
    const left = Math.max(0, from - row * columns);
    const right = Math.min(columns, to - row * columns);
    return right > left
      ? `M${left * cell} ${row * cell}h${(right - left) * cell}v${cell}h${(left - right) * cell}z`
      : '';
  }).join('');
}

/** True if a width is so small that bars are below their names. */
export function isNarrow(width: number): boolean {
  return width < NARROW;
}
