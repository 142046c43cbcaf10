//! The results of a step, in two types.
//!
//! A [`Record`] is small and always stored. A [`Detail`] has the intermediate results of the step. It is computed on
//! demand by running the step again, which gives the same bits. Arrays are `ndarray`'s, with their shapes in the
//! comments; in JSON and JavaScript they are plain arrays.

pub mod expert_load;

use ndarray::{Array1, Array2, Array3, ArrayView2};
use serde::{Serialize, Serializer};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Number of next tokens that a record lists; [`NextTokens::rest`] is the summed probability of all other tokens.
pub const NEXT_TOKENS: usize = 10;

/// The result of one step: what the routers chose, how many bytes the caches store, and the most probable next tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Record {
    /// The token's index in the text, from 0.
    pub position: usize,
    /// The token's id.
    pub token: u32,
    /// The choices of the routers, one per layer with routed experts, from the lowest layer up.
    pub routes: Vec<Route>,
    /// Number of bytes that each cache stores after this step, over all layers.
    pub cache: CacheBytes,
    /// The most probable next tokens.
    pub next: NextTokens,
}

/// One router's choice for one token (DeepSeek-V3 report, equations 12 to 16).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Route {
    /// The decoder layer's index, from 0; dense layers count too.
    pub layer: usize,
    /// Score of each expert: the sigmoid (V2: softmax) of its router logit. (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub scores: Array1<f32>,
    /// Choice score of each expert: its score plus its selection bias (V2: its score). Used only to choose.
    /// (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub choice_scores: Array1<f32>,
    /// Score of each group: the sum of its two best choice scores (V2: its best choice score). (n_group)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub group_scores: Array1<f32>,
    /// The kept groups, ascending. Only forced experts can be chosen from other groups. (at most topk_group)
    pub kept_groups: Vec<usize>,
    /// The chosen experts, largest weight first. (at most num_experts_per_tok)
    pub experts: Vec<usize>,
    /// Weight of each chosen expert's output: the expert's score, divided by the sum of the chosen experts' scores if
    /// `norm_topk_prob`, times `routed_scaling_factor`. (length of `experts`)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub weights: Array1<f32>,
    /// Share of each chosen expert: its weight divided by `routed_scaling_factor`. (length of `experts`)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub shares: Array1<f32>,
}

/// Number of bytes stored in each cache: number of tokens x row width x bytes per value, summed over all layers. In a
/// changed run, `latent` counts the values as the what-if's cache encodes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct CacheBytes {
    /// The latent cache: c_KV and the shared RoPE key.
    pub latent: usize,
    /// The expanded cache: keys and values per head, with the RoPE key repeated in each key.
    pub expanded: usize,
}

/// The most probable next tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct NextTokens {
    /// Ids of the tokens, most probable first. (at most [`NEXT_TOKENS`])
    pub tokens: Vec<u32>,
    /// Probability of each of these tokens: at temperature 1 in a [`Record`], at the requested temperature in a
    /// [`Distribution`]. (length of `tokens`)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub probabilities: Array1<f32>,
    /// The sum of all other tokens' probabilities.
    pub rest: f32,
}

/// The next-token distribution after a position, at a temperature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Distribution {
    /// Position of the last token that was read; the distribution predicts the token after it.
    pub position: usize,
    /// Divisor of the logits; at 0 the most probable token has probability 1.
    pub temperature: f32,
    /// The record's most probable next tokens, in the same order, with their probabilities at this temperature.
    pub next: NextTokens,
    /// The next token of the text; `None` after the last token.
    pub actual: Option<ActualToken>,
}

/// A token of the text, with its probability and rank in the distribution that predicts it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ActualToken {
    /// The token's id.
    pub token: u32,
    /// The token's probability.
    pub probability: f32,
    /// Number of more probable tokens: those with a larger logit, or with an equal logit and a smaller id.
    pub rank: usize,
}

