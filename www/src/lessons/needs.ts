// What a model must have for a step. For example, a question about groups needs a router that rules groups out.

import type { Loaded } from '../engine/messages';

export const NEEDS = ['experts', 'shared', 'groups', 'bias', 'sigmoid', 'compressed-query'] as const;

/**
 * `experts`: a layer with routed experts; `shared`: a shared expert; `groups`: groups of which some are ruled out;
 * `bias`: a selection bias; `sigmoid`: scores as in DeepSeek-V3, sigmoids whose shares add up to 1;
 * `compressed-query`: a query with a down-projection (`q_lora_rank`).
 */
export type Need = (typeof NEEDS)[number];

/** True if the model has it. */
export function has({ info, selectionBiases }: Loaded, need: Need): boolean {
  const isRouted = info.n_routed_experts > 0 && info.first_k_dense_replace < info.num_hidden_layers;
  switch (need) {
    case 'experts':
      return isRouted;
    case 'shared':
      return isRouted && info.n_shared_experts > 0;
    case 'groups':
      return isRouted && info.topk_group < info.n_group;
    case 'bias':
      return isRouted && selectionBiases.length > 0;
    case 'compressed-query':
      return info.q_lora_rank !== undefined;
    case 'sigmoid':
      return isRouted && info.scoring_func === 'sigmoid' && info.norm_topk_prob;
  }
}
