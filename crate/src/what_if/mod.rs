//! What-ifs: settings that change the model, read from JSON and checked against a model.
//!
//! The settings of a [`WhatIf`] can be combined. If every setting has the model's own value, the run has the bits of
//! the plain run. [`WhatIf::resolve`] checks a what-if against a model and makes an [`Intervention`], which the steps
//! of the model apply.

#![warn(clippy::indexing_slicing)]

pub mod comparison;
pub mod principal_directions;

use crate::files::config::Config;
use crate::json::{self, Fault, Node};
use crate::model::cache_format::{CacheFormat, Storage, latent_bytes};
use crate::model::moe::MixtureChange;
use crate::model::router::GateSettings;
use ndarray::Array1;
use serde::Serialize;
use serde_json::Value;
use std::ops::RangeInclusive;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

#[doc(hidden)]
pub use crate::model::intervention::{Intervention as Changes, ResolvedWhatIf as Plan};
pub use crate::model::intervention::{Intervention, ResolvedWhatIf};

/// An error in a what-if. A message about a value contains the setting's name, the value found and the value expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// The text is not JSON.
    #[error("the what-if is not JSON: {0}")]
    NotJson(String),
    /// A setting that does not exist.
    #[error("the what-if has a setting {setting:?}, expected {}", SETTINGS.join(", "))]
    Unknown {
        /// The setting's name.
        setting: String,
    },
    /// A value that the setting does not allow, or that this model does not support.
    #[error("the what-if's {setting} is {found}, expected {expected}")]
    Impossible {
        /// The setting, with its index in a list.
        setting: String,
        /// The value found.
        found: String,
        /// The value expected.
        expected: String,
    },
}

impl From<Fault> for WhatIfError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson(reason) => Self::NotJson(reason),
            Fault::Missing { field, expected } => {
                Self::Impossible { setting: field, found: "missing".into(), expected }
            }
            Fault::Impossible { field, found, expected } => {
                Self::Impossible { setting: if field.is_empty() { "JSON".into() } else { field }, found, expected }
            }
        }
    }
}

const SETTINGS: [&str; 9] = [
    "experts_off",
    "experts_forced",
    "mixture",
    "num_experts_per_tok",
    "topk_group",
    "selection_bias",
    "bias_shifts",
    "latent_rank",
    "cache_format",
];

/// The allowed values of [`BiasShift::by`], for error messages.
const BIAS_SHIFT: &str = "a number from -1000 to 1000";

type Result<T> = core::result::Result<T, WhatIfError>;

/// A what-if: settings that change the model. Settings can be combined; a setting with the model's own value changes
/// nothing.
///
/// Start from [`WhatIf::default`], which changes nothing, and set fields; or read JSON with [`WhatIf::from_json`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct WhatIf {
    /// Experts that cannot be chosen: their choice score is minus infinity before groups are scored. A group with one
    /// selectable expert has that expert's choice score as its score; a group without a selectable expert is never
    /// kept. If the kept groups have fewer than `num_experts_per_tok` selectable experts, only these are chosen.
    pub experts_off: Vec<ExpertPlace>,
    /// Experts that are always chosen, even outside the kept groups. They count towards `num_experts_per_tok`; the
    /// router chooses the others.
    pub experts_forced: Vec<ExpertPlace>,
    /// The experts that run: the chosen routed experts, the shared expert, or both.
    pub mixture: Mixture,
    /// Number of routed experts chosen per token, from 1 to `n_routed_experts`; `None`: the model's number. If the kept
    /// groups have fewer experts than this number, all groups are kept: see [`ResolvedWhatIf::group_limit_lifted`].
    pub num_experts_per_tok: Option<usize>,
    /// Number of groups kept per token, from 1 to `n_group` (all groups are kept); `None`: the model's number.
    pub topk_group: Option<usize>,
    /// True if the selection bias is added to the scores when choosing. The bias never affects the weights.
    pub selection_bias: bool,
    /// Amounts added to the selection biases of single experts, in the order of the list. If `selection_bias` is false,
    /// the biases are set to 0 before the amounts are added.
    pub bias_shifts: Vec<BiasShift>,
    /// Number of principal directions in which the latent cache stores c_KV, from 1 to `kv_lora_rank`; `None`: all of
    /// c_KV is stored. The directions are computed from the latents of the text.
    pub latent_rank: Option<usize>,
    /// Number format of the latent cache.
    pub cache_format: CacheFormat,
}

