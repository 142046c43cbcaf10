// One step: the native engine's results, and the layout that the page reports. With this layout, a test finds the token
// at a mark's coordinates. `snapshots.spec.ts` compares the layout itself with committed snapshots.

import type { Native, Route, StepRecord } from './native';
import { characterAt, quoted } from './printed';
import type { Seen } from './seen';

/** The dimensions and settings of a model that the page's numbers depend on. */
export interface ModelShape {
  readonly layers: number;
  /** Number of dense layers; these are the first layers. */
  readonly dense: number;
  readonly experts: number;
  readonly groups: number;
  readonly keptGroups: number;
  readonly chosen: number;
  readonly heads: number;
  readonly cKv: number;
  readonly ropeKey: number;
  readonly expanded: number;
  readonly plainMha: number;
  readonly scaling: number;
  readonly context: number;
}

export const SHIPPED_SHAPE: ModelShape = {
  layers: 5,
  dense: 1,
  experts: 16,
  groups: 4,
  keptGroups: 2,
  chosen: 4,
  heads: 8,
  cKv: 32,
  ropeKey: 16,
  expanded: 640,
  plainMha: 512,
  scaling: 2.5,
  context: 512,
};

export interface Asked {
  readonly shape?: ModelShape;
  /** The last shown stage, as an index into `stagesOf`; by default the finished step is shown. */
  readonly stage?: number;
  /** The selected expert. */
  readonly expert?: number | null;
  /** The explained cell of the router's table; by default one of the selected expert or, without one, of the best. */
  readonly explained?: { readonly expert: number; readonly column: string };
  /** Temperature of the second column in the view “next”. */
  readonly temperature?: number;
  /** Largest allowed difference of two numbers. */
  readonly tolerance?: number;
}

const VALUE_BYTES = 4;

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

export function at<T>(values: readonly T[] | undefined, index: number): T {
  const value = values?.[index];
  if (value === undefined) throw new Error(`the native engine has nothing at ${index}`);
  return value;
}

/** The stages of a step in the order of computation: layer and operation, such as “2 attend”; the last is “next”. */
export function stagesOf(shape: ModelShape = SHIPPED_SHAPE): readonly string[] {
  const routed = shape.keptGroups < shape.groups ? ['score', 'cut', 'choose'] : ['score', 'choose'];
  const layers = range(0, shape.layers).map(layer =>
    ['cache', 'attend', ...(layer < shape.dense ? ['dense'] : routed)].map(operation => `${layer} ${operation}`),
  );
  return [...layers.flat(), 'next'];
}

/** The columns of the roll as the page reports them; lengths in px. */
interface Columns {
  readonly left: number;
  readonly width: number;
  /** Extra width of the playhead's column. */
  readonly open: number;
  /** The visible tokens: from `first` up to, but not including, `end`. */
  readonly first: number;
  readonly end: number;
  /** The playhead's position. */
  readonly at: number;
  /** True if the playhead's record has arrived. */
  readonly there: boolean;
}

const key = (length: number): string => length.toFixed(6);

export class Step {
  readonly shape: ModelShape;
  readonly stage: number;
  readonly record: StepRecord;
  /** Number of the text's tokens that fit into the context. */
  readonly count: number;
  readonly phone: boolean;
  /** The selected layer. */
  readonly layer: number;
  /** The drawn layers, from top to bottom. */
  readonly layers: readonly number[];
  readonly columns: Columns;
  readonly perGroup: number;
  readonly #positions: ReadonlyMap<string, number>;

  /** `recorded`: number of tokens that the model was run on. */
  constructor(
    readonly seen: Seen,
    readonly native: Native,
    readonly position: number,
    readonly recorded: number,
    readonly asked: Asked,
  ) {
    const shape = asked.shape ?? SHIPPED_SHAPE;
    this.shape = shape;
    this.stage = asked.stage ?? Infinity;
    this.record = at(native.records, position);
    this.count = Math.min(native.ids.length, shape.context);
    this.phone = seen.roll.width < 600;
    this.layer = Number(/\d+$/u.exec(seen.roll.summary)?.[0] ?? NaN);
    this.layers = seen.roll.overview ? [this.layer] : range(0, shape.layers).reverse();
    this.columns = JSON.parse(seen.roll.columns) as Columns;
    this.perGroup = shape.experts / shape.groups;
    this.#positions = new Map(this.inSight.map(each => [key(this.x(each)), each]));
  }

  get inSight(): number[] {
    return range(this.columns.first, this.columns.end);
  }

  /** The positions of the visible tokens that the model was run on. */
  get ran(): number[] {
    return this.inSight.filter(position => position < this.recorded);
  }

  get routed(): number[] {
    return this.layers.filter(layer => layer >= this.shape.dense);
  }

  get groups(): number[] {
    return range(0, this.shape.groups);
  }

  get latentBytes(): number {
    return (this.shape.cKv + this.shape.ropeKey) * VALUE_BYTES;
  }

  get expandedBytes(): number {
    return this.shape.expanded * VALUE_BYTES;
  }

  get plainBytes(): number {
    return this.shape.plainMha * VALUE_BYTES;
  }

  /** True if the context has room for a token after the playhead. */
  get room(): boolean {
    return this.position + 1 < this.shape.context;
  }

  /** The left edge of a token's column, px. */
  x(position: number): number {
    const { left, width, open, first } = this.columns;
    return left + (position - first) * width + (position > this.position ? open : 0);
  }

  /** The right edge of a token's column, px. */
  endOf(position: number): number {
    return this.x(position) + this.columns.width + (position === this.position ? this.columns.open : 0);
  }

  /** The position of the visible token whose column has its left edge at `x`. */
  positionAt(x: number): number | undefined {
    return this.#positions.get(key(x));
  }

  /** Number of tokens up to and including the column with its right edge at `x`; NaN without such a column. */
  tokensUpTo(x: number): number {
    if (key(x) === key(this.columns.left)) return this.columns.first;
    return (this.inSight.find(position => key(this.endOf(position)) === key(x)) ?? NaN) + 1;
  }

  groupOf(expert: number): number {
    return Math.floor(expert / this.perGroup);
  }

  route(position: number, layer: number): Route | undefined {
    return this.native.records[position]?.routes.find(route => route.layer === layer);
  }

  isKept(route: Route, expert: number): boolean {
    return route.kept_groups.includes(this.groupOf(expert));
  }

  /** True if this operation is the last shown stage of the step, or an earlier stage. No layer: the next tokens. */
  done(layer: number | null, operation: string): boolean {
    const index = stagesOf(this.shape).indexOf(layer === null ? operation : `${layer} ${operation}`);
    return index >= 0 && index <= this.stage;
  }

  /** Number of latents, one per token and layer, that are stored at the shown stage. */
  get cachedCells(): number {
    const { layers } = this.shape;
    const stored = Array.from({ length: layers }, (_, layer) => layer).filter(layer => this.done(layer, 'cache'));
    return this.position * layers + stored.length;
  }

  label(token: number | undefined): string {
    return this.native.labels.get(token ?? -1) ?? '';
  }

  /** The label of the token at a position, in a sentence or a table. */
  quotedAt(position: number): string {
    const labels = this.native.ids.map(id => this.label(id));
    return quoted(labels[position] ?? '', characterAt(labels, position));
  }

  /** The label of a token as the next one, in a sentence or a table. */
  quotedNext(token: number | undefined): string {
    const { ids } = this.native;
    const next = this.position + 1;
    if (token === ids[next]) return this.quotedAt(next);
    const labels = [...ids.slice(0, next), token].map(id => this.label(id));
    return quoted(this.label(token), characterAt(labels));
  }
}
