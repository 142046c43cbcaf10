//! KV-cache and parameter arithmetic from a shape alone: what a token costs to keep, and what a model weighs.
//!
//! Sources: DeepSeek-V2 report, table 1 (values kept a token a layer); DeepSeek-V3.2's `inference/model.py` (what its
//! indexer keeps); the shapes of the checkpoint's tensors.
//!
//! May import: `config`, `shape`, `serde`. Nothing of the engine.

use crate::config::Config;
use crate::shape::{Attention, Experts, Indexer, Shape};
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

/// What of a model a weight belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Projections of the attention, the latents' norms, an indexer.
    Attention,
    /// Experts that a router chooses among.
    RoutedExperts,
    /// Experts that run for every token.
    SharedExperts,
    /// Feed-forward networks of the layers without experts.
    DenseFfn,
    /// The table of the tokens' vectors; none where the head is the same table.
    Embedding,
    /// The projection onto the vocabulary.
    Head,
    /// Norms of the layers, and the routers.
    NormsAndRouters,
}

/// The weights of one component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub component: Component,
    /// All of them.
    pub total: u64,
    /// Those that a token uses.
    pub active: u64,
}

/// Counts a model's weights, in 64 bits: those of a large model are more than wasm's 32 count.
pub fn parameters(config: &Config) -> Parameters {
    let parts = parts(&Shape::of(config));
    Parameters { total: parts.iter().map(|part| part.total).sum(), active: parts.iter().map(|part| part.active).sum() }
}

/// Weights by component, as the checkpoint's tensors have them. Not counted: the selection bias, biases of key-value
/// heads and of experts, the norms of queries and keys, attention sinks, vision, layers for multi-token prediction.
pub fn parts(shape: &Shape) -> [Part; 7] {
    let Shape { num_hidden_layers: layers, moe_layers, hidden_size: hidden, .. } = *shape;
    let Experts { routed, chosen, shared, width } = shape.experts;
    let feed_forward = |width: u64| 3 * width * hidden;
    let expert = feed_forward(width);
    let table = shape.vocab_size * hidden;
    let all = |component, total| Part { component, total, active: total };
    [
        all(Component::Attention, attention_weights(shape)),
        Part {
            component: Component::RoutedExperts,
            total: moe_layers * routed * expert,
            active: moe_layers * chosen * expert,
        },
        all(Component::SharedExperts, moe_layers * shared * expert),
        all(Component::DenseFfn, shape.dense_layers() * feed_forward(shape.intermediate_size)),
        all(Component::Embedding, if shape.tie_word_embeddings { 0 } else { table }),
        all(Component::Head, table),
        all(Component::NormsAndRouters, (2 * layers + 1) * hidden + moe_layers * routed * hidden),
    ]
}

fn attention_weights(shape: &Shape) -> u64 {
    let Shape { num_hidden_layers: layers, hidden_size: hidden, .. } = *shape;
    match shape.attention {
        Attention::Heads { heads, kv_heads, head_dim } => layers * 2 * hidden * head_dim * (heads + kv_heads),
        Attention::Latent {
            heads,
            q_lora_rank,
            kv_lora_rank: rank,
            qk_rope_head_dim: rope,
            qk_nope_head_dim: nope,
            v_head_dim: value,
            biased,
            ref indexer,
        } => {
            let bias = |width: u64| if biased { width } else { 0 };
            let query_width = heads * (nope + rope);
            let query = match q_lora_rank {
                Some(rank) => rank * hidden + bias(rank) + rank + query_width * rank,
                None => query_width * hidden,
            };
            let key_value = (rank + rope) * hidden + bias(rank + rope) + rank + heads * (nope + value) * rank;
            let output = hidden * heads * value + bias(hidden);
            // The indexer's queries come from the compressed query; its one key has a norm with a bias.
            let index = indexer.as_ref().map_or(0, |&Indexer { heads, head_dim, layers: of }| {
                let query = q_lora_rank.unwrap_or(hidden) * heads * head_dim;
                of.unwrap_or(layers) * (query + hidden * head_dim + 2 * head_dim + hidden * heads)
            });
            layers * (query + key_value + output) + index
        }
    }
}

/// What one layer keeps of one token: values that the cache stores at its own precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// As the model is published.
    pub values: u64,
    /// Latent attention's keys and values rebuilt for every head; `None` where there is no latent.
    pub expanded: Option<u64>,
    /// Multi-head attention with as many heads and no RoPE split; arithmetic, never run.
    pub plain_mha: u64,
}

/// What one layer keeps of one token.
pub fn kept(attention: &Attention) -> Kept {
    match *attention {
        Attention::Heads { heads, kv_heads, head_dim } => {
            Kept { values: 2 * kv_heads * head_dim, expanded: None, plain_mha: 2 * heads * head_dim }
        }
        Attention::Latent { heads, kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim, .. } => Kept {
            values: kv_lora_rank + qk_rope_head_dim,
            expanded: Some(heads * (qk_nope_head_dim + qk_rope_head_dim + v_head_dim)),
            plain_mha: heads * (qk_nope_head_dim + v_head_dim),
        },
    }
}

/// Bytes that the indexers keep of one token in all layers, whatever the cache's precision: each an FP8 key and a
/// 32-bit scale for 128 of its values. `None` where it is not known which layers have one.
pub fn indexer_bytes(attention: &Attention) -> Option<u64> {
    match attention {
        Attention::Latent { indexer: Some(Indexer { head_dim, layers, .. }), .. } => {
            layers.map(|layers| layers * (head_dim + 4 * head_dim.div_ceil(128)))
        }
        _ => Some(0),
    }
}

/// Tokens that all layers together keep of a context: a layer with a window keeps no more than that.
pub fn tokens_kept(shape: &Shape, context: u64) -> u64 {
    let windowed = shape.window.map_or(0, |window| window.layers * window.size.min(context));
    shape.growing_layers() * context + windowed
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
