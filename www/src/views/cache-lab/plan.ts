// Positions in a picture of a given width: each point by its bytes (logarithmic x axis) and its loss (linear y axis),
// and each point's name where there is room. Pure.

import { clamp } from '../../scope/clamp';
import { shownComparison, upToDate } from '../../scope/select';
import type { Snapshot, Tried } from '../../scope/state';
import type { CacheSetting } from '../../scope/what-if';
import { cacheSettingOf, PLAIN, sameCacheSetting } from '../../scope/what-if';
import type { Words } from '../../text/words';
import type { Axis } from '../shared/axis';
import { linear, logarithmic } from '../shared/axis';

const MARGIN = { left: 44, right: 20, top: 28 };
const HEIGHT = 240;
/** Height in px below the bytes axis, for its numbers, the caches that are not run, and the axis title. */
const FOOT = { wide: 92, narrow: 108 };
const NARROW = 420;
/** Approximate number of ticks on the loss axis. */
const TICKS = 5;
/** Minimum span of the loss axis, in bits per token. */
const SPAN = 0.2;
/** Minimum distance in px between two numbers of the bytes axis. */
const APART = 44;
const LINE = 14;
/** Rough width of a character in a name, in px. */
const CHARACTER = 6.8;
/** Height of a name above its baseline, in px. */
const TALL = 12;
const RADIUS = 5;
const RING = 10;
const NAME = 4;
const BAR = 3;
/** Distance in px of a flag (a name on a pole) from its pole. */
const POLE = 4;
/** Number of rows for flags above a point; there are as many rows below the point. */
const FLAGS = 12;
/** Numbers of groups of grouped-query attention; only those below the number of heads are shown, after plain attention. */
const GROUPS = [4, 2, 1] as const;

/** A cache setting with its loss, drawn as a point. */
export interface Point {
  /** The setting of the latent cache; null for the expanded cache. */
  readonly setting: CacheSetting | null;
  readonly name: string;
  readonly bytes: number;
  readonly loss: Tried['loss'];
  /** True if the setting is the state's what-if. */
  readonly own: boolean;
}

export interface Placed extends Point {
  readonly x: number;
  readonly y: number;
  /** The top and bottom of the point's error bar. */
  readonly bar: readonly [number, number];
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'end' };
}

/**
 * Grouped-query attention, or plain attention with a group for each head. The model was not trained for it, so it has no
 * loss and is only a tick at its bytes.
 */
export interface Group {
  readonly groups: number;
  /** True if each head has its own group: plain multi-head attention. */
  readonly isPlain: boolean;
  readonly values: number;
  readonly bytes: number;
  readonly x: number;
  readonly y: number;
}

export interface Plan {
  readonly across: Axis;
  /** The ticks of the bytes axis that have room for a number. */
  readonly numbered: readonly number[];
  /** The loss axis; undefined while there is no point. */
  readonly up: Axis | undefined;
  readonly points: readonly Placed[];
  readonly groups: readonly Group[];
  /** The x of the middle of the note below the groups' ticks; undefined if there are no groups. */
  readonly note: number | undefined;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** The y of the bytes axis. */
  readonly foot: number;
  readonly width: number;
  readonly height: number;
  readonly x: (bytes: number) => number;
  readonly y: (loss: number) => number;
}

/** An up-to-date loss, whose `plain` is the loss of the unchanged model; undefined until a loss is measured. */
export function plainLoss(snapshot: Snapshot): Tried['loss'] | undefined {
  return upToDate(snapshot)[0]?.loss;
}

/** Bytes per token over all layers for a number of values per layer, in the number format of the model's caches. */
function bytesOf({ model }: Snapshot, values: number): number {
  return values * model.info.cache_value_bytes * model.info.num_hidden_layers;
}

/** All points, sorted by their bytes. */
export function pointsOf(snapshot: Snapshot, { cacheLab: words }: Words): Point[] {
  const { model, state } = snapshot;
  const { kv_lora_rank: width, cache_values: values } = model.info;
  const plain = plainLoss(snapshot);
  if (!plain) return [];
  const rank = state.whatIf.latent_rank === width ? null : state.whatIf.latent_rank;
  const own = cacheSettingOf({ ...state.whatIf, latent_rank: rank });
  const isWhole = (setting: CacheSetting): boolean => sameCacheSetting(setting, PLAIN);
  // Every comparison contains the plain run's loss, so the unchanged latent needs no run of its own.
  const asItIs = { ...plain, changed: plain.plain, cost: 0, cost_error: 0 };
  const tried = upToDate(snapshot).filter(({ setting }) => !isWhole(setting));
  const points: Point[] = [
    ...tried.map(({ setting, bytes, loss }) => ({
      setting,
      name: words.kept(setting.latent_rank, setting.cache_format),
      bytes,
      loss,
      own: own !== undefined && sameCacheSetting(setting, own) && shownComparison(snapshot) !== undefined,
    })),
    {
      setting: { latent_rank: null, cache_format: 'f32' },
      name: words.whole,
      bytes: bytesOf(snapshot, values.latent),
      loss: asItIs,
      own: own !== undefined && isWhole(own),
    },
    { setting: null, name: words.expanded, bytes: bytesOf(snapshot, values.expanded), loss: asItIs, own: false },
  ];
  return points.toSorted((a, b) => a.bytes - b.bytes || a.loss.changed - b.loss.changed);
}

/** Plain attention and grouped-query attention with each of `GROUPS`, the largest number of groups first. */
export function groupsOf(snapshot: Snapshot): Pick<Group, 'groups' | 'isPlain' | 'values' | 'bytes'>[] {
  const { num_attention_heads: heads, cache_values } = snapshot.model.info;
  return [heads, ...GROUPS.filter(groups => groups < heads)].map(groups => {
    const values = groups * cache_values.plain_group;
    return { groups, isPlain: groups === heads, values, bytes: bytesOf(snapshot, values) };
  });
}

