//! The dimensions of a model, and sizes computed from them. The page draws the model from these numbers and the
//! records.

use crate::files::config::{Config, GateKind};
use crate::model::cache::VALUE_BYTES;
use crate::survey::sizes::{self, AttentionWork, CacheValues, Parameters};
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// The function that turns router logits into scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ScoringFunc {
    /// DeepSeek-V3.
    Sigmoid,
    /// DeepSeek-V2.
    Softmax,
}

/// How a group of experts is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub enum GroupScore {
    /// DeepSeek-V3: the sum of the group's two best choice scores.
    #[serde(rename = "sum of two")]
    SumOfTwo,
    /// DeepSeek-V2: the group's best score.
    #[serde(rename = "best")]
    Best,
}

/// The dimensions of a model, with the field names of `config.json`, and sizes computed from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ModelInfo {
    /// Number of tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Number of decoder layers.
    pub num_hidden_layers: usize,
    /// Number of dense layers, which are the first layers. At most `num_hidden_layers`, even if `config.json` has a
    /// larger number.
    pub first_k_dense_replace: usize,
    /// Number of attention heads per layer.
    pub num_attention_heads: usize,
    /// Number of routed experts per layer with experts.
    pub n_routed_experts: usize,
    /// Number of shared experts per layer with experts.
    pub n_shared_experts: usize,
    /// Number of routed experts that a router chooses per token.
    pub num_experts_per_tok: usize,
    /// Number of groups into which a layer's routed experts are divided.
    pub n_group: usize,
    /// Number of groups that a router keeps per token.
    pub topk_group: usize,
    /// The function that turns router logits into scores.
    pub scoring_func: ScoringFunc,
    /// How a group of experts is scored.
    pub group_score: GroupScore,
    /// True if the chosen experts' scores are divided by their sum.
    pub norm_topk_prob: bool,
    /// Factor that turns a routed expert's share into its weight.
    pub routed_scaling_factor: f32,
    /// Width of the latent c_KV.
    pub kv_lora_rank: usize,
    /// Width of the shared RoPE key.
    pub qk_rope_head_dim: usize,
    /// Width of a head's query and key without the RoPE part.
    pub qk_nope_head_dim: usize,
    /// Width of a head's value.
    pub v_head_dim: usize,
    /// Width of the compressed query; `None` if queries are not compressed.
    pub q_lora_rank: Option<usize>,
    /// Inner width of a routed expert.
    pub moe_intermediate_size: usize,
    /// Inner width of a dense network.
    pub intermediate_size: usize,
    /// The context: maximum number of positions.
    pub max_position_embeddings: usize,
    /// Number of values that one layer stores per token.
    pub cache_values: CacheValues,
    /// Number of values that one layer of DeepSeek-V3 stores per token, for comparison.
    pub deepseek_v3_cache_values: CacheValues,
    /// Multiply-adds of one layer's attention per token.
    pub attention_work: AttentionWork,
    /// Multiply-adds of one layer's attention per token in DeepSeek-V3, for comparison.
    pub deepseek_v3_attention_work: AttentionWork,
    /// Bytes of one value in the live caches.
    pub cache_value_bytes: usize,
    /// Number of weights: all of the model's, and those used per token.
    pub parameters: Parameters,
}

impl ModelInfo {
    /// The dimensions in a config, and the sizes computed from them.
    pub fn of(config: &Config) -> Self {
        Self {
            vocab_size: config.vocab_size,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            first_k_dense_replace: config.num_hidden_layers - config.moe_layers(),
            num_attention_heads: config.num_attention_heads,
            n_routed_experts: config.n_routed_experts,
            n_shared_experts: config.n_shared_experts,
            num_experts_per_tok: config.num_experts_per_tok,
            n_group: config.n_group,
            topk_group: config.topk_group,
            scoring_func: match config.gate {
                GateKind::V3 => ScoringFunc::Sigmoid,
                GateKind::V2Greedy | GateKind::V2Grouped => ScoringFunc::Softmax,
            },
            group_score: match config.gate {
                GateKind::V3 => GroupScore::SumOfTwo,
                GateKind::V2Greedy | GateKind::V2Grouped => GroupScore::Best,
            },
            norm_topk_prob: config.norm_topk_prob,
            routed_scaling_factor: config.routed_scaling_factor,
            kv_lora_rank: config.kv_lora_rank,
            qk_rope_head_dim: config.qk_rope_head_dim,
            qk_nope_head_dim: config.qk_nope_head_dim,
            v_head_dim: config.v_head_dim,
            q_lora_rank: config.q_lora_rank,
            moe_intermediate_size: config.moe_intermediate_size,
            intermediate_size: config.intermediate_size,
            max_position_embeddings: config.max_position_embeddings,
            cache_values: sizes::cache_values(config),
            deepseek_v3_cache_values: sizes::DEEPSEEK_V3,
            attention_work: sizes::attention_work(config),
            deepseek_v3_attention_work: sizes::DEEPSEEK_V3_WORK,
            cache_value_bytes: VALUE_BYTES,
            parameters: sizes::parameters(config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::config::tests::shipped_with;
    use serde_json::{Value, json};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn gate(changes: Value) -> [Value; 3] {
        let info = serde_json::to_value(ModelInfo::of(&shipped_with(changes).unwrap())).unwrap();
        ["scoring_func", "group_score", "norm_topk_prob"].map(|field| info[field].clone())
    }

    #[test]
    fn a_config_with_more_dense_layers_than_layers_has_only_dense_layers() {
        let info = |dense| ModelInfo::of(&shipped_with(json!({"first_k_dense_replace": dense})).unwrap());
        assert_eq!([0, 1, 5, 6, 1024].map(|dense| info(dense).first_k_dense_replace), [0, 1, 5, 5, 5]);
        assert_eq!(info(6).parameters, info(5).parameters);
    }

    #[test]
    fn the_info_says_how_each_model_family_scores_experts_and_groups_and_divides_by_the_sum() {
        assert_eq!(gate(json!({})), [json!("sigmoid"), json!("sum of two"), json!(true)]);
        assert_eq!(gate(json!({"norm_topk_prob": false}))[2], json!(false));
        for method in ["greedy", "group_limited_greedy"] {
            let v2 = json!({"model_type": "deepseek_v2", "scoring_func": "softmax", "topk_method": method});
            assert_eq!(gate(v2), [json!("softmax"), json!("best"), json!(false)]);
        }
    }
}
