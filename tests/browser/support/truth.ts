// Holds what the page shows to what the native engine computed: every mark is read back into the position, the layer,
// the expert and the level that it stands for, every number digit by digit. It formats for itself, lays out for itself
// (as look.md has it) and takes nothing from the page's own code.

import { expect } from '@playwright/test';
import type { Native, Route, StepRecord } from './native';
import { float } from './native';
import { grouped } from './scope';
import type { Drawn, Seen, SeenCell, SeenGhost } from './seen';

/** What of the model's config the page's numbers depend on. */
export interface ModelShape {
  readonly layers: number;
  /** The first ones, that are dense. */
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
  /** How far the step is shown: an index into `stagesOf`. */
  readonly stage?: number;
  /** The expert that is looked at. */
  readonly expert?: number | null;
  /** The cell of the router that is explained; by default the weight of the expert that is looked at. */
  readonly explained?: { readonly expert: number; readonly column: string };
  /** Of the next tokens' second column. */
  readonly temperature?: number;
  /** By how much drawn lengths may differ, px. */
  readonly tolerance?: number;
}

/** Drawn lengths are products of exact numbers, which may be taken in another order. */
const TOLERANCE = 1e-9;
/** A length that was set by script is read back with six digits. */
const STYLE_TOLERANCE = 2e-3;

const VALUE_BYTES = 4;
/** As the page's legend has them: a score from which a cell is full, and so many steps to it. */
const FULL_SCORE = 0.5;
const LEVELS = 16;
const LATER = { tint: 0.3, note: 0.7 };
const CUT = { cell: 0.18, bar: 0.35, hatch: 0.55, openedHatch: 0.8 };
const PITCHES = [12, 10, 8, 7, 6];
/** Of models with more experts than fit. */
const LEAST_PITCH = 4;
const GROUP_GAP = 4;
const EXPANDED_HEIGHT = 80;
const FOOT = 12;
const TICK = 10;
/** A full bar is so much wider than a column. */
const BAR = 26;
const GHOST_GAP = 2;

const exact = (value: number): string => float(value).toFixed(4).replace('-', '−');
const percent = (value: number): string => `${(float(value) * 100).toFixed(2)}%`;
const wholePercent = (value: number): string => (float(value) < 0.005 ? '<1%' : `${(float(value) * 100).toFixed(0)}%`);
const kilobytes = (bytes: number): string => {
  const [whole = '', tenth] = (bytes / 1000).toFixed(1).split('.');
  return `${grouped(Number(whole))}.${tenth}`;
};
/** With a real minus. */
const minus = (value: number): string => exact(value).replace('-', '−');
const spaced = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** A token's label as it is drawn: one leading space taken off, signs for what cannot be seen. */
export function drawn(label: string): string {
  const word = /^ .*\S/su.test(label) ? label.slice(1) : label;
  const blanks = (run: string): string => (run.length > 3 ? `␣×${run.length}` : '␣'.repeat(run.length));
  return word
    .replaceAll(/\r?\n|\r/gu, '⏎')
    .replaceAll('\t', '⇥')
    .replace(/^ +| +$/gu, blanks);
}

/** The stages of a step, in the model's order: a layer and what it does, then what follows. */
export function stagesOf(shape: ModelShape = SHIPPED_SHAPE): readonly string[] {
  const routed = shape.keptGroups < shape.groups ? ['score', 'cut', 'choose'] : ['score', 'choose'];
  const layers = Array.from({ length: shape.layers }, (_, layer) =>
    ['cache', 'attend', ...(layer < shape.dense ? ['dense'] : routed)].map(operation => `${layer} ${operation}`),
  );
  return [...layers.flat(), 'next'];
}

/** The page with its playhead at a position, when the model was run on the first `recorded` tokens. */
export function holds(seen: Seen, native: Native, position: number, recorded: number, asked: Asked = {}): void {
  const context = new Context(seen, native, position, recorded, asked);
  const wanted = expected(context);
  const found = settled(shown(seen, context), wanted, asked.tolerance ?? TOLERANCE);
  // One comparison of everything.
  expect(found).toEqual(wanted);
}

