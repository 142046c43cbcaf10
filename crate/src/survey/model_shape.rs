//! The dimensions of a published model that determine its cache and weight sizes. Covers more families than the engine
//! runs.
//!
//! The dimensions come from a Hugging Face `config.json`, whose field names depend on the model family (transformers'
//! `configuration_*.py`), or from an entry of `presets.json`. If a field is missing and the family has no default for
//! it, the model is refused or a size is `None`; no value is guessed.

#![warn(clippy::indexing_slicing)]

use crate::files::config::{Config, ConfigError};
use crate::json::{self, Fault, Node};

/// The dimensions that determine cache and weight sizes. Fields named as in `config.json` have the same meaning as in
/// `config.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shape {
    /// Number of decoder layers.
    pub num_hidden_layers: u64,
    /// Number of layers with experts.
    pub moe_layers: u64,
    /// Width of the residual stream.
    pub hidden_size: u64,
    /// Number of tokens in the vocabulary.
    pub vocab_size: u64,
    /// True if the head uses the embedding's table.
    pub tie_word_embeddings: bool,
    /// The dimensions of attention, which are the same in every layer.
    pub attention: Attention,
    /// Layers that see only the last tokens; `None` if every layer sees all tokens.
    pub window: Option<Window>,
    /// The experts of each layer that has experts.
    pub experts: Experts,
    /// Inner width of a dense layer's feed-forward network.
    pub intermediate_size: u64,
}

/// The attention of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attention {
    /// Multi-head latent attention: one latent and one RoPE key for all heads.
    Latent {
        /// Number of attention heads.
        heads: u64,
        /// Width of the compressed query; `None` if queries are not compressed.
        q_lora_rank: Option<u64>,
        /// Width of the latent c_KV.
        kv_lora_rank: u64,
        /// Width of the shared RoPE key.
        qk_rope_head_dim: u64,
        /// Width of a head's key without the RoPE part.
        qk_nope_head_dim: u64,
        /// Width of a head's value.
        v_head_dim: u64,
        /// True if the projections have biases.
        biased: bool,
        /// The indexer of DeepSeek Sparse Attention, which stores its own keys.
        indexer: Option<Indexer>,
    },
    /// A key and a value per key-value head: MHA, GQA and MQA.
    Heads {
        /// Number of attention heads.
        heads: u64,
        /// Number of key-value heads.
        kv_heads: u64,
        /// Width of a head.
        head_dim: u64,
    },
}

/// The lightning indexer of DeepSeek-V3.2 (inference/model.py, `Indexer`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Indexer {
    /// Number of the indexer's heads.
    pub heads: u64,
    /// Width of the indexer's key, which all heads of the indexer share.
    pub head_dim: u64,
    /// Number of layers with their own indexer; `None` if not known.
    pub layers: Option<u64>,
}

/// Layers that see only the last tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// Maximum number of tokens that such a layer stores.
    pub size: u64,
    /// Number of such layers.
    pub layers: u64,
    /// True if the window moves in chunks (Llama 4), false if it slides.
    pub chunked: bool,
}

/// The experts of one layer; all 0 if the model has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Experts {
    /// Number of routed experts.
    pub routed: u64,
    /// Number of routed experts chosen per token.
    pub chosen: u64,
    /// Number of shared experts.
    pub shared: u64,
    /// Inner width of one expert.
    pub width: u64,
}

// Largest accepted values: far above published models, and small enough that no product overflows 64 bits.
const MOST_LAYERS: usize = 1024;
const MOST_EXPERTS: usize = 4096;
const MOST_HIDDEN: usize = 1 << 17;
const MOST_WIDTH: usize = 1 << 20;
const MOST_RANK: usize = 1 << 16;
const MOST_HEAD: usize = 4096;
const MOST_HEADS: usize = 4096;
const MOST_VOCABULARY: usize = 1 << 22;
const MOST_CONTEXT: usize = 1 << 24;
const MOST_SHARED: usize = 64;

impl Attention {
    /// The kind of attention, in the words of `presets.json`: "mla", for example.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Latent { indexer: None, .. } => "mla",
            Self::Latent { indexer: Some(_), .. } => "mla+dsa",
            Self::Heads { heads, kv_heads, .. } if heads == kv_heads => "mha",
            Self::Heads { kv_heads: 1, .. } => "mqa",
            Self::Heads { .. } => "gqa",
        }
    }
}

