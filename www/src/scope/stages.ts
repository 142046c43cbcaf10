// The stages of a step in the order of the model's operations. Page Up and Page Down move through them, and a step's
// animation shows them in turn.

import type { ModelInfo } from '../engine/types';

/** One operation inside a step. */
export interface Stage {
  /** The decoder layer; null for stages after the last layer. */
  readonly layer: number | null;
  readonly operation: Operation;
}

/**
 * `cache`: the layer stores the token's latent; `attend`: it reads the earlier tokens; `dense`: a dense layer's only
 * network; `score`: the router scores the experts; `cut`: groups are ruled out; `choose`: experts are chosen and their
 * outputs added; `next`: the next token's probabilities.
 */
export type Operation = 'cache' | 'attend' | 'dense' | 'score' | 'cut' | 'choose' | 'next';

type Shape = Pick<ModelInfo, 'num_hidden_layers' | 'first_k_dense_replace' | 'n_group' | 'topk_group'>;

export function stagesOf(shape: Shape): Stage[] {
  const routed: Operation[] =
    shape.topk_group < shape.n_group
      ? ['cache', 'attend', 'score', 'cut', 'choose']
      : ['cache', 'attend', 'score', 'choose'];
  const layers = Array.from({ length: shape.num_hidden_layers }, (_, layer) => layer);
  const inLayers = layers.flatMap(layer => {
    const operations: Operation[] = layer < shape.first_k_dense_replace ? ['cache', 'attend', 'dense'] : routed;
    return operations.map(operation => ({ layer, operation }));
  });
  return [...inLayers, { layer: null, operation: 'next' }];
}

/** True if an operation of a layer is done at the end of a stage. */
export function isDone(stages: readonly Stage[], stage: number, layer: number | null, operation: Operation): boolean {
  const index = stages.findIndex(each => each.layer === layer && each.operation === operation);
  return index >= 0 && index <= stage;
}
