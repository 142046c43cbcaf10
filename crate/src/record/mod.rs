//! What a step shows: the types that cross to the page, in two tiers.
//!
//! A [`Record`] is small and always kept. A [`Detail`] is the rest of the step, recomputed on demand with the same
//! bits. Arrays are `ndarray`'s, with their shapes in the comments; in JSON and in JavaScript they are plain arrays.

pub mod expert_load;

use ndarray::{Array1, Array2, Array3, ArrayView2};
use serde::{Serialize, Serializer};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// How many next tokens a record names; the others are summed in [`NextTokens::rest`].
pub const NEXT_TOKENS: usize = 10;

/// What one step shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
pub struct CacheBytes {
    /// Of the latent cache: c_KV and the shared RoPE key.
    pub latent: usize,
    /// Of the expanded cache: keys and values a head, the RoPE key repeated for each.
    pub expanded: usize,
}

/// The most probable next tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// The residual stream before each layer, and after the last. (num_hidden_layers + 1, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub stream: Array2<f32>,
    /// What attention reads: the stream, normed. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attention_inputs: Array2<f32>,
    /// Each head's query, its RoPE part rotated. (num_hidden_layers, num_attention_heads, qk_nope_head_dim +
    /// qk_rope_head_dim)
    #[serde(serialize_with = "plain3")]
    pub queries: Array3<f32>,
    /// Each head's query once it has absorbed the key projection: what meets the latents.
    /// (num_hidden_layers, num_attention_heads, kv_lora_rank)
    #[serde(serialize_with = "plain3")]
    pub absorbed_queries: Array3<f32>,
    /// This token's keys as the expanded cache holds them, the RoPE key repeated. (as the queries)
    #[serde(serialize_with = "plain3")]
    pub keys: Array3<f32>,
    /// This token's values as the expanded cache holds them. (num_hidden_layers, num_attention_heads, v_head_dim)
    #[serde(serialize_with = "plain3")]
    pub values: Array3<f32>,
    /// The attention computed over the cache that the session does not read. (as the attention)
    #[serde(serialize_with = "plain3")]
    pub other_attention: Array3<f32>,
    /// The largest absolute difference between the two attentions. (num_hidden_layers)
    #[serde(serialize_with = "plain")]
    pub weight_differences: Array1<f32>,
    /// Each head's output. (num_hidden_layers, num_attention_heads, v_head_dim)
    #[serde(serialize_with = "plain3")]
    pub head_outputs: Array3<f32>,
    /// What attention adds to the stream. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attention_outputs: Array2<f32>,
    /// The stream with what attention has added. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attended: Array2<f32>,
    /// What the gate, the experts and the dense networks read: that, normed. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub ffn_inputs: Array2<f32>,
    /// The chosen experts' outputs before they are weighed, in the route's order.
    /// (layers with routed experts, num_experts_per_tok, hidden_size)
    #[serde(serialize_with = "plain3")]
    pub expert_outputs: Array3<f32>,
    /// The shared expert's output; zeros where there is none. (layers with routed experts, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub shared_outputs: Array2<f32>,
    /// The Euclidean norms of the chosen experts' outputs, and last the shared one's.
    /// (layers with routed experts, num_experts_per_tok + 1)
    #[serde(serialize_with = "plain2")]
    pub expert_norms: Array2<f32>,
    /// How much of the layer's sum each of them makes: its weighed output's projection on the sum, over the sum's norm;
    /// together 1. One that works against the sum is below 0. (as the norms)
    #[serde(serialize_with = "plain2")]
    pub parts: Array2<f32>,
    /// What the experts or the dense network add to the stream. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub ffn_outputs: Array2<f32>,
    /// Euclidean norms on a layer's way: of the stream as it comes, of what attention adds, of the stream then, of what
    /// the experts or the dense network add, of the stream as it goes. (num_hidden_layers, 5)
    #[serde(serialize_with = "plain2")]
    pub stream_norms: Array2<f32>,
    /// What the head reads: the stream after the last layer, normed. (hidden_size)
    #[serde(serialize_with = "plain")]
    pub final_input: Array1<f32>,
}

