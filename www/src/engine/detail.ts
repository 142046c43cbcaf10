// The arrays of a step's detail, which the engine fills (`Detail` in record/mod.rs). Each array is one row-major typed
// array.

import type { ModelInfo } from './types';

export type DetailName = keyof ReturnType<typeof detailShapes>;

export type DetailArrays = Readonly<Record<DetailName, Float32Array<ArrayBuffer>>>;

/** Shapes of the arrays for a model and a position; `Detail` in record/mod.rs describes each array. */
export function detailShapes(info: ModelInfo, position: number) {
  const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: hidden } = info;
  const { num_experts_per_tok: chosen, n_routed_experts, kv_lora_rank, qk_rope_head_dim, v_head_dim } = info;
  const routed = layers - info.first_k_dense_replace;
  const query = info.qk_nope_head_dim + qk_rope_head_dim;
  const tokens = position + 1;
  return {
    router_logits: [routed, n_routed_experts],
    attention: [layers, heads, tokens],
    latents: [layers, kv_lora_rank],
    rope_keys: [layers, qk_rope_head_dim],
    attention_differences: [layers],
    logits: [info.vocab_size],
    stream: [layers + 1, hidden],
    attention_inputs: [layers, hidden],
    queries: [layers, heads, query],
    absorbed_queries: [layers, heads, kv_lora_rank],
    keys: [layers, heads, query],
    values: [layers, heads, v_head_dim],
    other_attention: [layers, heads, tokens],
    weight_differences: [layers],
    head_outputs: [layers, heads, v_head_dim],
    attention_outputs: [layers, hidden],
    attended: [layers, hidden],
    ffn_inputs: [layers, hidden],
    expert_outputs: [routed, chosen, hidden],
    shared_outputs: [routed, hidden],
    expert_norms: [routed, chosen + 1],
    parts: [routed, chosen + 1],
    ffn_outputs: [layers, hidden],
    stream_norms: [layers, 5],
    final_input: [hidden],
  } satisfies Record<string, readonly number[]>;
}

/** Allocates the arrays for the engine to fill. */
export function blankDetail(info: ModelInfo, position: number): DetailArrays {
  const shapes = Object.entries(detailShapes(info, position));
  const arrays = shapes.map(([name, shape]) => [name, new Float32Array(shape.reduce((all, each) => all * each, 1))]);
  return Object.fromEntries(arrays) as DetailArrays;
}
