//! The shape of a published model, as far as its cache and its weights hang on it: more families than the engine runs.
//!
//! Read from a Hugging Face `config.json`, in the field names of its family (transformers' `configuration_*.py`), or from
//! an entry of `presets.json`. What is not there is refused or unknown; nothing is guessed.

#![warn(clippy::indexing_slicing)]

use crate::files::config::{Config, ConfigError, Fields, object_of};
use serde_json::Value;
use std::cell::RefCell;

/// What of a model its cache and its weights hang on. Counts and widths are those of `config.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Decoder layers.
    pub num_hidden_layers: u64,
    /// Those that have experts.
    pub moe_layers: u64,
    /// Width of the residual stream.
    pub hidden_size: u64,
    /// Tokens in the vocabulary.
    pub vocab_size: u64,
    /// Whether the head is the embedding.
    pub tie_word_embeddings: bool,
    /// What a layer keeps of a token.
    pub attention: Attention,
    /// Layers that see only the last tokens; none where every layer sees all.
    pub window: Option<Window>,
    /// The experts of a layer that has them.
    pub experts: Experts,
    /// Width of a dense layer's feed-forward network.
    pub intermediate_size: u64,
}

/// How a layer attends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attention {
    /// Multi-head latent attention: one latent and one RoPE key for all heads.
    Latent {
        /// Attention heads.
        heads: u64,
        /// Width of the compressed query; `None` where queries are not compressed.
        q_lora_rank: Option<u64>,
        /// Width of the latent c_KV.
        kv_lora_rank: u64,
        /// Width of the shared RoPE key.
        qk_rope_head_dim: u64,
        /// Width of a head's key without it.
        qk_nope_head_dim: u64,
        /// Width of a head's value.
        v_head_dim: u64,
        /// Whether the projections have biases.
        biased: bool,
        /// DeepSeek Sparse Attention's indexer, which keeps keys of its own.
        indexer: Option<Indexer>,
    },
    /// A key and a value for each key-value head: MHA, GQA and MQA.
    Heads {
        /// Attention heads.
        heads: u64,
        /// Key-value heads.
        kv_heads: u64,
        /// Width of a head.
        head_dim: u64,
    },
}

/// The lightning indexer of DeepSeek-V3.2 (inference/model.py, `Indexer`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexer {
    /// Its heads.
    pub heads: u64,
    /// Width of its one key.
    pub head_dim: u64,
    /// Layers that have one of their own; `None` where that is not known.
    pub layers: Option<u64>,
}

/// Layers that see only the last tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Tokens that such a layer keeps at most.
    pub size: u64,
    /// How many such layers.
    pub layers: u64,
    /// Whether tokens are seen by chunks (Llama 4), else the window slides.
    pub chunked: bool,
}

/// The experts of one layer; all 0 where the model has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Experts {
    /// Routed experts.
    pub routed: u64,
    /// Routed experts chosen for a token.
    pub chosen: u64,
    /// Shared experts.
    pub shared: u64,
    /// Width of one.
    pub width: u64,
}

