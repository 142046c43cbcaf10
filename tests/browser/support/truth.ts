// Compares the page's sentence, roll, router and next tokens with the native engine's results: every mark by its token,
// layer, expert and value, and every number by its digits. The tests format the expected numbers themselves.

import { isDeepStrictEqual } from 'node:util';
import { expect } from '@playwright/test';
import type { Native } from './native';
import { exact, spaced } from './printed';
import { grouped } from './scope';
import type { Seen } from './seen';
import { foundNextTokens, wantedNext, wantedNextTokens } from './truth-next';
import { foundRoll, wantedRoll } from './truth-roll';
import { wantedRouter } from './truth-router';
import type { Asked } from './truth-step';
import { stagesOf, Step } from './truth-step';

export type { Asked, ModelShape } from './truth-step';
export { SHIPPED_SHAPE, stagesOf } from './truth-step';

/** Allowed difference between two numbers: page and test may multiply the factors of a length in different orders. */
const TOLERANCE = 1e-9;

/** Compares the page with the native results: playhead at `position`, model run on the first `recorded` tokens. */
export function matches(seen: Seen, native: Native, position: number, recorded: number, asked: Asked = {}): void {
  const step = new Step(seen, native, position, recorded, asked);
  const wanted = wantedAll(step);
  const found = near(foundAll(step), wanted, asked.tolerance ?? TOLERANCE);
  // One comparison, so that a failure shows every difference. `toEqual` is slow, so it runs only on a difference.
  if (!isDeepStrictEqual(found, wanted)) expect(found).toEqual(wanted);
}

/** Compares only the sentence, the error, and the view beside the roll if it is the router or the next tokens. */
export function matchesBeside(seen: Seen, native: Native, position: number, asked: Asked = {}): void {
  const step = new Step(seen, native, position, position + 1, asked);
  const { sentence, fault, router, next } = seen;
  expect({ sentence, fault, router, next }).toEqual({
    sentence: wantedSentence(step),
    fault: '',
    router: router ? wantedRouter(step) : null,
    next: next ? wantedNext(step) : null,
  });
}

/** The expected explanation of a cell of the router's table. */
export function explanationOf(
  seen: Seen,
  native: Native,
  position: number,
  explained: { readonly expert: number; readonly column: string },
): { readonly heading: string; readonly equation: string } | undefined {
  return wantedRouter(new Step(seen, native, position, position + 1, { explained }))?.explanation;
}

