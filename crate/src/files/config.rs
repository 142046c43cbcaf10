//! Reads and checks a Hugging Face `config.json`. A [`Config`] describes a model that the engine can build.
//!
//! Its fields have the same names as in the file. The file can give the settings of the rotary embedding in two ways:
//! `rope_theta` with `rope_scaling` (DeepSeek's published files), or `rope_parameters` (transformers 5).

#![warn(clippy::indexing_slicing)]

use crate::json::{self, Fault, Node};
use std::path::Path;

/// An error in a `config.json`. A message about a field has the field's name and value, and the expected value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// The operating system's message.
        reason: String,
    },
    /// The bytes are not JSON.
    #[error("config.json is not JSON: {0}")]
    NotJson(String),
    /// The JSON is not an object.
    #[error("config.json contains {found}, expected an object with the model's settings")]
    NotAnObject {
        /// The value found.
        found: String,
    },
    /// A required field is missing.
    #[error("config.json: {field} is missing, expected {expected}")]
    Missing {
        /// Path of the field, such as `rope_parameters.factor`.
        field: String,
        /// The expected value, in words.
        expected: String,
    },
    /// A field has a value that is invalid or not supported.
    #[error("config.json: {field} is {found}, expected {expected}")]
    Impossible {
        /// Path of the field, such as `rope_parameters.factor`.
        field: String,
        /// The value found.
        found: String,
        /// The expected value, in words.
        expected: String,
    },
}

impl From<Fault> for ConfigError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson(reason) => Self::NotJson(reason),
            Fault::Missing { field, expected } => Self::Missing { field, expected },
            Fault::Impossible { field, found, .. } if field.is_empty() => Self::NotAnObject { found },
            Fault::Impossible { field, found, expected } => Self::Impossible { field, found, expected },
        }
    }
}

/// The router's variant: how experts and groups are scored, and whether there are groups and a selection bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GateKind {
    /// DeepSeek-V3: `sigmoid` scores and a selection bias; a group is scored by its two best experts (`noaux_tc`).
    V3,
    /// DeepSeek-V2-Lite: `softmax` scores; the best of all experts are chosen, without groups (`greedy`).
    V2Greedy,
    /// DeepSeek-V2: `softmax` scores; a group is scored by its best expert (`group_limited_greedy`).
    V2Grouped,
}

/// YaRN, which adapts the rotary frequencies to a longer context (`rope_type: "yarn"`; Peng et al. 2023).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Yarn {
    /// Factor by which the context was lengthened.
    pub factor: f64,
    /// The context length before YaRN.
    pub original_max_position_embeddings: f64,
    /// Frequencies that make more rotations than this number over the original context do not change.
    pub beta_fast: f64,
    /// Frequencies that make fewer rotations than this number over the original context are divided by `factor`.
    pub beta_slow: f64,
    /// Together with `mscale_all_dim`, determines the factor of cosines and sines. `None` if absent or zero.
    pub mscale: Option<f64>,
    /// Determines a factor of the softmax scale and, together with `mscale`, the factor of cosines and sines. `None` if
    /// absent or zero.
    pub mscale_all_dim: Option<f64>,
    /// Factor of cosines and sines, if the file gives it; it is then not computed from `mscale`.
    pub attention_factor: Option<f64>,
    /// True if the pair indices where YaRN's ramp starts and ends are rounded to whole numbers.
    pub truncate: bool,
}