/// An expert of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct ExpertPlace {
    /// The decoder layer's index, from 0; dense layers count too.
    pub layer: usize,
    /// The expert's index, from 0.
    pub expert: usize,
}

/// An amount added to the selection bias of one expert.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct BiasShift {
    /// The decoder layer's index, from 0; dense layers count too.
    pub layer: usize,
    /// The expert's index, from 0.
    pub expert: usize,
    /// The amount, from -1000 to 1000.
    pub by: f32,
}

/// The experts that run: the chosen routed experts, the shared expert, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mixture {
    /// The chosen routed experts and the shared expert.
    #[default]
    All,
    /// Only the shared expert: no routed expert is chosen, not even a forced one.
    OnlyShared,
    /// Only the chosen routed experts.
    WithoutShared,
}

impl Default for WhatIf {
    /// A what-if that changes nothing.
    fn default() -> Self {
        Self {
            experts_off: Vec::new(),
            experts_forced: Vec::new(),
            mixture: Mixture::All,
            num_experts_per_tok: None,
            topk_group: None,
            selection_bias: true,
            bias_shifts: Vec::new(),
            latent_rank: None,
            cache_format: CacheFormat::F32,
        }
    }
}

impl WhatIf {
    /// Reads a JSON object with some of the settings, by their names. Absent settings have the values of
    /// [`WhatIf::default`].
    ///
    /// # Errors
    /// [`WhatIfError`] if the text is not JSON, or if a setting is unknown or has a value of the wrong type.
    pub fn from_json(json: &str) -> Result<Self> {
        Self::from_value(&json::parse(json.as_bytes())?)
    }

