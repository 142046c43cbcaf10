// What is selected in a step: layer, expert, head and stage, clamped to the model. Pure.

import type { Loaded } from '../engine/messages';
import { clamp } from './clamp';
import type { Stage } from './stages';
import { indexOfStage, stageAt, stagesOf } from './stages';
import type { ScopeState, Snapshot } from './state';

type Selection = Pick<ScopeState, 'layer' | 'expert' | 'head'>;

/** The selected layer, expert and head, clamped to the model; no expert if the layer is dense. */
export function clampSelection({ info }: Loaded, { layer, expert, head }: Selection): Selection {
  const { num_hidden_layers, num_attention_heads, n_routed_experts, first_k_dense_replace } = info;
  const within = clamp(layer, 0, num_hidden_layers - 1);
  const has = expert !== null && within >= first_k_dense_replace && n_routed_experts > 0;
  return {
    layer: within,
    expert: has ? clamp(expert, 0, n_routed_experts - 1) : null,
    head: clamp(head, 0, num_attention_heads - 1),
  };
}

/** The previous or next stage; after the last stage comes the first. */
export function adjacentStage({ state, model }: Snapshot, by: 1 | -1): Stage | null {
  const stages = stagesOf(model.info);
  const now = indexOfStage(stages, state.stage);
  return stageAt(stages, by > 0 && now === stages.length - 1 ? 0 : now + by);
}

/** A requested stage by its name in this model; null for the finished step, and for a stage that the model lacks. */
export function knownStage({ info }: Loaded, choice: ScopeState['stage']): Stage | null {
  const stages = stagesOf(info);
  return stageAt(stages, indexOfStage(stages, choice));
}
