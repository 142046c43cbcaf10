// The shape of the running model: the dimensions that pictures and tables depend on.

import type { ModelInfo } from '../engine/types';
import type { Snapshot } from './state';

export type Shape = Pick<
  ModelInfo,
  | 'num_hidden_layers'
  | 'first_k_dense_replace'
  | 'n_routed_experts'
  | 'n_shared_experts'
  | 'num_experts_per_tok'
  | 'n_group'
  | 'topk_group'
>;

/** The shape of the model, whatever is changed: stages and layouts depend on it. */
export function shapeOf({ model }: Snapshot): Shape {
  return model.info;
}

/** The selected layer; the model's last layer if the state's number is larger. */
export function chosenLayer(snapshot: Snapshot): number {
  return Math.min(snapshot.state.layer, shapeOf(snapshot).num_hidden_layers - 1);
}
