//! Sizes of caches and numbers of weights, computed from a model's dimensions.
//!
//! Sources: DeepSeek-V2 report, table 1 (values stored per token and layer); DeepSeek-V3.2's `inference/model.py` (the
//! indexer); the shapes of a checkpoint's tensors (numbers of weights).

use crate::files::config::Config;
use crate::survey::model_shape::{Attention, Experts, Indexer, Shape};
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Number of values that one layer stores per token, for several kinds of cache. Multiply by the bytes of one value to
/// get bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct CacheValues {
    /// Width of the latent: `kv_lora_rank`.
    pub c_kv: usize,
    /// Width of the RoPE key that all heads share: `qk_rope_head_dim`.
    pub rope_key: usize,
    /// The latent cache: `c_kv + rope_key`.
    pub latent: usize,
    /// The expanded cache: keys and values per head, with the RoPE key repeated in each key.
    pub expanded: usize,
    /// Plain multi-head attention: the same number of heads, and keys without a separate RoPE part. For comparison
    /// only.
    pub plain_mha: usize,
    /// One key and one value of plain attention. A group of heads can share one such pair: GQA-2 stores two pairs per
    /// token, MQA stores one pair. For comparison only.
    pub plain_group: usize,
}

/// Multiply-adds of one layer's attention per token, in three ways that give the same output up to rounding. The count
/// starts with the latent and the query, and ends with the heads' outputs. Softmax, RoPE, norms, and the projections
/// that all three ways need are not counted.
///
/// The formulas use h for the number of heads, r for `kv_lora_rank`, and nope, rope and v for `qk_nope_head_dim`,
/// `qk_rope_head_dim` and `v_head_dim`. The context includes the current token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct AttentionWork {
    /// With the expanded cache. Once per step: build the current token's keys and values, h·(nope + v)·r. For each
    /// token of the context: compute its scores, h·(nope + rope), and add up its weighted values, h·v.
    pub naive: Work,
    /// With the latent cache. Once per step: fold the key projection into the query, h·nope·r, and project the sum of
    /// latents to values, h·r·v. For each token of the context: compute its scores, h·(r + rope), and add its weighted
    /// latent to each head's sum, h·r.
    pub absorbed: Work,
    /// With the latent cache and no folding. For each token of the context: rebuild its keys and values, h·(nope +
    /// v)·r, then compute its scores and add up its weighted values as in `naive`.
    pub rebuilt: Work,
}

/// Multiply-adds of one step: `fixed` + `per_token` × number of tokens in the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Work {
    /// The multiply-adds that do not depend on the context.
    pub fixed: u64,
    /// The multiply-adds for each token of the context.
    pub per_token: u64,
}

/// The dimensions of a layer's attention that determine its cache size and its multiply-adds.
#[derive(Clone, Copy)]
struct Widths {
    heads: usize,
    c_kv: usize,
    rope_key: usize,
    nope: usize,
    value: usize,
}

/// Number of a model's weights. Norms, biases and routers are counted. The selection bias is not counted, because
/// transformers stores it as a buffer and not as a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Parameters {
    /// All weights. If the head uses the embedding's table, the table counts once.
    pub total: u64,
    /// Weights used per token: those of the chosen routed experts, and all weights outside the routed experts, without
    /// the embedding table, because a token reads only one row of it. The head counts, also if it uses the same table.
    pub active: u64,
}

/// Number of values that one layer stores per token.
pub fn cache_values(config: &Config) -> CacheValues {
    values_kept(widths(config))
}

/// Multiply-adds of one layer's attention per token.
pub fn attention_work(config: &Config) -> AttentionWork {
    work_done(widths(config))
}

/// Number of values that one layer of DeepSeek-V3 stores per token, computed from the published config.json.
pub const DEEPSEEK_V3: CacheValues = values_kept(DEEPSEEK_V3_WIDTHS);
/// Multiply-adds of the attention of one layer of DeepSeek-V3 per token, computed from the published config.json.
pub const DEEPSEEK_V3_WORK: AttentionWork = work_done(DEEPSEEK_V3_WIDTHS);
const DEEPSEEK_V3_WIDTHS: Widths = Widths { heads: 128, c_kv: 512, rope_key: 64, nope: 128, value: 128 };