impl Shape {
    /// Number of layers without experts.
    pub fn dense_layers(&self) -> u64 {
        self.num_hidden_layers.saturating_sub(self.moe_layers)
    }

    /// Number of layers that store every token.
    pub fn growing_layers(&self) -> u64 {
        self.num_hidden_layers.saturating_sub(self.window.map_or(0, |window| window.layers))
    }

    /// The kind of attention, and the kind of window if there is one, in the words of `presets.json`: "gqa+swa", for
    /// example.
    pub fn kind(&self) -> String {
        let suffix = match self.window {
            None => "",
            Some(Window { chunked: false, .. }) => "+swa",
            Some(Window { chunked: true, .. }) => "+chunked",
        };
        format!("{}{suffix}", self.attention.kind())
    }

    /// The shape of a model that the engine runs.
    pub fn of(config: &Config) -> Self {
        Self {
            num_hidden_layers: config.num_hidden_layers as u64,
            moe_layers: config.moe_layers() as u64,
            hidden_size: config.hidden_size as u64,
            vocab_size: config.vocab_size as u64,
            tie_word_embeddings: config.tie_word_embeddings,
            attention: Attention::Latent {
                heads: config.num_attention_heads as u64,
                q_lora_rank: config.q_lora_rank.map(|rank| rank as u64),
                kv_lora_rank: config.kv_lora_rank as u64,
                qk_rope_head_dim: config.qk_rope_head_dim as u64,
                qk_nope_head_dim: config.qk_nope_head_dim as u64,
                v_head_dim: config.v_head_dim as u64,
                biased: config.attention_bias,
                indexer: None,
            },
            window: None,
            experts: Experts {
                routed: config.n_routed_experts as u64,
                chosen: config.num_experts_per_tok as u64,
                shared: config.n_shared_experts as u64,
                width: config.moe_intermediate_size as u64,
            },
            intermediate_size: config.intermediate_size as u64,
        }
    }

