//! The changes of a checked what-if, as a step of the model applies them.

use crate::model::cache_format::Storage;
use crate::model::moe::MixtureChange;
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// The settings of a what-if on one model; a setting that the what-if leaves out has the model's own value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct ResolvedWhatIf {
    /// True if the what-if leaves the routers' settings, the shared expert and the cache unchanged.
    pub neutral: bool,
    /// Maximum number of routed experts chosen per token; a detail's `expert_outputs` has this number of rows per
    /// layer.
    pub num_experts_per_tok: usize,
    /// Maximum number of groups kept per token.
    pub topk_group: usize,
    /// True if all groups are kept, because the requested number of groups has fewer experts than the router must
    /// choose.
    pub group_limit_lifted: bool,
    /// Bytes that the latent cache stores per token, over all layers. Scales are counted; the directions are not,
    /// because all tokens share them.
    pub latent_bytes: usize,
    /// Each router's selection bias with the changes, from the lowest layer up; empty if the model has none.
    /// (layers with routed experts, n_routed_experts)
    pub selection_biases: Vec<Vec<f32>>,
}

/// The changes that a step of the model applies: a what-if, checked against this model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Intervention {
    /// The changes of each layer's mixture, from the lowest layer up. (layers with routed experts)
    pub layers: Vec<MixtureChange>,
    /// How the latent cache stores a token. The directions are set later, because they depend on the text.
    pub storage: Storage,
    /// Number of directions in which c_KV is stored; `None` if all of c_KV is stored.
    pub latent_rank: Option<usize>,
    /// First layer whose feed-forward half can differ from the plain run; all earlier results are taken from the plain
    /// run. The last layer if nothing changes; `None` if the cache changes, because then layer 0 differs already.
    pub first_layer: Option<usize>,
    /// The settings of the what-if, resolved for this model.
    pub resolved: ResolvedWhatIf,
}