fn widths(config: &Config) -> Widths {
    Widths {
        heads: config.num_attention_heads,
        c_kv: config.kv_lora_rank,
        rope_key: config.qk_rope_head_dim,
        nope: config.qk_nope_head_dim,
        value: config.v_head_dim,
    }
}

const fn values_kept(Widths { heads, c_kv, rope_key, nope, value }: Widths) -> CacheValues {
    CacheValues {
        c_kv,
        rope_key,
        latent: c_kv + rope_key,
        expanded: heads * (nope + rope_key + value),
        plain_mha: heads * (nope + value),
        plain_group: nope + value,
    }
}

/// Counts in `u64`, because the counts of large models overflow wasm's 32-bit `usize`.
const fn work_done(Widths { heads, c_kv, rope_key, nope, value }: Widths) -> AttentionWork {
    let (heads, c_kv, rope_key, nope, value) = (heads as u64, c_kv as u64, rope_key as u64, nope as u64, value as u64);
    let build = heads * (nope + value) * c_kv;
    let read = heads * (nope + rope_key) + heads * value;
    AttentionWork {
        naive: Work { fixed: build, per_token: read },
        absorbed: Work {
            fixed: heads * nope * c_kv + heads * c_kv * value,
            per_token: heads * (c_kv + rope_key) + heads * c_kv,
        },
        rebuilt: Work { fixed: 0, per_token: build + read },
    }
}

/// A component of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Component {
    /// Attention: the projections, the norms of the latents, and the indexer if there is one.
    Attention,
    /// Routed experts.
    RoutedExperts,
    /// Shared experts.
    SharedExperts,
    /// Feed-forward networks of the layers without experts.
    DenseFfn,
    /// The embedding; 0 weights if the head uses the same table, which then counts as the head.
    Embedding,
    /// The head, which projects to the vocabulary.
    Head,
    /// The norms outside attention, and the routers.
    NormsAndRouters,
}

/// Number of weights of one component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The component.
    pub component: Component,
    /// All weights of the component.
    pub total: u64,
    /// Weights of the component that are used per token; 0 for the embedding table, because a token reads only one row.
    pub active: u64,
}

/// Counts a model's weights.
pub fn parameters(config: &Config) -> Parameters {
    let parts = parts(&Shape::of(config));
    Parameters { total: parts.iter().map(|part| part.total).sum(), active: parts.iter().map(|part| part.active).sum() }
}

/// Number of weights by component, from the shapes of the checkpoint's tensors. Not counted: the selection bias; biases
/// of experts, and of attention with key-value heads; norms of a head's query or key; attention sinks; the vision part;
/// the multi-token prediction layers.
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
        Part { component: Component::Embedding, total: if shape.tie_word_embeddings { 0 } else { table }, active: 0 },
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
            // Four terms: the projection to the indexer's queries, the projection to its only key, the norm and bias of
            // this key, and the projection to one weight per head of the indexer.
            let index = indexer.as_ref().map_or(0, |&Indexer { heads, head_dim, layers: of }| {
                let query = q_lora_rank.unwrap_or(hidden) * heads * head_dim;
                of.unwrap_or(layers) * (query + hidden * head_dim + 2 * head_dim + hidden * heads)
            });
            layers * (query + key_value + output) + index
        }
    }
}

/// Number of values that one layer stores per token, for the model as published and for two other ways to store keys
/// and values. Multiply by the bytes of one value to get bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheSizes {
    /// The model as published.
    pub values: u64,
    /// Keys and values rebuilt from the latent for every head; `None` if the model has no latent.
    pub expanded: Option<u64>,
    /// Plain multi-head attention: the same number of heads, and keys without a separate RoPE part. For comparison
    /// only.
    pub plain_mha: u64,
}

/// Number of values that one layer stores per token.
pub fn cache_sizes(attention: &Attention) -> CacheSizes {
    match *attention {
        Attention::Heads { heads, kv_heads, head_dim } => {
            CacheSizes { values: 2 * kv_heads * head_dim, expanded: None, plain_mha: 2 * heads * head_dim }
        }
        Attention::Latent { heads, kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim, .. } => CacheSizes {
            values: kv_lora_rank + qk_rope_head_dim,
            expanded: Some(heads * (qk_nope_head_dim + qk_rope_head_dim + v_head_dim)),
            plain_mha: heads * (qk_nope_head_dim + v_head_dim),
        },
    }
}

// Names of earlier versions, which still work.
#[doc(hidden)]
pub use self::{CacheSizes as Kept, cache_sizes as kept};

