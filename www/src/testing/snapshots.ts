// Snapshots for unit tests: a recorded run of the native engine, and texts of any length.

import type { Loaded, TextSet } from '../engine/messages';
import type {
  Compared,
  DetailArray,
  DetailName,
  Distribution,
  ExpertLoad,
  ModelInfo,
  ResolvedWhatIf,
  StepDetail,
  StepRecord,
} from '../engine/types';
import type { ChangedRun, Comparison, EngineState, Run, ScopeState, Snapshot, Text } from '../scope/state';
import { EMPTY_RUN, firstSnapshot, initialState } from '../scope/state';
import { PLAIN } from '../scope/what-if';
import recorded from './record.json';

/** Restores the engine's numbers: the file has float32 in their shortest decimal form, and minus infinity as null. */
function exact<T>(value: T): T {
  if (typeof value === 'number') return Math.fround(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => (each === null ? -Infinity : exact(each))) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exact(inner)])) as T;
}

const { text, position, ids, labels } = recorded;

function vocabulary(): string[] {
  const found: string[] = [];
  for (const [id, label] of Object.entries(labels)) found[Number(id)] = label;
  return found;
}

/** The shipped model: 5 layers, the first of them dense, and 16 experts in 4 groups. */
export const MODEL: Loaded = {
  info: recorded.info as ModelInfo,
  selectionBiases: exact(recorded.selection_biases),
  vocabulary: vocabulary(),
  byteTokens: new Map(),
  blank: ids.slice(0, 1),
};

/** The shipped model with other dimensions. */
export function modelOf(info: Partial<ModelInfo>): Loaded {
  return { ...MODEL, info: { ...MODEL.info, ...info } };
}

/** Converts nested lists to an array of a detail. */
export function arrayOf(lists: readonly unknown[]): DetailArray {
  const shape = [];
  for (let inner: unknown = lists; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  return { shape, values: new Float32Array(lists.flat(2) as number[]) };
}

/** An array of a detail with this shape and the values 0, 1, 2, ... */
export function rampOf(...shape: number[]): DetailArray {
  const values = new Float32Array(shape.reduce((all, each) => all * each, 1));
  return { shape, values: values.map((_, index) => index) };
}

/** A detail with the recorded arrays. Arrays that the file leaves out are empty. */
function detailOf(recorded: Readonly<Record<DetailName, readonly unknown[]>>): StepDetail {
  const arrays = Object.entries(recorded).map(([name, lists]) => [name, arrayOf(lists)]);
  return { position, ...(Object.fromEntries(arrays) as Record<DetailName, DetailArray>) };
}

/** The recorded run. Numbers are restored to the engine's float32; `file` has the numbers as written. */
export const RUN = {
  text,
  position,
  ids: ids as readonly number[],
  file: recorded,
  records: exact<readonly StepRecord[]>(recorded.records),
  distribution: exact<Distribution>(recorded.distribution),
  load: exact<ExpertLoad>(recorded.load),
  detail: detailOf(recorded.detail),
  plan: exact<ResolvedWhatIf>(recorded.plan),
  // Losses are float64, so they are not rounded to float32.
  compared: recorded.compared.map(each => ({ ...each, record: exact(each.record) })) as unknown as readonly Compared[],
  loss: recorded.loss,
  changedDetail: detailOf(recorded.changed_detail),
};

/**
 * Fields of a snapshot that a test sets; other fields are as after loading a model and tokenizing the text. `text` and
 * `plain` can be partial.
 */
export type Changes = Partial<Omit<Snapshot, 'state' | 'text' | 'plain'>> & {
  readonly state?: Partial<ScopeState>;
  readonly text?: Partial<TextSet> & (Status<Text> | { readonly is?: never });
  readonly plain?: Partial<Run>;
};

/** What a text has beside its tokens: `is`, and the link that waits. */
type Status<T> = T extends Text ? Omit<T, keyof TextSet> : never;

/** The first model is loading. */
export const LOADING = { is: 'loading', progress: { loaded: 0, total: null } } as const satisfies EngineState;

/** A model is loaded. */
export const RUNNING = { is: 'running', inPage: false, next: null } as const satisfies EngineState;

/** The recorded run, with its last record shown. */
export function recordedSnapshot(changes: Changes = {}): Snapshot {
  const first = initialState(RUN.text, RUN.position, MODEL.info.num_hidden_layers - 1);
  return loadedSnapshot(first, RUN.ids, RUN.records, changes);
}

/** A text of `tokens` tokens, of which the first `ran` have records. A token's id is its position. */
export function snapshotOf(tokens: number, changes: Changes = {}, ran = tokens): Snapshot {
  const first = initialState('some text', Math.max(0, ran - 1), 4);
  const ids = Array.from({ length: tokens }, (_, index) => index);
  return loadedSnapshot(first, ids, recordsOf(ran), changes);
}

function loadedSnapshot(
  first: ScopeState,
  tokens: readonly number[],
  records: readonly StepRecord[],
  { state, text, plain, ...changes }: Changes,
): Snapshot {
  const before = firstSnapshot({ ...first, ...state }, { model: MODEL, tokens, records }, null, true);
  const set: TextSet = { tokens, continuation: '', beyond: '' };
  return {
    ...before,
    engine: RUNNING,
    ...changes,
    text: { is: 'tokenized', ...set, ...text },
    plain: { ...before.plain, ...plain },
  };
}

/** The settings of the recorded what-if. */
export const WHAT_IF = { ...PLAIN, num_experts_per_tok: 3, experts_off: [{ layer: 2, expert: 3 }] } as const;

/** Fields of a comparison that a test sets. */
export type ComparisonChanges = Partial<Omit<Comparison, 'run'>> & { readonly run?: Partial<Run> };

/** The recorded changed run, compared with the plain run; `run` can be partial. */
export function comparisonOf({ run, ...changes }: ComparisonChanges = {}): Comparison & { readonly is: 'compared' } {
  return {
    is: 'compared',
    whatIf: WHAT_IF,
    plan: RUN.plan,
    run: { ...EMPTY_RUN, records: RUN.compared.map(({ record }) => record), detail: RUN.changedDetail, ...run },
    steps: RUN.compared,
    progress: { is: 'level', loss: RUN.loss },
    continued: null,
    ...changes,
  };
}

/** The comparison of a snapshot, also if its what-if is not the state's; undefined without one. */
export function comparedIn({ changed }: Snapshot): Comparison | undefined {
  return changed?.is === 'compared' ? changed : undefined;
}

/** A what-if that the model does not support. */
export const REFUSED: ChangedRun = { is: 'refused', sentence: 'no' };

/** Records without routes, for tests that only need positions. */
export function recordsOf(count: number, from = 0): StepRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    position: from + index,
    token: from + index,
    routes: [],
    cache: { latent: 960 * (from + index + 1), expanded: 12_800 * (from + index + 1) },
    next: { tokens: [], probabilities: [], rest: 1 },
  }));
}
