// The attention weights of the shown token, read from the detail.

import { part } from '../../scope/select';
import type { Snapshot } from '../../scope/state';

/** A head's weights on the tokens so far: `read` from the latent cache, `other` from the expanded cache. */
export interface HeadWeights {
  readonly read: Float32Array;
  readonly other: Float32Array;
}

/** The weights of a head; undefined until they are computed, or while a question hides them. */
export function weightsOf(snapshot: Snapshot, layer: number, head: number): HeadWeights | undefined {
  const read = part(snapshot, 'attention', layer, head);
  const other = part(snapshot, 'other_attention', layer, head);
  return read && other ? { read, other } : undefined;
}

/** A layer's largest differences between the two caches, in attention weights and in the heads' outputs. */
export function differencesOf(
  snapshot: Snapshot,
  layer: number,
): { readonly weights: number; readonly outputs: number } | undefined {
  const [weights] = part(snapshot, 'weight_differences', layer) ?? [];
  const [outputs] = part(snapshot, 'attention_differences', layer) ?? [];
  return weights === undefined || outputs === undefined ? undefined : { weights, outputs };
}

/** The positions in descending order of weight; with equal weights, the earlier position is first. */
export function ranked(weights: Float32Array): number[] {
  return Array.from(weights, (_, position) => position).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
}

/** The position with the largest weight; the earliest of several positions with that weight. */
export function mostRead(weights: Float32Array): number {
  return weights.reduce((most, weight, position) => (weight > (weights[most] ?? 0) ? position : most), 0);
}

/** The sum of the weights before a position. */
export function sumBefore(weights: Float32Array, position: number): number {
  return weights.subarray(0, position).reduce((sum, weight) => sum + weight, 0);
}
