// Holds what the page shows to what the native engine computed: every number, bit by bit where it is drawn, digit by
// digit where it is written. It formats for itself and takes nothing from the page's own code.

import { expect } from '@playwright/test';
import type { Native, Route, StepRecord } from './native';
import { float } from './native';
import { grouped } from './scope';
import type { Seen, SeenColumn, SeenLayer } from './seen';

/** What of the model's config the page's numbers depend on. */
export interface ModelShape {
  readonly layers: number;
  readonly experts: number;
  readonly groups: number;
  readonly heads: number;
  readonly cKv: number;
  readonly ropeKey: number;
  readonly expanded: number;
  readonly plainMha: number;
  readonly scaling: number;
}

export const SHIPPED_SHAPE: ModelShape = {
  layers: 5,
  experts: 16,
  groups: 4,
  heads: 8,
  cKv: 32,
  ropeKey: 16,
  expanded: 640,
  plainMha: 512,
  scaling: 2.5,
};

const VALUE_BYTES = 4;
/** As look.md and the page's legend have them. */
const FULL_SCORE = 0.5;
const CUT_CELL = 0.18;
const CUT_BAR = 0.35;
const EXPANDED_HEIGHT = 80;

const exact = (value: number): string => float(value).toFixed(4);
const percent = (value: number): string => `${(float(value) * 100).toFixed(2)}%`;

/** A token's label as it is drawn: one leading space taken off, signs for what cannot be seen. */
export function drawn(label: string): string {
  const word = /^ .*\S/su.test(label) ? label.slice(1) : label;
  const blanks = (run: string): string => (run.length > 3 ? `␣×${run.length}` : '␣'.repeat(run.length));
  return word
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥')
    .replace(/^ +| +$/gu, blanks);
}

/** The page with its playhead at a position, when the model was run on the first `recorded` tokens. */
export function holds(seen: Seen, native: Native, position: number, recorded: number, shape = SHIPPED_SHAPE): void {
  const first = position - seen.tokens.findIndex(token => token.here);
  const inSight = Array.from({ length: seen.tokens.length }, (_, index) => first + index);
  const chosen = seen.layers.map(({ layer }) => layer).find(layer => seen.sentence.includes(`layer ${layer} `)) ?? NaN;
  const context: Context = { native, position, recorded, shape, inSight, record: at(native.records, position) };
  // One comparison of everything: drawn lengths to a billionth of a pixel, all else exactly.
  expect(rounded({ ...seen, text: '' })).toEqual(
    rounded({
      text: '',
      sentence: sentence(context, chosen),
      fault: '',
      tokens: inSight.map(at => {
        const title = drawn(native.tokens[at] ?? '');
        return { id: native.ids[at], title, text: title.replace(/\s+/gu, ' ').trim(), here: at === position };
      }),
      layers: seen.layers.map((layer, index) => expectedLayer(layer, context, index < seen.layers.length - 1)),
      cache: expectedCache(seen, context),
      next: expectedNext(context),
    }),
  );
}

interface Context {
  readonly native: Native;
  readonly position: number;
  readonly recorded: number;
  readonly shape: ModelShape;
  readonly inSight: readonly number[];
  readonly record: StepRecord;
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`the native engine has nothing at ${index}`);
  return value;
}

/** Numbers to 9 decimals: what is drawn is a product of exact numbers, and products may be taken in another order. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'number' ? Number(inner.toFixed(9)) : inner)),
  );
}

const label = (native: Native, position: number): string =>
  `“${drawn(native.tokens[position] ?? '').replace(/\s+/gu, ' ')}”`;

function sentence({ native, position, record, shape }: Context, layer: number): string {
  const bytes = [(shape.cKv + shape.ropeKey) * VALUE_BYTES, shape.expanded * VALUE_BYTES].map(grouped);
  const experts = [...(record.routes.find(route => route.layer === layer)?.experts ?? [])].sort((a, b) => a - b);
  const list = experts.length > 1 ? `${experts.slice(0, -1).join(', ')} and ${experts.at(-1)}` : String(experts[0]);
  const used =
    experts.length === 0
      ? 'the one network that it has: it is dense, without a router'
      : `${experts.length === 1 ? 'expert' : 'experts'} ${list} of ${shape.experts}`;
  const cache = `its cache grew by ${bytes[0]} bytes, not ${bytes[1]}`;
  return `For ${label(native, position)}, layer ${layer} used ${used}; ${cache}.`;
}

/** The latent of each token up to the playhead, in two tones, to the scale of the expanded cache. */
function expectedStrip({ inSight, position, shape }: Context): Seen['cache']['strip'] {
  const tones = [shape.cKv, shape.ropeKey].map(values => (values * EXPANDED_HEIGHT) / shape.expanded);
  return Object.fromEntries(inSight.filter(at => at <= position).map(at => [at, tones]));
}