/// Bytes that the indexers of all layers store per token: for each indexer one FP8 key, with one 32-bit scale per 128
/// values. The cache's precision does not change them. `None` if the number of indexers is not known.
pub fn indexer_bytes(attention: &Attention) -> Option<u64> {
    match attention {
        Attention::Latent { indexer: Some(Indexer { head_dim, layers, .. }), .. } => {
            layers.map(|layers| layers * (head_dim + 4 * head_dim.div_ceil(128)))
        }
        _ => Some(0),
    }
}

/// Number of tokens that a layer stores of a context, summed over all layers. A layer with a window stores at most
/// `window.size` tokens.
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
        Config::from_json(include_bytes!("../../../www/public/model/config.json")).unwrap()
    }

    /// The fields of DeepSeek-V3's published config.json that determine sizes, and other fields that the reader
    /// requires.
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
    fn sizes_of_the_shipped_model_equal_known_figures() {
        assert_eq!(
            cache_values(&shipped()),
            CacheValues { c_kv: 32, rope_key: 16, latent: 48, expanded: 640, plain_mha: 512, plain_group: 64 }
        );
        assert_eq!(parameters(&shipped()), Parameters { total: 2_531_168, active: 1_351_520 });
    }

    #[test]
    fn sizes_of_deepseek_v3_equal_known_figures() {
        let values = cache_values(&deepseek_v3());
        assert_eq!(values, DEEPSEEK_V3);
        assert_eq!((values.latent, values.expanded, values.plain_mha), (576, 40_960, 32_768));
        assert_eq!(values.latent * 61 * 2, 70_272, "bytes per token at 16 bits");
        assert_eq!(values.plain_group, 256);
        let parameters = parameters(&deepseek_v3());
        assert_eq!(parameters.total / 10_000_000, 67_102, "671.02 billion");
        assert_eq!(parameters.active / 10_000_000, 3_662, "36.62 billion without the embedding");
    }

    /// The multiply-adds of the three ways (naive, absorbed, rebuilt), counted in loops over heads, rows and tokens.
    fn counted(config: &Config, context: u64) -> [u64; 3] {
        let Config { num_attention_heads, kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim, .. } = *config;
        let (mut naive, mut absorbed, mut rebuilt) = (0, 0, 0);
        for _head in 0..num_attention_heads {
            for _ in 0..qk_nope_head_dim + v_head_dim {
                naive += kv_lora_rank as u64;
                absorbed += kv_lora_rank as u64;
                rebuilt += context * kv_lora_rank as u64;
            }
            for _token in 0..context {
                naive += (qk_nope_head_dim + qk_rope_head_dim + v_head_dim) as u64;
                rebuilt += (qk_nope_head_dim + qk_rope_head_dim + v_head_dim) as u64;
                absorbed += (kv_lora_rank + qk_rope_head_dim + kv_lora_rank) as u64;
            }
        }
        [naive, absorbed, rebuilt]
    }

    #[test]
    fn attention_work_equals_the_multiply_adds_counted_in_loops() {
        let other =
            crate::files::config::tests::shipped_with(serde_json::json!({"kv_lora_rank": 24, "v_head_dim": 40}))
                .unwrap();
        for config in [shipped(), deepseek_v3(), other] {
            let AttentionWork { naive, absorbed, rebuilt } = attention_work(&config);
            for context in [1, 2, 100] {
                let at = [naive, absorbed, rebuilt].map(|work| work.fixed + work.per_token * context);
                assert_eq!(at, counted(&config, context));
            }
        }
        let work = attention_work(&shipped());
        assert_eq!(work.naive, Work { fixed: 16_384, per_token: 640 });
        assert_eq!(work.absorbed, work.naive, "its latent is as wide as a head's key and value");
        assert_eq!(work.rebuilt, Work { fixed: 0, per_token: 17_024 });
    }

    #[test]
    fn in_deepseek_v3_the_latent_cache_needs_more_multiply_adds_per_token_of_context_than_the_expanded_cache() {
        let work = attention_work(&deepseek_v3());
        assert_eq!(work, DEEPSEEK_V3_WORK);
        assert_eq!(work.naive, Work { fixed: 16_777_216, per_token: 40_960 });
        assert_eq!(work.absorbed, Work { fixed: 16_777_216, per_token: 139_264 });
    }
}
