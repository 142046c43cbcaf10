//! A checked what-if, in the form in which a step of the model runs with it.

use crate::model::cache_format::Storage;
use crate::model::moe::MixtureChange;
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// What a what-if amounts to on one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ResolvedWhatIf {
    /// Whether nothing is changed: every setting has the model's own value.
    pub neutral: bool,
    /// Routed experts chosen for a token, at most: rows of a detail's expert outputs.
    pub num_experts_per_tok: usize,
    /// Groups kept for a token, at most.
    pub topk_group: usize,
    /// Whether more experts are to be chosen than the kept groups have, so that all groups are kept.
    pub group_limit_lifted: bool,
    /// Bytes that the latent cache keeps for a token, over all layers; with the scales, and without the directions,
    /// which all tokens share.
    pub latent_bytes: usize,
}

/// What an intervention changes in each step: a what-if, checked against one model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Intervention {
    /// (layers with routed experts)
    pub layers: Vec<MixtureChange>,
    /// How the latent cache keeps an entry. Its directions are not here yet: they come from a text.
    pub storage: Storage,
    /// How many directions there are to be; none where c_KV is kept whole.
    pub latent_rank: Option<usize>,
    /// The lowest layer whose second half can do otherwise, where all before it is as in the plain run; the last one
    /// where nothing changes, and none where the cache keeps less.
    pub first_layer: Option<usize>,
    /// What the what-if amounts to on this model.
    pub resolved: ResolvedWhatIf,
}