/// A model's checked settings, with the field names of Hugging Face's `config.json`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// Number of tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Inner width of a dense layer's feed-forward network.
    pub intermediate_size: usize,
    /// Inner width of one expert's feed-forward network.
    pub moe_intermediate_size: usize,
    /// Number of decoder layers.
    pub num_hidden_layers: usize,
    /// Number of attention heads per layer.
    pub num_attention_heads: usize,
    /// Number of shared experts per layer. They run as one network, `n_shared_experts` times as wide as one expert.
    pub n_shared_experts: usize,
    /// Number of routed experts per layer.
    pub n_routed_experts: usize,
    /// Factor by which the routed experts' weights are multiplied.
    pub routed_scaling_factor: f32,
    /// Width of the latent c_KV.
    pub kv_lora_rank: usize,
    /// Width of the compressed query; `None` if queries are not compressed.
    pub q_lora_rank: Option<usize>,
    /// Width of the rotary part of a key or query; even.
    pub qk_rope_head_dim: usize,
    /// Width of a head's value.
    pub v_head_dim: usize,
    /// Width of the part of a head's key or query that is not rotated.
    pub qk_nope_head_dim: usize,
    /// Number of groups of routed experts; 1 if the router does not group its experts.
    pub n_group: usize,
    /// Number of groups kept per token.
    pub topk_group: usize,
    /// Number of routed experts chosen per token and layer.
    pub num_experts_per_tok: usize,
    /// Number of dense layers. They are the lowest layers.
    pub first_k_dense_replace: usize,
    /// True if the chosen experts' scores are divided by the sum of these scores.
    pub norm_topk_prob: bool,
    /// Added to the mean square in the norms of the stream (the norms of latents always use 1e-6).
    pub rms_norm_eps: f32,
    /// The context: maximum number of positions.
    pub max_position_embeddings: usize,
    /// True if the head shares the embedding's weights.
    pub tie_word_embeddings: bool,
    /// True if `q_a_proj`, `kv_a_proj_with_mqa` and `o_proj` have biases.
    pub attention_bias: bool,
    /// The router's variant.
    pub gate: GateKind,
    /// The base of the rotary frequencies.
    pub rope_theta: f64,
    /// True if the two numbers of a rotary pair are neighbours (DeepSeek), false if they are half a width apart.
    pub rope_interleave: bool,
    /// Settings of YaRN, if the context was lengthened with YaRN.
    pub yarn: Option<Yarn>,
    /// Rows and columns of a block of FP8 weights. Each block has one scale.
    pub weight_block_size: (usize, usize),
    /// Number of multi-token-prediction layers at the end of the checkpoint. The engine does not run these layers.
    pub num_nextn_predict_layers: usize,
}

/// Defaults of absent fields (transformers, `configuration_deepseek_v3.py` and `_v2.py`). Widths and the numbers of
/// tokens, layers, heads and routed experts have no default: the file must have these fields.
struct Defaults {
    n_shared_experts: usize,
    routed_scaling_factor: f64,
    n_group: Option<usize>,
    topk_group: Option<usize>,
    num_experts_per_tok: Option<usize>,
    first_k_dense_replace: usize,
    max_position_embeddings: usize,
}

const V3: Defaults = Defaults {
    n_shared_experts: 1,
    routed_scaling_factor: 2.5,
    n_group: Some(8),
    topk_group: Some(4),
    num_experts_per_tok: Some(8),
    first_k_dense_replace: 3,
    max_position_embeddings: 4096,
};
const V2: Defaults = Defaults {
    n_shared_experts: 2,
    routed_scaling_factor: 1.0,
    n_group: None,
    topk_group: None,
    num_experts_per_tok: None,
    first_k_dense_replace: 0,
    max_position_embeddings: 2048,
};

