//! KV-cache and parameter arithmetic from a config alone: what a token costs to keep, and what a model weighs.
//!
//! Sources: DeepSeek-V2 report, table 1 (values kept a token a layer); the shapes of the checkpoint's tensors.
//!
//! May import: `config`, `serde`. Nothing of the engine.

use crate::config::Config;
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Values that one layer keeps for one token, under three schemes. Multiply by the bytes of a value for bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct CacheValues {
    /// Of the latent: `kv_lora_rank`.
    pub c_kv: usize,
    /// Of the RoPE key that all heads share: `qk_rope_head_dim`.
    pub rope_key: usize,
    /// The latent cache: both.
    pub latent: usize,
    /// The expanded cache: keys and values a head, the RoPE key repeated for each.
    pub expanded: usize,
    /// Plain multi-head attention with the same heads and no RoPE split; arithmetic, never run.
    pub plain_mha: usize,
}

/// Weights of a model, counted from its shapes: norms, biases and the router included, the selection bias not (it is no
/// trained parameter but a buffer, in transformers too).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Parameters {
    /// All of them; a tied head counts once.
    pub total: u64,
    /// Without the routed experts that a token does not use.
    pub active: u64,
}

/// Values that one layer keeps for one token.
pub fn cache_values(config: &Config) -> CacheValues {
    let Config { num_attention_heads, kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim, .. } = *config;
    values_kept(num_attention_heads, kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim)
}

/// What a layer of DeepSeek-V3 keeps for one token, from its published config.json (facts.md 1.4 and 2).
pub const DEEPSEEK_V3: CacheValues = values_kept(128, 512, 64, 128, 128);

const fn values_kept(heads: usize, c_kv: usize, rope_key: usize, nope: usize, value: usize) -> CacheValues {
    CacheValues {
        c_kv,
        rope_key,
        latent: c_kv + rope_key,
        expanded: heads * (nope + rope_key + value),
        plain_mha: heads * (nope + value),
    }
}

/// Counts a model's weights, in 64 bits: those of a large model are more than wasm's 32 count.
pub fn parameters(config: &Config) -> Parameters {
    let wide = |count: usize| count as u64;
    let hidden = wide(config.hidden_size);
    let heads = wide(config.num_attention_heads);
    let bias = |width: u64| if config.attention_bias { width } else { 0 };
    let query_width = heads * wide(config.qk_head_dim());
    let query = match config.q_lora_rank.map(wide) {
        Some(rank) => rank * hidden + bias(rank) + rank + query_width * rank,
        None => query_width * hidden,
    };
    let rank = wide(config.kv_lora_rank);
    let kv_a_width = rank + wide(config.qk_rope_head_dim);
    let kv_b_width = heads * wide(config.qk_nope_head_dim + config.v_head_dim);
    let key_value = kv_a_width * hidden + bias(kv_a_width) + rank + kv_b_width * rank;
    let output = hidden * heads * wide(config.v_head_dim) + bias(hidden);
    let every_layer = query + key_value + output + 2 * hidden;

    let feed_forward = |width: u64| 3 * width * hidden;
    let expert = feed_forward(wide(config.moe_intermediate_size));
    let router = wide(config.n_routed_experts) * hidden;
    let shared = wide(config.n_shared_experts) * expert;

    let moe_layers = wide(config.moe_layers());
    let dense_layers = wide(config.num_hidden_layers) - moe_layers;
    let embedding = wide(config.vocab_size) * hidden;
    let head = if config.tie_word_embeddings { 0 } else { embedding };
    let without_routed = embedding
        + head
        + hidden
        + wide(config.num_hidden_layers) * every_layer
        + dense_layers * feed_forward(wide(config.intermediate_size))
        + moe_layers * (router + shared);
    Parameters {
        total: without_routed + moe_layers * wide(config.n_routed_experts) * expert,
        active: without_routed + moe_layers * wide(config.num_experts_per_tok) * expert,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn shipped() -> Config {
        Config::from_json(include_bytes!("../../www/public/model/config.json")).unwrap()
    }

    /// DeepSeek-V3's published config, the fields that count (facts.md 1.4).
    fn deepseek_v3() -> Config {
        Config::from_json(
            br#"{"model_type": "deepseek_v3", "vocab_size": 129280, "hidden_size": 7168, "intermediate_size": 18432,
            "moe_intermediate_size": 2048, "num_hidden_layers": 61, "num_attention_heads": 128,
            "num_key_value_heads": 128, "n_shared_experts": 1, "n_routed_experts": 256, "routed_scaling_factor": 2.5,
            "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_rope_head_dim": 64, "v_head_dim": 128,
            "qk_nope_head_dim": 128, "n_group": 8, "topk_group": 4, "num_experts_per_tok": 8,
            "first_k_dense_replace": 3, "max_position_embeddings": 163840, "rope_theta": 10000}"#,
        )
        .unwrap()
    }

    #[test]
    fn the_shipped_model_is_as_its_report_says() {
        assert_eq!(
            cache_values(&shipped()),
            CacheValues { c_kv: 32, rope_key: 16, latent: 48, expanded: 640, plain_mha: 512 }
        );
        assert_eq!(parameters(&shipped()), Parameters { total: 2_531_168, active: 1_351_520 });
    }

    #[test]
    fn deepseek_v3_is_as_its_papers_say() {
        let values = cache_values(&deepseek_v3());
        assert_eq!(values, DEEPSEEK_V3);
        assert_eq!((values.latent, values.expanded, values.plain_mha), (576, 40_960, 32_768));
        assert_eq!(values.latent * 61 * 2, 70_272, "bytes a token at 16 bits");
        let parameters = parameters(&deepseek_v3());
        assert_eq!(parameters.total / 10_000_000, 67_102, "671.02 billion");
        assert_eq!(parameters.active / 10_000_000, 3_755, "37.55 billion with the embedding (facts.md 3)");
    }
}