/// Largest values: far above what is published, so that no product overflows 64 bits.
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
    /// The kind in a word, as `presets.json` has it.
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
    /// Layers without experts.
    pub fn dense_layers(&self) -> u64 {
        self.num_hidden_layers.saturating_sub(self.moe_layers)
    }

    /// Layers that keep every token.
    pub fn growing_layers(&self) -> u64 {
        self.num_hidden_layers.saturating_sub(self.window.map_or(0, |window| window.layers))
    }

    /// The kind of attention in words, as `presets.json` has it.
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
    /// [`ConfigError`] where the text is no JSON object, the family is another, or a field is missing or impossible.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ConfigError> {
        let object = object_of(bytes)?;
        let file = Fields { object: &object, parent: "" };
        // A model that also sees has its language model's settings inside.
        let file = Reader::new(file.object_field("text_config")?.unwrap_or(file));
        let family = family_of(&file)?;
        let num_hidden_layers = file.count("num_hidden_layers", MOST_LAYERS);
        let (moe_layers, experts) = read_experts(&file, family, num_hidden_layers);
        let dense = match family {
            Family::Llama4 => "intermediate_size_mlp",
            _ => "intermediate_size",
        };
        file.checked(Self {
            num_hidden_layers,
            moe_layers,
            attention: read_attention(&file, family, num_hidden_layers),
            window: read_window(&file, family, num_hidden_layers),
            experts,
            hidden_size: file.count("hidden_size", MOST_HIDDEN),
            vocab_size: file.count("vocab_size", MOST_VOCABULARY),
            tie_word_embeddings: file.flag("tie_word_embeddings", family == Family::Gemma2),
            intermediate_size: if moe_layers == num_hidden_layers { 0 } else { file.count(dense, MOST_WIDTH) },
        })
    }

    /// Reads an entry of `presets.json` whose cache is said to be known.
    pub(crate) fn from_preset(entry: &Reader<'_>) -> Result<Self, ConfigError> {
        let num_hidden_layers = entry.count("num_hidden_layers", MOST_LAYERS);
        let attention = if entry.has("kv_lora_rank") {
            let mut attention = read_latent(entry);
            // Where layers share indexers the preset has no count of weights, and does not say which.
            let layers = entry.has("params_total_computed").then_some(num_hidden_layers);
            if let (Attention::Latent { indexer, .. }, Some("mla+dsa")) = (&mut attention, entry.text("attention")) {
                *indexer = entry.object("extra").map(|extra| read_indexer(entry, &extra, layers));
            }
            attention
        } else {
            Attention::Heads {
                heads: entry.count("num_attention_heads", MOST_HEADS),
                kv_heads: entry.count("num_key_value_heads", MOST_HEADS),
                head_dim: entry.count("head_dim", MOST_HEAD),
            }
        };
        let chunked = entry.has("chunked_layers");
        let (size, layers) =
            if chunked { ("attention_chunk_size", "chunked_layers") } else { ("sliding_window", "sliding_layers") };
        let moe_layers = entry.from(0, "n_moe_layers", MOST_LAYERS);
        let experts = match moe_layers {
            0 => Experts::default(),
            _ => Experts {
                routed: entry.count("n_routed_experts", MOST_EXPERTS),
                chosen: entry.count("num_experts_per_tok", MOST_EXPERTS),
                shared: entry.from(0, "n_shared_experts", MOST_SHARED),
                width: entry.count("moe_intermediate_size", MOST_WIDTH),
            },
        };
        entry.checked(Self {
            num_hidden_layers,
            moe_layers,
            attention,
            window: entry.has(layers).then(|| Window {
                size: entry.count(size, MOST_CONTEXT),
                layers: entry.count(layers, MOST_LAYERS),
                chunked,
            }),
            experts,
            hidden_size: entry.count("hidden_size", MOST_HIDDEN),
            vocab_size: entry.count("vocab_size", MOST_VOCABULARY),
            tie_word_embeddings: entry.flag("tie_word_embeddings", false),
            intermediate_size: match moe_layers == num_hidden_layers {
                true => 0,
                false => entry.count("dense_intermediate_size", MOST_WIDTH),
            },
        })
    }

    /// What must hold between fields.
    fn check(&self) -> Result<(), ConfigError> {
        let fail = |field: &str, found: u64, expected: String| {
            Err(ConfigError::Impossible { field: field.into(), found: found.to_string(), expected })
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

/// Families of models whose `config.json` is read, by what their fields mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Latent attention; the first layers are dense.
    Latent,
    /// Latent attention with DeepSeek Sparse Attention; whether its layers share indexers is the family's.
    Sparse {
        shared: bool,
    },
    /// Key-value heads, DeepSeek's experts; the first layers are dense.
    Glm,
    /// Experts in every so many layers.
    Qwen3Moe,
    /// Experts in all layers; `intermediate_size` is an expert's width. Whether its window is every other layer's.
    AllExperts {
        alternating: bool,
    },
    Llama4,
    /// No experts.
    Dense,
    /// No experts; every other layer has a sliding window; the head is the embedding.
    Gemma2,
}

/// The model types that are read.
pub const FAMILIES: &str = "\"deepseek_v2\", \"deepseek_v3\", \"deepseek_v32\", \"kimi_k2\", \"glm_moe_dsa\", \
     \"glm4_moe\", \"qwen2\", \"qwen3\", \"qwen3_moe\", \"mistral\", \"mixtral\", \"olmoe\", \"gpt_oss\", \"llama\", \
     \"llama4\" or \"gemma2\"";

fn family_of(file: &Reader<'_>) -> Result<Family, ConfigError> {
    let field = || file.fields.path("model_type");
    Ok(match file.fields.text("model_type")? {
        Some("deepseek_v2" | "deepseek_v3" | "kimi_k2") => Family::Latent,
        Some("deepseek_v32") => Family::Sparse { shared: false },
        Some("glm_moe_dsa") => Family::Sparse { shared: true },
        Some("glm4_moe") => Family::Glm,
        Some("qwen3_moe") => Family::Qwen3Moe,
        Some("mixtral" | "olmoe") => Family::AllExperts { alternating: false },
        Some("gpt_oss") => Family::AllExperts { alternating: true },
        Some("llama4" | "llama4_text") => Family::Llama4,
        Some("llama" | "mistral" | "qwen2" | "qwen3") => Family::Dense,
        Some("gemma2") => Family::Gemma2,
        Some(other) => {
            let found = format!("{other:?}");
            return Err(ConfigError::Impossible { field: field(), found, expected: FAMILIES.into() });
        }
        None => return Err(ConfigError::Missing { field: field(), expected: FAMILIES.into() }),
    })
}

fn read_attention(file: &Reader<'_>, family: Family, layers: u64) -> Attention {
    match family {
        Family::Latent => read_latent(file),
        Family::Sparse { shared } => {
            let mut attention = read_latent(file);
            // Which layers have an indexer of their own is said, or unknown.
            let layers = if shared { file.counted("indexer_types", "full") } else { Some(layers) };
            if let Attention::Latent { indexer, .. } = &mut attention {
                *indexer = Some(read_indexer(file, &file.fields, layers));
            }
            attention
        }
        _ => {
            let heads = file.count("num_attention_heads", MOST_HEADS);
            let hidden = file.count("hidden_size", MOST_HIDDEN);
            // Llama's and OLMoE's first files say neither: as many key-value heads as heads, of the stream's width together.
            let old = matches!(file.text("model_type"), Some("llama" | "olmoe"));
            let even = hidden.is_multiple_of(heads).then_some(hidden / heads);
            Attention::Heads {
                heads,
                kv_heads: file.count_or("num_key_value_heads", MOST_HEADS, old.then_some(heads)),
                head_dim: file.count_or("head_dim", MOST_HEAD, even.filter(|&each| each > 0)),
            }
        }
    }
}

/// Latent attention without an indexer.
fn read_latent(file: &Reader<'_>) -> Attention {
    Attention::Latent {
        heads: file.count("num_attention_heads", MOST_HEADS),
        q_lora_rank: (!file.says_none("q_lora_rank")).then(|| file.count("q_lora_rank", MOST_RANK)),
        kv_lora_rank: file.count("kv_lora_rank", MOST_RANK),
        qk_rope_head_dim: file.count("qk_rope_head_dim", MOST_HEAD),
        qk_nope_head_dim: file.count("qk_nope_head_dim", MOST_HEAD),
        v_head_dim: file.count("v_head_dim", MOST_HEAD),
        biased: file.flag("attention_bias", false),
        indexer: None,
    }
}

/// An indexer, whose fields stand somewhere in the file.
fn read_indexer(file: &Reader<'_>, fields: &Fields<'_>, layers: Option<u64>) -> Indexer {
    Indexer {
        heads: file.count_in(fields, "index_n_heads", 1, MOST_HEADS),
        head_dim: file.count_in(fields, "index_head_dim", 1, MOST_HEAD),
        layers,
    }
}

/// How many layers have experts, and those.
fn read_experts(file: &Reader<'_>, family: Family, layers: u64) -> (u64, Experts) {
    let either = |one: &'static str, other: &'static str| if file.has(other) { other } else { one };
    let (moe_layers, routed, shared, width) = match family {
        Family::Dense | Family::Gemma2 => return (0, Experts::default()),
        Family::Latent | Family::Sparse { .. } | Family::Glm => {
            let first = file.from(0, "first_k_dense_replace", MOST_LAYERS);
            let every = file.count_or("moe_layer_freq", MOST_LAYERS, Some(1));
            let moe_layers = (first..layers).filter(|layer| layer.is_multiple_of(every)).count() as u64;
            let none = file.says_none("n_shared_experts");
            let shared = if none { 0 } else { file.from(0, "n_shared_experts", MOST_SHARED) };
            (moe_layers, "n_routed_experts", shared, "moe_intermediate_size")
        }
        Family::Qwen3Moe => {
            let every = file.count_or("decoder_sparse_step", MOST_LAYERS, Some(1));
            let dense = file.numbers("mlp_only_layers");
            let has = |layer: &u64| (layer + 1).is_multiple_of(every) && !dense.contains(layer);
            ((0..layers).filter(has).count() as u64, "num_experts", 0, "moe_intermediate_size")
        }
        Family::AllExperts { .. } => (layers, either("num_local_experts", "num_experts"), 0, "intermediate_size"),
        Family::Llama4 => {
            let every = file.count_or("interleave_moe_layer_step", MOST_LAYERS, Some(1));
            let moe_layers = match file.has("moe_layers") {
                true => file.numbers("moe_layers").iter().filter(|&&layer| layer < layers).count() as u64,
                false => layers / every,
            };
            (moe_layers, "num_local_experts", 1, "intermediate_size")
        }
    };
    let experts = Experts {
        routed: file.count(routed, MOST_EXPERTS),
        chosen: file.count(either("num_experts_per_tok", "experts_per_token"), MOST_EXPERTS),
        shared,
        width: file.count(width, MOST_WIDTH),
    };
    (moe_layers, experts)
}

/// Layers that see only the last tokens: as the file names each layer, else as the family has them.
fn read_window(file: &Reader<'_>, family: Family, layers: u64) -> Option<Window> {
    let chunked = family == Family::Llama4;
    let field = if chunked { "attention_chunk_size" } else { "sliding_window" };
    if !file.has(field) || !file.flag("use_sliding_window", true) {
        return None;
    }
    let size = file.count(field, MOST_CONTEXT);
    let named = file.counted("layer_types", if chunked { "chunked_attention" } else { "sliding_attention" });
    let windowed = named.unwrap_or_else(|| match family {
        Family::AllExperts { alternating: true } | Family::Gemma2 => layers.div_ceil(2),
        // Layers without RoPE see everything; the others see their chunk.
        Family::Llama4 => {
            let rope = file.numbers("no_rope_layers");
            match rope.is_empty() {
                true => layers - layers / file.count_or("no_rope_layer_interval", MOST_LAYERS, Some(4)),
                false => rope.iter().filter(|&&has| has != 0).count() as u64,
            }
        }
        _ => layers.saturating_sub(match file.has("max_window_layers") {
            true => file.from(0, "max_window_layers", MOST_LAYERS),
            false => 0,
        }),
    });
    let windowed = windowed.min(layers);
    (windowed > 0).then_some(Window { size, layers: windowed, chunked })
}

/// Reads fields one after another, and remembers the first that is wrong: what is read after it does not count.
pub(crate) struct Reader<'a> {
    pub(crate) fields: Fields<'a>,
    wrong: RefCell<Option<ConfigError>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(fields: Fields<'a>) -> Self {
        Self { fields, wrong: RefCell::new(None) }
    }

    /// What was read, if nothing was wrong.
    pub(crate) fn done<T>(&self, read: T) -> Result<T, ConfigError> {
        self.wrong.take().map_or(Ok(read), Err)
    }

    fn checked(&self, shape: Shape) -> Result<Shape, ConfigError> {
        let shape = self.done(shape)?;
        shape.check().map(|()| shape)
    }

    fn or<T>(&self, read: Result<T, ConfigError>, placeholder: T) -> T {
        read.unwrap_or_else(|error| {
            self.wrong.borrow_mut().get_or_insert(error);
            placeholder
        })
    }

    fn has(&self, field: &str) -> bool {
        self.fields.present(field).is_some()
    }

    /// Whether the file says that there is none.
    fn says_none(&self, field: &str) -> bool {
        self.fields.object.get(field).is_some_and(Value::is_null)
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        self.or(self.fields.text(field), None)
    }

    fn flag(&self, field: &str, default: bool) -> bool {
        self.or(self.fields.flag(field, default), default)
    }

    fn object(&self, field: &'static str) -> Option<Fields<'a>> {
        self.or(self.fields.object_field(field), None)
    }

    /// A count from 1.
    fn count(&self, field: &str, most: usize) -> u64 {
        self.from(1, field, most)
    }

    pub(crate) fn from(&self, least: usize, field: &str, most: usize) -> u64 {
        self.count_in(&self.fields, field, least, most)
    }

    /// A count from 1 that is `default` where the file has none, and must be there where there is no default.
    fn count_or(&self, field: &str, most: usize, default: Option<u64>) -> u64 {
        match default {
            Some(default) if !self.has(field) => default,
            _ => self.count(field, most),
        }
    }

    #[inline(never)]
    fn count_in(&self, fields: &Fields<'_>, field: &str, least: usize, most: usize) -> u64 {
        self.or(fields.count(field, least..=most), 1) as u64
    }

    /// A list of whole numbers; empty where there is none.
    fn numbers(&self, field: &str) -> Vec<u64> {
        self.list(field, "a list of whole numbers", |each| each.as_u64()).unwrap_or_default()
    }

    /// How often a word stands in a list of words.
    fn counted(&self, field: &str, wanted: &str) -> Option<u64> {
        let is = self.list(field, "a list of words", |each| each.as_str().map(|word| u64::from(word == wanted)))?;
        Some(is.iter().sum())
    }

    #[inline(never)]
    fn list(&self, field: &str, expected: &str, read: impl Fn(&Value) -> Option<u64>) -> Option<Vec<u64>> {
        let value = self.fields.present(field)?;
        match value.as_array().and_then(|each| each.iter().map(read).collect()) {
            Some(read) => Some(read),
            None => self.or(self.fields.impossible(field, value, expected), None),
        }
    }
}