impl Config {
    /// Reads the `config.json` of a folder.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], and the errors of [`Config::from_json`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = folder.as_ref().join("config.json");
        let unreadable = |error: std::io::Error| ConfigError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        Self::from_json(&std::fs::read(&path).map_err(unreadable)?)
    }

    /// Reads the bytes of a `config.json`.
    ///
    /// # Errors
    /// [`ConfigError`] if the text is not a JSON object, a required field is missing, or a value has the wrong type, is
    /// out of range, contradicts another field or is not supported.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ConfigError> {
        let value = json::parse(bytes)?;
        let file = Node::root(&value);
        file.object()?;
        let (is_v2, gate) = read_gate(&file)?;
        refuse_unsupported(&file)?;
        let family = if is_v2 { V2 } else { V3 };
        let num_attention_heads = file.count("num_attention_heads", 1..=4096)?;
        let (n_group, topk_group) = match gate {
            GateKind::V2Greedy => (1, 1),
            GateKind::V3 | GateKind::V2Grouped => (
                file.count_or("n_group", 1..=4096, family.n_group)?,
                file.count_or("topk_group", 1..=4096, family.topk_group)?,
            ),
        };
        let max_position_embeddings =
            file.count_or("max_position_embeddings", 1..=1 << 24, Some(family.max_position_embeddings))?;
        let rope = read_rope(&file, max_position_embeddings)?;
        let config = Self {
            vocab_size: file.count("vocab_size", 1..=1 << 22)?,
            hidden_size: file.count("hidden_size", 1..=1 << 17)?,
            intermediate_size: file.count("intermediate_size", 1..=1 << 20)?,
            moe_intermediate_size: file.count("moe_intermediate_size", 1..=1 << 20)?,
            num_hidden_layers: file.count("num_hidden_layers", 1..=1024)?,
            num_attention_heads,
            n_shared_experts: match file.is_null("n_shared_experts") {
                true => 0,
                false => file.count_or("n_shared_experts", 0..=64, Some(family.n_shared_experts))?,
            },
            n_routed_experts: file.count("n_routed_experts", 1..=4096)?,
            routed_scaling_factor: file.number_above(0.0, "routed_scaling_factor", family.routed_scaling_factor)?
                as f32,
            kv_lora_rank: file.count("kv_lora_rank", 1..=1 << 16)?,
            q_lora_rank: match file.is_null("q_lora_rank") {
                true => None,
                false => Some(file.count("q_lora_rank", 1..=1 << 16)?),
            },
            qk_rope_head_dim: file.count("qk_rope_head_dim", 2..=4096)?,
            v_head_dim: file.count("v_head_dim", 1..=4096)?,
            qk_nope_head_dim: file.count("qk_nope_head_dim", 1..=4096)?,
            n_group,
            topk_group,
            num_experts_per_tok: file.count_or("num_experts_per_tok", 1..=4096, family.num_experts_per_tok)?,
            first_k_dense_replace: file.count_or(
                "first_k_dense_replace",
                0..=1024,
                Some(family.first_k_dense_replace),
            )?,
            // The `deepseek_v2` model of transformers ignores this field and never divides scores by their sum.
            norm_topk_prob: file.flag("norm_topk_prob", true)? && !is_v2,
            rms_norm_eps: file.number_above(0.0, "rms_norm_eps", 1e-6)? as f32,
            max_position_embeddings,
            tie_word_embeddings: file.flag("tie_word_embeddings", false)?,
            attention_bias: file.flag("attention_bias", false)?,
            gate,
            rope_theta: rope.0,
            rope_interleave: is_v2 || file.flag("rope_interleave", true)?,
            yarn: rope.1,
            weight_block_size: read_block_size(&file)?,
            num_nextn_predict_layers: file.optional_count("num_nextn_predict_layers", 0..=64)?.unwrap_or(0),
        };
        config.check(num_attention_heads, &file)?;
        Ok(config)
    }

    /// Number of routed experts in one group.
    pub fn experts_per_group(&self) -> usize {
        self.n_routed_experts / self.n_group.max(1)
    }

    /// True if a layer is dense, which means that it has no routed experts.
    pub fn is_dense(&self, layer: usize) -> bool {
        layer < self.first_k_dense_replace
    }

    /// True if the routers have an `e_score_correction_bias`.
    pub fn has_selection_bias(&self) -> bool {
        self.gate == GateKind::V3
    }

    /// Number of layers with routed experts.
    pub fn moe_layers(&self) -> usize {
        self.num_hidden_layers.saturating_sub(self.first_k_dense_replace)
    }

    /// Width of a head's query and key.
    pub fn qk_head_dim(&self) -> usize {
        self.qk_nope_head_dim + self.qk_rope_head_dim
    }

    /// Checks that the fields do not contradict each other.
    fn check(&self, heads: usize, file: &Node<'_>) -> Result<(), ConfigError> {
        let fail = |field: &str, found: String, expected: String| {
            Err(ConfigError::Impossible { field: field.into(), found, expected })
        };
        if let Some(kv_heads) = file.optional_count("num_key_value_heads", 1..=4096)?
            && kv_heads != heads
        {
            let expected = format!("num_attention_heads, {heads}: latent attention has no key-value groups");
            return fail("num_key_value_heads", kv_heads.to_string(), expected);
        }
        if !self.qk_rope_head_dim.is_multiple_of(2) {
            let expected = "an even number: rotary dimensions come in pairs";
            return fail("qk_rope_head_dim", self.qk_rope_head_dim.to_string(), expected.into());
        }
        if !self.n_routed_experts.is_multiple_of(self.n_group) {
            let expected = format!("a divisor of n_routed_experts, {}", self.n_routed_experts);
            return fail("n_group", self.n_group.to_string(), expected);
        }
        if self.gate == GateKind::V3 && self.experts_per_group() < 2 {
            let expected = format!(
                "at most {}, so that each group has two experts for its score: n_routed_experts is {}",
                self.n_routed_experts / 2,
                self.n_routed_experts
            );
            return fail("n_group", self.n_group.to_string(), expected);
        }
        if self.topk_group > self.n_group {
            return fail("topk_group", self.topk_group.to_string(), format!("at most n_group, {}", self.n_group));
        }
        let eligible = self.topk_group * self.experts_per_group();
        if self.num_experts_per_tok > eligible {
            let expected = format!("at most {eligible}, the experts of the {} kept groups", self.topk_group);
            return fail("num_experts_per_tok", self.num_experts_per_tok.to_string(), expected);
        }
        Ok(())
    }
}

