//! Sizes of published models, computed from their dimensions: bytes of the caches, number of users whose caches fit
//! into memory, number of weights.
//!
//! [`survey()`] covers the models of a `presets.json` (each with its source), a model that the engine runs, and
//! optionally the model of any other `config.json`.

#![warn(clippy::indexing_slicing)]

pub mod model_shape;
pub mod sizes;

use crate::files::config::Config;
use crate::json::{self, Fault, Node};
use crate::survey::model_shape::{Attention, Shape};
use crate::survey::sizes::{CacheSizes, Component, Part};
use serde::Serialize;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Why a survey is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// The presets cannot be read.
    #[error("presets.json, {entry}: {reason}")]
    Presets {
        /// The id of the entry, or "the file".
        entry: String,
        /// What is wrong with the entry.
        reason: String,
    },
    /// The question cannot be read.
    #[error("the survey's question: {0}")]
    Question(String),
}

/// The question of a survey: the numbers with which the sizes of every model are computed, and optionally one more
/// model. [`Question::from_json`] reads a question and checks the ranges of its numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Question {
    /// Tokens per user.
    pub context: u32,
    /// Users at the same time.
    pub users: u32,
    /// Size of the memory, in 10^9 bytes.
    pub memory: u32,
    /// Bits per value in the cache.
    pub bits: u32,
    /// Bits per weight; 0 if the weights are not in this memory.
    pub weights: u32,
    /// The text of the `config.json` of one more model; empty if there is none.
    pub config: String,
}

/// Where a model's dimensions come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Origin {
    /// An entry of `presets.json`.
    Preset,
    /// The model that runs in the page.
    Page,
    /// The `config.json` in [`Question::config`], which the user supplied.
    Own,
}

/// A way to store keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SchemeName {
    /// The model as published.
    Published,
    /// Keys and values rebuilt from the latent for every head. For comparison only.
    Expanded,
    /// Plain multi-head attention: the same number of heads, and keys without a separate RoPE part. For comparison
    /// only.
    PlainMha,
}

/// The cache sizes of one model in one scheme. The numbers are exact up to 2^53.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Scheme {
    /// The scheme.
    pub scheme: SchemeName,
    /// Number of values that one layer stores per token.
    pub values: f64,
    /// Bytes per token in all layers together; in the published scheme with the indexers' bytes.
    pub token_bytes: f64,
    /// Like `token_bytes`, without the layers that have a window: the bytes that remain when a token has left all
    /// windows.
    pub long_token_bytes: f64,
    /// Bytes of the cache for one user's context.
    pub user_bytes: f64,
    /// Bytes of the caches for all users' contexts.
    pub all_bytes: f64,
    /// Number of users whose caches fit into [`SurveyedModel::room`]; `None` if the room is not known.
    pub fit: Option<f64>,
}

/// Number of weights of one component. The numbers are whole, and exact up to 2^53.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Weights {
    /// The component.
    pub component: Component,
    /// All weights of the component.
    pub total: f64,
    /// Weights of the component that are used per token; 0 for the embedding table, because a token reads only one row.
    pub active: f64,
}

/// The number of a model's weights, and the bytes that they need.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Weighed {
    /// Weights by component.
    pub parts: Vec<Weights>,
    /// All weights.
    pub total: f64,
    /// Weights used per token, without the embedding table, because a token reads only one row of the table.
    pub active: f64,
    /// Weights used per token, with the embedding table, because some sources count it.
    pub active_with_embedding: f64,
    /// Bytes of all weights, at the question's bits per weight.
    pub bytes: f64,
}

/// A model with its sizes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct SurveyedModel {
    /// The preset's id; "page" for the model that runs in the page; "own" for the model of [`Question::config`].
    pub id: String,
    /// The preset's published name; for the other models, the id.
    pub name: String,
    /// Where the model's dimensions come from.
    pub origin: Origin,
    /// The kind of attention, in the words of `presets.json`.
    pub attention: String,
    /// Number of decoder layers.
    pub layers: u32,
    /// Number of layers that see only the last tokens.
    pub windowed_layers: u32,
    /// Maximum number of tokens that a layer with a window stores; `None` without such layers.
    pub window: Option<u32>,
    /// Width of the latent c_KV; `None` without a latent.
    pub c_kv: Option<u32>,
    /// Bytes per token in the indexers of all layers, in the published scheme; `None` if not known.
    pub indexer_bytes: Option<f64>,
    /// The schemes, the published one first; empty if the cache's dimensions are not known.
    pub schemes: Vec<Scheme>,
    /// The model's weights; `None` if they cannot be counted.
    pub weights: Option<Weighed>,
    /// Bytes of the memory that are left for caches, at least 0; `None` if the weights are in the same memory and their
    /// number is not known.
    pub room: Option<f64>,
    /// Number of parameters, as published.
    pub published_total: Option<String>,
    /// Number of parameters used per token, as published.
    pub published_active: Option<String>,
    /// Fields of the preset that were not read from a primary source.
    pub unverified: Vec<String>,
    /// A note on the model.
    pub note: Option<String>,
    /// Source of the preset's fields.
    pub source: Option<String>,
}

