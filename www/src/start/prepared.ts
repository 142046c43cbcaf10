// The records of the first example, made by the native engine at build time (`cargo xtask build`). The first paint uses
// them before the page's own engine is ready; the page's engine then computes the same records.

import first from '../../pkg/first.json';
import type { ModelInfo } from '../engine/types';
import type { Complaint, Prepared, ScopeState, Snapshot } from '../scope/state';
import { firstSnapshot, initialState } from '../scope/state';
import examples from '../text/examples.json';

/** The labels of the tokens that the first paint shows, by id. */
function vocabulary(): string[] {
  const labels: string[] = [];
  for (const [id, label] of Object.entries(first.labels)) labels[Number(id)] = label;
  return labels;
}

/** The bytes of the tokens that the first paint shows and that are not whole characters, by id. */
const bytes: readonly [string, readonly number[]][] = Object.entries(first.bytes);

/** Restores the engine's float32 numbers, which the file has in their shortest decimal form. */
function exact<T>(value: T): T {
  if (typeof value === 'number') return Math.fround(value) as T;
  if (Array.isArray(value)) return value.map(exact) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exact(inner)])) as T;
}

const prepared: Prepared = {
  model: {
    info: first.info as ModelInfo,
    selectionBiases: exact(first.selection_biases),
    vocabulary: vocabulary(),
    byteTokens: new Map(bytes.map(([id, each]) => [Number(id), each])),
    blank: first.blank,
  },
  tokens: first.tokens,
  records: exact(first.records),
};

const firstExample = examples[0] ?? { text: '', position: 0 };

/** The default state: the first example. */
export function firstState(): ScopeState {
  const top = prepared.model.info.num_hidden_layers - 1;
  return initialState(firstExample.text, firstExample.position, top);
}

/** A state's snapshot before the engine is ready; with the prepared records if the state has the first example. */
export function snapshotOf(state: ScopeState, complaints: readonly Complaint[] | null): Snapshot {
  const isShipped = state.opened === null;
  const isPrepared = isShipped && state.text === firstExample.text && state.appended.length === 0;
  return firstSnapshot(state, prepared, complaints, isPrepared);
}
