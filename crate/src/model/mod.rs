//! The model: embedding, layers, final norm and head. It runs one token at a time.
//!
//! A layer is pre-norm: `x += attention(norm(x)); x += ffn(norm(x))` (transformers, `DeepseekV3DecoderLayer`).

pub mod cache;
pub mod cache_format;
pub mod feed_forward;
pub mod intervention;
pub mod mla;
pub mod moe;
pub mod norm;
pub mod rope;
pub mod router;

use crate::files::checkpoint::{Checkpoint, CheckpointError};
use crate::files::config::{Config, ConfigError};
use crate::kernel;
use crate::model::cache::{CacheKind, Caches};
use crate::model::feed_forward::FeedForward;
use crate::model::intervention::Intervention;
use crate::model::mla::{Mla, MlaBuffers};
use crate::model::moe::{MixtureDetail, Moe, MoeBuffers};
use crate::model::norm::RmsNorm;
use crate::model::rope::{Angles, Rope};
use crate::model::router::GateSettings;
use crate::record::{Detail, DetailSizes, Route};
use ndarray::{Array, Array1, Array2, ArrayView1, Axis, Dimension, s};
use std::path::Path;

/// Why a folder cannot be opened as a model; the message names the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// An error in `config.json`.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An error in `model.safetensors`.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// A model: its config and its weights. Running a step does not modify the model, so sessions share it in an [`Arc`].
///
/// [`Arc`]: std::sync::Arc
#[derive(Debug, Clone)]
pub struct Model {
    config: Config,
    rope: Rope,
    /// (vocab_size, hidden_size)
    embedding: Array2<f32>,
    /// (num_hidden_layers)
    layers: Vec<Layer>,
    norm: RmsNorm,
    /// `None` if the head uses the embedding's weights. (vocab_size, hidden_size)
    head: Option<Array2<f32>>,
}

#[derive(Debug, Clone)]
struct Layer {
    attention_norm: RmsNorm,
    attention: Mla,
    ffn_norm: RmsNorm,
    ffn: Ffn,
}

/// The feed-forward half of a layer.
#[derive(Debug, Clone)]
enum Ffn {
    Dense(FeedForward),
    Moe(Box<Moe>),
}

/// Options of a step: the cache that attention reads, and the intervention.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepOptions<'a> {
    /// The cache that attention reads.
    pub cache: CacheKind,
    /// `None` in the plain run.
    pub intervention: Option<&'a Intervention>,
}

/// The earlier name of [`StepOptions`].
#[doc(hidden)]
pub type How<'a> = StepOptions<'a>;

/// What a run modifies: its caches, and the buffers of a step.
#[derive(Debug, Clone)]
pub struct State {
    /// Both caches.
    pub caches: Caches,
    angles: Angles,
    /// The residual stream. (hidden_size)
    x: Array1<f32>,
    /// The stream after a norm: input of a layer's attention or feed-forward half. (hidden_size)
    normed: Array1<f32>,
    /// The output of a layer's attention or feed-forward half, before it is added to the stream. (hidden_size)
    added: Array1<f32>,
    mla: MlaBuffers,
    moe: MoeBuffers,
    /// The stream after each layer's attention. A resumed step does not change the rows of layers whose attention it
    /// skips. (num_hidden_layers, hidden_size)
    pub attended: Array2<f32>,
    /// Input of the head in the last step: the stream after the final norm. (hidden_size)
    pub final_input: Array1<f32>,
    /// The logits computed from `final_input`. (vocab_size)
    pub logits: Array1<f32>,
}

impl State {
    /// The state before the first token.
    pub fn new(config: &Config) -> Self {
        let hidden = Array1::zeros(config.hidden_size);
        Self {
            caches: Caches::new(config),
            angles: Angles::new(config),
            x: hidden.clone(),
            normed: hidden.clone(),
            added: hidden.clone(),
            mla: MlaBuffers::new(config),
            moe: MoeBuffers::new(config),
            attended: Array2::zeros((config.num_hidden_layers, config.hidden_size)),
            final_input: hidden,
            logits: Array1::zeros(config.vocab_size),
        }
    }

    /// Makes room for `positions` tokens, so that steps at these positions allocate memory only for their results.
    pub fn reserve(&mut self, positions: usize) {
        self.caches.reserve(positions);
        self.mla.reserve(self.caches.capacity());
    }
}