    /// Reads a `config.json` of one of the [`FAMILIES`].
    ///
    /// # Errors
    /// [`ConfigError`] if the text is not a JSON object, the family is not supported, or a field is missing or has an
    /// impossible value.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ConfigError> {
        let value = json::parse(bytes)?;
        let file = Node::root(&value);
        file.object()?;
        // A multimodal model has the settings of its language model in `text_config`.
        let file = file.optional_object("text_config")?.unwrap_or(file);
        let family = family_of(&file)?;
        let num_hidden_layers = count(&file, "num_hidden_layers", MOST_LAYERS)?;
        let (moe_layers, experts) = read_experts(&file, family, num_hidden_layers)?;
        let dense = match family {
            Family::Llama4 => "intermediate_size_mlp",
            _ => "intermediate_size",
        };
        let shape = Self {
            num_hidden_layers,
            moe_layers,
            attention: read_attention(&file, family, num_hidden_layers)?,
            window: read_window(&file, family, num_hidden_layers)?,
            experts,
            hidden_size: count(&file, "hidden_size", MOST_HIDDEN)?,
            vocab_size: count(&file, "vocab_size", MOST_VOCABULARY)?,
            tie_word_embeddings: file.flag("tie_word_embeddings", family == Family::Gemma2)?,
            intermediate_size: if moe_layers == num_hidden_layers { 0 } else { count(&file, dense, MOST_WIDTH)? },
        };
        shape.check()?;
        Ok(shape)
    }

    /// Reads an entry of `presets.json`. The entry must have cache figures.
    pub(crate) fn from_preset(entry: &Node<'_>) -> Result<Self, Fault> {
        let num_hidden_layers = count(entry, "num_hidden_layers", MOST_LAYERS)?;
        let attention = if entry.has("kv_lora_rank") {
            let mut attention = read_latent(entry)?;
            // If layers share indexers, the preset has no count of weights, and does not say how many layers have their
            // own indexer.
            let layers = entry.has("params_total_computed").then_some(num_hidden_layers);
            if let (Attention::Latent { indexer, .. }, Some("mla+dsa")) =
                (&mut attention, entry.optional_text("attention")?)
            {
                *indexer = entry.optional_object("extra")?.map(|extra| read_indexer(&extra, layers)).transpose()?;
            }
            attention
        } else {
            Attention::Heads {
                heads: count(entry, "num_attention_heads", MOST_HEADS)?,
                kv_heads: count(entry, "num_key_value_heads", MOST_HEADS)?,
                head_dim: count(entry, "head_dim", MOST_HEAD)?,
            }
        };
        let chunked = entry.has("chunked_layers");
        let (size, layers) =
            if chunked { ("attention_chunk_size", "chunked_layers") } else { ("sliding_window", "sliding_layers") };
        let moe_layers = count_from(0, entry, "n_moe_layers", MOST_LAYERS)?;
        let experts = match moe_layers {
            0 => Experts::default(),
            _ => Experts {
                routed: count(entry, "n_routed_experts", MOST_EXPERTS)?,
                chosen: count(entry, "num_experts_per_tok", MOST_EXPERTS)?,
                shared: count_from(0, entry, "n_shared_experts", MOST_SHARED)?,
                width: count(entry, "moe_intermediate_size", MOST_WIDTH)?,
            },
        };
        let shape = Self {
            num_hidden_layers,
            moe_layers,
            attention,
            window: match entry.has(layers) {
                true => Some(Window {
                    size: count(entry, size, MOST_CONTEXT)?,
                    layers: count(entry, layers, MOST_LAYERS)?,
                    chunked,
                }),
                false => None,
            },
            experts,
            hidden_size: count(entry, "hidden_size", MOST_HIDDEN)?,
            vocab_size: count(entry, "vocab_size", MOST_VOCABULARY)?,
            tie_word_embeddings: entry.flag("tie_word_embeddings", false)?,
            intermediate_size: match moe_layers == num_hidden_layers {
                true => 0,
                false => count(entry, "dense_intermediate_size", MOST_WIDTH)?,
            },
        };
        shape.check()?;
        Ok(shape)
    }

    /// Checks fields against each other.
    fn check(&self) -> Result<(), Fault> {
        let fail = |field: &str, found: u64, expected: String| {
            Err(Fault::Impossible { field: field.into(), found: found.to_string(), expected })
        };
        let Experts { routed, chosen, .. } = self.experts;
        if chosen > routed {
            return fail("num_experts_per_tok", chosen, format!("at most the {routed} routed experts"));
        }
        match self.attention {
            Attention::Heads { heads, kv_heads, .. } if !heads.is_multiple_of(kv_heads) => {
                fail("num_key_value_heads", kv_heads, format!("a divisor of num_attention_heads, {heads}"))
            }
            _ => Ok(()),
        }
    }
}

/// The model families: within a family, the fields of `config.json` have the same meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Latent attention and DeepSeek's experts. The first layers can be dense.
    Latent,
    /// Like `Latent`, with DeepSeek Sparse Attention. `shared` is true if several layers share one indexer.
    Sparse {
        shared: bool,
    },
    /// Key-value heads and DeepSeek's experts. The first layers can be dense.
    Glm,
    /// Key-value heads; experts in every n-th layer.
    Qwen3Moe,
    /// Key-value heads; experts in all layers; `intermediate_size` is an expert's width. `alternating` is true if every
    /// second layer has a window.
    AllExperts {
        alternating: bool,
    },
    Llama4,
    /// Key-value heads; no experts.
    Dense,
    /// Key-value heads; no experts; every second layer has a sliding window; the head uses the embedding's table.
    Gemma2,
}

/// The supported model types.
pub const FAMILIES: &str = "\"deepseek_v2\", \"deepseek_v3\", \"deepseek_v32\", \"kimi_k2\", \"glm_moe_dsa\", \
     \"glm4_moe\", \"qwen2\", \"qwen3\", \"qwen3_moe\", \"mistral\", \"mixtral\", \"olmoe\", \"gpt_oss\", \"llama\", \
     \"llama4\" or \"gemma2\"";