/// Reads the family (true for DeepSeek-V2) and the router's variant.
fn read_gate(file: &Node<'_>) -> Result<(bool, GateKind), ConfigError> {
    let expected = "\"deepseek_v3\", \"deepseek_v2\" or \"kimi_k2\"";
    let model_type = file.required("model_type", expected)?;
    let is_v2 = match model_type.text()? {
        "deepseek_v3" | "kimi_k2" => false,
        "deepseek_v2" => true,
        _ => return Err(model_type.impossible(expected).into()),
    };
    let scoring_func = file.optional_text("scoring_func")?.unwrap_or(if is_v2 { "softmax" } else { "sigmoid" });
    let topk_method = file.optional_text("topk_method")?.unwrap_or(if is_v2 { "greedy" } else { "noaux_tc" });
    let gate = match (is_v2, scoring_func, topk_method) {
        (false, "sigmoid", "noaux_tc") => GateKind::V3,
        (true, "softmax", "greedy") => GateKind::V2Greedy,
        (true, "softmax", "group_limited_greedy") => GateKind::V2Grouped,
        _ => {
            return Err(ConfigError::Impossible {
                field: "scoring_func with topk_method".into(),
                found: format!("{scoring_func:?} with {topk_method:?}"),
                expected: if is_v2 {
                    "\"softmax\" with \"greedy\" or \"group_limited_greedy\" in a deepseek_v2 model".into()
                } else {
                    "\"sigmoid\" with \"noaux_tc\" in a deepseek_v3 model".into()
                },
            });
        }
    };
    Ok((is_v2, gate))
}

/// Refuses settings of a model that the engine would compute wrongly.
fn refuse_unsupported(file: &Node<'_>) -> Result<(), ConfigError> {
    if let Some(act) = file.get("hidden_act")
        && act.text()? != "silu"
    {
        return Err(act.impossible("\"silu\"").into());
    }
    if let Some(bias) = file.get("mlp_bias")
        && bias.truth()?
    {
        return Err(bias.impossible("false: the feed-forward networks have no biases").into());
    }
    if let Some(freq) = file.get("moe_layer_freq")
        && freq.whole()? != 1
    {
        return Err(freq.impossible("1: every layer after the dense ones has experts").into());
    }
    Ok(())
}

/// Reads the rotary base, and YaRN's settings if the file has them. As in transformers, `rope_parameters` is ignored if
/// `rope_scaling` has any field.
fn read_rope(file: &Node<'_>, context: usize) -> Result<(f64, Option<Yarn>), ConfigError> {
    let scaling = match file.optional_object("rope_scaling")? {
        Some(scaling) if !scaling.object()?.is_empty() => Some(scaling),
        _ => file.optional_object("rope_parameters")?,
    };
    let top = file.number_above(1.0, "rope_theta", 10_000.0)?;
    let theta = match &scaling {
        Some(fields) => fields.number_above(1.0, "rope_theta", top)?,
        None => top,
    };
    let Some(fields) = scaling else { return Ok((theta, None)) };
    let Some(kind) = fields.get("rope_type").or_else(|| fields.get("type")) else { return Ok((theta, None)) };
    match kind.text()? {
        "default" => Ok((theta, None)),
        "yarn" => Ok((theta, Some(read_yarn(&fields, file, context as f64)?))),
        _ => Err(kind.impossible("\"default\" or \"yarn\"").into()),
    }
}