/// The intermediate results of a step, computed on demand. The parentheses after a field's comment contain the shape of
/// its array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Detail {
    /// The token's index in the text, from 0.
    pub position: usize,
    /// The router logits, before the sigmoid (V2: softmax). (layers with routed experts, n_routed_experts)
    #[serde(serialize_with = "plain2")]
    pub router_logits: Array2<f32>,
    /// Attention weights of each head over the tokens up to this one; each row sums to 1.
    /// (num_hidden_layers, num_attention_heads, position + 1)
    #[serde(serialize_with = "plain3")]
    pub attention: Array3<f32>,
    /// c_KV as the latent cache stores it, after its norm. (num_hidden_layers, kv_lora_rank)
    #[serde(serialize_with = "plain2")]
    pub latents: Array2<f32>,
    /// The shared RoPE key as the latent cache stores it, after its rotation. As in transformers, it has the first
    /// numbers of all pairs, then the second numbers of all pairs, even if the model interleaves the pairs.
    /// (num_hidden_layers, qk_rope_head_dim)
    #[serde(serialize_with = "plain2")]
    pub rope_keys: Array2<f32>,
    /// Largest absolute difference between the heads' outputs from the latent cache and from the expanded cache.
    /// (num_hidden_layers)
    #[serde(serialize_with = "plain")]
    pub attention_differences: Array1<f32>,
    /// The logits over the vocabulary. (vocab_size)
    #[serde(serialize_with = "plain")]
    pub logits: Array1<f32>,
    /// The residual stream before each layer, and after the last layer. (num_hidden_layers + 1, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub stream: Array2<f32>,
    /// Input of attention: the stream after its norm. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attention_inputs: Array2<f32>,
    /// Each head's query, after the rotation of its RoPE part.
    /// (num_hidden_layers, num_attention_heads, qk_nope_head_dim + qk_rope_head_dim)
    #[serde(serialize_with = "plain3")]
    pub queries: Array3<f32>,
    /// Each head's query with the key projection folded in; its dot product with a latent is the part of a score
    /// without RoPE, before scaling. (num_hidden_layers, num_attention_heads, kv_lora_rank)
    #[serde(serialize_with = "plain3")]
    pub absorbed_queries: Array3<f32>,
    /// This token's keys as the expanded cache stores them, with the RoPE key repeated in each head's key.
    /// (shape of `queries`)
    #[serde(serialize_with = "plain3")]
    pub keys: Array3<f32>,
    /// This token's values as the expanded cache stores them. (num_hidden_layers, num_attention_heads, v_head_dim)
    #[serde(serialize_with = "plain3")]
    pub values: Array3<f32>,
    /// Attention weights computed from the cache that the session does not read. (shape of `attention`)
    #[serde(serialize_with = "plain3")]
    pub other_attention: Array3<f32>,
    /// Largest absolute difference between `attention` and `other_attention`. (num_hidden_layers)
    #[serde(serialize_with = "plain")]
    pub weight_differences: Array1<f32>,
    /// Each head's output. (num_hidden_layers, num_attention_heads, v_head_dim)
    #[serde(serialize_with = "plain3")]
    pub head_outputs: Array3<f32>,
    /// The output of attention, which is added to the stream. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attention_outputs: Array2<f32>,
    /// The stream after attention's output was added. (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub attended: Array2<f32>,
    /// Input of the router, the experts and the dense networks: `attended` after its norm.
    /// (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub ffn_inputs: Array2<f32>,
    /// The chosen experts' outputs before weighting, in the order of [`Route::experts`].
    /// (layers with routed experts, num_experts_per_tok, hidden_size)
    #[serde(serialize_with = "plain3")]
    pub expert_outputs: Array3<f32>,
    /// The shared expert's output; zeros if no shared expert ran. (layers with routed experts, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub shared_outputs: Array2<f32>,
    /// Euclidean norms of the chosen experts' outputs before weighting, then of the shared expert's output.
    /// (layers with routed experts, num_experts_per_tok + 1)
    #[serde(serialize_with = "plain2")]
    pub expert_norms: Array2<f32>,
    /// Part of each expert in the mixture, the sum of all weighted outputs: the length of the expert's weighted output
    /// along the mixture, divided by the mixture's norm. A layer's parts add up to 1; a part is negative if the output
    /// points against the mixture. (shape of `expert_norms`)
    #[serde(serialize_with = "plain2")]
    pub parts: Array2<f32>,
    /// The output of the experts or of the dense network, which is added to the stream.
    /// (num_hidden_layers, hidden_size)
    #[serde(serialize_with = "plain2")]
    pub ffn_outputs: Array2<f32>,
    /// Five Euclidean norms per layer: of the stream before the layer, attention's output, the stream after attention,
    /// the output of the experts or the dense network, and the stream after the layer. (num_hidden_layers, 5)
    #[serde(serialize_with = "plain2")]
    pub stream_norms: Array2<f32>,
    /// Input of the head: the stream after the last layer and its norm. (hidden_size)
    #[serde(serialize_with = "plain")]
    pub final_input: Array1<f32>,
}

