//! A checked what-if, in the form in which a step of the model runs with it.

use crate::model::cache_format::Storage;
use crate::model::moe::MixtureChange;
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// The settings with which one model runs under a what-if.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ResolvedWhatIf {
    /// True if the what-if changes nothing, because every setting has the model's own value.
    pub neutral: bool,
    /// Maximum number of routed experts chosen per token: the rows of a detail's `expert_outputs`.
    pub num_experts_per_tok: usize,
    /// Maximum number of groups kept per token.
    pub topk_group: usize,
    /// True if all groups are kept, because the requested groups have fewer experts than the router must choose.
    pub group_limit_lifted: bool,
    /// Bytes that the latent cache stores per token, over all layers: with the scales, without the directions, which all
    /// tokens share.
    pub latent_bytes: usize,
}

/// The changes that a step of the model applies: a what-if, checked against this model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Intervention {
    /// (layers with routed experts)
    pub layers: Vec<MixtureChange>,
    /// The number format and directions of an entry of the latent cache. Its directions are set later, because they depend on the text.
    pub storage: Storage,
    /// Number of directions; `None` if c_KV is stored whole.
    pub latent_rank: Option<usize>,
    /// First layer whose feed-forward half can differ from the plain run; everything below is reused. The last layer if
    /// nothing changes; `None` if the cache changes.
    pub first_layer: Option<usize>,
    /// The settings of the what-if, resolved for this model.
    pub resolved: ResolvedWhatIf,
}