fn read_yarn(fields: &Node<'_>, file: &Node<'_>, context: f64) -> Result<Yarn, ConfigError> {
    // In these fields transformers treats zero as absent.
    let not_zero = |field: &str| Ok::<_, ConfigError>(fields.optional_number(field)?.filter(|&x| x != 0.0));
    let original = fields.number_above(0.0, "original_max_position_embeddings", context)?;
    let original = file.number_above(0.0, "original_max_position_embeddings", original)?;
    Ok(Yarn {
        factor: fields.number_above(0.0, "factor", context / original)?,
        original_max_position_embeddings: original,
        beta_fast: fields.number_above(0.0, "beta_fast", 32.0)?,
        beta_slow: fields.number_above(0.0, "beta_slow", 1.0)?,
        mscale: not_zero("mscale")?,
        mscale_all_dim: not_zero("mscale_all_dim")?,
        attention_factor: fields.optional_number("attention_factor")?,
        truncate: fields.flag("truncate", true)?,
    })
}

/// Reads the rows and columns of a block of FP8 weights, which has one scale. The default is 128 by 128.
fn read_block_size(file: &Node<'_>) -> Result<(usize, usize), ConfigError> {
    let Some(fields) = file.optional_object("quantization_config")? else { return Ok((128, 128)) };
    if let Some(method) = fields.get("quant_method")
        && method.text()? != "fp8"
    {
        return Err(method.impossible("\"fp8\", or no quantization_config").into());
    }
    let Some(size) = fields.get("weight_block_size") else { return Ok((128, 128)) };
    match size.wholes().as_deref() {
        Ok(&[rows @ 1..=65_536, columns @ 1..=65_536]) => Ok((rows, columns)),
        _ => Err(size.impossible("two whole numbers, rows and columns").into()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const SHIPPED: &[u8] = include_bytes!("../../../www/public/model/config.json");

    /// The shipped model's config with some fields changed. `null` counts as absent, except in `n_shared_experts`
    /// (no shared expert) and `q_lora_rank` (queries are not compressed).
    pub(crate) fn shipped_with(changes: Value) -> Result<Config, ConfigError> {
        let mut config: Value = serde_json::from_slice(SHIPPED).unwrap();
        for (field, value) in changes.as_object().unwrap() {
            config.as_object_mut().unwrap().insert(field.clone(), value.clone());
        }
        Config::from_json(config.to_string().as_bytes())
    }

    fn refusal(changes: Value) -> String {
        shipped_with(changes).unwrap_err().to_string()
    }

    #[test]
    fn reading_the_shipped_config_gives_its_values() {
        let config = Config::from_json(SHIPPED).unwrap();
        assert_eq!(
            (config.n_routed_experts, config.n_group, config.topk_group, config.num_experts_per_tok),
            (16, 4, 2, 4)
        );
        assert_eq!((config.q_lora_rank, config.kv_lora_rank, config.weight_block_size), (Some(64), 32, (128, 128)));
        assert_eq!((config.gate, config.rope_theta, config.yarn), (GateKind::V3, 10_000.0, None));
        assert!(
            config.tie_word_embeddings && config.norm_topk_prob && config.rope_interleave && !config.attention_bias
        );
    }

    #[test]
    fn a_layer_of_deepseek_v2_can_have_a_single_routed_expert() {
        let single = json!({"model_type": "deepseek_v2", "scoring_func": "softmax", "topk_method": "greedy",
            "n_routed_experts": 1, "num_experts_per_tok": 1, "n_group": 1, "topk_group": 1});
        assert_eq!(shipped_with(single).unwrap().n_routed_experts, 1);
    }

    #[test]
    fn rope_scaling_and_rope_parameters_give_the_same_config() {
        let yarn = json!({"type": "yarn", "factor": 4, "beta_fast": 16, "mscale": 0.5, "mscale_all_dim": 0,
            "original_max_position_embeddings": 128});
        let old = shipped_with(json!({"rope_parameters": null, "rope_theta": 5000.0, "rope_scaling": yarn})).unwrap();
        let mut fields = yarn;
        fields["rope_theta"] = json!(5000.0);
        let new = shipped_with(json!({"rope_parameters": fields, "rope_theta": null})).unwrap();
        assert_eq!(old, new);
        let yarn = new.yarn.unwrap();
        assert_eq!((new.rope_theta, yarn.factor, yarn.beta_fast, yarn.beta_slow), (5000.0, 4.0, 16.0, 1.0));
        assert_eq!((yarn.mscale, yarn.mscale_all_dim), (Some(0.5), None), "zero counts as absent");
    }

    #[test]
    fn invalid_and_missing_values_are_refused_with_one_sentence() {
        for (changes, sentence) in [
            (json!({"num_attention_heads": 0}), "num_attention_heads is 0, expected a whole number from 1 to 4096"),
            (json!({"num_hidden_layers": -1}), "num_hidden_layers is -1, expected a whole number from 1 to 1024"),
            (json!({"hidden_size": 1.5}), "hidden_size is 1.5, expected a whole number from 1 to 131072"),
            (json!({"hidden_size": "128"}), "hidden_size is \"128\", expected a whole number from 1 to 131072"),
            (json!({"vocab_size": null}), "vocab_size is missing, expected a whole number from 1 to 4194304"),
            (
                json!({"num_experts_per_tok": 9}),
                "num_experts_per_tok is 9, expected at most 8, the experts of the 2 kept groups",
            ),
            (json!({"topk_group": 5}), "topk_group is 5, expected at most n_group, 4"),
            (json!({"n_group": 3}), "n_group is 3, expected a divisor of n_routed_experts, 16"),
            (
                json!({"n_group": 16}),
                "n_group is 16, expected at most 8, so that each group has two experts for its score: n_routed_experts is 16",
            ),
            (
                json!({"qk_rope_head_dim": 15}),
                "qk_rope_head_dim is 15, expected an even number: rotary dimensions come in pairs",
            ),
            (
                json!({"num_key_value_heads": 2}),
                "num_key_value_heads is 2, expected num_attention_heads, 8: latent attention has no key-value groups",
            ),
            (json!({"rms_norm_eps": 0}), "rms_norm_eps is 0, expected a number above 0"),
            (json!({"routed_scaling_factor": -2.5}), "routed_scaling_factor is -2.5, expected a number above 0"),
            (json!({"routed_scaling_factor": "NaN"}), "routed_scaling_factor is \"NaN\", expected a finite number"),
            (
                json!({"rope_parameters": {"rope_theta": 0.5}}),
                "rope_parameters.rope_theta is 0.5, expected a number above 1",
            ),
            (
                json!({"rope_parameters": {"rope_type": "llama3"}}),
                "rope_parameters.rope_type is \"llama3\", expected \"default\" or \"yarn\"",
            ),
            (
                json!({"rope_parameters": {"rope_type": "yarn", "factor": 0}}),
                "rope_parameters.factor is 0, expected a number above 0",
            ),
            (json!({"rope_parameters": []}), "rope_parameters is [], expected an object"),
            (json!({"hidden_act": "gelu"}), "hidden_act is \"gelu\", expected \"silu\""),
            (json!({"tie_word_embeddings": 1}), "tie_word_embeddings is 1, expected true or false"),
            (
                json!({"scoring_func": "softmax"}),
                "scoring_func with topk_method is \"softmax\" with \"noaux_tc\", expected \"sigmoid\" with \"noaux_tc\" in a deepseek_v3 model",
            ),
            (
                json!({"model_type": "llama"}),
                "model_type is \"llama\", expected \"deepseek_v3\", \"deepseek_v2\" or \"kimi_k2\"",
            ),
            (
                json!({"quantization_config": {"quant_method": "awq"}}),
                "quantization_config.quant_method is \"awq\", expected \"fp8\", or no quantization_config",
            ),
            (
                json!({"quantization_config": {"weight_block_size": [128]}}),
                "quantization_config.weight_block_size is [128], expected two whole numbers, rows and columns",
            ),
            (
                json!({"moe_layer_freq": 2}),
                "moe_layer_freq is 2, expected 1: every layer after the dense ones has experts",
            ),
        ] {
            assert_eq!(refusal(changes), format!("config.json: {sentence}"));
        }
    }

    #[test]
    fn a_text_that_is_not_a_json_object_is_refused_with_one_sentence() {
        let message = |bytes: &[u8]| Config::from_json(bytes).unwrap_err().to_string();
        assert_eq!(message(b""), "config.json is not JSON: EOF while parsing a value at line 1 column 0");
        assert_eq!(message(b"[]"), "config.json contains [], expected an object with the model's settings");
        for len in 0..SHIPPED.trim_ascii_end().len() {
            assert!(Config::from_json(&SHIPPED[..len]).is_err(), "the first {len} bytes");
        }
    }

    #[test]
    fn a_number_beyond_the_f32_range_is_refused() {
        // 1e300 is finite in 64 bits and infinite in 32 bits.
        assert_eq!(
            refusal(json!({"routed_scaling_factor": 1e300})),
            "config.json: routed_scaling_factor is 1e+300, expected a number above 0"
        );
    }
}