impl Model {
    /// Opens the model of a folder with a Hugging Face `config.json` and its weights in one `model.safetensors`.
    ///
    /// # Errors
    /// [`OpenError`] if a file cannot be read, or does not describe a model that the engine runs.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, OpenError> {
        let config = Config::open(&folder)?;
        let path = folder.as_ref().join("model.safetensors");
        let unreadable = |error: std::io::Error| CheckpointError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        Ok(Self::new(config, &std::fs::read(&path).map_err(unreadable)?)?)
    }

    /// Builds a model from its config and the bytes of its `model.safetensors`.
    ///
    /// # Errors
    /// [`CheckpointError`] if a tensor is missing, is not expected, or does not match the config.
    pub fn new(config: Config, checkpoint: &[u8]) -> Result<Self, CheckpointError> {
        let mut checkpoint = Checkpoint::open(checkpoint, config.weight_block_size)?;
        let (vocab, hidden) = (config.vocab_size, config.hidden_size);
        let embedding = checkpoint.matrix("model.embed_tokens.weight", (vocab, hidden))?;
        let layers = (0..config.num_hidden_layers)
            .map(|layer| Layer::read(&mut checkpoint, layer, &config))
            .collect::<Result<_, _>>()?;
        let norm = block_norm(&mut checkpoint, "model.norm.weight", &config)?;
        let head = if config.tie_word_embeddings {
            checkpoint.tied("lm_head.weight", &embedding)?;
            None
        } else {
            Some(checkpoint.matrix("lm_head.weight", (vocab, hidden))?)
        };
        checkpoint.finish(config.num_hidden_layers, config.num_nextn_predict_layers)?;
        Ok(Self { rope: Rope::new(&config), config, embedding, layers, norm, head })
    }

    /// The model's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Each router's `e_score_correction_bias`, from the lowest layer up; no biases for V2.
    /// (layers with routed experts, n_routed_experts)
    pub fn selection_biases(&self) -> Vec<Vec<f32>> {
        let bias = |layer: &Layer| match &layer.ffn {
            Ffn::Dense(_) => None,
            Ffn::Moe(moe) => moe.router().settings().bias.as_ref().map(|bias| bias.to_vec()),
        };
        self.layers.iter().filter_map(bias).collect()
    }

    /// The settings of each router, from the lowest layer up. (layers with routed experts)
    #[doc(hidden)]
    pub fn gate_settings(&self) -> Vec<&GateSettings> {
        let settings = |layer| match layer {
            &Layer { ffn: Ffn::Moe(ref moe), .. } => Some(moe.router().settings()),
            _ => None,
        };
        self.layers.iter().filter_map(settings).collect()
    }

    /// Checks that every token of a tokenizer has a row in the embedding.
    ///
    /// # Errors
    /// [`ConfigError::Impossible`] if the tokenizer has more tokens than the model.
    pub fn accepts_vocabulary(&self, tokens: usize) -> Result<(), ConfigError> {
        if tokens <= self.config.vocab_size {
            return Ok(());
        }
        Err(ConfigError::Impossible {
            field: "vocab_size".into(),
            found: self.config.vocab_size.to_string(),
            expected: format!("at least {tokens}, the tokens of tokenizer.json"),
        })
    }

    /// Runs one token at a position. The caches hold the earlier positions; the step writes the token's rows of both
    /// caches and the logits to the state. The caller then calls [`Caches::push`]. Returns the routes, from the lowest
    /// layer up.
    ///
    /// `token` must be below `vocab_size`, and the state must have room for the position. `detail`, if given, is filled
    /// in; every other result has the same bits with and without a detail.
    pub(crate) fn step(
        &self,
        state: &mut State,
        token: u32,
        position: usize,
        options: StepOptions<'_>,
        mut detail: Option<&mut Detail>,
    ) -> Vec<Route> {
        state.x.assign(&self.embedding.row(token as usize));
        let routes = Vec::with_capacity(self.config.moe_layers());
        let routes = self.run_layers(state, position, None, routes, options, detail.as_deref_mut());
        if let Some(detail) = detail {
            store(&mut detail.stream, self.layers.len(), state.x.view());
            store(&mut detail.final_input, 0, state.final_input.view());
            store(&mut detail.logits, 0, state.logits.view());
        }
        routes
    }

    /// Runs a step from the feed-forward half of layer `first` on. `attended` is the stream before that half
    /// (hidden_size). The caches hold the token's rows of layers 0 to `first`; `routes` has the routes of the layers
    /// below `first`.
    pub(crate) fn resume(
        &self,
        state: &mut State,
        position: usize,
        first: usize,
        attended: ArrayView1<'_, f32>,
        routes: Vec<Route>,
        options: StepOptions<'_>,
    ) -> Vec<Route> {
        state.x.assign(&attended);
        self.run_layers(state, position, Some(first), routes, options, None)
    }

    /// Runs the layers on the state's stream, then computes the logits. If `attended` is a layer, the run starts at the
    /// feed-forward half of that layer; otherwise it starts at layer 0.
    fn run_layers(
        &self,
        state: &mut State,
        position: usize,
        attended: Option<usize>,
        mut routes: Vec<Route>,
        options: StepOptions<'_>,
        mut detail: Option<&mut Detail>,
    ) -> Vec<Route> {
        self.rope.set_position(position, &mut state.angles);
        for (index, layer) in self.layers.iter().enumerate().skip(attended.unwrap_or(0)) {
            if attended != Some(index) {
                layer.attend(&self.rope, state, index, position, options, detail.as_deref_mut());
                state.attended.row_mut(index).assign(&state.x);
            }
            routes.extend(layer.feed_forward(state, index, routes.len(), options, detail.as_deref_mut()));
        }
        self.norm.run(state.x.view(), state.final_input.view_mut());
        self.unembed(state);
        routes
    }

    /// Computes the logits of the state's `final_input`.
    pub(crate) fn unembed(&self, state: &mut State) {
        let head = self.head.as_ref().unwrap_or(&self.embedding);
        kernel::matvec(head.view(), state.final_input.view(), state.logits.view_mut());
    }

    /// A detail of zeros for a position, with room for `chosen` experts per layer.
    pub(crate) fn blank_detail(&self, position: usize, chosen: usize) -> Detail {
        let config = &self.config;
        Detail::zeros(DetailSizes {
            position,
            num_hidden_layers: config.num_hidden_layers,
            moe_layers: config.moe_layers(),
            num_attention_heads: config.num_attention_heads,
            n_routed_experts: config.n_routed_experts,
            num_experts_per_tok: chosen,
            hidden_size: config.hidden_size,
            kv_lora_rank: config.kv_lora_rank,
            qk_nope_head_dim: config.qk_nope_head_dim,
            qk_rope_head_dim: config.qk_rope_head_dim,
            v_head_dim: config.v_head_dim,
            vocab_size: config.vocab_size,
        })
    }
}