function expectedLayer(seen: SeenLayer, context: Context, hasStrip: boolean): SeenLayer {
  const { native, position, recorded, shape, inSight, record } = context;
  const { layer, pitch } = seen;
  const perGroup = shape.experts / shape.groups;
  const groups = Array.from({ length: shape.groups }, (_, group) => group);
  const groupOf = (expert: number): number => Math.floor(expert / perGroup);
  const ran = inSight.filter(at => at < recorded);
  const routeAt = (at: number): Route | undefined => native.records[at]?.routes.find(route => route.layer === layer);
  const here = record.routes.find(route => route.layer === layer);
  const strip = hasStrip ? expectedStrip(context) : {};
  const grew = hasStrip ? `+${grouped((shape.cKv + shape.ropeKey) * VALUE_BYTES)} B` : '';
  // A dense layer has nothing else to show.
  if (!here) return { layer, pitch, columns: {}, groups: [], strip, grew, tables: {} };

  /** Of the opened column's bars, all to one scale: wide as the first score says, and wider than a closed column. */
  const scale = (seen.columns[position]?.cells[0]?.width ?? NaN) / float(at(here.scores, 0));
  expect(scale).toBeGreaterThan(26);
  const column = (at: number): SeenColumn => {
    const route = routeAt(at);
    if (!route) throw new Error(`the native engine did not run layer ${layer} at ${at}`);
    const scores = route.scores.map(float);
    const opened = at === position;
    return {
      when: at < position ? 'past' : opened ? 'here' : 'future',
      cells: scores.map((score, expert) => {
        const kept = route.kept_groups.includes(groupOf(expert));
        return {
          width: opened ? score * scale : (seen.columns[at]?.cells[0]?.width ?? NaN),
          opacity: opened ? (kept ? 1 : CUT_BAR) : Math.min(1, score / FULL_SCORE) * (kept ? 1 : CUT_CELL),
          kept,
        };
      }),
      // A disc's area is the share: a quarter share is a disc one row high.
      notes: Object.fromEntries(
        route.experts.map((expert, rank) => [expert, pitch * Math.sqrt(float(route.shares[rank] ?? NaN))]),
      ),
      cuts: groups.filter(group => !route.kept_groups.includes(group)),
    };
  };
  const words = (group: number): string => {
    if (!here.kept_groups.includes(group)) return 'cut';
    const members = here.experts.filter(expert => groupOf(expert) === group).sort((a, b) => a - b);
    const list = members.join(' ');
    return members.length === 0 ? 'none' : list.length > 11 ? `${members.length} chosen` : list;
  };
  return {
    layer,
    pitch,
    columns: Object.fromEntries(ran.map(at => [at, column(at)])),
    groups: groups.map(words),
    strip,
    grew,
    tables: Object.keys(seen.tables).length === 0 ? {} : expectedTables(here, context, routeAt, perGroup),
  };
}

function expectedTables(
  here: Route,
  { native, position, recorded, inSight, shape }: Context,
  routeAt: (position: number) => Route | undefined,
  perGroup: number,
): SeenLayer['tables'] {
  const kept = (group: number): boolean => here.kept_groups.includes(group);
  return {
    experts: here.scores.map((score, expert) => {
      const rank = here.experts.indexOf(expert);
      const kind = rank >= 0 ? 'chosen' : kept(Math.floor(expert / perGroup)) ? 'kept' : 'cut';
      const mixing = rank >= 0 ? [exact(here.weights[rank] ?? NaN), exact(here.shares[rank] ?? NaN)] : ['', ''];
      return [kind, String(expert), exact(score), exact(here.choice_scores[expert] ?? NaN), ...mixing];
    }),
    groups: Array.from({ length: shape.groups }, (_, group) => {
      const range = `${group * perGroup}–${(group + 1) * perGroup - 1}`;
      return ['', range, exact(here.group_scores[group] ?? NaN), kept(group) ? 'kept' : 'cut'];
    }),
    tokens: inSight
      .filter(at => at < recorded)
      .map(at => {
        const route = routeAt(at);
        const weights = route?.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank] ?? NaN)})`) ?? [];
        return [at === position ? 'chosen' : '', grouped(at), label(native, at), weights.join(', ')];
      }),
  };
}

function expectedCache(seen: Seen, context: Context): Seen['cache'] {
  const { native, record, shape } = context;
  const tokens = record.position + 1;
  const latent = shape.cKv + shape.ropeKey;
  const all = (values: number): number => values * VALUE_BYTES * shape.layers * tokens;
  // The native record's bytes are those of its live buffers: they must be the arithmetic's.
  expect(record.cache).toEqual({ latent: all(latent), expanded: all(shape.expanded) });
  const times = (bytes: number): string => `${(bytes / record.cache.latent).toFixed(1)}×`;
  const bytes = (value: number): string => `${grouped(value)} bytes`;
  for (const text of [`+${grouped(latent * VALUE_BYTES)} B`, `not ${grouped(shape.expanded * VALUE_BYTES)} B`]) {
    expect(seen.cache.texts).toContain(text);
  }
  // Bars to one scale, full at the end of the text; an outline lies half a pixel inside its bar.
  const most = Math.max(shape.expanded, shape.plainMha) * VALUE_BYTES * shape.layers * Math.min(native.ids.length, 512);
  const bar = (value: number): number => (240 * value) / most;
  return {
    ratio: seen.cache.texts.includes('cache') ? times(record.cache.expanded) : '',
    texts: seen.cache.texts,
    rows: {
      latent: [bytes(latent * VALUE_BYTES), bytes(record.cache.latent), ''],
      expanded: [bytes(shape.expanded * VALUE_BYTES), bytes(record.cache.expanded), times(record.cache.expanded)],
      plain_mha: [bytes(shape.plainMha * VALUE_BYTES), bytes(all(shape.plainMha)), times(all(shape.plainMha))],
    },
    bars: {
      latent: bar(record.cache.latent),
      expanded: Math.max(0, bar(record.cache.expanded) - 1),
      plain_mha: Math.max(0, bar(all(shape.plainMha)) - 1),
    },
    strip: expectedStrip(context),
  };
}

function expectedNext({ native, position, record }: Context): Seen['next'] {
  const real = native.ids[position + 1];
  return {
    heading: `After ${label(native, position)}`,
    rows: record.next.tokens.map((token, rank) => {
      const probability = float(record.next.probabilities[rank] ?? NaN);
      return {
        id: token,
        percent: percent(probability),
        bar: `${probability * 100}%`,
        inText: token === real,
      };
    }),
    others: percent(record.next.rest),
  };
}