fn family_of(file: &Node<'_>) -> Result<Family, Fault> {
    let model_type = file.required("model_type", FAMILIES)?;
    Ok(match model_type.text()? {
        "deepseek_v2" | "deepseek_v3" | "kimi_k2" => Family::Latent,
        "deepseek_v32" => Family::Sparse { shared: false },
        "glm_moe_dsa" => Family::Sparse { shared: true },
        "glm4_moe" => Family::Glm,
        "qwen3_moe" => Family::Qwen3Moe,
        "mixtral" | "olmoe" => Family::AllExperts { alternating: false },
        "gpt_oss" => Family::AllExperts { alternating: true },
        "llama4" | "llama4_text" => Family::Llama4,
        "llama" | "mistral" | "qwen2" | "qwen3" => Family::Dense,
        "gemma2" => Family::Gemma2,
        _ => return Err(model_type.impossible(FAMILIES)),
    })
}

fn read_attention(file: &Node<'_>, family: Family, layers: u64) -> Result<Attention, Fault> {
    Ok(match family {
        Family::Latent => read_latent(file)?,
        Family::Sparse { shared } => {
            let mut attention = read_latent(file)?;
            // If layers share indexers, only `indexer_types` says which layers have an indexer of their own.
            let layers = if shared { occurrences(file, "indexer_types", "full")? } else { Some(layers) };
            if let Attention::Latent { indexer, .. } = &mut attention {
                *indexer = Some(read_indexer(file, layers)?);
            }
            attention
        }
        _ => {
            let heads = count(file, "num_attention_heads", MOST_HEADS)?;
            let hidden = count(file, "hidden_size", MOST_HIDDEN)?;
            // A Llama or OLMoE file may omit `num_key_value_heads`; every head then has its own key and value. If
            // `head_dim` is missing, a head's width is `hidden_size` divided by the number of heads.
            let old = matches!(file.optional_text("model_type")?, Some("llama" | "olmoe"));
            let even = hidden.is_multiple_of(heads).then_some(hidden / heads);
            Attention::Heads {
                heads,
                kv_heads: count_or(file, "num_key_value_heads", MOST_HEADS, old.then_some(heads))?,
                head_dim: count_or(file, "head_dim", MOST_HEAD, even.filter(|&each| each > 0))?,
            }
        }
    })
}

/// Reads the dimensions of latent attention. `indexer` is `None`.
fn read_latent(file: &Node<'_>) -> Result<Attention, Fault> {
    Ok(Attention::Latent {
        heads: count(file, "num_attention_heads", MOST_HEADS)?,
        q_lora_rank: match file.is_null("q_lora_rank") {
            true => None,
            false => Some(count(file, "q_lora_rank", MOST_RANK)?),
        },
        kv_lora_rank: count(file, "kv_lora_rank", MOST_RANK)?,
        qk_rope_head_dim: count(file, "qk_rope_head_dim", MOST_HEAD)?,
        qk_nope_head_dim: count(file, "qk_nope_head_dim", MOST_HEAD)?,
        v_head_dim: count(file, "v_head_dim", MOST_HEAD)?,
        biased: file.flag("attention_bias", false)?,
        indexer: None,
    })
}

/// Reads an indexer from the object that has the indexer's fields.
fn read_indexer(fields: &Node<'_>, layers: Option<u64>) -> Result<Indexer, Fault> {
    Ok(Indexer {
        heads: count(fields, "index_n_heads", MOST_HEADS)?,
        head_dim: count(fields, "index_head_dim", MOST_HEAD)?,
        layers,
    })
}