impl Detail {
    /// Every array with its field's name, row-major.
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

/// How often each expert was chosen, from position 0 up to a position.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ExpertLoad {
    /// The last counted position.
    pub position: usize,
    /// Number of counted tokens: `position + 1`.
    pub tokens: usize,
    /// The load of each layer with routed experts, from the lowest layer up.
    pub layers: Vec<LayerLoad>,
}

/// The earlier name of [`ExpertLoad`].
#[doc(hidden)]
pub type Load = ExpertLoad;

/// How often each expert of one layer was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct LayerLoad {
    /// The decoder layer's index.
    pub layer: usize,
    /// How often each expert was chosen. In a plain run the sum is `tokens` x `num_experts_per_tok`. (n_routed_experts)
    pub counts: Vec<u32>,
    /// The mean of the counts.
    pub uniform: f32,
    /// Each expert's count divided by the mean; 1 is balanced (DeepSeek-V3 report, figure 9). (n_routed_experts)
    #[serde(serialize_with = "plain")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub relative: Array1<f32>,
    /// MaxVio: the largest count divided by the mean, minus 1; 0 is balanced (Wang et al. 2024, Auxiliary-Loss-Free
    /// Load Balancing, arXiv 2408.15664).
    pub max_violation: f32,
    /// Number of tokens for which both experts of a pair were chosen; the diagonal has the counts.
    /// (n_routed_experts, n_routed_experts)
    pub together: Vec<Vec<u32>>,
}

/// The changed run at one position, compared with the plain run of the same tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Compared {
    /// The changed run's record of this position. The choice score of an expert that is off, and the score of a group
    /// without a selectable expert, are minus infinity (in JSON: null).
    pub record: Record,
    /// The layers whose router chose different experts in the two runs, from the lowest layer up.
    pub route_changes: Vec<RouteChange>,
    /// Kullback-Leibler divergence between the next-token distributions, in bits: the sum of p log2(p / q), with p from
    /// the plain run and q from the changed run.
    pub kl_bits: f64,
    /// The next tokens whose probability differs most between the two runs, largest difference first.
    /// (at most [`NEXT_TOKENS`])
    pub moves: Vec<Move>,
    /// Loss of the text's next token; `None` after the last token.
    pub loss: Option<TokenLoss>,
}

/// The experts that a router chose in only one of the two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct RouteChange {
    /// The decoder layer's index.
    pub layer: usize,
    /// Experts chosen only in the plain run, ascending.
    pub left: Vec<usize>,
    /// Experts chosen only in the changed run, ascending.
    pub entered: Vec<usize>,
}

/// The probability of one next token in both runs, at temperature 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Move {
    /// The token's id.
    pub token: u32,
    /// Its probability in the plain run.
    pub plain: f64,
    /// Its probability in the changed run.
    pub changed: f64,
}

/// Loss of one token of the text: minus the binary logarithm of its probability, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct TokenLoss {
    /// Loss in the plain run.
    pub plain: f64,
    /// Loss in the changed run.
    pub changed: f64,
}

/// Next-token cross-entropy of both runs over a text, in bits per token.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Loss {
    /// Number of counted tokens: n. Each is predicted from the position before it, so the first token is not counted.
    pub tokens: usize,
    /// Mean loss of the plain run; 0 if no token is counted.
    pub plain: f64,
    /// Mean loss of the changed run.
    pub changed: f64,
    /// Mean loss of the changed run minus that of the plain run.
    pub cost: f64,
    /// Standard error of `plain`: the standard deviation of the tokens' losses divided by the root of n; 0 for fewer
    /// than two tokens.
    pub plain_error: f64,
    /// Standard error of `cost`, computed from each token's difference between the two losses.
    pub cost_error: f64,
    /// Loss of each token, from the second token of the text on. (n)
    pub losses: Vec<TokenLoss>,
}

/// The tokens with which each run continues the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Continuations {
    /// Token ids of the plain run.
    pub plain: Vec<u32>,
    /// Token ids of the changed run.
    pub changed: Vec<u32>,
}

/// Serialises a vector as a plain sequence of numbers.
fn plain<S: Serializer>(values: &Array1<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values)
}

/// Serialises a matrix as a sequence of rows.
fn plain2<S: Serializer>(values: &Array2<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.rows().into_iter().map(|row| row.to_vec()))
}

/// Serialises a 3-dimensional array as a sequence of matrices.
fn plain3<S: Serializer>(values: &Array3<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    let rows = |matrix: ArrayView2<'_, f32>| matrix.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    serializer.collect_seq(values.outer_iter().map(rows))
}