export function planOf(snapshot: Snapshot, width: number, words: Words): Plan {
  const points = pointsOf(snapshot, words);
  const groups = groupsOf(snapshot);
  const { latent, expanded, rope_key } = snapshot.model.info.cache_values;
  const reserved = [latent, expanded, rope_key].map(values => bytesOf(snapshot, values));
  const across = logarithmic([...reserved, ...points.map(({ bytes }) => bytes), ...groups.map(({ bytes }) => bytes)]);
  const plain = plainLoss(snapshot);
  const losses = points.flatMap(({ loss }) => [loss.changed - loss.cost_error, loss.changed + loss.cost_error]);
  const up = losses.length > 0 ? linear(losses, TICKS, SPAN) : undefined;
  const [left, right, top] = [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right), MARGIN.top];
  const foot = top + HEIGHT;
  const x = (bytes: number): number => left + across.part(bytes) * (right - left);
  const y = (loss: number): number => foot - (up?.part(loss) ?? 0) * HEIGHT;
  const narrow = width < NARROW;
  const numbered: number[] = [];
  for (const tick of across.ticks) {
    const before = numbered.at(-1);
    if (before === undefined || x(tick) - x(before) >= APART) numbered.push(tick);
  }
  const [first, last] = [groups[0], groups.at(-1)];
  const half = (words.cacheLab.notRun.length * CHARACTER) / 2;
  const note = first && last && clamp((x(first.bytes) + x(last.bytes)) / 2, half, width - half);
  return {
    across,
    numbered,
    up,
    points: named(
      points.map(point => ({
        ...point,
        x: x(point.bytes),
        y: y(point.loss.changed),
        bar: [y(point.loss.changed + point.loss.cost_error), y(point.loss.changed - point.loss.cost_error)],
      })),
      { left, right, top, foot, own: plain && y(plain.plain) },
    ),
    groups: groups.map((group, index) => ({
      ...group,
      x: x(group.bytes),
      y: foot + 44 + (narrow && index % 2 === 1 ? LINE : 0),
    })),
    note,
    left,
    right,
    top,
    foot,
    width,
    height: foot + (narrow ? FOOT.narrow : FOOT.wide),
    x,
    y,
  };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Place {
  readonly label: Placed['label'];
  readonly box: Box;
  /** The line from the point to its name. */
  readonly pole: Box;
}

interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly foot: number;
  /** The y of the line at the model's own loss; no name covers this line. */
  readonly own: number | undefined;
}

/**
 * Places each point's name beside the point or, if that place is taken, as a flag on a pole above or below the point.
 * Points are named from right to left, so that a flag avoids the names of the points to its right.
 */
function named(points: readonly Omit<Placed, 'label'>[], room: Room): Placed[] {
  const discs = points.map(({ x, y, own }): Box => {
    const radius = own ? RING : RADIUS;
    return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
  });
  const bars = points.map(({ x, bar }): Box => ({ left: x - BAR, right: x + BAR, top: bar[0], bottom: bar[1] }));
  const line: Box[] =
    room.own === undefined ? [] : [{ left: room.left, right: room.right, top: room.own - 1, bottom: room.own + 1 }];
  const names: Box[] = [];
  const name = (point: Omit<Placed, 'label'>, index: number): Placed => {
    const own = discs[index];
    // The pole starts in the point's own disc, so it cannot avoid discs that overlap that disc.
    const others = discs.filter(disc => own === undefined || !overlap(disc, own));
    const fits = ({ box }: Place): boolean =>
      box.left >= room.left &&
      box.right <= room.right + MARGIN.right &&
      box.top >= room.top - LINE &&
      box.bottom <= room.foot;
    const isFree = ({ box, pole }: Place): boolean =>
      ![...discs, ...names, ...line].some(other => overlap(box, other)) &&
      ![...others, ...names].some(other => overlap(pole, other));
    const isClear = ({ box }: Place): boolean => !bars.some(bar => overlap(box, bar));
    const places = placesOf(point);
    const inside = places.filter(fits);
    const free = inside.filter(isFree);
    const place = free.find(isClear) ?? free[0] ?? inside[0] ?? places[0];
    if (place) names.push(place.box, place.pole);
    return { ...point, label: place?.label ?? { x: point.x, y: point.y, anchor: 'start' } };
  };
  const order = points.map((point, index) => ({ point, index })).toReversed();
  return order.map(({ point, index }) => name(point, index)).toReversed();
}

/** Places for a point's name, the best first. Flags to the left are last: points on the left get their names later. */
function placesOf({ name, x, y, own }: Omit<Placed, 'label'>): Place[] {
  const wide = name.length * CHARACTER;
  const place = (anchor: 'start' | 'end', dx: number, dy: number): Place => {
    const label = { x: anchor === 'start' ? x + dx : x - dx, y: y + dy + 4, anchor };
    const left = anchor === 'start' ? label.x : label.x - wide;
    const box = { left, right: left + wide, top: label.y - TALL, bottom: label.y + 2 };
    return { label, box, pole: { left: x - 1, right: x + 1, top: Math.min(y, y + dy), bottom: Math.max(y, y + dy) } };
  };
  const beside = NAME + (own ? RING : RADIUS);
  const rows = Array.from({ length: FLAGS }, (_, row) => [-(row + 1) * LINE, (row + 1) * LINE]).flat();
  return [
    place('start', beside, 0),
    place('end', beside, 0),
    ...rows.map(dy => place('start', POLE, dy)),
    ...rows.map(dy => place('end', POLE, dy)),
  ];
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