/** A copy of `found`; numbers that differ from the wanted ones by at most `tolerance` are replaced by these. */
function near(found: unknown, wanted: unknown, tolerance: number): unknown {
  if (typeof found === 'number' && typeof wanted === 'number') {
    return Math.abs(found - wanted) <= tolerance ? wanted : found;
  }
  if (Array.isArray(found) && Array.isArray(wanted)) {
    return found.map((each, index) => near(each, wanted[index], tolerance));
  }
  if (isObject(found) && isObject(wanted)) {
    return Object.fromEntries(Object.entries(found).map(([key, each]) => [key, near(each, wanted[key], tolerance)]));
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function foundAll(step: Step) {
  const { seen } = step;
  const { names, gutter, head, hint, figures, summary, tables } = seen.roll;
  return {
    sentence: seen.sentence,
    fault: seen.fault,
    roll: foundRoll(step),
    names: names.map(({ text }) => text),
    gutter,
    head,
    nextTokens: foundNextTokens(step),
    hint,
    figures,
    summary,
    // Item 0 of a row is its class. Item 1 of a row of the cache table is a name with a note, which is not compared.
    tables: tables['cache']
      ? { ...tables, cache: tables['cache'].map(row => row.filter((_, cell) => cell !== 1)) }
      : tables,
    router: seen.router,
    next: seen.next,
  };
}

function wantedAll(step: Step): ReturnType<typeof foundAll> {
  const { seen, position, shape, layer, phone, columns } = step;
  const [latent, expanded] = [step.latentBytes * step.cachedCells, step.expandedBytes * step.cachedCells];
  return {
    sentence: wantedSentence(step),
    fault: '',
    roll: wantedRoll(step),
    names: phone ? [] : step.layers.map(layer => `Layer ${layer}${layer < shape.dense ? '' : ' why these?'}`),
    gutter: phone
      ? `Layer ${layer}`
      : columns.end - columns.first < step.count
        ? `${grouped(columns.first + 1)}–${grouped(columns.end)} of ${grouped(step.count)}`
        : '',
    head: `After ${spaced(step.quotedAt(position))}`,
    nextTokens: wantedNextTokens(step),
    hint: step.room ? '' : 'The context is full.',
    figures: [
      `${(expanded / latent).toFixed(1)}×`,
      'smaller than expanded',
      `plain MHA: ${(step.plainBytes / step.latentBytes).toFixed(1)}×`,
      `${kilobytes(latent)} kB stored`,
      `${kilobytes(expanded)} kB if expanded`,
    ],
    summary: `The picture in numbers, layer ${layer}`,
    tables: Object.keys(seen.roll.tables).length > 0 ? wantedTables(step) : {},
    router: seen.router ? wantedRouter(step) : null,
    next: seen.next ? wantedNext(step) : null,
  };
}

/** Bytes as kB: 2457600 becomes “2,457.6”. */
function kilobytes(bytes: number): string {
  const [whole = '', tenth] = (bytes / 1000).toFixed(1).split('.');
  return `${grouped(Number(whole))}.${tenth}`;
}

/** The parts as a list, such as “1, 2 and 3”. */
function listed(parts: readonly (string | number)[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : String(parts[0]);
}

function expertsOf(step: Step, layer: number): string {
  const experts = [...(step.route(step.position, layer)?.experts ?? [])].sort((a, b) => a - b);
  return `${experts.length === 1 ? 'expert' : 'experts'} ${listed(experts)}`;
}

function wantedSentence(step: Step): string {
  const { record, shape, layer, position } = step;
  const stage = stagesOf(shape)[step.stage];
  if (stage !== undefined) return spaced(stageSentence(stage, step));
  // The native record has the sizes of the engine's buffers in bytes; they must equal the sizes computed here.
  const all = (bytes: number): number => bytes * shape.layers * (position + 1);
  expect(record.cache).toEqual({ latent: all(step.latentBytes), expanded: all(step.expandedBytes) });
  const experts = step.route(position, layer)?.experts.toSorted((a, b) => a - b);
  const ran = experts
    ? `ran ${experts.length} of its ${shape.experts} experts (${experts.join(', ')}) and the shared one`
    : 'is dense: it ran its only network';
  const stored = `and stored ${grouped(step.latentBytes)} bytes; expanded into keys and values for every head they would be`;
  const sentence = `For ${step.quotedAt(position)}, layer ${layer} ${ran}, ${stored} ${grouped(step.expandedBytes)}.`;
  return spaced(sentence);
}

/** The sentence about a stage. */
function stageSentence(stage: string, step: Step): string {
  const { shape, position, perGroup } = step;
  const token = step.quotedAt(position);
  if (stage === 'next') return `After ${token} the model expects these tokens.`;
  const [layer = '', operation = ''] = stage.split(' ');
  const where = `For ${token}, layer ${layer}`;
  const ticks = `grey ticks are its ${shape.heads} heads’ weights`;
  switch (operation) {
    case 'cache':
      return `${where} stores ${grouped(step.latentBytes)} bytes in its cache.`;
    case 'attend':
      return position === 0
        ? `${where} attends: the only token is this one; ${ticks}.`
        : `${where} attends to ${grouped(position + 1)} tokens in its cache; ${ticks} on each.`;
    case 'dense':
      return `${where} is dense: it runs its only network, without a router.`;
    case 'score':
      return `${where} scores its ${shape.experts} experts: its router rates how well each of them fits.`;
    case 'cut': {
      const kept = step.route(position, Number(layer))?.kept_groups ?? [];
      const sorted = kept.toSorted((a, b) => a - b);
      const ranges = sorted.map(group => `${group * perGroup}–${(group + 1) * perGroup - 1}`);
      const others = Array.from({ length: shape.groups }, (_, group) => group).filter(group => !kept.includes(group));
      const named = (groups: readonly number[]): string =>
        `${groups.length === 1 ? 'group' : 'groups'} ${listed(groups)}`;
      return `${where} keeps ${named(sorted)} (experts ${listed(ranges)}) and rules out ${named(others)}.`;
    }
    default:
      return `${where} chooses ${expertsOf(step, Number(layer))} and adds their weighted outputs to the shared expert’s.`;
  }
}

/** The expected tables under the roll. The first item of each row is its class. */
function wantedTables(step: Step): Seen['roll']['tables'] {
  const { position, layer, perGroup } = step;
  const bytes = (value: number): string => `${grouped(value)} bytes`;
  const cache = [step.latentBytes, step.expandedBytes, step.plainBytes].map((each, index) => [
    index === 0 ? 'chosen' : '',
    bytes(each),
    bytes(each * step.cachedCells),
    index === 0 ? '' : `${(each / step.latentBytes).toFixed(1)}×`,
  ]);
  const here = step.route(position, layer);
  // A dense layer has only the cache table.
  if (!here) return { cache };
  const [isScored, isCut, isChosen] = ['score', 'cut', 'choose'].map(operation => step.done(layer, operation));
  const experts = {
    experts: here.scores.map((score, expert) => {
      const rank = isChosen ? here.experts.indexOf(expert) : -1;
      const kind = rank >= 0 ? 'chosen' : !isCut || step.isKept(here, expert) ? 'kept' : 'cut';
      const mixing = rank >= 0 ? [exact(here.shares[rank] ?? NaN), exact(here.weights[rank] ?? NaN)] : ['', ''];
      return [kind, String(expert), exact(score), exact(here.choice_scores[expert] ?? NaN), ...mixing];
    }),
  };
  const groups = {
    groups: step.groups.map(group => {
      const name = `${group * perGroup}–${(group + 1) * perGroup - 1}`;
      return [
        '',
        name,
        exact(here.group_scores[group] ?? NaN),
        here.kept_groups.includes(group) ? 'kept' : 'ruled out',
      ];
    }),
  };
  const ran = step.ran.filter(each => each !== position || isChosen);
  const tokens = {
    tokens: ran.map(each => {
      const route = step.route(each, layer);
      const weights = route?.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank] ?? NaN)})`) ?? [];
      const name = spaced(step.quotedAt(each));
      return [each === position ? 'chosen' : '', grouped(each), name, weights.join(', ')];
    }),
  };
  return {
    ...(isScored ? experts : {}),
    ...(isCut ? groups : {}),
    ...(ran.length > 0 ? tokens : {}),
    cache,
  };
}
