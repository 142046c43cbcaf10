// The attention weights of the shown token, read from the detail.

import { part } from '../../scope/select';
import type { Snapshot } from '../../scope/state';

/** A head's weights on the tokens so far, over the cache that is read and over the other one. */
export interface HeadWeights {
  readonly read: Float32Array;
  readonly other: Float32Array;
}

/** Undefined until they have come, or where they are still to be guessed. */
export function weightsOf(snapshot: Snapshot, layer: number, head: number): HeadWeights | undefined {
  const read = part(snapshot, 'attention', layer, head);
  const other = part(snapshot, 'other_attention', layer, head);
  return read && other ? { read, other } : undefined;
}

/** How far what is computed over the two caches is apart at most. */
export function differencesOf(
  snapshot: Snapshot,
  layer: number,
): { readonly weights: number; readonly outputs: number } | undefined {
  const [weights] = part(snapshot, 'weight_differences', layer) ?? [];
  const [outputs] = part(snapshot, 'attention_differences', layer) ?? [];
  return weights === undefined || outputs === undefined ? undefined : { weights, outputs };
}

/** The positions that are read, the most read first; the earlier of two that are read alike. */
export function ranked(weights: Float32Array): number[] {
  return Array.from(weights, (_, position) => position).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
}

/** The position that is read most; the earliest of several. */
export function mostRead(weights: Float32Array): number {
  return weights.reduce((most, weight, position) => (weight > (weights[most] ?? 0) ? position : most), 0);
}

/** What is read of all tokens before a position. */
export function sumBefore(weights: Float32Array, position: number): number {
  return weights.subarray(0, position).reduce((sum, weight) => sum + weight, 0);
}
