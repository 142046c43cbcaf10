//! What a step shows: the types that cross to the page, in two tiers.
//!
//! A [`Record`] is small and always kept. A [`Detail`] is the rest of the step, recomputed on demand with the same
//! bits. Arrays are `ndarray`'s, with their shapes in the comments; in JSON and in JavaScript they are plain arrays.
//!
//! May import: `ndarray`, `serde`. Nothing of the engine.

use ndarray::{Array1, Array2, Array3, ArrayView2};
use serde::{Serialize, Serializer};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// How many next tokens a record names; the others are summed in [`NextTokens::rest`].
pub const NEXT_TOKENS: usize = 10;

/// What one step shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Record {
    /// The token's index in the text, from 0.
    pub position: usize,
    /// The token's id.
    pub token: u32,
    /// What the routers chose, one a layer with routed experts, bottom-up.
    pub routes: Vec<Route>,
    /// What the two caches hold after this step, over all layers.
    pub cache: CacheBytes,
    /// What the model expects to follow.
    pub next: NextTokens,
}

/// One router's choice for one token.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Route {
    /// The decoder layer's index, counted from 0 with the dense layers.
    pub layer: usize,
    /// What the gate thinks of each expert: the sigmoid (V2: softmax) of the router logits. (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub scores: Array1<f32>,
    /// Score + bias (V2: the score): used only to choose. (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub choice_scores: Array1<f32>,
    /// What a group is kept for: the sum of its two best choice scores (V2: its best). (n_group)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub group_scores: Array1<f32>,
    /// The groups whose experts could be chosen, ascending. (topk_group)
    pub kept_groups: Vec<usize>,
    /// The chosen experts, largest weight first. (num_experts_per_tok)
    pub experts: Vec<usize>,
    /// The chosen experts' weights: their scores, normalised and scaled; used only to mix. (num_experts_per_tok)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub weights: Array1<f32>,
    /// Weight / routed_scaling_factor: a chosen expert's part of the routed sum. (num_experts_per_tok)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub shares: Array1<f32>,
}

/// Bytes that the caches hold: used length x width x element size of the live buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct CacheBytes {
    /// Of the latent cache: c_KV and the shared RoPE key.
    pub latent: usize,
    /// Of the expanded cache: keys and values a head, the RoPE key repeated for each.
    pub expanded: usize,
}

/// The most probable next tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct NextTokens {
    /// Their ids, most probable first. (at most [`NEXT_TOKENS`])
    pub tokens: Vec<u32>,
    /// Their probabilities: a record's at temperature 1, a distribution's at its own. (as many)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub probabilities: Array1<f32>,
    /// The sum of all other tokens' probabilities.
    pub rest: f32,
}

/// What the model expects to follow a position, at a temperature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Distribution {
    /// The position that it follows.
    pub position: usize,
    /// What the logits were divided by; at 0 the most probable token has all.
    pub temperature: f32,
    /// The most probable tokens, in the record's order, with their probabilities at this temperature.
    pub next: NextTokens,
    /// The token that the text has next; none after its last.
    pub actual: Option<ActualToken>,
}

/// A token of the text, as the model expected it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct ActualToken {
    /// Its id.
    pub token: u32,
    /// Its probability.
    pub probability: f32,
    /// How many tokens are more probable: have a larger logit, or an equal one and a smaller id.
    pub rank: usize,
}

/// The rest of a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// The token's index in the text, from 0.
    pub position: usize,
    /// What the gates computed before the sigmoid (V2: softmax). (layers with routed experts, n_routed_experts)
    #[serde(serialize_with = "plain2")]
    pub router_logits: Array2<f32>,
    /// How each head's attention is spread over the tokens up to this one; each row sums to 1.
    /// (num_hidden_layers, num_attention_heads, position + 1)
    #[serde(serialize_with = "plain3")]
    pub attention: Array3<f32>,
    /// c_KV as the latent cache holds it, after its norm. (num_hidden_layers, kv_lora_rank)
    #[serde(serialize_with = "plain2")]
    pub latents: Array2<f32>,
    /// The shared RoPE key as the latent cache holds it, rotated; where the model's pairs are interleaved, all first
    /// halves stand before all second halves, as in transformers. (num_hidden_layers, qk_rope_head_dim)
    #[serde(serialize_with = "plain2")]
    pub rope_keys: Array2<f32>,
    /// The largest absolute difference between the heads' outputs computed from the latent cache and from the
    /// expanded one. (num_hidden_layers)
    #[serde(serialize_with = "plain")]
    pub attention_differences: Array1<f32>,
    /// The logits over the vocabulary. (vocab_size)
    #[serde(serialize_with = "plain")]
    pub logits: Array1<f32>,
}

/// A vector as a plain sequence of numbers.
fn plain<S: Serializer>(values: &Array1<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values)
}

/// A matrix as a sequence of rows.
fn plain2<S: Serializer>(values: &Array2<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.rows().into_iter().map(|row| row.to_vec()))
}

/// A sequence of matrices.
fn plain3<S: Serializer>(values: &Array3<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    let rows = |matrix: ArrayView2<'_, f32>| matrix.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    serializer.collect_seq(values.outer_iter().map(rows))
}