/** What was found, with each number that is near enough to the wanted one replaced by that. */
function settled(found: unknown, wanted: unknown, tolerance: number): unknown {
  if (typeof found === 'number' && typeof wanted === 'number') {
    return Math.abs(found - wanted) <= tolerance ? wanted : found;
  }
  if (Array.isArray(found) && Array.isArray(wanted)) {
    return found.map((each, index) => settled(each, wanted[index], tolerance));
  }
  if (isObject(found) && isObject(wanted)) {
    return Object.fromEntries(Object.entries(found).map(([key, each]) => [key, settled(each, wanted[key], tolerance)]));
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at<T>(values: readonly T[] | undefined, index: number): T {
  const value = values?.[index];
  if (value === undefined) throw new Error(`the native engine has nothing at ${index}`);
  return value;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

interface Stave {
  readonly layer: number;
  readonly dense: boolean;
  readonly top: number;
  readonly line: number;
  readonly strip: number;
}

/** What is wanted, laid out. Where several would do (which tokens are in sight), what is seen is taken if it is one. */
class Context {
  readonly shape: ModelShape;
  readonly stage: number;
  readonly record: StepRecord;
  readonly count: number;
  readonly phone: boolean;
  /** Whether all layers are drawn, and not an overview and one. */
  readonly all: boolean;
  /** The layer that is looked at. */
  readonly layer: number;
  /** Of the columns. */
  readonly left: number;
  readonly width: number;
  readonly open: number;
  readonly first: number;
  readonly end: number;
  readonly pitch: number;
  readonly perGroup: number;
  readonly groupHeight: number;
  readonly staves: readonly Stave[];
  readonly foot: number;
  /** Heights of the strip's two tones. */
  readonly tones: readonly [cKv: number, ropeKey: number];

  constructor(
    readonly seen: Seen,
    readonly native: Native,
    readonly position: number,
    readonly recorded: number,
    readonly asked: Asked,
  ) {
    const { roll } = seen;
    const shape = asked.shape ?? SHIPPED_SHAPE;
    this.shape = shape;
    this.stage = asked.stage ?? Infinity;
    this.record = at(native.records, position);
    this.count = Math.min(native.ids.length, shape.context);
    this.layer = Number(/\d+$/u.exec(roll.summary)?.[0] ?? NaN);

    // Columns: even, 12 to 80 px, and the playhead's 88 px wider; on a phone 20, and 84.
    this.phone = roll.width < 600;
    this.left = this.phone ? 56 : 124;
    this.open = this.phone ? 84 : 88;
    const beside = this.phone ? 0 : 16 + (roll.width < 900 ? 88 : 104);
    const room = Math.max(12, roll.width - beside - this.left - this.open);
    this.width = this.phone ? 20 : Math.min(80, Math.max(12, 2 * Math.floor(room / (2 * this.count))));
    const fit = Math.max(1, Math.floor(room / this.width));
    const first = (JSON.parse(roll.columns) as { first: number }).first;
    // As many as fit, the playhead among them, and of those after it three, where there are.
    const last = this.count - Math.min(fit, this.count);
    const ahead = Math.min(3, this.count - 1 - position, Math.max(0, fit - 2));
    const fits = Number.isInteger(first) && first >= 0 && first <= last;
    this.first = fits && position >= first && position + ahead < first + fit ? first : NaN;
    this.end = Math.min(this.count, first + fit);

    this.all = !this.phone && (shape.layers - shape.dense) * shape.experts <= 160;
    this.pitch = [...PITCHES, ...(shape.experts > 64 ? [LEAST_PITCH] : [])].includes(roll.pitch) ? roll.pitch : NaN;
    this.perGroup = shape.experts / shape.groups;
    this.groupHeight = this.perGroup * this.pitch;
    const rows = shape.groups * this.groupHeight + (shape.groups - 1) * GROUP_GAP;
    const layers = this.all ? range(0, shape.layers).reverse() : [this.layer];
    const staves: Stave[] = [];
    for (const layer of layers) {
      const dense = layer < shape.dense;
      const before = staves.at(-1);
      // After a strip of 6 px, 12 px to the next stave; 20 px to the first dense one.
      const top = before === undefined ? 0 : before.strip + 6 + (dense && !before.dense ? 20 : 12);
      staves.push({ layer, dense, top, line: top + (dense ? 4 : rows + 6), strip: top + (dense ? 12 : rows + 14) });
    }
    this.staves = staves;
    this.foot = at(staves, staves.length - 1).strip + EXPANDED_HEIGHT;
    const scale = EXPANDED_HEIGHT / shape.expanded;
    this.tones = [shape.cKv * scale, shape.ropeKey * scale];
  }

  get inSight(): number[] {
    return range(this.first, this.end);
  }

  /** Those that were run. */
  get ran(): number[] {
    return this.inSight.filter(position => position < this.recorded);
  }

  get right(): number {
    return this.left + (this.end - this.first) * this.width + this.open;
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

  get room(): boolean {
    return this.position + 1 < this.shape.context;
  }

  x(position: number): number {
    return this.left + (position - this.first) * this.width + (position > this.position ? this.open : 0);
  }

  endOf(position: number): number {
    return this.x(position) + this.width + (position === this.position ? this.open : 0);
  }

  y(expert: number): number {
    return this.groupTop(this.groupOf(expert)) + (expert % this.perGroup) * this.pitch;
  }

  groupTop(group: number): number {
    return group * (this.groupHeight + GROUP_GAP);
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

  done(layer: number | null, operation: string): boolean {
    const stage = layer === null ? operation : `${layer} ${operation}`;
    const index = stagesOf(this.shape).indexOf(stage);
    return index >= 0 && index <= this.stage;
  }

  /** A token's label in a sentence or a table. */
  quoted(token: number | undefined): string {
    return `“${drawn(this.native.labels.get(token ?? -1) ?? '')}”`;
  }
}

// --- What is seen, read back -----------------------------------------------------------------------------------------

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const NUMBER = String.raw`(-?[\d.]+(?:e-?\d+)?)`;
const BOX = new RegExp(`M${NUMBER} ${NUMBER}h${NUMBER}v${NUMBER}h${NUMBER}z`, 'gu');
const DISC = new RegExp(String.raw`M${NUMBER} ${NUMBER}a${NUMBER} \3 0 1 0 ${NUMBER} 0a\3 \3 0 1 0 -\4 0z`, 'gu');

/** The rectangles that a path is made of. */
function boxes(path: string): Box[] {
  if (path.replace(BOX, '') !== '') throw new Error(`not only rectangles: ${path.slice(0, 200)}`);
  return [...path.matchAll(BOX)].map(([, x, y, w, h, back]) => {
    if (Number(w) !== -Number(back)) throw new Error(`no rectangle: ${path.slice(0, 200)}`);
    return { x: Number(x), y: Number(y), w: Number(w), h: Number(h) };
  });
}

/** The discs that a path is made of, by their middles. */
function discs(path: string): { readonly x: number; readonly y: number; readonly r: number }[] {
  if (path.replace(DISC, '') !== '') throw new Error(`not only discs: ${path.slice(0, 200)}`);
  return [...path.matchAll(DISC)].map(([, x, y, r]) => ({ x: Number(x) + Number(r), y: Number(y), r: Number(r) }));
}

/** The letters and the numbers of any other path. */
function steps(path: string): (string | number)[] {
  return [path.replace(/[^a-zA-Z]/gu, ''), ...(path.match(/-?[\d.]+/gu) ?? []).map(Number)];
}

const classOf = ({ attributes }: Drawn): string => attributes['class'] ?? '';
const value = ({ attributes }: Drawn, name: string): number => Number(attributes[name] ?? NaN);
const path = ({ attributes }: Drawn): string => attributes['d'] ?? '';
const box = (mark: Drawn): number[] => ['x', 'y', 'width', 'height'].map(name => value(mark, name));

/** All elements inside that are as one asks. */
function inside(element: Drawn, wanted: (element: Drawn) => boolean): Drawn[] {
  return element.children.flatMap(child => [...(wanted(child) ? [child] : []), ...inside(child, wanted)]);
}

const has =
  (attribute: string, is?: string | number) =>
  ({ attributes }: Drawn): boolean =>
    is === undefined ? attribute in attributes : attributes[attribute] === String(is);
const isMark = (...classes: readonly string[]) => {
  return (element: Drawn): boolean =>
    classOf(element)
      .split(' ')
      .some(name => classes.includes(name));
};

type Values = readonly (string | number)[];

/** One token's marks in one layer. */
interface Column {
  when: string;
  /** By expert: its class, its level and its opacity. */
  readonly cells: Record<number, Values>;
  /** By expert: the rank, the radius and the opacity. */
  readonly notes: Record<number, Values>;
  /** By group: the opacity. */
  readonly cuts: Record<number, number>;
}

/** The closed columns of a layer, read back from their paths; what stands in no row or column is a stray. */
function columnsOf(layer: Drawn, context: Context): { columns: Record<number, Column>; strays: string[] } {
  const { width, pitch, groupHeight, perGroup } = context;
  const key = (length: number): string => length.toFixed(6);
  const positions = new Map(context.inSight.map(position => [key(context.x(position)), position]));
  const experts = new Map(range(0, context.shape.experts).map(expert => [key(context.y(expert)), expert]));
  const columns: Record<number, Column> = {};
  const strays: string[] = [];
  const put = (
    when: string,
    kind: 'cells' | 'notes' | 'cuts',
    where: { readonly position: number | undefined; readonly row: number | undefined; readonly mark: unknown },
    mark: Values | number,
  ): void => {
    const { position, row } = where;
    if (position === undefined || row === undefined || !Number.isInteger(row)) {
      strays.push(`${kind} ${JSON.stringify(where.mark)}`);
      return;
    }
    const column = (columns[position] ??= { when, cells: {}, notes: {}, cuts: {} });
    if (column.when !== when) column.when += ` and ${when}`;
    if (column[kind][row] !== undefined) strays.push(`twice: ${kind} ${position} ${row}`);
    (column[kind] as Record<number, Values | number>)[row] = mark;
  };
  for (const chunk of layer.children.filter(has('data-when'))) {
    const when = chunk.attributes['data-when'] ?? '';
    // A chunk is drawn in coordinates of its own, and put in its place.
    const from = Number(/^translate\((-?[\d.]+) 0\)$/u.exec(chunk.attributes['transform'] ?? '')?.[1]);
    const at = (x: number): number | undefined => positions.get(key(from + x));
    for (const mark of chunk.children) {
      const opacity = value(mark, 'fill-opacity');
      switch (classOf(mark)) {
        case 'score':
        case 'cutscore':
          for (const cell of boxes(path(mark))) {
            const fits = cell.w === width - 1 && cell.h === pitch - 1;
            const position = fits ? at(cell.x - 0.5) : undefined;
            const row = experts.get(key(cell.y - 0.5));
            put(when, 'cells', { position, row, mark: cell }, [classOf(mark), value(mark, 'data-level'), opacity]);
          }
          break;
        case 'note':
          for (const disc of discs(path(mark))) {
            const position = at(disc.x - width / 2);
            const row = experts.get(key(disc.y - pitch / 2));
            const note = [value(mark, 'data-rank'), disc.r, value(mark, 'opacity')];
            put(when, 'notes', { position, row, mark: disc }, note);
          }
          break;
        case 'hatch':
          for (const cut of boxes(path(mark))) {
            const fits = cut.w === width - 1 && cut.h === groupHeight;
            const position = fits ? at(cut.x - 0.5) : undefined;
            const expert = experts.get(key(cut.y));
            const row = expert === undefined ? undefined : expert / perGroup;
            put(when, 'cuts', { position, row, mark: cut }, opacity);
          }
          break;
        default:
          strays.push(`${mark.name} ${classOf(mark)}`);
      }
    }
  }
  return { columns, strays };
}

function shown(seen: Seen, context: Context) {
  const { roll } = seen;
  const { picture, column } = roll;
  const isFill = isMark('fill');
  const byLayer = <T>(elements: readonly Drawn[], name: string, read: (element: Drawn) => T): Record<string, T> =>
    Object.fromEntries(elements.map(element => [element.attributes[name] ?? '', read(element)]));
  return {
    sentence: seen.sentence,
    fault: seen.fault,
    columns: JSON.parse(roll.columns) as unknown,
    pitch: roll.pitch,
    sizes: {
      closed: [roll.closed.width, roll.closed.height].map(parseFloat),
      opened: [roll.opened.left, roll.opened.width, roll.opened.height].map(parseFloat),
    },
    names: roll.names.map(({ text }) => text),
    gutter: roll.gutter,
    tokens: roll.tokens.map(({ left, width, ...token }) => ({
      ...token,
      // Offsets are whole numbers.
      column: context.inSight.filter(each => Math.abs(left + width / 2 - middleOf(each, context)) <= 0.5),
    })),
    layers: byLayer(picture.children.filter(has('data-layer')), 'data-layer', layer => ({
      place: layer.attributes['transform'],
      ...columnsOf(layer, context),
      lanes: layer.children.filter(isFill).map(box),
    })),
    lines: byLayer(picture.children.filter(has('data-line')), 'data-line', line => [classOf(line), ...box(line)]),
    linesLater: picture.children
      .filter(mark => isMark('shared', 'dense')(mark) && !has('data-line')(mark))
      .map(line => [classOf(line), value(line, 'opacity'), ...box(line)]),
    strips: picture.children
      .filter(has('data-strip'))
      .map(strip => [`${strip.attributes['data-strip']} ${classOf(strip)}`, boxes(path(strip)).map(Object.values)]),
    hairlines: picture.children
      .filter(isMark('line'))
      .flatMap(line => path(line).match(/M[^M]+/gu) ?? [])
      .map(steps),
    iceberg: picture.children.filter(has('data-scheme', 'expanded')).map(outline => steps(path(outline))),
    texts: inside(picture, ({ name, text }) => name === 'text' && text !== '')
      .map(({ text }) => text)
      .sort(),
    opened: byLayer(inside(column, has('data-opened')), 'data-opened', layer => ({
      place: layer.attributes['transform'],
      experts: inside(layer, has('role', 'option')).map(option => [
        value(option, 'data-expert'),
        option.attributes['aria-label'],
        option.attributes['aria-selected'],
      ]),
      bars: inside(layer, has('data-bars')).flatMap(bars => {
        const kind = [classOf(bars), Number(bars.attributes['fill-opacity'] ?? 1)];
        return boxes(path(bars)).map(({ x, y, w, h }) => [...kind, x, y, w, h]);
      }),
      notes: inside(layer, isMark('note')).map(note => ['data-expert', 'cx', 'cy', 'r'].map(name => value(note, name))),
      cuts: inside(layer, isMark('hatch')).map(cut =>
        ['data-group', 'y', 'width', 'height', 'fill-opacity'].map(name => value(cut, name)),
      ),
      said: byLayer(inside(layer, has('data-said')), 'data-said', ({ text }) => text),
    })),
    grown: inside(column, has('data-motion', 'grow')).map(strip => [
      strip.attributes['data-layer'],
      ...strip.children.map(tone => [classOf(tone), ...box(tone)]),
    ]),
    grew: inside(column, isMark('grew')).map(({ attributes, text }) => `${attributes['data-layer']} ${text}`),
    rules: inside(column, isMark('rule')).map(rule => steps(path(rule))),
    cursor: inside(column, has('data-cursor')).length === 1,
    attention: roll.attention.children
      .filter(ticks => path(ticks) !== '' && (isMark('still')(ticks) || context.native.details))
      .map(ticks => [value(ticks, 'data-layer'), boxes(path(ticks)).map(Object.values)]),
    head: roll.head,
    ghosts: roll.ghosts,
    ghostExtent: roll.ghostExtent,
    hint: roll.hint,
    figures: roll.figures,
    summary: roll.summary,
    tables: {
      ...roll.tables,
      // The first cell of the caches' rows is a name with a note.
      ...(roll.tables['cache'] ? { cache: roll.tables['cache'].map(row => row.filter((_, cell) => cell !== 1)) } : {}),
    },
    overview: roll.overview?.rows.map(({ drawn, ...row }) => ({
      ...row,
      notes: inside(drawn, isMark('mark')).map(notes => boxes(path(notes)).map(Object.values)),
    })),
    router: seen.router,
    next: seen.next,
  };
}

/** The middle of a token's label: of its column, or of the opened one. */
function middleOf(position: number, context: Context): number {
  return (context.x(position) + context.endOf(position)) / 2;
}

// --- What is wanted ----------------------------------------------------------------------------------------------------

function expected(context: Context): ReturnType<typeof shown> {
  const { native, position, shape, record, layer: chosen, staves, foot, phone, all, inSight, ran } = context;
  const { left, width, open, right, first, end, pitch, tones } = context;
  const routed = staves.filter(({ dense }) => !dense);
  const ranTo = ran.length === 0 ? left : context.endOf(first + ran.length - 1);
  const here = [context.x(position), context.endOf(position)] as const;
  const past = inSight.filter(each => each < position);
  const water = foot - EXPANDED_HEIGHT + tones[0] + tones[1];
  const stage = stagesOf(shape)[context.stage];
  const height = foot + FOOT;
  const label = (each: number): string => native.labels.get(native.ids[each] ?? -1) ?? '';
  return {
    sentence: sentence(context),
    fault: '',
    columns: { left, width, open, first, end, at: position, there: true },
    pitch,
    sizes: { closed: [right, height], opened: [here[0], width + open, height] },
    names: phone ? [] : staves.map(({ layer, dense }) => `Layer ${layer}${dense ? '' : 'why these?'}`),
    gutter: phone
      ? `Layer ${chosen}`
      : end - first < context.count
        ? `${grouped(first + 1)}–${grouped(end)} of ${grouped(context.count)}`
        : '',
    tokens: inSight.map(each => {
      const title = drawn(label(each));
      return { id: native.ids[each] ?? NaN, title, text: spaced(title), here: each === position, column: [each] };
    }),
    layers: Object.fromEntries(routed.map(stave => [stave.layer, expectedLayer(stave, ranTo, context)])),
    lines: Object.fromEntries(
      staves.map(({ layer, dense, line }) => {
        const reached = context.done(layer, dense ? 'dense' : 'choose');
        const to = here[reached ? 1 : 0];
        return [layer, [dense ? 'dense' : 'shared', left, line, to - left, dense ? 4 : 2]];
      }),
    ),
    linesLater: staves.map(({ dense, line }) => {
      const later = Math.max(ranTo, here[1]) - here[1];
      return [dense ? 'dense' : 'shared', LATER.note, here[1], line, later, dense ? 4 : 2];
    }),
    strips: staves.flatMap(({ layer, strip }) => [
      [`${layer} ckv`, past.map(each => [context.x(each) + 0.5, strip, width - 1, tones[0]])],
      [`${layer} rope`, past.map(each => [context.x(each) + 0.5, strip + tones[0], width - 1, tones[1]])],
    ]),
    hairlines: [
      ...(here[1] < right ? staves.map(({ strip }) => ['MH', here[1], strip + 0.5, right]) : []),
      ...past.map(each => ['MV', context.endOf(each), water + 6, foot]),
    ],
    iceberg: [['MVHV', left + 0.5, water, foot - 0.5, here[0] + width - 0.5, water]],
    texts: expectedTexts(context),
    opened: Object.fromEntries(routed.map(stave => [stave.layer, expectedOpened(stave, context)])),
    grown: staves
      .filter(({ layer }) => context.done(layer, 'cache'))
      .map(({ layer, strip }) => [
        String(layer),
        ['ckv', 0.5, strip, width - 1, tones[0]],
        ['rope', 0.5, strip + tones[0], width - 1, tones[1]],
      ]),
    grew: staves
      .filter(({ layer }) => context.done(layer, 'cache'))
      .map(({ layer }) => `${layer} +${grouped(context.latentBytes)} B`),
    rules: [['MVMV', -0.5, 0, foot, width + open + 0.5, 0, foot]],
    cursor: Number.isFinite(context.stage) && staves.some(({ layer }) => stage?.startsWith(`${layer} `)),
    attention: native.details
      ? staves.filter(({ layer }) => stage === `${layer} attend`).map(stave => expectedTicks(stave, context))
      : [],
    head: `After ${spaced(context.quoted(native.ids[position]))}`,
    ...expectedGhosts(context),
    hint: context.room ? '' : 'The context is full.',
    figures: [
      `${(record.cache.expanded / record.cache.latent).toFixed(1)}×`,
      'smaller than expanded',
      `${kilobytes(record.cache.latent)} kB kept`,
      `${kilobytes(record.cache.expanded)} kB expanded`,
    ],
    summary: `The picture in numbers, layer ${chosen}`,
    tables: Object.keys(context.seen.roll.tables).length > 0 ? expectedTables(context) : {},
    overview: all ? undefined : expectedOverview(context),
    router: context.seen.router ? expectedRouter(context) : null,
    next: context.seen.next ? expectedNext(context) : null,
  };
}

function sentence(context: Context): string {
  const { native, record, shape, layer, position } = context;
  const stage = stagesOf(shape)[context.stage];
  if (stage !== undefined) return spaced(stageSentence(stage, context));
  const experts = [...(context.route(position, layer)?.experts ?? [])].sort((a, b) => a - b);
  const list = experts.length > 1 ? `${experts.slice(0, -1).join(', ')} and ${experts.at(-1)}` : String(experts[0]);
  const used =
    experts.length === 0
      ? 'its one network: it is dense'
      : `${experts.length === 1 ? 'expert' : 'experts'} ${list} of ${shape.experts}`;
  // The native record's bytes are those of its live buffers: they must be the arithmetic's.
  const all = (bytes: number): number => bytes * shape.layers * (position + 1);
  expect(record.cache).toEqual({ latent: all(context.latentBytes), expanded: all(context.expandedBytes) });
  const cache = `its cache grew by ${grouped(context.latentBytes)} bytes, not ${grouped(context.expandedBytes)}`;
  return spaced(`For ${context.quoted(native.ids[position])}, layer ${layer} used ${used}; ${cache}.`);
}

/** What the model does in a stage. */
function stageSentence(stage: string, context: Context): string {
  const { native, shape, position } = context;
  const token = context.quoted(native.ids[position]);
  if (stage === 'next') return `After ${token} the model expects these tokens.`;
  const [layer = '', operation = ''] = stage.split(' ');
  const where = `For ${token}, layer ${layer}`;
  const route = context.route(position, Number(layer));
  const perGroup = shape.experts / shape.groups;
  const kept = (route?.kept_groups ?? []).map(group => `${group * perGroup}–${(group + 1) * perGroup - 1}`);
  const chosen = [...(route?.experts ?? [])].sort((a, b) => a - b).map(String);
  const and = (parts: readonly string[]): string =>
    parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : String(parts[0]);
  switch (operation) {
    case 'cache':
      return `${where} keeps ${grouped(context.latentBytes)} bytes in its cache.`;
    case 'attend':
      return position === 0
        ? `${where} attends: the only token is this one; grey ticks are its ${shape.heads} heads’ weights.`
        : `${where} attends to ${grouped(position + 1)} tokens in its cache; grey ticks are its ${shape.heads} heads’ weights on each.`;
    case 'dense':
      return `${where} runs the one network that it has: it is dense, without a router.`;
    case 'score':
      return `${where} scores its ${shape.experts} experts.`;
    case 'cut':
      return `${where} keeps experts ${and(kept)} and cuts the other groups.`;
    default:
      return `${where} chooses ${chosen.length === 1 ? 'expert' : 'experts'} ${and(chosen)} and mixes their outputs.`;
  }
}

const full = ({ shape }: Context): string =>
  `The model reads ${grouped(shape.context)} tokens, its context. There is no room for another.`;

/** A layer's closed columns. */
function expectedLayer({ layer, top }: Stave, ranTo: number, context: Context) {
  const { position, shape, right } = context;
  const column = (each: number): Column => {
    const route = context.route(each, layer);
    if (!route) throw new Error(`the native engine did not run layer ${layer} at ${each}`);
    const later = each > position;
    const tint = later ? LATER.tint : 1;
    const cells: Record<number, Values> = {};
    route.scores.map(float).forEach((score, expert) => {
      const level = Math.round(Math.min(1, score / FULL_SCORE) * LEVELS);
      const kept = context.isKept(route, expert);
      const strength = (level / LEVELS) * (kept ? 1 : CUT.cell) * tint;
      if (level > 0) cells[expert] = [kept ? 'score' : 'cutscore', level, strength];
    });
    return {
      when: later ? 'later' : 'past',
      cells,
      // A disc's area is the share: a quarter share is a disc one row high.
      notes: Object.fromEntries(
        route.experts.map((expert, rank) => {
          const radius = context.pitch * Math.sqrt(float(at(route.shares, rank)));
          return [expert, [rank, radius, later ? LATER.note : 1]];
        }),
      ),
      cuts: Object.fromEntries(
        context.groups.filter(group => !route.kept_groups.includes(group)).map(group => [group, CUT.hatch * tint]),
      ),
    };
  };
  expect(context.ran.flatMap(each => context.route(each, layer)?.scores.length)).toEqual(
    context.ran.map(() => shape.experts),
  );
  return {
    place: `translate(0 ${top})`,
    columns: Object.fromEntries(context.ran.filter(each => each !== position).map(each => [each, column(each)])),
    strays: [],
    // Where the tokens that were not run will stand.
    lanes:
      ranTo < right
        ? context.groups.map(group => [ranTo, context.groupTop(group), right - ranTo, context.groupHeight])
        : [],
  };
}

/** A layer of the opened column, as far as its step is shown. */
function expectedOpened({ layer, top }: Stave, context: Context) {
  const { position, width, open, pitch, layer: chosenLayer } = context;
  const route = context.route(position, layer);
  if (!route) throw new Error(`the native engine did not run layer ${layer} at ${position}`);
  const scored = context.done(layer, 'score');
  const cut = context.done(layer, 'cut');
  const chosen = context.done(layer, 'choose');
  const kept = (expert: number): boolean => !cut || context.isKept(route, expert);
  const said = (group: number): string => {
    if (!kept(group * context.perGroup)) return 'cut';
    const members = route.experts.filter(expert => context.groupOf(expert) === group).sort((a, b) => a - b);
    const list = members.join(' ');
    return members.length === 0 ? 'none' : list.length > 11 ? `${members.length} chosen` : list;
  };
  const isCut = (group: number): boolean => !kept(group * context.perGroup);
  const name = (expert: number, score: number): string => {
    const rank = chosen ? route.experts.indexOf(expert) : -1;
    const mixing = `chosen, share ${exact(route.shares[rank] ?? NaN)}, weight ${exact(route.weights[rank] ?? NaN)}`;
    return [
      `Expert ${expert}`,
      ...(scored ? [`score ${exact(score)}`] : []),
      ...(kept(expert) ? [] : ['group cut']),
      ...(rank < 0 ? [] : [mixing]),
    ].join(', ');
  };
  return {
    place: `translate(0 ${top})`,
    experts: route.scores.map(float).map((score, expert) => {
      const looked = layer === chosenLayer && expert === (context.asked.expert ?? null);
      return [expert, name(expert, score), String(looked)];
    }),
    // First those of the kept groups, then those of the cut ones.
    bars: [true, false].flatMap(among =>
      route.scores.map(float).flatMap((score, expert) => {
        if (!scored || kept(expert) !== among) return [];
        const kind = among ? ['score', 1] : ['cutscore', CUT.bar];
        return [[...kind, 1, context.y(expert) + 0.5, score * (width + BAR), pitch - 1]];
      }),
    ),
    notes: chosen
      ? route.experts.map((expert, rank) => {
          const radius = pitch * Math.sqrt(float(at(route.shares, rank)));
          return [expert, width / 2, context.y(expert) + pitch / 2, radius];
        })
      : [],
    cuts: context.groups
      .filter(isCut)
      .map(group => [group, context.groupTop(group), width + open, context.groupHeight, CUT.openedHatch]),
    said: Object.fromEntries(
      context.groups.filter(group => isCut(group) || chosen).map(group => [String(group), said(group)]),
    ),
  };
}

/** The texts of the drawing, but for the opened column's: all of them, sorted. */
function expectedTexts(context: Context): string[] {
  const { staves, shape, phone, foot } = context;
  const range = (group: number): string => {
    const [from, to] = [group * context.perGroup, (group + 1) * context.perGroup - 1];
    return from === to ? String(from) : `${from}–${to}`;
  };
  const values = shape.cKv + shape.ropeKey;
  const each = shape.expanded / shape.heads;
  const long = [
    `Expanded, each layer would keep this whole box: ${shape.heads} heads × ${each} = ${grouped(shape.expanded)} values a token.`,
    `It keeps only the strip along the top: c_KV ${shape.cKv} + RoPE key ${shape.ropeKey} = ${values}.`,
  ];
  const short = [`Expanded: ${grouped(shape.expanded)} values a token.`, `Kept: the strip, ${values}.`];
  // How much is said depends on the room that there is.
  const said = inside(context.seen.roll.picture, isMark('say'));
  expect(said.every(text => value(text, 'y') > foot - EXPANDED_HEIGHT && value(text, 'y') < foot)).toBe(true);
  const words = said.length === 0 ? [] : said.some(({ text }) => text === long[0]) ? long : short;
  return [
    ...staves
      .filter(({ dense }) => !dense)
      .flatMap(() => [
        ...(phone ? [] : [`${shape.chosen} of ${shape.experts}`, 'shared']),
        ...(context.groupHeight < 12 ? [] : context.groups.map(range)),
      ]),
    ...staves.flatMap(({ dense }) => (phone ? [] : dense ? ['dense', 'cache'] : ['cache'])),
    ...words,
    ...(phone ? [] : ['expanded']),
    `not ${grouped(context.expandedBytes)} B`,
  ].sort();
}

/** What hangs from a strip while its layer attends: a bar a head, over each token that is read. */
function expectedTicks({ layer, strip }: Stave, context: Context): (number | number[][])[] {
  const { native, position, shape, width, tones } = context;
  const weights = at(at(native.details, position).attention, layer);
  const each = (width - 1) / shape.heads;
  const ticks = context.inSight
    .filter(read => read <= position)
    .flatMap(read =>
      weights.map((row, head) => {
        const height = float(at(row, read)) * TICK;
        return [context.x(read) + 0.5 + head * each, strip + tones[0] + tones[1], each, height];
      }),
    );
  return [layer, ticks];
}

/** The next tokens, each as tall as it is probable, with a gap; those too small for a name are among the others. */
function expectedGhosts(context: Context): { ghosts: SeenGhost[]; ghostExtent: number } {
  const { native, record, phone, staves, seen, position } = context;
  const lowest = staves.filter(({ dense }) => !dense).at(-1);
  const extent = phone ? seen.roll.width : (lowest?.strip ?? context.foot);
  const real = native.ids[position + 1];
  const near = (found: number | undefined, wanted: number): number =>
    found !== undefined && Math.abs(found - wanted) <= STYLE_TOLERANCE ? found : wanted;
  let sofar = 0;
  const ghosts = record.next.tokens.map((id, rank): SeenGhost => {
    const probability = float(at(record.next.probabilities, rank));
    const start = sofar;
    sofar += probability * extent;
    const size = probability * extent - GHOST_GAP;
    return {
      id,
      name: `Go on with ${context.quoted(id)}, ${wholePercent(probability)}${id === real ? ', in the text' : ''}`,
      title: `${context.quoted(id).slice(1, -1)} ${percent(probability)}`,
      text: spaced(drawn(native.labels.get(id) ?? '')),
      percent: wholePercent(probability),
      real: id === real,
      inText: id === real && size >= 34 && !phone,
      start: near(seen.roll.ghosts[rank]?.start, start),
      size: near(seen.roll.ghosts[rank]?.size, size),
    };
  });
  const named = ghosts.filter(
    (_, rank) => float(at(record.next.probabilities, rank)) * extent - GHOST_GAP >= (phone ? 44 : 12),
  );
  const together = record.next.probabilities.slice(named.length).map(float);
  const begins = record.next.probabilities.slice(0, named.length).map(float);
  const end = begins.reduce((sum, probability) => sum + probability * extent, 0);
  const hidden = real !== undefined && !phone && !named.some(({ id }) => id === real);
  const rest = seen.roll.ghosts.at(-1);
  const others: SeenGhost = {
    id: null,
    name: '',
    title: '',
    text: hidden ? `others ${context.quoted(real)} is in the text` : 'others',
    percent: wholePercent(together.reduce((sum, probability) => sum + probability, float(record.next.rest))),
    real: false,
    inText: false,
    start: near(rest?.start, end),
    size: near(rest?.size, Math.max(0, extent - end)),
  };
  return { ghosts: context.done(null, 'next') ? [...named, others] : [], ghostExtent: extent };
}

function expectedTables(context: Context): Record<string, readonly (readonly string[])[]> {
  const { native, position, shape, record, layer, perGroup } = context;
  const tokens = position + 1;
  const times = (bytes: number): string => `${(bytes / record.cache.latent).toFixed(1)}×`;
  const bytes = (value: number): string => `${grouped(value)} bytes`;
  const plain = shape.plainMha * VALUE_BYTES;
  const now = plain * shape.layers * tokens;
  const cache = [
    ['chosen', bytes(context.latentBytes), bytes(record.cache.latent), ''],
    ['', bytes(context.expandedBytes), bytes(record.cache.expanded), times(record.cache.expanded)],
    ['', bytes(plain), bytes(now), times(now)],
  ];
  const here = context.route(position, layer);
  // A dense layer has nothing else to show.
  if (!here) return { cache };
  return {
    experts: here.scores.map((score, expert) => {
      const rank = here.experts.indexOf(expert);
      const kind = rank >= 0 ? 'chosen' : context.isKept(here, expert) ? 'kept' : 'cut';
      const mixing = rank >= 0 ? [exact(here.shares[rank] ?? NaN), exact(here.weights[rank] ?? NaN)] : ['', ''];
      return [kind, String(expert), exact(score), exact(here.choice_scores[expert] ?? NaN), ...mixing];
    }),
    groups: context.groups.map(group => {
      const name = `${group * perGroup}–${(group + 1) * perGroup - 1}`;
      return ['', name, exact(here.group_scores[group] ?? NaN), here.kept_groups.includes(group) ? 'kept' : 'cut'];
    }),
    tokens: context.ran.map(each => {
      const route = context.route(each, layer);
      const weights = route?.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank] ?? NaN)})`) ?? [];
      const name = spaced(context.quoted(native.ids[each]));
      return [each === position ? 'chosen' : '', grouped(each), name, weights.join(', ')];
    }),
    cache,
  };
}

/** All layers, small: a mark for each chosen expert, and paler ones after the playhead. */
function expectedOverview(context: Context) {
  const { position, recorded, count, shape, layer: chosen, seen } = context;
  const room = Math.max(0, (seen.roll.overview?.width ?? NaN) - 32);
  const fit = Math.max(1, Math.min(count, Math.floor(room / 2)));
  const first = Math.max(0, Math.min(count - fit, position - Math.floor(fit / 2)));
  const column = room / fit;
  const row = 20 / shape.experts;
  const notes = (layer: number, positions: readonly number[]): number[][] =>
    positions.flatMap(each =>
      (context.route(each, layer)?.experts ?? []).map(expert => {
        const x = (each - first) * column + 0.5;
        return [x, expert * row, Math.max(1, column - 1), Math.max(1, row)];
      }),
    );
  const ran = range(first, Math.min(first + fit, recorded));
  const [past, later] = [ran.filter(each => each <= position), ran.filter(each => each > position)];
  return range(0, shape.layers)
    .reverse()
    .map(layer => ({
      layer: String(layer),
      pressed: layer === chosen,
      notes: layer < shape.dense ? [] : [notes(layer, past), notes(layer, later)],
    }));
}

const NOTHING: SeenCell = { text: '', struck: '', bar: '', disc: '', hatched: false, explained: false };
/** The columns of the router, and those for which there is no room on a phone. */
const LADDER = {
  logit: 'logit',
  score: 'score',
  bias: '+ bias',
  choice: 'choice',
  group: 'group sum',
  chosen: 'chosen',
  share: 'share',
  weight: 'weight',
};
const NARROW_LADDER = ['score', 'choice', 'group', 'chosen', 'weight'];

function expectedRouter(context: Context): Seen['router'] {
  const { native, position, shape, layer, perGroup, seen, asked } = context;
  const title = spaced(`${context.quoted(native.ids[position])} in layer ${layer}`);
  const route = context.route(position, layer);
  if (!route) {
    const sentence = `Layer ${layer} is dense: every token takes the one network that it has, and no router chooses.`;
    return { title, sentence, heads: [], rows: [], explanation: { heading: '', equation: '' } };
  }
  const narrow = seen.router?.heads.length === NARROW_LADDER.length + 1;
  const columns = Object.entries(LADDER).filter(([column]) => !narrow || NARROW_LADDER.includes(column));
  const row = layer - shape.dense;
  const logits = native.details?.[position]?.router_logits[row];
  const biases = at(native.selection_biases, row);
  const looked = asked.expert ?? at(route.experts, 0);
  const isChosen = route.experts.includes(looked);
  const explained = asked.explained ?? { expert: looked, column: isChosen ? 'weight' : 'chosen' };
  const inGroup = (one: number, other: number): boolean => context.groupOf(one) === context.groupOf(other);

  const cell = (expert: number, column: string): SeenCell => {
    const rank = route.experts.indexOf(expert);
    const kept = context.isKept(route, expert);
    const here =
      column === explained.column &&
      (column === 'group' ? inGroup(expert, explained.expert) : expert === explained.expert);
    const said = (text: string, struck = false): SeenCell => {
      return { ...NOTHING, text, struck: struck ? text : '', explained: here };
    };
    switch (column) {
      case 'logit':
        return said(logits ? minus(at(logits, expert)) : (seen.router?.rows[expert]?.cells['logit']?.text ?? ''));
      case 'score': {
        const score = float(at(route.scores, expert));
        return { ...said(exact(score)), bar: `${score * 100}%` };
      }
      case 'bias': {
        const bias = at(biases, expert);
        return said(bias < 0 ? minus(bias) : `+${exact(bias)}`);
      }
      case 'choice':
        return said(minus(at(route.choice_scores, expert)), !kept);
      case 'group': {
        const sum = minus(at(route.group_scores, context.groupOf(expert)));
        return { ...said(`${sum}${kept ? 'kept' : 'cut'}`), struck: kept ? '' : sum };
      }
      case 'chosen':
        if (!kept) return { ...said(''), hatched: true };
        if (rank < 0) return said('');
        return { ...said('chosen'), disc: String(12 * Math.sqrt(float(at(route.shares, rank)))) };
      default: {
        const values = column === 'share' ? route.shares : route.weights;
        return said(rank < 0 ? '' : minus(at(values, rank)));
      }
    }
  };
  return {
    title,
    sentence:
      `The gate scores ${shape.experts} experts, keeps ${shape.keptGroups} of ${shape.groups} groups, ` +
      `and chooses ${shape.chosen}.`,
    heads: ['expert', ...columns.map(([, head]) => head)],
    rows: route.scores.map((_, expert) => ({
      expert,
      kind: route.experts.includes(expert) ? 'in' : context.isKept(route, expert) ? 'out' : 'cut',
      looked: expert === asked.expert,
      cells: Object.fromEntries(
        columns
          .filter(([column]) => column !== 'group' || expert % perGroup === 0)
          .map(([column]) => [column, cell(expert, column)]),
      ),
    })),
    explanation: explanation(route, explained, logits, biases, context),
  };
}

/** Where the explained number comes from, with the numbers in it. */
function explanation(
  route: Route,
  { expert, column }: { readonly expert: number; readonly column: string },
  logits: readonly number[] | undefined,
  biases: readonly number[],
  context: Context,
): { heading: string; equation: string } {
  const { shape, perGroup } = context;
  const rank = route.experts.indexOf(expert);
  const group = context.groupOf(expert);
  const score = (of: number): string => exact(at(route.scores, of));
  const choice = (of: number): string => minus(at(route.choice_scores, of));
  const sum = (of: number): string => minus(at(route.group_scores, of));
  const bracketed = (number: string): string => (number.startsWith('−') ? `(${number})` : number);
  const names: Record<string, string> = { choice: 'choice score', group: 'group sum', chosen: 'chosen or not' };
  const heading = `Expert ${expert}: ${names[column] ?? column}`;
  const least = (values: readonly number[], among: readonly number[]): number =>
    among.reduce((least, each) => (at(values, each) < at(values, least) ? each : least), at(among, 0));
  const logit = logits ? at(logits, expert) : NaN;
  switch (column) {
    case 'logit':
      return { heading, equation: `x · w ${expert} ≈ ${minus(logit)}` };
    case 'score':
      return {
        heading,
        equation: `σ(${minus(logit)}) = 1 / (1 + e^(${minus(-logit)})) ≈ ${score(expert)}`,
      };
    case 'bias':
      return { heading, equation: `bias ${expert} ≈ ${minus(at(biases, expert))}` };
    case 'choice': {
      const bias = bracketed(minus(at(biases, expert)));
      return { heading, equation: `${score(expert)} + ${bias} ≈ ${choice(expert)}` };
    }
    case 'group': {
      const [from, to] = [group * perGroup, (group + 1) * perGroup];
      const members = range(from, to).sort(
        (one, other) => at(route.choice_scores, other) - at(route.choice_scores, one) || one - other,
      );
      const best = members.slice(0, 2).map(each => bracketed(choice(each)));
      return { heading: `Experts ${from}–${to - 1}: group sum`, equation: `${best.join(' + ')} ≈ ${sum(group)}` };
    }
    case 'chosen': {
      const lastKept = least(route.group_scores, route.kept_groups);
      if (!context.isKept(route, expert)) return { heading, equation: `${sum(group)} ≤ ${sum(lastKept)}` };
      const lastChosen = least(route.choice_scores, route.experts);
      return { heading, equation: `${choice(expert)} ${rank < 0 ? '≤' : '≥'} ${choice(lastChosen)}` };
    }
    case 'share': {
      if (rank < 0) return { heading, equation: '' };
      const scores = route.experts.map(score);
      const addends = scores.length > 4 ? [...scores.slice(0, 2), '…', ...scores.slice(-1)] : scores;
      return { heading, equation: `${score(expert)} / (${addends.join(' + ')}) ≈ ${minus(at(route.shares, rank))}` };
    }
    default: {
      if (rank < 0) return { heading, equation: '' };
      const [share, weight] = [route.shares, route.weights].map(values => minus(at(values, rank)));
      return { heading, equation: `${shape.scaling} × ${share} ≈ ${weight}` };
    }
  }
}

function expectedNext(context: Context): Seen['next'] {
  const { native, position, record, count, asked, seen } = context;
  const { temperature = 0 } = asked;
  const other = native.distributions?.[position];
  const real = native.ids[position + 1];
  const same = temperature === 1;
  const bar = (value: number): string => `${float(value) * 100}%`;
  const actual = other?.actual;
  const before = actual?.rank === 1 ? 'one token is' : `${grouped(actual?.rank ?? NaN)} tokens are`;
  const hint = position + 1 < count ? 'to go on with it, instead of what the text says.' : 'to add it.';
  return {
    heading: `After ${spaced(context.quoted(native.ids[position]))}`,
    hint: context.room ? `Click a token ${hint}` : full(context),
    heads: ['token', 'as the model says', same ? 'at 1: the same' : `at ${temperature}`],
    rows: [
      ...record.next.tokens.map((id, rank) => {
        const probability = at(record.next.probabilities, rank);
        const found = seen.next?.rows[rank];
        // Without the native engine's distribution only the model's own column is held to it.
        const second = other ? at(other.next.probabilities, rank) : undefined;
        const secondPercent = second === undefined ? (found?.percents[1] ?? '') : percent(second);
        const secondBar = second === undefined ? (found?.bars[1] ?? '') : bar(second);
        expect(other?.next.tokens[rank] ?? id).toBe(id);
        return {
          id,
          text: spaced(drawn(native.labels.get(id) ?? '')),
          percents: [percent(probability), same ? '' : secondPercent],
          bars: [bar(probability), ...(same ? [] : [secondBar])],
          inText: id === real,
        };
      }),
      {
        id: null,
        text: 'others',
        percents: [
          percent(record.next.rest),
          same ? '' : other ? percent(other.next.rest) : (seen.next?.rows.at(-1)?.percents[1] ?? ''),
        ],
        bars: [],
        inText: false,
      },
    ],
    actual:
      other && actual && real !== undefined && !record.next.tokens.includes(real)
        ? spaced(
            `${context.quoted(real)} is in the text: ${percent(actual.probability)}` +
              `${same ? '' : ` at ${temperature}`}; ${before} more probable.`,
          )
        : other
          ? ''
          : (seen.next?.actual ?? ''),
  };
}
