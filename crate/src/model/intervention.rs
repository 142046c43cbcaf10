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
    /// Whether nothing changes: every setting has the model's own value.
    pub neutral: bool,
    /// Maximum number of routed experts chosen per token: the rows of a detail's `expert_outputs`.
    pub num_experts_per_tok: usize,
    /// Maximum number of groups kept per token.
    pub topk_group: usize,
    /// Whether all groups are kept, because more experts are to be chosen than the requested groups have.
    pub group_limit_lifted: bool,
    /// Bytes that the latent cache stores per token, over all layers: with the scales, without the directions, which all
    /// tokens share.
    pub latent_bytes: usize,
}

/// What an intervention changes in each step: a what-if, checked against one model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Intervention {
    /// (layers with routed experts)
    pub layers: Vec<MixtureChange>,
    /// How the latent cache stores an entry. Its directions are set later, because they depend on the text.
    pub storage: Storage,
    /// Number of directions; `None` if c_KV is stored whole.
    pub latent_rank: Option<usize>,
    /// First layer whose feed-forward half can differ from the plain run; everything below is reused. The last layer if
    /// nothing changes; `None` if the cache changes.
    pub first_layer: Option<usize>,
    /// What the what-if amounts to on this model.
    pub resolved: ResolvedWhatIf,
}