/// The earlier name of [`SurveyedModel`].
#[doc(hidden)]
pub type Surveyed = SurveyedModel;

/// Well-known figures about DeepSeek's models, computed from the presets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Figures {
    /// Cache bytes per token of DeepSeek-67B at 16 bits.
    pub baseline_bytes: f64,
    /// Cache bytes per token of DeepSeek-V2 at 16 bits.
    pub v2_bytes: f64,
    /// Cache bytes per token of DeepSeek-V2 at 6 bits per value, the precision with which DeepSeek served the model.
    pub v2_bytes_at_6_bits: f64,
    /// Fraction by which DeepSeek-V2's cache is smaller than DeepSeek-67B's, both at 16 bits.
    pub saved_at_equal_bits: f64,
    /// Fraction by which DeepSeek-V2's cache at 6 bits is smaller than DeepSeek-67B's at 16 bits.
    pub saved_at_6_bits: f64,
    /// Cache bytes per token of DeepSeek-V3 at 16 bits.
    pub v3_bytes: f64,
    /// Cache bytes per token at 16 bits if DeepSeek-V3's config is misread, as it often is: as if each of the
    /// `num_key_value_heads` heads stored a key and a value of width `v_head_dim`.
    pub v3_misread_bytes: f64,
}

/// All models, computed for one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct Survey {
    /// The question.
    pub question: Question,
    /// First the presets, in the order of the file; then the running model; then the model of [`Question::config`], if
    /// any.
    pub models: Vec<SurveyedModel>,
    /// Why [`Question::config`] is refused, in one sentence; `None` if it is empty or accepted.
    pub refused: Option<String>,
    /// Well-known figures.
    pub figures: Figures,
}

/// Maximum number of tokens per user.
pub const MOST_CONTEXT: usize = 10_000_000;
/// Maximum number of users.
pub const MOST_USERS: usize = 1_000_000;
/// Maximum memory, in 10^9 bytes.
pub const MOST_MEMORY: usize = 1_000_000;

/// Computes the sizes of the models in a `presets.json`, of the running model (`page`), and of the model in the
/// question's `config.json`.
///
/// # Errors
/// [`SurveyError::Presets`] if the presets cannot be read. If only the `config.json` in the question cannot be read,
/// there is no error, and [`Survey::refused`] has the reason.
pub fn survey(presets: &[u8], question: Question, page: &Config) -> Result<Survey, SurveyError> {
    let mut models = Vec::new();
    let in_file = |fault: Fault| SurveyError::Presets { entry: "the file".into(), reason: fault.to_string() };
    let file = json::parse(presets).map_err(in_file)?;
    for entry in entries(&Node::root(&file)).map_err(in_file)? {
        models.push(preset(&entry, &question)?);
    }
    let figures = figures(&models)?;
    models.push(surveyed("page", Origin::Page, &Shape::of(page), &question));
    let own = (!question.config.trim().is_empty()).then(|| Shape::from_json(question.config.as_bytes()));
    let refused = match own {
        None => None,
        Some(Err(error)) => Some(error.to_string()),
        Some(Ok(shape)) => {
            models.push(surveyed("own", Origin::Own, &shape, &question));
            None
        }
    };
    Ok(Survey { question, models, refused, figures })
}

impl Question {
    /// Reads a question from JSON.
    ///
    /// # Errors
    /// [`SurveyError::Question`] if the text is not a JSON object, or a number is missing or out of range.
    pub fn from_json(text: &str) -> Result<Self, SurveyError> {
        Self::from_value(&json::parse(text.as_bytes()).map_err(refused)?)
    }