/// The number of layers with experts, and the experts of such a layer.
fn read_experts(file: &Node<'_>, family: Family, layers: u64) -> Result<(u64, Experts), Fault> {
    let either = |one: &'static str, other: &'static str| if file.has(other) { other } else { one };
    let (moe_layers, routed, shared, width) = match family {
        Family::Dense | Family::Gemma2 => return Ok((0, Experts::default())),
        Family::Latent | Family::Sparse { .. } | Family::Glm => {
            let first = count_from(0, file, "first_k_dense_replace", MOST_LAYERS)?;
            let every = count_or(file, "moe_layer_freq", MOST_LAYERS, Some(1))?;
            let moe_layers = (first..layers).filter(|layer| layer.is_multiple_of(every)).count() as u64;
            let none = file.is_null("n_shared_experts");
            let shared = if none { 0 } else { count_from(0, file, "n_shared_experts", MOST_SHARED)? };
            (moe_layers, "n_routed_experts", shared, "moe_intermediate_size")
        }
        Family::Qwen3Moe => {
            let every = count_or(file, "decoder_sparse_step", MOST_LAYERS, Some(1))?;
            let dense = whole_numbers(file, "mlp_only_layers")?;
            let has = |layer: &u64| (layer + 1).is_multiple_of(every) && !dense.contains(layer);
            ((0..layers).filter(has).count() as u64, "num_experts", 0, "moe_intermediate_size")
        }
        Family::AllExperts { .. } => (layers, either("num_local_experts", "num_experts"), 0, "intermediate_size"),
        Family::Llama4 => {
            let every = count_or(file, "interleave_moe_layer_step", MOST_LAYERS, Some(1))?;
            let moe_layers = match file.has("moe_layers") {
                true => whole_numbers(file, "moe_layers")?.iter().filter(|&&layer| layer < layers).count() as u64,
                false => layers / every,
            };
            (moe_layers, "num_local_experts", 1, "intermediate_size")
        }
    };
    let experts = Experts {
        routed: count(file, routed, MOST_EXPERTS)?,
        chosen: count(file, either("num_experts_per_tok", "experts_per_token"), MOST_EXPERTS)?,
        shared,
        width: count(file, width, MOST_WIDTH)?,
    };
    Ok((moe_layers, experts))
}

/// The layers that see only the last tokens. They are counted in `layer_types`; if the field is missing, by the rule of
/// the family.
fn read_window(file: &Node<'_>, family: Family, layers: u64) -> Result<Option<Window>, Fault> {
    let chunked = family == Family::Llama4;
    let field = if chunked { "attention_chunk_size" } else { "sliding_window" };
    if !file.has(field) || !file.flag("use_sliding_window", true)? {
        return Ok(None);
    }
    let size = count(file, field, MOST_CONTEXT)?;
    let named = occurrences(file, "layer_types", if chunked { "chunked_attention" } else { "sliding_attention" })?;
    let windowed = match (named, family) {
        (Some(named), _) => named,
        (None, Family::AllExperts { alternating: true } | Family::Gemma2) => layers.div_ceil(2),
        // A layer with RoPE sees only its chunk; a layer without RoPE sees all tokens. In `no_rope_layers`, 1 means
        // with RoPE.
        (None, Family::Llama4) => {
            let rope = whole_numbers(file, "no_rope_layers")?;
            match rope.is_empty() {
                true => layers - layers / count_or(file, "no_rope_layer_interval", MOST_LAYERS, Some(4))?,
                false => rope.iter().filter(|&&has| has != 0).count() as u64,
            }
        }
        (None, _) if file.has("max_window_layers") => {
            layers.saturating_sub(count_from(0, file, "max_window_layers", MOST_LAYERS)?)
        }
        (None, _) => layers,
    };
    let windowed = windowed.min(layers);
    Ok((windowed > 0).then_some(Window { size, layers: windowed, chunked }))
}

/// A required count of at least 1.
fn count(node: &Node<'_>, field: &str, most: usize) -> Result<u64, Fault> {
    count_from(1, node, field, most)
}

/// A required count of at least `least`.
fn count_from(least: usize, node: &Node<'_>, field: &str, most: usize) -> Result<u64, Fault> {
    Ok(node.count(field, least..=most)? as u64)
}

/// A count of at least 1. If `default` is `None`, the field is required.
fn count_or(node: &Node<'_>, field: &str, most: usize, default: Option<u64>) -> Result<u64, Fault> {
    match default {
        Some(default) if !node.has(field) => Ok(default),
        _ => count(node, field, most),
    }
}

/// An array of whole numbers; empty if the field is absent.
fn whole_numbers(node: &Node<'_>, field: &str) -> Result<Vec<u64>, Fault> {
    let numbers = node.get(field).map(|field| field.wholes()).transpose()?.unwrap_or_default();
    Ok(numbers.into_iter().map(|number| number as u64).collect())
}

/// How often a word occurs in an array of words; `None` if the field is absent.
fn occurrences(node: &Node<'_>, field: &str, wanted: &str) -> Result<Option<u64>, Fault> {
    let words = node.get(field).map(|field| field.texts()).transpose()?;
    Ok(words.map(|words| words.into_iter().filter(|&word| word == wanted).count() as u64))
}