    /// Like [`WhatIf::from_json`], for JSON that is already parsed.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let settings = Node::root(value);
        let names = value.as_object().ok_or_else(|| settings.impossible("an object with its settings"))?.keys();
        let mut read = Self::default();
        // A setting that is null counts as absent.
        for (name, setting) in names.filter_map(|name| Some((name, settings.get(name)?))) {
            match name.as_str() {
                "experts_off" => read.experts_off = places(&setting)?,
                "experts_forced" => read.experts_forced = places(&setting)?,
                "bias_shifts" => {
                    let shift = |entry: &Node<'_>| {
                        let ExpertPlace { layer, expert } = place(entry)?;
                        Ok(BiasShift { layer, expert, by: bias_shift(&entry.required("by", BIAS_SHIFT)?)? })
                    };
                    read.bias_shifts = setting.items()?.iter().map(shift).collect::<Result<_>>()?;
                }
                "num_experts_per_tok" => read.num_experts_per_tok = Some(setting.whole()?),
                "topk_group" => read.topk_group = Some(setting.whole()?),
                "latent_rank" => read.latent_rank = Some(setting.whole()?),
                "selection_bias" => read.selection_bias = setting.truth()?,
                "mixture" => {
                    read.mixture = match setting.value().as_str() {
                        Some("all") => Mixture::All,
                        Some("only_shared") => Mixture::OnlyShared,
                        Some("without_shared") => Mixture::WithoutShared,
                        _ => return Err(setting.impossible("\"all\", \"only_shared\" or \"without_shared\"").into()),
                    }
                }
                "cache_format" => {
                    read.cache_format = match setting.value().as_str() {
                        Some("f32") => CacheFormat::F32,
                        Some("f16") => CacheFormat::F16,
                        Some("int8") => CacheFormat::Int8,
                        Some("int4") => CacheFormat::Int4,
                        _ => return Err(setting.impossible("\"f32\", \"f16\", \"int8\" or \"int4\"").into()),
                    }
                }
                _ => return Err(WhatIfError::Unknown { setting: name.chars().take(60).collect() }),
            }
        }
        Ok(read)
    }

    /// Checks the what-if against a model. `gates` has the settings of the model's routers, from the lowest layer up.
    /// (layers with routed experts)
    ///
    /// # Errors
    /// [`WhatIfError`] if the model does not support a setting, or two settings contradict each other.
    #[doc(hidden)]
    pub fn resolve(&self, config: &Config, gates: &[&GateSettings]) -> Result<Intervention> {
        self.check(config)?;
        let wanted = self.num_experts_per_tok.unwrap_or(config.num_experts_per_tok);
        let groups = self.topk_group.unwrap_or(config.topk_group);
        let group_limit_lifted = wanted > groups * config.experts_per_group();
        let topk_group = if group_limit_lifted { config.n_group } else { groups };
        let latent_rank = self.latent_rank.filter(|&rank| rank < config.kv_lora_rank);
        let mut layers = Vec::with_capacity(gates.len());
        for (layer, &own) in (config.first_k_dense_replace..).zip(gates) {
            let mut gate = own.clone();
            gate.topk_group = topk_group;
            gate.num_experts_per_tok = wanted;
            gate.off = of_layer(&self.experts_off, layer, config);
            gate.forced = of_layer(&self.experts_forced, layer, config);
            if gate.forced.len() > wanted {
                let found = format!("{} experts of layer {layer}", gate.forced.len());
                return refused("experts_forced", found, format!("at most num_experts_per_tok, {wanted}"));
            }
            if let Some(expert) = gate.forced.iter().find(|expert| gate.off.contains(expert)) {
                let found = format!("expert {expert} of layer {layer}, which is off too");
                return refused("experts_forced", found, "experts that are not in experts_off".into());
            }
            if let Some(bias) = &mut gate.bias {
                self.change_bias(layer, bias);
            }
            if self.mixture == Mixture::OnlyShared {
                gate.num_experts_per_tok = 0;
                gate.forced.clear();
            }
            layers.push(MixtureChange { gate, shared: self.mixture != Mixture::WithoutShared });
        }
        let own = |(change, own): (&MixtureChange, &&GateSettings)| change.gate == **own && change.shared;
        let unchanged = layers.iter().zip(gates).all(own);
        let lowest = layers.iter().zip(gates).position(|pair| !own(pair));
        let whole_cache = latent_rank.is_none() && self.cache_format == CacheFormat::F32;
        let last = config.num_hidden_layers.saturating_sub(1);
        let first_layer = whole_cache.then(|| lowest.map_or(last, |changed| config.first_k_dense_replace + changed));
        let kept = latent_rank.unwrap_or(config.kv_lora_rank);
        let biases = layers.iter().filter_map(|change| change.gate.bias.as_ref());
        let resolved = ResolvedWhatIf {
            neutral: unchanged && whole_cache,
            num_experts_per_tok: wanted,
            topk_group,
            group_limit_lifted,
            latent_bytes: latent_bytes(config, self.cache_format, kept),
            selection_biases: biases.map(|bias| bias.to_vec()).collect(),
        };
        let storage = Storage { format: self.cache_format, directions: Vec::new() };
        Ok(Intervention { layers, storage, latent_rank, first_layer, resolved })
    }

    /// The earlier name of [`WhatIf::resolve`].
    ///
    /// # Errors
    /// The errors of [`WhatIf::resolve`].
    #[doc(hidden)]
    pub fn changes(&self, config: &Config, gates: &[&GateSettings]) -> Result<Intervention> {
        self.resolve(config, gates)
    }

    fn change_bias(&self, layer: usize, bias: &mut Array1<f32>) {
        if !self.selection_bias {
            bias.fill(0.0);
        }
        for shift in self.bias_shifts.iter().filter(|shift| shift.layer == layer) {
            if let Some(bias) = bias.get_mut(shift.expert) {
                *bias += shift.by;
            }
        }
    }

    /// Checks each setting by itself against the model's config. `resolve` checks that settings do not contradict each
    /// other.
    fn check(&self, config: &Config) -> Result<()> {
        for (name, places) in [("experts_off", &self.experts_off), ("experts_forced", &self.experts_forced)] {
            for (index, place) in places.iter().enumerate() {
                check_place(name, index, *place, config)?;
            }
        }
        for (index, &BiasShift { layer, expert, by }) in self.bias_shifts.iter().enumerate() {
            check_place("bias_shifts", index, ExpertPlace { layer, expert }, config)?;
            if !(-1000.0..=1000.0).contains(&by) {
                return refused(&format!("bias_shifts[{index}].by"), format!("{by:?}"), BIAS_SHIFT.into());
            }
        }
        if !config.has_selection_bias() && (!self.selection_bias || !self.bias_shifts.is_empty()) {
            let setting = if self.selection_bias { "bias_shifts" } else { "selection_bias" };
            return refused(setting, "set".into(), "nothing: this model's router has no selection bias".into());
        }
        if self.mixture != Mixture::All && config.n_shared_experts == 0 {
            let found = if self.mixture == Mixture::OnlyShared { "only_shared" } else { "without_shared" };
            return refused("mixture", found.into(), "all: this model has no shared expert".into());
        }
        in_range("num_experts_per_tok", self.num_experts_per_tok, 1..=config.n_routed_experts)?;
        in_range("topk_group", self.topk_group, 1..=config.n_group)?;
        in_range("latent_rank", self.latent_rank, 1..=config.kv_lora_rank)?;
        if self.latent_rank.is_some_and(|rank| rank < config.kv_lora_rank)
            && config.kv_lora_rank > principal_directions::WIDEST
        {
            let expected = format!(
                "kv_lora_rank, {}: directions are only computed for latents up to {} wide",
                config.kv_lora_rank,
                principal_directions::WIDEST
            );
            return refused("latent_rank", "below the latent's width".into(), expected);
        }
        Ok(())
    }
}

