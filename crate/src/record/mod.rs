//! The results of a step, in two types.
//!
//! A [`Record`] is small and always stored. A [`Detail`] has the intermediate results of the step. It is computed on
//! demand by running the step again, which gives the same bits. Arrays are `ndarray`'s, with their shapes in the
//! comments; in JSON and JavaScript they are plain arrays.

mod detail;
pub mod expert_load;

use ndarray::Array1;
use serde::{Serialize, Serializer};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

pub(crate) use detail::DetailSizes;
pub use detail::{Detail, DetailArray};

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
    /// What chance alone gives for this number of tokens; `None` if no routed expert is chosen.
    pub chance: Option<ChanceLoad>,
}

/// The load of a router that chooses at random, with as many experts, groups and tokens: each token keeps any groups and
/// then chooses any of their experts, all sets equally likely and independent of the other tokens. Simulated with a
/// fixed seed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ChanceLoad {
    /// The mean of MaxVio; its simulation has a standard error of at most about 0.006 (16 experts, 4 per token).
    pub max_violation: f32,
    /// The standard deviation of MaxVio.
    pub max_violation_deviation: f32,
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