impl Detail {
    /// Every array with its name, row-major.
    pub fn into_arrays(self) -> [(&'static str, Vec<f32>); 25] {
        [
            ("router_logits", self.router_logits.into_raw_vec_and_offset().0),
            ("attention", self.attention.into_raw_vec_and_offset().0),
            ("latents", self.latents.into_raw_vec_and_offset().0),
            ("rope_keys", self.rope_keys.into_raw_vec_and_offset().0),
            ("attention_differences", self.attention_differences.into_raw_vec_and_offset().0),
            ("logits", self.logits.into_raw_vec_and_offset().0),
            ("stream", self.stream.into_raw_vec_and_offset().0),
            ("attention_inputs", self.attention_inputs.into_raw_vec_and_offset().0),
            ("queries", self.queries.into_raw_vec_and_offset().0),
            ("absorbed_queries", self.absorbed_queries.into_raw_vec_and_offset().0),
            ("keys", self.keys.into_raw_vec_and_offset().0),
            ("values", self.values.into_raw_vec_and_offset().0),
            ("other_attention", self.other_attention.into_raw_vec_and_offset().0),
            ("weight_differences", self.weight_differences.into_raw_vec_and_offset().0),
            ("head_outputs", self.head_outputs.into_raw_vec_and_offset().0),
            ("attention_outputs", self.attention_outputs.into_raw_vec_and_offset().0),
            ("attended", self.attended.into_raw_vec_and_offset().0),
            ("ffn_inputs", self.ffn_inputs.into_raw_vec_and_offset().0),
            ("expert_outputs", self.expert_outputs.into_raw_vec_and_offset().0),
            ("shared_outputs", self.shared_outputs.into_raw_vec_and_offset().0),
            ("expert_norms", self.expert_norms.into_raw_vec_and_offset().0),
            ("parts", self.parts.into_raw_vec_and_offset().0),
            ("ffn_outputs", self.ffn_outputs.into_raw_vec_and_offset().0),
            ("stream_norms", self.stream_norms.into_raw_vec_and_offset().0),
            ("final_input", self.final_input.into_raw_vec_and_offset().0),
        ]
    }
}

/// How a text's tokens were spread over the experts, up to a position.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ExpertLoad {
    /// The last position that is counted.
    pub position: usize,
    /// How many tokens are counted: `position + 1`.
    pub tokens: usize,
    /// One a layer with routed experts, bottom-up.
    pub layers: Vec<LayerLoad>,
}

/// The earlier name of [`ExpertLoad`].
#[doc(hidden)]
pub type Load = ExpertLoad;

/// How a text's tokens were spread over one layer's experts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct LayerLoad {
    /// The decoder layer's index.
    pub layer: usize,
    /// How many tokens chose each expert; together `tokens` x `num_experts_per_tok`. (n_routed_experts)
    pub counts: Vec<u32>,
    /// What each would have if all had as many: the mean of the counts.
    pub uniform: f32,
    /// Each expert's count over the mean: 1 is balanced (DeepSeek-V3 report, figure 9). (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub relative: Array1<f32>,
    /// MaxVio: the largest count over the mean, less 1; 0 is balanced (facts.md 4).
    pub max_violation: f32,
    /// How many tokens chose both of two experts; on the diagonal, the counts. All pairs of a choice are counted, not
    /// only neighbours in rank. (n_routed_experts, n_routed_experts)
    pub together: Vec<Vec<u32>>,
}

/// What a what-if changed at one position, beside the plain run of the same tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Compared {
    /// What the changed step shows. The choice score of an expert that is off, and the score of a group that has none
    /// left, are minus infinity (in JSON: null).
    pub record: Record,
    /// The layers whose router chose other experts, bottom-up.
    pub route_changes: Vec<RouteChange>,
    /// How far the next-token distribution moved: the Kullback-Leibler divergence of the changed one from the plain
    /// one, the sum of p log2(p / q), in bits.
    pub kl_bits: f64,
    /// The tokens whose probability moved most, the largest move first. (at most [`NEXT_TOKENS`])
    pub moves: Vec<Move>,
    /// What the text's next token costs; none after its last.
    pub loss: Option<TokenLoss>,
}

/// What a router chose otherwise than in the plain run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct RouteChange {
    /// The decoder layer's index.
    pub layer: usize,
    /// The experts that are no longer chosen, ascending.
    pub left: Vec<usize>,
    /// Those that are chosen instead, ascending.
    pub entered: Vec<usize>,
}

/// How a token's probability to follow moved, at temperature 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Move {
    /// Its id.
    pub token: u32,
    /// Its probability in the plain run.
    pub plain: f64,
    /// Its probability in the changed one.
    pub changed: f64,
}

/// What a token of the text costs: minus the binary logarithm of its probability, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct TokenLoss {
    /// In the plain run.
    pub plain: f64,
    /// In the changed one.
    pub changed: f64,
}

/// What a what-if costs over a text: next-token cross-entropy, in bits a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Loss {
    /// How many tokens are counted: n. Each is foreseen from the position before it, so the first is not.
    pub tokens: usize,
    /// The mean loss of the plain run; 0 where no token is counted.
    pub plain: f64,
    /// The mean loss of the changed run.
    pub changed: f64,
    /// What the change costs: the difference of the means.
    pub cost: f64,
    /// How noisy the text is: the standard deviation of the plain run's losses over the root of n; 0 under two tokens.
    pub plain_error: f64,
    /// How sure the cost is: the same of the differences, token by token.
    pub cost_error: f64,
    /// Each token's loss, from the text's second on. (n)
    pub losses: Vec<TokenLoss>,
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