/// The indices of the experts in `places` that are in one layer, each index once, ascending.
fn of_layer(places: &[ExpertPlace], layer: usize, config: &Config) -> Vec<usize> {
    (0..config.n_routed_experts).filter(|&expert| places.contains(&ExpertPlace { layer, expert })).collect()
}

fn check_place(name: &str, index: usize, place: ExpertPlace, config: &Config) -> Result<()> {
    let layers = config.first_k_dense_replace..=config.num_hidden_layers.saturating_sub(1);
    if layers.is_empty() {
        return refused(name, "not empty".into(), "no expert: this model has no routed experts".into());
    }
    in_range(&format!("{name}[{index}].layer"), Some(place.layer), layers)?;
    in_range(&format!("{name}[{index}].expert"), Some(place.expert), 0..=config.n_routed_experts - 1)
}

fn in_range(setting: &str, found: Option<usize>, range: RangeInclusive<usize>) -> Result<()> {
    match found {
        Some(found) if !range.contains(&found) => {
            refused(setting, found.to_string(), format!("a whole number from {} to {}", range.start(), range.end()))
        }
        _ => Ok(()),
    }
}

fn places(list: &Node<'_>) -> Result<Vec<ExpertPlace>> {
    list.items()?.iter().map(place).collect()
}

fn place(entry: &Node<'_>) -> Result<ExpertPlace> {
    let index = |field| entry.required(field, "a whole number")?.whole();
    Ok(ExpertPlace { layer: index("layer")?, expert: index("expert")? })
}

/// Reads [`BiasShift::by`], rounded to `f32`. `check` compares it with the allowed range.
fn bias_shift(by: &Node<'_>) -> Result<f32> {
    let shift = by.value().as_f64().map(|by| by as f32).filter(|by| by.is_finite());
    shift.ok_or_else(|| by.impossible(BIAS_SHIFT).into())
}

#[cold]
fn refused<T>(setting: &str, found: String, expected: String) -> Result<T> {
    Err(WhatIfError::Impossible { setting: setting.into(), found, expected })
}
