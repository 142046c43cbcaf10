// The marks of the roll. Each drawn mark becomes a name, such as “past, layer 3, token 2, expert 7: score 5” (colour
// level 5 of 16), and a number: an opacity, a share or a weight. The expected marks have the same form and come from
// the native engine's results. `snapshots.spec.ts` compares positions that depend only on the layout.

import type { Route } from './native';
import { float } from './native';
import { drawn, exact, isBytes, spaced } from './printed';
import { grouped } from './scope';
import type { Drawn } from './seen';
import type { Step } from './truth-step';
import { at, range, stagesOf } from './truth-step';

/** FULL_SCORE: scores from here on have the full colour. LEVELS: number of colour levels from 0 to FULL_SCORE. */
const FULL_SCORE = 0.5;
const LEVELS = 16;
/** Opacity of marks in ruled-out groups: `cell` and `hatch` in closed columns, the others in the opened one. */
const CUT = { cell: 0.18, hatch: 0.55, bar: 0.35, openedHatch: 0.8 };
/** Opacity of marks after the playhead: `tint` of scores and hatches, `note` of discs and lines. */
const LATER = { tint: 0.3, note: 0.7, overview: 0.4 };
/** The bar of a score of 1 is this much wider than a column, px. */
const BAR = 26;
/** Height of the tick of an attention weight of 1, px. */
const TICK = 10;

/** The values of marks, by the marks' names. A second mark with the same name gets the ending “, again”. */
class Marks {
  readonly all: Record<string, number | string> = {};

  put(name: string, value: number | string): void {
    this.all[name in this.all ? `${name}, again` : name] = value;
  }
}

// --- Drawings --------------------------------------------------------------------------------------------------------

const NUMBER = String.raw`(-?[\d.]+(?:e-?\d+)?)`;
const BOX = new RegExp(`M${NUMBER} ${NUMBER}h${NUMBER}v${NUMBER}h-${NUMBER}z`, 'gu');
const DISC = new RegExp(String.raw`M${NUMBER} ${NUMBER}a${NUMBER} \3 0 1 0 ${NUMBER} 0a\3 \3 0 1 0 -\4 0z`, 'gu');

/** The numbers of each `shape` in a path. Throws if the path contains anything else. */
function shapes(element: Drawn | undefined, shape: RegExp): number[][] {
  const path = element?.attributes['d'] ?? '';
  if (path.replace(shape, '') !== '') throw new Error(`another shape in ${path.slice(0, 200)}`);
  return [...path.matchAll(shape)].map(([, ...numbers]) => numbers.map(Number));
}

/** The rectangles of a path, as [x, y, width, height]. */
function boxes(element: Drawn | undefined): [number, number, number, number][] {
  return shapes(element, BOX).map(([x = NaN, y = NaN, width = NaN, height = NaN, back]) => {
    return [x, y, width === back ? width : NaN, height];
  });
}

/** The discs of a path, as [centre x, centre y, radius]. */
function discs(element: Drawn): [number, number, number][] {
  return shapes(element, DISC).map(([x = NaN, y = NaN, radius = NaN]) => [x + radius, y, radius]);
}

const classOf = ({ attributes }: Drawn): string => attributes['class'] ?? '';
const value = (element: Drawn | undefined, name: string): number => Number(element?.attributes[name] ?? NaN);
const rightOf = (element: Drawn | undefined): number => value(element, 'x') + value(element, 'width');

/** All descendants that have the attribute `name`; if `is` is given, only those where its value is `is`. */
function inside(element: Drawn | undefined, name: string, is?: string | number): Drawn[] {
  const found: Drawn[] = [];
  const visit = ({ children }: Drawn): void => {
    for (const child of children) {
      if (is === undefined ? name in child.attributes : child.attributes[name] === String(is)) found.push(child);
      visit(child);
    }
  };
  if (element) visit(element);
  return found;
}

/** The element that draws a layer in the opened column. */
function openedIn({ seen }: Step, layer: number): Drawn | undefined {
  return inside(seen.roll.column, 'data-opened', layer)[0];
}

/** Names the token, expert or group at a point. If none is there, the name has the coordinates, and the test fails. */
class Reader {
  readonly #rows: ReadonlyMap<number, number>;