    /// Like [`Question::from_json`], for JSON that is already parsed.
    pub(crate) fn from_value(value: &Value) -> Result<Self, SurveyError> {
        let read = || {
            let question = Node::root(value);
            question.object()?;
            let number = |field, least, most| Ok::<_, Fault>(question.count(field, least..=most)? as u32);
            Ok::<_, Fault>(Self {
                context: number("context", 1, MOST_CONTEXT)?,
                users: number("users", 0, MOST_USERS)?,
                memory: number("memory", 1, MOST_MEMORY)?,
                bits: number("bits", 1, 64)?,
                weights: number("weights", 0, 64)?,
                config: text_of(&question, "config").unwrap_or_default(),
            })
        };
        read().map_err(refused)
    }
}

fn refused(fault: Fault) -> SurveyError {
    SurveyError::Question(fault.to_string())
}

/// The text of a field; `None` if the field is absent or not a text.
fn text_of(node: &Node<'_>, field: &str) -> Option<String> {
    node.value().get(field).and_then(Value::as_str).map(String::from)
}

/// The entries of a `presets.json`.
fn entries<'a>(file: &Node<'a>) -> Result<Vec<Node<'a>>, Fault> {
    let entries = file.required("presets", "an array of objects")?.items()?;
    entries.into_iter().map(|entry| entry.object().map(|_| entry.clone())).collect()
}

/// The sizes and texts of a preset. If the preset has no cache figures, no sizes are computed; if it has no count of
/// weights, its weights are not counted.
fn preset(entry: &Node<'_>, question: &Question) -> Result<SurveyedModel, SurveyError> {
    let id = text_of(entry, "id").unwrap_or_default();
    let mut found = match measured(entry, &id, question) {
        Ok(found) => found,
        Err(fault) => return Err(SurveyError::Presets { entry: id, reason: fault.to_string() }),
    };
    for (field, text) in [
        ("params_total_published", &mut found.published_total),
        ("params_active_published", &mut found.published_active),
        ("note", &mut found.note),
        ("source", &mut found.source),
    ] {
        *text = text_of(entry, field);
    }
    for (field, text) in [("name", &mut found.name), ("attention", &mut found.attention)] {
        *text = text_of(entry, field).unwrap_or_default();
    }
    let unverified = entry.value().get("unverified_fields").and_then(Value::as_array);
    found.unverified = unverified.into_iter().flatten().filter_map(Value::as_str).map(String::from).collect();
    Ok(found)
}

/// Only the sizes of a preset, not yet its texts.
fn measured(entry: &Node<'_>, id: &str, question: &Question) -> Result<SurveyedModel, Fault> {
    if !entry.has("kv_bytes_per_token_bf16") {
        let layers = entry.count("num_hidden_layers", 1..=1024)? as u32;
        return Ok(SurveyedModel { layers, ..SurveyedModel::unknown(id, Origin::Preset) });
    }
    let mut found = surveyed(id, Origin::Preset, &Shape::from_preset(entry)?, question);
    if !entry.has("params_total_computed") {
        found.weights = None;
        found.room = (question.weights == 0).then(|| question.memory_bytes());
        found.fill();
    }
    Ok(found)
}

/// The sizes of a model, computed from its shape.
fn surveyed(id: &str, origin: Origin, shape: &Shape, question: &Question) -> SurveyedModel {
    let CacheSizes { values, expanded, plain_mha } = sizes::cache_sizes(&shape.attention);
    let index = sizes::indexer_bytes(&shape.attention);
    let wide = |count: u64| count as f64;
    let scheme = |scheme, values: u64, token_extra: u64| {
        let bytes = wide(values) * f64::from(question.bits) / 8.0;
        let context = u64::from(question.context);
        let extra = wide(token_extra);
        let user_bytes = bytes * wide(sizes::tokens_kept(shape, context)) + extra * wide(context);
        Scheme {
            scheme,
            values: wide(values),
            token_bytes: bytes * wide(shape.num_hidden_layers) + extra,
            long_token_bytes: bytes * wide(shape.growing_layers()) + extra,
            user_bytes,
            all_bytes: user_bytes * f64::from(question.users),
            fit: None,
        }
    };
    let mut schemes = vec![scheme(SchemeName::Published, values, index.unwrap_or(0))];
    schemes.extend(expanded.map(|values| scheme(SchemeName::Expanded, values, 0)));
    schemes.push(scheme(SchemeName::PlainMha, plain_mha, 0));
    let weights = index.map(|_| weighed(shape, question));
    let room = match (&weights, question.weights) {
        (_, 0) => Some(question.memory_bytes()),
        (Some(weighed), _) => Some((question.memory_bytes() - weighed.bytes).max(0.0)),
        (None, _) => None,
    };
    let c_kv = match shape.attention {
        Attention::Latent { kv_lora_rank, .. } => Some(kv_lora_rank as u32),
        Attention::Heads { .. } => None,
    };
    let mut found = SurveyedModel {
        attention: shape.kind(),
        layers: shape.num_hidden_layers as u32,
        windowed_layers: shape.window.map_or(0, |window| window.layers as u32),
        window: shape.window.map(|window| window.size as u32),
        c_kv,
        indexer_bytes: index.map(wide),
        schemes,
        weights,
        room,
        ..SurveyedModel::unknown(id, origin)
    };
    found.fill();
    found
}