impl Layer {
    fn read(checkpoint: &mut Checkpoint<'_>, index: usize, config: &Config) -> Result<Self, CheckpointError> {
        let prefix = format!("model.layers.{index}");
        let mlp = format!("{prefix}.mlp");
        Ok(Self {
            attention_norm: block_norm(checkpoint, &format!("{prefix}.input_layernorm.weight"), config)?,
            attention: Mla::read(checkpoint, &format!("{prefix}.self_attn"), config)?,
            ffn_norm: block_norm(checkpoint, &format!("{prefix}.post_attention_layernorm.weight"), config)?,
            ffn: if config.is_dense(index) {
                Ffn::Dense(FeedForward::read(checkpoint, &mlp, config.hidden_size, config.intermediate_size)?)
            } else {
                Ffn::Moe(Box::new(Moe::read(checkpoint, &mlp, config)?))
            },
        })
    }

    /// Runs the attention half of the layer and adds its output to the stream.
    fn attend(
        &self,
        rope: &Rope,
        state: &mut State,
        index: usize,
        position: usize,
        options: StepOptions<'_>,
        detail: Option<&mut Detail>,
    ) {
        let kind = options.cache;
        let State { caches, angles, x, normed, added, mla, .. } = state;
        let cache = caches.layer_mut(index);
        self.attention_norm.run(x.view(), normed.view_mut());
        self.attention.project(rope, angles, normed.view(), mla);
        if let Some(intervention) = options.intervention {
            intervention.storage.apply(index, &mut mla.c_kv, &mut mla.rotated, &mut mla.absorbed);
        }
        self.attention.write(position, cache, mla);
        let Some(detail) = detail else {
            self.attention.attend(kind, position + 1, cache, mla);
            self.attention.mix_heads(mla, added.view_mut());
            *x += &*added;
            return;
        };
        let positions = position + 1;
        store(&mut detail.stream, index, x.view());
        store(&mut detail.attention_inputs, index, normed.view());
        store(&mut detail.queries, index, mla.query.view());
        self.attention.absorb(mla, detail.absorbed_queries.index_axis_mut(Axis(0), index));
        let heads = mla.attention.nrows();
        for head in 0..heads {
            let row = index * heads + head;
            store(&mut detail.keys, row, cache.keys(head, positions).row(position).view());
            store(&mut detail.values, row, cache.values(head, positions).row(position).view());
        }
        // Attend over the other cache first, so that the buffers then have the results of the cache in use.
        let other = if kind == CacheKind::Latent { CacheKind::Expanded } else { CacheKind::Latent };
        self.attention.attend(other, positions, cache, mla);
        let other_heads = mla.heads.clone();
        let other_attention = mla.attention.clone();
        self.attention.attend(kind, positions, cache, mla);
        for head in 0..heads {
            let row = index * heads + head;
            let these = mla.attention.slice(s![head, ..positions]);
            let others = other_attention.slice(s![head, ..positions]);
            store(&mut detail.attention, row, these);
            store(&mut detail.other_attention, row, others);
            let largest = &mut detail.weight_differences[index];
            *largest = largest.max(largest_difference(these, others));
        }
        store(&mut detail.latents, index, cache.c_kv(positions).row(position).view());
        store(&mut detail.rope_keys, index, cache.rope_key(positions).row(position).view());
        detail.attention_differences[index] = largest_difference(mla.heads.view(), other_heads.view());
        store(&mut detail.head_outputs, index, mla.heads.view());
        self.attention.mix_heads(mla, added.view_mut());
        let before = kernel::norm(x.view());
        *x += &*added;
        store(&mut detail.attention_outputs, index, added.view());
        store(&mut detail.attended, index, x.view());
        let norms = [before, kernel::norm(added.view()), kernel::norm(x.view())];
        norms.into_iter().zip(detail.stream_norms.row_mut(index)).for_each(|(norm, place)| *place = norm);
    }