  constructor(
    readonly step: Step,
    layer: number,
  ) {
    const options = inside(openedIn(step, layer), 'role', 'option');
    this.#rows = new Map(
      options.map(option => [value(inside(option, 'class', 'reach')[0], 'y'), value(option, 'data-expert')]),
    );
  }

  get #pitch(): number {
    return this.step.seen.roll.pitch;
  }

  token(x: number, width: number): string {
    const position = width === this.step.columns.width - 1 ? this.step.positionAt(x - 0.5) : undefined;
    return `token ${position ?? `at ${x}, ${width} wide`}`;
  }

  expert(y: number, height: number): string {
    const row = height === this.#pitch - 1 ? this.#rows.get(y - 0.5) : undefined;
    return `expert ${row ?? `at ${y}, ${height} high`}`;
  }

  group(y: number, height: number): string {
    const { perGroup } = this.step;
    const first = height === perGroup * this.#pitch ? this.#rows.get(y) : undefined;
    return first !== undefined && first % perGroup === 0
      ? `group ${first / perGroup}`
      : `group at ${y}, ${height} high`;
  }

  /** The cell with its centre at this point, because discs are drawn at the centre of cells. */
  cell(x: number, y: number): string {
    const { width } = this.step.columns;
    return `${this.token(x - width / 2 + 0.5, width - 1)}, ${this.row(y)}`;
  }

  row(middle: number): string {
    return this.expert(middle - this.#pitch / 2 + 0.5, this.#pitch - 1);
  }

  /** The share that a disc shows by its area. A disc that is one row high shows a share of 1/4. */
  share(radius: number): number {
    return (radius / this.#pitch) ** 2;
  }
}

// --- Closed columns --------------------------------------------------------------------------------------------------

function findColumns(marks: Marks, step: Step, layer: number): void {
  const read = new Reader(step, layer);
  const [group] = inside(step.seen.roll.picture, 'data-layer', layer);
  // The rows of the closed columns must be at the same height as the rows of the opened column.
  marks.put(`layer ${layer} is at`, group?.attributes['transform'] ?? 'no place');
  for (const chunk of group?.children.filter(({ attributes }) => 'data-when' in attributes) ?? []) {
    const where = `${chunk.attributes['data-when']}, layer ${layer}`;
    // A chunk of columns has its own coordinates; its transform moves it `from` px to the right.
    const from = Number(/^translate\((-?[\d.]+) 0\)$/u.exec(chunk.attributes['transform'] ?? '')?.[1]);
    for (const mark of chunk.children) {
      const kind = classOf(mark);
      const opacity = value(mark, 'fill-opacity');
      if (kind === 'note') {
        const name = `chosen ${value(mark, 'data-rank')}, opacity ${value(mark, 'opacity')}`;
        for (const [x, y, radius] of discs(mark)) {
          marks.put(`${where}, ${read.cell(from + x, y)}: ${name}`, read.share(radius));
        }
        continue;
      }
      for (const [x, y, width, height] of boxes(mark)) {
        const token = read.token(from + x, width);
        if (kind === 'hatch') marks.put(`${where}, ${token}, ${read.group(y, height)}: cut`, opacity);
        else marks.put(`${where}, ${token}, ${read.expert(y, height)}: ${kind} ${value(mark, 'data-level')}`, opacity);
      }
    }
  }
}

function wantColumns(marks: Marks, step: Step, layer: number): void {
  marks.put(`layer ${layer} is at`, openedIn(step, layer)?.attributes['transform'] ?? 'no place');
  for (const position of step.ran.filter(each => each !== step.position)) {
    const route = routeOf(step, position, layer);
    const isLater = position > step.position;
    const [tint, note] = isLater ? [LATER.tint, LATER.note] : [1, 1];
    const where = `${isLater ? 'later' : 'past'}, layer ${layer}, token ${position}`;
    route.scores.map(float).forEach((score, expert) => {
      const level = Math.round(Math.min(1, score / FULL_SCORE) * LEVELS);
      const [kind, strength] = step.isKept(route, expert) ? ['score', 1] : ['cutscore', CUT.cell];
      const name = `${where}, expert ${expert}: ${kind} ${level}`;
      if (level > 0) marks.put(name, (level / LEVELS) * Number(strength) * tint);
    });
    route.experts.forEach((expert, rank) => {
      marks.put(`${where}, expert ${expert}: chosen ${rank}, opacity ${note}`, float(at(route.shares, rank)));
    });
    for (const group of step.groups.filter(group => !route.kept_groups.includes(group))) {
      marks.put(`${where}, group ${group}: cut`, CUT.hatch * tint);
    }
  }
}

function routeOf(step: Step, position: number, layer: number): Route {
  const route = step.route(position, layer);
  if (route?.scores.length !== step.shape.experts) throw new Error(`no native route of layer ${layer} at ${position}`);
  return route;
}

// --- The opened column -----------------------------------------------------------------------------------------------

function findOpened(marks: Marks, step: Step, layer: number): void {
  const read = new Reader(step, layer);
  const { width, open } = step.columns;
  const opened = openedIn(step, layer);
  const where = `opened, layer ${layer}`;
  for (const option of inside(opened, 'role', 'option')) {
    const { 'aria-label': label = '', 'aria-selected': selected, 'data-expert': expert } = option.attributes;
    marks.put(`${where}, expert ${expert}`, selected === 'true' ? `${label}, selected` : label);
  }
  for (const bars of inside(opened, 'data-bars')) {
    const kind = `${classOf(bars)}, opacity ${bars.attributes['fill-opacity'] ?? 1}`;
    for (const [x, y, length, height] of boxes(bars)) {
      marks.put(`${where}, ${read.expert(y, height)}: ${kind}, from ${x}`, length / (width + BAR));
    }
  }
  for (const note of inside(opened, 'class', 'note')) {
    const name = `${where}, ${read.row(value(note, 'cy'))}: note of ${value(note, 'data-expert')}`;
    marks.put(value(note, 'cx') === width / 2 ? name : `${name}, beside its column`, read.share(value(note, 'r')));
  }
  for (const cut of inside(opened, 'data-group')) {
    const group = read.group(value(cut, 'y'), value(cut, 'height'));
    const isWide = value(cut, 'width') === width + open;
    marks.put(
      `${where}, ${group}: hatch of ${value(cut, 'data-group')}${isWide ? '' : ', narrow'}`,
      value(cut, 'fill-opacity'),
    );
  }
  for (const { attributes, text } of inside(opened, 'data-group-words')) {
    marks.put(`${where}, group ${attributes['data-group-words']}: words`, text);
  }
}

function wantOpened(marks: Marks, step: Step, layer: number): void {
  const route = routeOf(step, step.position, layer);
  const [isScored, isCut, isChosen] = ['score', 'cut', 'choose'].map(operation => step.done(layer, operation));
  const where = `opened, layer ${layer}`;
  for (const expert of range(0, step.shape.experts)) {
    const score = at(route.scores, expert);
    const ruledOut = isCut && !step.isKept(route, expert);
    const rank = isChosen ? route.experts.indexOf(expert) : -1;
    const facts = [
      `Expert ${expert}`,
      ...(isScored ? [`score ${exact(score)}`] : []),
      ...(ruledOut ? ['group ruled out'] : []),
      ...(rank < 0 ? [] : [`chosen, share ${exact(at(route.shares, rank))}, weight ${exact(at(route.weights, rank))}`]),
      ...(layer === step.layer && expert === step.asked.expert ? ['selected'] : []),
    ];
    marks.put(`${where}, expert ${expert}`, facts.join(', '));
    const kind = ruledOut ? `cutscore, opacity ${CUT.bar}` : 'score, opacity 1';
    if (isScored) marks.put(`${where}, expert ${expert}: ${kind}, from 1`, float(score));
    if (rank >= 0) marks.put(`${where}, expert ${expert}: note of ${expert}`, float(at(route.shares, rank)));
  }
  for (const group of step.groups) {
    if (isCut && !route.kept_groups.includes(group)) {
      marks.put(`${where}, group ${group}: hatch of ${group}`, CUT.openedHatch);
      marks.put(`${where}, group ${group}: words`, 'ruled out');
    } else if (isChosen) {
      const members = route.experts.filter(expert => step.groupOf(expert) === group).sort((a, b) => a - b);
      const list = members.join(' ') || 'none';
      marks.put(`${where}, group ${group}: words`, list.length > 11 ? `${members.length} chosen` : list);
    }
  }
}

// --- Lines, caches and attention -------------------------------------------------------------------------------------

/** Finds the line of a layer's shared expert or dense network: up to the playhead, and a paler line after it. */
function findLine(marks: Marks, step: Step, layer: number): void {
  const { children } = step.seen.roll.picture;
  const parts = children.filter(({ attributes }) => attributes['data-line'] === String(layer));
  const [line, last] = [parts[0], parts.at(-1)];
  const later = children[children.findIndex(child => child === last) + 1];
  if (!line || !last || !later) return;
  const [, grown] = parts;
  if (grown && value(grown, 'x') !== rightOf(line)) marks.put(`line ${layer}, gap`, rightOf(line));
  const here = step.position;
  const ends = new Map([
    [step.x(here), 'before it'],
    [step.endOf(here), 'after it'],
  ]);
  const from = value(line, 'x') === step.columns.left ? 'the first token' : String(value(line, 'x'));
  marks.put(`line ${layer}`, `${classOf(last)} from ${from} to ${ends.get(rightOf(last)) ?? rightOf(last)}`);
  const opacity = value(later, 'opacity');
  const start = ends.get(value(later, 'x')) ?? value(later, 'x');
  marks.put(
    `line ${layer}, later: ${classOf(later)} from ${start}, opacity ${opacity}`,
    step.tokensUpTo(rightOf(later)),
  );
}

function wantLine(marks: Marks, step: Step, layer: number): void {
  const [kind, operation] = layer < step.shape.dense ? ['dense', 'dense'] : ['shared', 'choose'];
  const end = step.done(layer, operation) ? 'after it' : 'before it';
  marks.put(`line ${layer}`, `${kind} from the first token to ${end}`);
  const ran = Math.max(step.position + 1, Math.min(step.recorded, step.columns.end));
  marks.put(`line ${layer}, later: ${kind} from after it, opacity ${LATER.note}`, ran);
}

/** Reads the heights of the cache strips as numbers of values; the box of the expanded cache gives the scale. */
function findCache(marks: Marks, step: Step, layer: number): void {
  const { picture, column } = step.seen.roll;
  const read = new Reader(step, layer);
  const grownIn = (layer: number): Drawn | undefined =>
    inside(column, 'data-motion', 'grow').find(({ attributes }) => attributes['data-layer'] === String(layer));
  const lowest = at(step.layers, step.layers.length - 1);
  const outline = inside(picture, 'data-scheme', 'expanded')[0]?.attributes['d'] ?? '';
  const foot = Number(/^M[\d.]+ [\d.]+V([\d.]+)H/u.exec(outline)?.[1]) + 0.5;
  const top = boxes(inside(picture, 'data-strip', lowest)[0])[0]?.[1] ?? value(grownIn(lowest)?.children[0], 'y');
  const scale = (foot - top) / step.shape.expanded;
  for (const strip of inside(picture, 'data-strip', layer)) {
    for (const [x, , width, height] of boxes(strip)) {
      marks.put(`cache ${layer}, ${classOf(strip)}, ${read.token(x, width)}`, height / scale);
    }
  }
  for (const tone of grownIn(layer)?.children ?? []) {
    const token = read.token(step.x(step.position) + value(tone, 'x'), value(tone, 'width'));
    marks.put(`cache ${layer}, ${classOf(tone)}, ${token}`, value(tone, 'height') / scale);
  }
  for (const { attributes, text } of inside(column, 'class', 'grew')) {
    if (attributes['data-layer'] === String(layer)) marks.put(`cache ${layer}, words`, text);
  }
}

function wantCache(marks: Marks, step: Step, layer: number): void {
  const isDone = step.done(layer, 'cache');
  for (const position of step.inSight.filter(each => each < step.position || (isDone && each === step.position))) {
    marks.put(`cache ${layer}, ckv, token ${position}`, step.shape.cKv);
    marks.put(`cache ${layer}, rope, token ${position}`, step.shape.ropeKey);
  }
  if (isDone && layer === step.layer) marks.put(`cache ${layer}, words`, `+${grouped(step.latentBytes)} B`);
}

/** Finds the ticks of the layer that attends: per token and head one tick, as high as the weight. */
function findAttention(marks: Marks, step: Step): void {
  const each = (step.columns.width - 1) / step.shape.heads;
  for (const ticks of step.seen.roll.attention.children) {
    const isStill = classOf(ticks).split(' ').includes('still');
    // Ticks without the class `still` belong to an animation. Without native details, the test skips them.
    if (ticks.attributes['d'] === '' || (!isStill && !step.native.details)) continue;
    for (const [x, , width, height] of boxes(ticks)) {
      const position = step.inSight.findLast(position => step.x(position) + 0.5 <= x + 1e-6) ?? NaN;
      const head = (x - step.x(position) - 0.5) / each;
      const isHead = Math.abs(head - Math.round(head)) < 1e-6 && Math.abs(width - each) < 1e-6;
      const name = `attention ${value(ticks, 'data-layer')}, token ${position}, head ${isHead ? Math.round(head) : head}`;
      marks.put(name, height / TICK);
    }
  }
}

function wantAttention(marks: Marks, step: Step): void {
  const stage = stagesOf(step.shape)[step.stage];
  const layer = step.layers.find(layer => stage === `${layer} attend`);
  if (!step.native.details || layer === undefined) return;
  at(at(step.native.details, step.position).attention, layer).forEach((row, head) => {
    for (const read of step.inSight.filter(each => each <= step.position)) {
      marks.put(`attention ${layer}, token ${read}, head ${head}`, float(at(row, read)));
    }
  });
}

// --- The overview ----------------------------------------------------------------------------------------------------

/** Reads the overview: per layer, a small picture with the chosen experts of the tokens around the playhead. */
function findOverview(marks: Marks, { seen, position, shape }: Step): void {
  for (const { layer, pressed, drawn: row } of seen.roll.overview?.rows ?? []) {
    marks.put(`overview ${layer}`, pressed ? 'pressed' : '');
    // Two vertical lines enclose the playhead's column; the scale is read from them.
    const rules = inside(row, 'class', 'rule')[0]?.attributes['d'] ?? '';
    const [start = NaN, end = NaN] = (rules.match(/M-?[\d.]+/gu) ?? []).map(each => Number(each.slice(1)));
    const whole = (number: number): number =>
      Math.abs(number - Math.round(number)) < 1e-6 ? Math.round(number) : number;
    for (const notes of inside(row, 'class', 'mark')) {
      for (const [x, y] of boxes(notes)) {
        const token = whole(position + (x - 0.5 - start) / (end - start));
        const name = `overview ${layer}, token ${token}, expert ${whole((y / 20) * shape.experts)}`;
        marks.put(name, Number(notes.attributes['fill-opacity'] ?? 1));
      }
    }
  }
}

function wantOverview(marks: Marks, step: Step): void {
  const { seen, shape, position, recorded, count } = step;
  if (!seen.roll.overview) return;
  // Number of tokens that fit: 2 px per token, right of a label that is 32 px wide.
  const fit = Math.max(1, Math.min(count, Math.floor(Math.max(0, seen.roll.overview.width - 32) / 2)));
  const first = Math.max(0, Math.min(count - fit, position - Math.floor(fit / 2)));
  for (const layer of range(0, shape.layers)) {
    marks.put(`overview ${layer}`, layer === step.layer ? 'pressed' : '');
    for (const token of range(first, Math.min(first + fit, recorded))) {
      for (const expert of step.route(token, layer)?.experts ?? []) {
        marks.put(`overview ${layer}, token ${token}, expert ${expert}`, token > position ? LATER.overview : 1);
      }
    }
  }
}

// --- Words -----------------------------------------------------------------------------------------------------------

/** All texts in the drawing, sorted. */
function foundWords(element: Drawn): string[] {
  return element.children
    .flatMap(child => [...(child.name === 'text' && child.text !== '' ? [child.text] : []), ...foundWords(child)])
    .sort();
}

function wantedWords(step: Step): string[] {
  const { shape, phone, perGroup } = step;
  const found = foundWords(step.seen.roll.picture);
  const ranges = step.groups.map(group => {
    const [from, to] = [group * perGroup, (group + 1) * perGroup - 1];
    return from === to ? String(from) : `${from}–${to}`;
  });
  const values = shape.cKv + shape.ropeKey;
  const each = shape.expanded / shape.heads;
  const long = [
    `Expanded, each layer would store this whole box: ${shape.heads} heads × ${each} = ${grouped(shape.expanded)} values per token.`,
    `Each layer stores only the strip along the top: c_KV ${shape.cKv} + RoPE key ${shape.ropeKey} = ${values}.`,
  ];
  const short = [`Expanded: ${grouped(shape.expanded)} values.`, `Stored: the strip, ${values}.`];
  // The number of the selected expert is in the place of its group's range.
  const { expert } = step.asked;
  const isCovered = (layer: number, range: string): boolean =>
    layer === step.layer && typeof expert === 'number' && range === ranges[step.groupOf(expert)];
  // If there is little room, the explanation is short and groups do not show their experts. Both forms are accepted.
  const explained = [long, short].find(([first = '']) => found.includes(first)) ?? [];
  const beside = ranges.some(each => found.includes(each)) ? ranges : [];
  return [
    ...step.routed.flatMap(layer => [
      ...(phone ? [] : ['shared']),
      ...beside.filter(range => !isCovered(layer, range)),
    ]),
    ...(phone || step.layer < shape.dense ? [] : [`${shape.chosen} of ${shape.experts}`]),
    ...step.layers.flatMap(layer => (phone ? [] : layer < shape.dense ? ['dense', 'cache'] : ['cache'])),
    ...explained,
    ...(phone ? [] : ['expanded']),
    `${grouped(step.expandedBytes)} B`,
    'if expanded',
  ].sort();
}

// --- All -------------------------------------------------------------------------------------------------------------

export function foundRoll(step: Step) {
  const { columns, seen } = step;
  const { opened, picture, column, tokens } = seen.roll;
  const marks = new Marks();
  const columnsOfLayers = inside(picture, 'data-layer').filter(({ attributes }) => !('data-line' in attributes));
  for (const group of columnsOfLayers) findColumns(marks, step, value(group, 'data-layer'));
  for (const layer of numbersOf(column, 'data-opened')) findOpened(marks, step, layer);
  for (const layer of new Set(numbersOf(picture, 'data-line'))) findLine(marks, step, layer);
  for (const layer of range(0, step.shape.layers)) findCache(marks, step, layer);
  findAttention(marks, step);
  findOverview(marks, step);
  return {
    at: columns.at,
    there: columns.there,
    openedAt: [parseFloat(opened.left), parseFloat(opened.width)],
    // The column with the same middle as the label. Offsets are whole px, so a difference of 0.5 px is allowed.
    tokens: tokens.map(({ left, width, ...token }) => {
      const middle = (position: number): number => (step.x(position) + step.endOf(position)) / 2;
      return { ...token, column: step.inSight.filter(each => Math.abs(left + width / 2 - middle(each)) <= 0.5) };
    }),
    marks: marks.all,
    cursor: inside(column, 'data-cursor').length === 1,
    words: foundWords(picture),
  };
}

export function wantedRoll(step: Step): ReturnType<typeof foundRoll> {
  const { columns, position, native, layers, routed } = step;
  const stage = stagesOf(step.shape)[step.stage];
  const marks = new Marks();
  for (const layer of routed) wantColumns(marks, step, layer);
  for (const layer of routed) wantOpened(marks, step, layer);
  for (const layer of layers) wantLine(marks, step, layer);
  for (const layer of layers) wantCache(marks, step, layer);
  wantAttention(marks, step);
  wantOverview(marks, step);
  return {
    at: position,
    there: true,
    openedAt: [step.x(position), columns.width + columns.open],
    tokens: step.inSight.map(each => {
      const id = at(native.ids, each);
      const text = drawn(step.label(id));
      const title = isBytes(step.label(id)) ? step.quotedAt(each) : text;
      return { id, title, text: spaced(text), here: each === position, column: [each] };
    }),
    marks: marks.all,
    cursor: Number.isFinite(step.stage) && layers.some(layer => stage?.startsWith(`${layer} `)),
    words: wantedWords(step),
  };
}

/** The values of an attribute, which are layer numbers, from all elements of a drawing that have it. */
function numbersOf(drawing: Drawn, name: string): number[] {
  return inside(drawing, name).map(element => value(element, name));
}