fn weighed(shape: &Shape, question: &Question) -> Weighed {
    let parts = sizes::parts(shape).map(|Part { component, total, active }| Weights {
        component,
        total: total as f64,
        active: active as f64,
    });
    let total: f64 = parts.iter().map(|part| part.total).sum();
    let active: f64 = parts.iter().map(|part| part.active).sum();
    let embedding: f64 =
        parts.iter().filter(|part| part.component == Component::Embedding).map(|part| part.total).sum();
    Weighed {
        total,
        active,
        active_with_embedding: active + embedding,
        bytes: total * f64::from(question.weights) / 8.0,
        parts: parts.into(),
    }
}

impl Question {
    fn memory_bytes(&self) -> f64 {
        f64::from(self.memory) * 1e9
    }
}

impl SurveyedModel {
    /// A model with no known dimensions.
    fn unknown(id: &str, origin: Origin) -> Self {
        Self {
            id: id.into(),
            name: id.into(),
            origin,
            attention: String::new(),
            layers: 0,
            windowed_layers: 0,
            window: None,
            c_kv: None,
            indexer_bytes: None,
            schemes: Vec::new(),
            weights: None,
            room: None,
            published_total: None,
            published_active: None,
            unverified: Vec::new(),
            note: None,
            source: None,
        }
    }

    /// Computes for each scheme the number of users whose caches fit into the room.
    fn fill(&mut self) {
        for scheme in &mut self.schemes {
            scheme.fit = self.room.map(|room| (room / scheme.user_bytes).floor());
        }
    }
}