    /// Runs the feed-forward half of the layer and adds its output to the stream. `moe_index` is the layer's index
    /// among the layers with routed experts.
    fn feed_forward(
        &self,
        state: &mut State,
        index: usize,
        moe_index: usize,
        options: StepOptions<'_>,
        mut detail: Option<&mut Detail>,
    ) -> Option<Route> {
        let State { x, normed, added, moe, .. } = state;
        self.ffn_norm.run(x.view(), normed.view_mut());
        let route = match &self.ffn {
            Ffn::Dense(dense) => {
                dense.run(normed.view(), &mut moe.feed_forward, added.view_mut());
                None
            }
            Ffn::Moe(experts) => {
                let mixture = detail.as_deref_mut().map(|detail| MixtureDetail {
                    experts: detail.expert_outputs.index_axis_mut(Axis(0), moe_index),
                    shared: detail.shared_outputs.row_mut(moe_index),
                    norms: detail.expert_norms.row_mut(moe_index),
                    parts: detail.parts.row_mut(moe_index),
                });
                let change = options.intervention.and_then(|intervention| intervention.layers.get(moe_index));
                let route = experts.run(index, normed.view(), moe, added.view_mut(), mixture, change);
                if let Some(detail) = detail.as_deref_mut() {
                    store(&mut detail.router_logits, moe_index, moe.router_logits.view());
                }
                Some(route)
            }
        };
        *x += &*added;
        if let Some(detail) = detail {
            store(&mut detail.ffn_inputs, index, normed.view());
            store(&mut detail.ffn_outputs, index, added.view());
            detail.stream_norms[[index, 3]] = kernel::norm(added.view());
            detail.stream_norms[[index, 4]] = kernel::norm(x.view());
        }
        route
    }
}

fn block_norm(checkpoint: &mut Checkpoint<'_>, name: &str, config: &Config) -> Result<RmsNorm, CheckpointError> {
    Ok(RmsNorm { weight: checkpoint.vector(name, config.hidden_size)?, eps: config.rms_norm_eps })
}

fn largest_difference(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Divides a detail's array into blocks as long as `values`, and copies the values to block `index`. Both arrays are in
/// standard layout. Not inlined, to save code size: it has many callers, and details are rarely computed.
#[inline(never)]
fn store<D: Dimension>(array: &mut Array<f32, D>, index: usize, values: ArrayView1<'_, f32>) {
    let (Some(array), Some(values)) = (array.as_slice_mut(), values.to_slice()) else { return };
    if let Some(place) = array.chunks_exact_mut(values.len()).nth(index) {
        place.copy_from_slice(values);
    }
}