/// The well-known figures. Each uses a fixed number of bits per value, independent of the question.
fn figures(models: &[SurveyedModel]) -> Result<Figures, SurveyError> {
    // Number of values per token in all layers together. This number does not depend on the question.
    let values = |id: &str, scheme: SchemeName| {
        let model = models.iter().find(|model| model.id == id && model.windowed_layers == 0);
        let scheme = model.and_then(|model| model.schemes.iter().find(|each| each.scheme == scheme));
        match (model, scheme) {
            (Some(model), Some(scheme)) => Ok(scheme.values * f64::from(model.layers)),
            _ => Err(SurveyError::Presets { entry: id.into(), reason: "expected an entry with a cache".into() }),
        }
    };
    let baseline = 2.0 * values("deepseek-67b", SchemeName::Published)?;
    let v2 = values("deepseek-v2", SchemeName::Published)?;
    Ok(Figures {
        baseline_bytes: baseline,
        v2_bytes: 2.0 * v2,
        v2_bytes_at_6_bits: v2 * 6.0 / 8.0,
        saved_at_equal_bits: 1.0 - 2.0 * v2 / baseline,
        saved_at_6_bits: 1.0 - v2 * 6.0 / 8.0 / baseline,
        v3_bytes: 2.0 * values("deepseek-v3", SchemeName::Published)?,
        v3_misread_bytes: 2.0 * values("deepseek-v3", SchemeName::PlainMha)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::sizes;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const PRESETS: &[u8] = include_bytes!("../../../www/src/engine/presets.json");

    fn page() -> Config {
        Config::from_json(include_bytes!("../../../www/public/model/config.json")).unwrap()
    }

    /// A survey of one user with one token at 16 bits, with some fields of the question changed.
    fn asked(changes: Value) -> Survey {
        let mut question = json!({"context": 1, "users": 1, "memory": 1000, "bits": 16, "weights": 8});
        for (field, value) in changes.as_object().unwrap() {
            question[field] = value.clone();
        }
        survey(PRESETS, Question::from_json(&question.to_string()).unwrap(), &page()).unwrap()
    }

    fn model<'a>(survey: &'a Survey, id: &str) -> &'a SurveyedModel {
        survey.models.iter().find(|model| model.id == id).unwrap()
    }

    fn presets() -> Vec<Value> {
        let file: Value = serde_json::from_slice(PRESETS).unwrap();
        file["presets"].as_array().unwrap().clone()
    }

    #[test]
    fn cache_bytes_per_token_equal_known_figures() {
        let survey = asked(json!({}));
        for (id, bytes) in [
            ("deepseek-v3", 70_272.0),
            ("deepseek-v2", 69_120.0),
            ("deepseek-v2-lite", 31_104.0),
            ("deepseek-v3.2", 78_324.0),
            ("qwen3-235b-a22b", 192_512.0),
            ("llama-3.1-405b", 516_096.0),
            ("qwen2.5-72b", 327_680.0),
            ("deepseek-67b", 389_120.0),
            ("gpt-oss-120b", 73_728.0),
            ("page", 480.0),
        ] {
            let scheme = &model(&survey, id).schemes[0];
            assert_eq!((scheme.token_bytes, scheme.user_bytes), (bytes, bytes), "{id}");
        }
        let at_8_bits = asked(json!({"bits": 8}));
        assert_eq!(model(&at_8_bits, "deepseek-v3").schemes[0].token_bytes, 35_136.0);
        assert_eq!(model(&at_8_bits, "deepseek-v3.2").schemes[0].token_bytes, 35_136.0 + 61.0 * 132.0);
    }

    #[test]
    fn a_layer_with_a_window_stores_at_most_the_window_s_tokens() {
        let bytes = |context: u32| model(&asked(json!({"context": context})), "gpt-oss-120b").schemes[0].user_bytes;
        assert_eq!(bytes(1), 73_728.0);
        assert_eq!(bytes(128), 128.0 * 73_728.0);
        assert_eq!(bytes(129), 128.0 * 73_728.0 + 36_864.0);
        assert_eq!(bytes(131_072), 128.0 * 36_864.0 + 131_072.0 * 36_864.0);
        assert_eq!(bytes(10_000_000) / 10_000_000.0, 36_864.0 + 36_864.0 * 128.0 / 1e7, "36,864 in the end");
        let chunks = asked(json!({"context": 8193}));
        let scheme = &model(&chunks, "llama-4-scout").schemes[0];
        assert_eq!((scheme.token_bytes, scheme.long_token_bytes), (196_608.0, 49_152.0));
        assert_eq!(scheme.user_bytes, 8192.0 * 196_608.0 + 49_152.0);
    }

    #[test]
    fn computed_caches_equal_the_figures_of_the_presets() {
        let survey = asked(json!({}));
        let presets = presets();
        assert_eq!(presets.len(), 27);
        for preset in &presets {
            let id = preset["id"].as_str().unwrap();
            let found = model(&survey, id);
            let (Some(bytes), Some(long)) =
                (preset["kv_bytes_per_token_bf16"].as_f64(), preset["kv_bytes_per_token_bf16_long_context"].as_f64())
            else {
                assert!(found.schemes.is_empty() && found.weights.is_none(), "the cache of {id} is not known");
                continue;
            };
            let published = &found.schemes[0];
            let index = found.indexer_bytes.unwrap_or(0.0);
            assert_eq!((published.token_bytes - index, published.long_token_bytes - index), (bytes, long), "{id}");
            assert_eq!(published.values, preset["kv_elems_per_token_per_layer"].as_f64().unwrap(), "{id}");
            // For a model with a latent, the preset's multi-head figure is the expanded cache; for others, plain
            // multi-head attention.
            let many = preset["mha_same_heads_elems_per_token_per_layer"].as_f64().unwrap();
            assert_eq!(found.schemes[1].values, many, "{id}");
        }
    }

    #[test]
    fn computed_weights_equal_the_figures_of_the_presets_minus_the_biases_that_are_not_counted() {
        let survey = asked(json!({}));
        for preset in presets() {
            let id = preset["id"].as_str().unwrap();
            let found = &model(&survey, id).weights;
            let Some(total) = preset["params_total_computed"].as_f64() else {
                assert!(found.is_none(), "{id}");
                continue;
            };
            let active = preset["params_active_computed_excl_input_embedding"].as_f64().unwrap();
            let found = found.as_ref().unwrap();
            let number = |field: &str| preset[field].as_f64().unwrap_or(0.0);
            let (layers, moe_layers) = (number("num_hidden_layers"), number("n_moe_layers"));
            let (heads, kv_heads) = (number("num_attention_heads"), number("num_key_value_heads"));
            // The presets also count the selection bias, and the biases of three model families; the survey counts
            // neither.
            let selection =
                if preset["has_selection_bias"] == true { moe_layers * number("n_routed_experts") } else { 0.0 };
            let biased = ["glm-4.5", "glm-4.5-air", "gpt-oss-20b", "gpt-oss-120b", "qwen2.5-72b"].contains(&id);
            let heads = if biased { layers * (heads + 2.0 * kv_heads) * number("head_dim") } else { 0.0 };
            let of_expert = 2.0 * number("moe_intermediate_size") + number("hidden_size");
            let experts =
                |count: &str| if id.starts_with("gpt") { moe_layers * number(count) * of_expert } else { 0.0 };
            assert_eq!(found.total, total - selection - heads - experts("n_routed_experts"), "{id}");
            assert_eq!(found.active, active - heads - experts("num_experts_per_tok"), "{id}");
            assert!((found.total / total - 1.0).abs() < 1e-3 && (found.active / active - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn deepseek_v3_has_671_billion_weights_and_the_components_of_each_model_add_up_to_its_total() {
        let survey = asked(json!({}));
        let weights = model(&survey, "deepseek-v3").weights.as_ref().unwrap();
        assert!((weights.total / 671.03e9 - 1.0).abs() < 1e-3);
        assert!((weights.active_with_embedding / 37.55e9 - 1.0).abs() < 1e-3);
        assert!((weights.active / 36.63e9 - 1.0).abs() < 1e-3);
        assert_eq!(weights.bytes, weights.total, "8 bits per weight");
        for model in &survey.models {
            let Some(weights) = &model.weights else { continue };
            assert_eq!(weights.parts.iter().map(|part| part.total).sum::<f64>(), weights.total);
            assert_eq!(weights.parts.iter().map(|part| part.active).sum::<f64>(), weights.active);
        }
        let own = sizes::parameters(&page());
        let page = model(&survey, "page").weights.as_ref().unwrap();
        assert_eq!((page.total, page.active), (own.total as f64, own.active as f64));
    }

    #[test]
    fn the_number_of_users_is_limited_by_the_memory_that_the_weights_leave() {
        let question = json!({"context": 131_072, "users": 3, "memory": 1000, "weights": 8});
        let found = asked(question);
        let v3 = model(&found, "deepseek-v3");
        let room = 1e12 - v3.weights.as_ref().unwrap().total;
        let user = 131_072.0 * 70_272.0;
        assert_eq!((v3.room, v3.schemes[0].user_bytes, v3.schemes[0].all_bytes), (Some(room), user, 3.0 * user));
        assert_eq!(v3.schemes[0].fit, Some((room / user).floor()));
        let caches_alone = asked(json!({"context": 131_072, "weights": 0}));
        assert_eq!(model(&caches_alone, "deepseek-v3").schemes[0].fit, Some((1e12 / user).floor()));
        let too_small = asked(json!({"memory": 640}));
        assert_eq!(model(&too_small, "deepseek-v3").schemes[0].fit, Some(0.0), "the weights alone are 671 GB");
        // GLM-5.2's weights are not known, so the room for caches is not known either.
        let unknown = model(&found, "glm-5.2");
        assert_eq!((unknown.room, unknown.schemes[0].fit, unknown.indexer_bytes), (None, None, None));
        assert_eq!(unknown.schemes[0].token_bytes, 89_856.0);
        assert_eq!(model(&caches_alone, "glm-5.2").room, Some(1e12));
    }

    #[test]
    fn extreme_questions_give_finite_numbers() {
        for context in [1, 10_000_000] {
            for users in [0, 1, 1_000_000] {
                for (memory, bits) in [(1, 16), (1_000_000, 8)] {
                    let survey = asked(json!({"context": context, "users": users, "memory": memory, "bits": bits}));
                    for scheme in survey.models.iter().flat_map(|model| &model.schemes) {
                        assert!(scheme.user_bytes > 0.0 && scheme.user_bytes.is_finite());
                        assert!(scheme.all_bytes >= 0.0 && scheme.all_bytes.is_finite());
                        assert!(scheme.fit.is_none_or(|fit| fit >= 0.0 && fit.is_finite()));
                    }
                }
            }
        }
        let largest = json!({"model_type": "deepseek_v32", "num_hidden_layers": 1024, "hidden_size": 131_072,
            "vocab_size": 4_194_304, "num_attention_heads": 4096, "q_lora_rank": 65_536, "kv_lora_rank": 65_536,
            "qk_rope_head_dim": 4096, "qk_nope_head_dim": 4096, "v_head_dim": 4096, "index_n_heads": 4096,
            "index_head_dim": 4096, "first_k_dense_replace": 0, "n_routed_experts": 4096, "n_shared_experts": 64,
            "num_experts_per_tok": 4096, "moe_intermediate_size": 1_048_576});
        let survey = asked(json!({"context": 10_000_000, "users": 1_000_000, "config": largest.to_string()}));
        assert!(model(&survey, "own").weights.as_ref().unwrap().total > 1e18);
    }

    #[test]
    fn the_well_known_figures_do_not_depend_on_the_question_s_bits_and_context() {
        let figures = asked(json!({"bits": 8, "context": 77})).figures;
        assert_eq!(
            (figures.baseline_bytes, figures.v2_bytes, figures.v2_bytes_at_6_bits),
            (389_120.0, 69_120.0, 25_920.0)
        );
        assert_eq!((figures.saved_at_6_bits * 1e4).round(), 9334.0);
        assert_eq!((figures.saved_at_equal_bits * 1e3).round(), 822.0);
        assert_eq!((figures.v3_misread_bytes / figures.v3_bytes * 10.0).round(), 569.0);
    }

    #[test]
    fn configs_of_ten_models_give_the_sizes_of_their_presets() {
        let dense = json!({"model_type": "llama", "num_hidden_layers": 126, "hidden_size": 16384,
            "num_attention_heads": 128, "num_key_value_heads": 8, "intermediate_size": 53248, "vocab_size": 128_256});
        let v32 = json!({"model_type": "deepseek_v32", "num_hidden_layers": 61, "hidden_size": 7168,
            "vocab_size": 129_280, "num_attention_heads": 128, "num_key_value_heads": 128, "q_lora_rank": 1536,
            "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
            "index_n_heads": 64, "index_head_dim": 128, "first_k_dense_replace": 3, "moe_layer_freq": 1,
            "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "moe_intermediate_size": 2048,
            "intermediate_size": 18432});
        let lite = json!({"model_type": "deepseek_v2", "num_hidden_layers": 27, "hidden_size": 2048,
            "vocab_size": 102_400, "num_attention_heads": 16, "q_lora_rank": null, "kv_lora_rank": 512,
            "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "first_k_dense_replace": 1,
            "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "moe_intermediate_size": 1408,
            "intermediate_size": 10944});
        let glm = json!({"model_type": "glm4_moe", "num_hidden_layers": 46, "hidden_size": 4096,
            "num_attention_heads": 96, "num_key_value_heads": 8, "head_dim": 128, "first_k_dense_replace": 1,
            "n_routed_experts": 128, "n_shared_experts": 1, "num_experts_per_tok": 8, "moe_intermediate_size": 1408,
            "intermediate_size": 10944, "vocab_size": 151_552});
        let qwen = json!({"model_type": "qwen3_moe", "num_hidden_layers": 94, "hidden_size": 4096, "head_dim": 128,
            "num_attention_heads": 64, "num_key_value_heads": 4, "num_experts": 128, "num_experts_per_tok": 8,
            "decoder_sparse_step": 1, "mlp_only_layers": [], "moe_intermediate_size": 1536, "vocab_size": 151_936,
            "intermediate_size": 12288, "max_window_layers": 94, "sliding_window": null, "use_sliding_window": false});
        let olmoe = json!({"model_type": "olmoe", "num_hidden_layers": 16, "hidden_size": 2048,
            "num_attention_heads": 16, "num_key_value_heads": 16, "num_experts": 64, "num_experts_per_tok": 8,
            "intermediate_size": 1024, "vocab_size": 50_304});
        let gpt = json!({"model_type": "gpt_oss", "num_hidden_layers": 36, "hidden_size": 2880, "head_dim": 64,
            "num_attention_heads": 64, "num_key_value_heads": 8, "num_local_experts": 128, "experts_per_token": 4,
            "intermediate_size": 2880, "vocab_size": 201_088, "sliding_window": 128});
        let mixtral = json!({"model_type": "mixtral", "num_hidden_layers": 32, "hidden_size": 4096,
            "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2,
            "intermediate_size": 14336, "vocab_size": 32_000, "sliding_window": null});
        let maverick = json!({"model_type": "llama4", "vision_config": {}, "text_config": {
            "model_type": "llama4_text", "num_hidden_layers": 48, "hidden_size": 5120, "num_attention_heads": 40,
            "num_key_value_heads": 8, "head_dim": 128, "attention_chunk_size": 8192, "num_local_experts": 128,
            "num_experts_per_tok": 1, "interleave_moe_layer_step": 2, "intermediate_size": 8192,
            "intermediate_size_mlp": 16384, "vocab_size": 202_048, "no_rope_layers": []}});
        let gemma = json!({"model_type": "gemma2", "num_hidden_layers": 46, "hidden_size": 4608, "head_dim": 128,
            "num_attention_heads": 32, "num_key_value_heads": 16, "intermediate_size": 36864, "vocab_size": 256_000,
            "sliding_window": 4096});
        for (config, id) in [
            (dense, "llama-3.1-405b"),
            (v32, "deepseek-v3.2"),
            (lite, "deepseek-v2-lite"),
            (glm, "glm-4.5-air"),
            (qwen, "qwen3-235b-a22b"),
            (olmoe, "olmoe-1b-7b"),
            (gpt, "gpt-oss-120b"),
            (mixtral, "mixtral-8x7b"),
            (maverick, "llama-4-maverick"),
            (gemma, "gemma-2-27b"),
        ] {
            let survey = asked(json!({"context": 100_000, "config": config.to_string()}));
            assert_eq!(survey.refused, None, "{id}");
            let (own, preset) = (model(&survey, "own"), model(&survey, id));
            assert_eq!((&own.schemes, &own.weights), (&preset.schemes, &preset.weights), "{id}");
            assert_eq!((&own.attention, own.room), (&preset.attention, preset.room), "{id}");
        }
    }

    #[test]
    fn a_config_that_cannot_be_read_is_refused_with_one_sentence() {
        for (config, sentence) in [
            ("{", "config.json is not JSON: EOF while parsing an object at line 1 column 1".to_string()),
            ("[1]", "config.json contains [1], expected an object with the model's settings".into()),
            ("{}", format!("config.json: model_type is missing, expected {}", crate::survey::model_shape::FAMILIES)),
            (
                r#"{"model_type": "bert"}"#,
                format!("config.json: model_type is \"bert\", expected {}", crate::survey::model_shape::FAMILIES),
            ),
            (
                r#"{"model_type": "llama"}"#,
                "config.json: num_hidden_layers is missing, expected a whole number from 1 to 1024".into(),
            ),
            (
                r#"{"model_type": "llama", "num_hidden_layers": 2, "num_attention_heads": 6, "num_key_value_heads": 4,
                "hidden_size": 60, "vocab_size": 10, "intermediate_size": 8}"#,
                "config.json: num_key_value_heads is 4, expected a divisor of num_attention_heads, 6".into(),
            ),
            (
                r#"{"model_type": "llama4", "text_config": {"model_type": "llama4_text", "num_hidden_layers": 0}}"#,
                "config.json: text_config.num_hidden_layers is 0, expected a whole number from 1 to 1024".into(),
            ),
        ] {
            let survey = asked(json!({"config": config}));
            assert_eq!(survey.refused, Some(sentence));
            assert_eq!(survey.models.len(), 28, "all other models are still there");
        }
    }

    #[test]
    fn an_error_in_the_presets_file_or_in_the_question_is_refused_with_one_sentence() {
        let fails = |presets: &[u8], question: &str| {
            let question = Question::from_json(question);
            question.and_then(|question| survey(presets, question, &page())).unwrap_err().to_string()
        };
        assert_eq!(
            fails(PRESETS, r#"{"context": 0}"#),
            "the survey's question: context is 0, expected a whole number from 1 to 10000000"
        );
        let question = r#"{"context": 1, "users": 1, "memory": 1, "bits": 16, "weights": 0}"#;
        assert_eq!(fails(b"{}", question), "presets.json, the file: presets is missing, expected an array of objects");
        assert_eq!(
            fails(br#"{"presets": [{"id": "x", "kv_bytes_per_token_bf16": 1}]}"#, question),
            "presets.json, x: presets[0].num_hidden_layers is missing, expected a whole number from 1 to 1024"
        );
        assert_eq!(
            fails(br#"{"presets": []}"#, question),
            "presets.json, deepseek-67b: expected an entry with a cache"
        );
    }
}
