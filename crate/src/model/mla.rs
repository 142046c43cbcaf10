//! Multi-head latent attention, which can read either of the two caches.
//!
//! Its output can be computed in two ways, which agree up to rounding (DeepSeek-V2 report, 2.1). **Expanded**: each
//! head's keys and values are rebuilt from the latent and stored. **Latent**: only c_KV and the shared RoPE key are
//! stored; the key rows of `kv_b_proj` are folded into the query and the value rows into the output, so attention runs
//! on latents. A step writes both caches, and adds the output of one of the two ways to the residual stream.

use crate::files::checkpoint::{Checkpoint, CheckpointError};
use crate::files::config::Config;
use crate::kernel;
use crate::model::cache::{CacheKind, LayerCache};
use crate::model::norm::{LATENT_EPS, RmsNorm};
use crate::model::rope::{Angles, Rope, softmax_scale};
use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, ArrayViewMut2, Axis, s};

/// A layer's attention.
#[derive(Debug, Clone)]
pub struct Mla {
    query: QueryProjection,
    /// `kv_a_proj_with_mqa`: (kv_lora_rank + qk_rope_head_dim, hidden_size)
    kv_a: Array2<f32>,
    /// (kv_lora_rank + qk_rope_head_dim)
    kv_a_bias: Option<Array1<f32>>,
    kv_a_norm: RmsNorm,
    /// `kv_b_proj`. It has the rows of one head after the other, each head's key rows before its value rows:
    /// (num_attention_heads * (qk_nope_head_dim + v_head_dim), kv_lora_rank)
    kv_b: Array2<f32>,
    /// `o_proj`: (hidden_size, num_attention_heads * v_head_dim)
    output: Array2<f32>,
    /// (hidden_size)
    output_bias: Option<Array1<f32>>,
    /// Factor of the attention scores, before the softmax.
    scale: f32,
    qk_nope_head_dim: usize,
    qk_head_dim: usize,
    v_head_dim: usize,
}

#[derive(Debug, Clone)]
enum QueryProjection {
    /// `q_proj`: (num_attention_heads * (qk_nope_head_dim + qk_rope_head_dim), hidden_size)
    Direct(Array2<f32>),
    /// A compressed query: projection `a`, norm, projection `b`.
    Compressed {
        /// `q_a_proj`: (q_lora_rank, hidden_size)
        a: Array2<f32>,
        /// (q_lora_rank)
        a_bias: Option<Array1<f32>>,
        norm: RmsNorm,
        /// `q_b_proj`: (num_attention_heads * (qk_nope_head_dim + qk_rope_head_dim), q_lora_rank)
        b: Array2<f32>,
    },
}

/// Buffers for the attention of a layer, used by each layer in turn.
#[derive(Debug, Clone)]
pub struct MlaBuffers {
    /// The compressed query before its norm. (q_lora_rank)
    query_latent: Array1<f32>,
    /// The compressed query after its norm. (q_lora_rank)
    query_latent_normed: Array1<f32>,
    /// Each head's query, one head after the other. (num_attention_heads * (qk_nope_head_dim + qk_rope_head_dim))
    pub query: Array1<f32>,
    /// Output of the last rotation. The heads' queries are rotated first and the shared RoPE key last, so this is the
    /// RoPE key after [`Mla::project`]. (qk_rope_head_dim)
    pub rotated: Array1<f32>,
    /// c_KV before its norm, and the RoPE key before its rotation. (kv_lora_rank + qk_rope_head_dim)
    kv_a: Array1<f32>,
    /// c_KV after its norm. (kv_lora_rank)
    pub c_kv: Array1<f32>,
    /// Each head's key without RoPE and its value, one head after the other.
    /// (num_attention_heads * (qk_nope_head_dim + v_head_dim))
    kv_b: Array1<f32>,
    /// One head's query with the key projection folded in; also the scratch space of `Storage::apply`. (kv_lora_rank)
    pub absorbed: Array1<f32>,
    /// One head's dot products of the query's RoPE part with each token's RoPE key. (capacity)
    rope_scores: Array1<f32>,
    /// One head's weighted sum of latents. (kv_lora_rank)
    latent_output: Array1<f32>,
    /// Each head's attention weights over the tokens up to the current one; later columns are unused.
    /// (num_attention_heads, capacity)
    pub attention: Array2<f32>,
    /// Each head's output, one head after the other. (num_attention_heads * v_head_dim)
    pub heads: Array1<f32>,
}

impl MlaBuffers {
    /// Buffers for any layer of a model, without room for tokens yet.
    pub fn new(config: &Config) -> Self {
        let heads = config.num_attention_heads;
        let query_latent = Array1::zeros(config.q_lora_rank.unwrap_or(0));
        Self {
            query_latent_normed: query_latent.clone(),
            query_latent,
            query: Array1::zeros(heads * config.qk_head_dim()),
            rotated: Array1::zeros(config.qk_rope_head_dim),
            kv_a: Array1::zeros(config.kv_lora_rank + config.qk_rope_head_dim),
            c_kv: Array1::zeros(config.kv_lora_rank),
            kv_b: Array1::zeros(heads * (config.qk_nope_head_dim + config.v_head_dim)),
            absorbed: Array1::zeros(config.kv_lora_rank),
            rope_scores: Array1::zeros(0),
            latent_output: Array1::zeros(config.kv_lora_rank),
            attention: Array2::zeros((heads, 0)),
            heads: Array1::zeros(heads * config.v_head_dim),
        }
    }

    /// Makes room for attention over `capacity` tokens.
    pub fn reserve(&mut self, capacity: usize) {
        if self.rope_scores.len() < capacity {
            self.rope_scores = Array1::zeros(capacity);
            self.attention = Array2::zeros((self.attention.nrows(), capacity));
        }
    }
}

impl Mla {
    /// Reads `{prefix}.q_*`, `{prefix}.kv_*` and `{prefix}.o_proj`.
    ///
    /// # Errors
    /// [`CheckpointError`] if a tensor is missing or does not match the config.
    pub fn read(checkpoint: &mut Checkpoint<'_>, prefix: &str, config: &Config) -> Result<Self, CheckpointError> {
        let (hidden, heads) = (config.hidden_size, config.num_attention_heads);
        let bias = |checkpoint: &mut Checkpoint<'_>, name: &str, len: usize| {
            config.attention_bias.then(|| checkpoint.vector(&format!("{prefix}.{name}.bias"), len)).transpose()
        };
        let query_width = heads * config.qk_head_dim();
        let query = match config.q_lora_rank {
            None => {
                QueryProjection::Direct(checkpoint.matrix(&format!("{prefix}.q_proj.weight"), (query_width, hidden))?)
            }
            Some(rank) => QueryProjection::Compressed {
                a: checkpoint.matrix(&format!("{prefix}.q_a_proj.weight"), (rank, hidden))?,
                a_bias: bias(checkpoint, "q_a_proj", rank)?,
                norm: RmsNorm {
                    weight: checkpoint.vector(&format!("{prefix}.q_a_layernorm.weight"), rank)?,
                    eps: LATENT_EPS,
                },
                b: checkpoint.matrix(&format!("{prefix}.q_b_proj.weight"), (query_width, rank))?,
            },
        };
        let (rank, kv_a_width) = (config.kv_lora_rank, config.kv_lora_rank + config.qk_rope_head_dim);
        let kv_b_head = config.qk_nope_head_dim + config.v_head_dim;
        Ok(Self {
            query,
            kv_a: checkpoint.matrix(&format!("{prefix}.kv_a_proj_with_mqa.weight"), (kv_a_width, hidden))?,
            kv_a_bias: bias(checkpoint, "kv_a_proj_with_mqa", kv_a_width)?,
            kv_a_norm: RmsNorm {
                weight: checkpoint.vector(&format!("{prefix}.kv_a_layernorm.weight"), rank)?,
                eps: LATENT_EPS,
            },
            kv_b: checkpoint.matrix(&format!("{prefix}.kv_b_proj.weight"), (heads * kv_b_head, rank))?,
            output: checkpoint.matrix(&format!("{prefix}.o_proj.weight"), (hidden, heads * config.v_head_dim))?,
            output_bias: bias(checkpoint, "o_proj", hidden)?,
            scale: softmax_scale(config),
            qk_nope_head_dim: config.qk_nope_head_dim,
            qk_head_dim: config.qk_head_dim(),
            v_head_dim: config.v_head_dim,
        })
    }

    /// Computes each head's query, c_KV and the RoPE key of a token and writes them to the buffers. x is (hidden_size).
    pub fn project(&self, rope: &Rope, angles: &Angles, x: ArrayView1<'_, f32>, buffers: &mut MlaBuffers) {
        let MlaBuffers { query_latent, query_latent_normed, query, rotated, kv_a, c_kv, .. } = buffers;
        self.query.run(x, query_latent, query_latent_normed, query.view_mut());
        for mut head in query.exact_chunks_mut(self.qk_head_dim) {
            let mut rope_part = head.slice_mut(s![self.qk_nope_head_dim..]);
            rope.rotate(angles, rope_part.view(), rotated.view_mut());
            rope_part.assign(rotated);
        }

        kernel::matvec(self.kv_a.view(), x, kv_a.view_mut());
        if let Some(bias) = &self.kv_a_bias {
            *kv_a += bias;
        }
        let rank = self.kv_a_norm.weight.len();
        self.kv_a_norm.run(kv_a.slice(s![..rank]), c_kv.view_mut());
        rope.rotate(angles, kv_a.slice(s![rank..]), rotated.view_mut());
    }

    /// Writes the token's rows of both caches, from the c_KV and the RoPE key in the buffers.
    pub fn write(&self, position: usize, cache: &mut LayerCache, buffers: &mut MlaBuffers) {
        let MlaBuffers { rotated, c_kv, kv_b, .. } = buffers;
        cache.write_latent(position, c_kv.view(), rotated.view());
        kernel::matvec(self.kv_b.view(), c_kv.view(), kv_b.view_mut());
        cache.write_expanded(position, kv_b.view(), rotated.view());
    }

    /// Attends with the queries in the buffers over the first `positions` tokens of the cache of this kind. Writes each
    /// head's output and attention weights to the buffers.
    #[inline(never)]
    pub fn attend(&self, kind: CacheKind, positions: usize, cache: &LayerCache, buffers: &mut MlaBuffers) {
        let MlaBuffers { query, absorbed, rope_scores, latent_output, attention, heads, .. } = buffers;
        let mut attention = attention.slice_mut(s![.., ..positions]);
        let mut rope_scores = rope_scores.slice_mut(s![..positions]);
        let (c_kv, rope_key) = (cache.c_kv(positions), cache.rope_key(positions));
        let kv_b_head = (self.qk_nope_head_dim + self.v_head_dim, self.kv_b.ncols());
        let queries = query.exact_chunks(self.qk_head_dim).into_iter();
        let each_head = queries
            .zip(self.kv_b.exact_chunks(kv_b_head))
            .zip(attention.rows_mut())
            .zip(heads.exact_chunks_mut(self.v_head_dim));
        for (head, (((query, kv_b), mut attention), output)) in each_head.enumerate() {
            match kind {
                CacheKind::Expanded => {
                    kernel::matvec(cache.keys(head, positions), query, attention.view_mut());
                    attention *= self.scale;
                    kernel::softmax(attention.view_mut());
                    kernel::weighted_rows(attention.view(), cache.values(head, positions), output);
                }
                CacheKind::Latent => {
                    let (nope, rope) = query.split_at(Axis(0), self.qk_nope_head_dim);
                    let (key, value) = kv_b.split_at(Axis(0), self.qk_nope_head_dim);
                    kernel::weighted_rows(nope, key, absorbed.view_mut());
                    kernel::matvec(c_kv, absorbed.view(), attention.view_mut());
                    kernel::matvec(rope_key, rope, rope_scores.view_mut());
                    attention.zip_mut_with(&rope_scores, |score, rope| *score = (*score + rope) * self.scale);
                    kernel::softmax(attention.view_mut());
                    kernel::weighted_rows(attention.view(), c_kv, latent_output.view_mut());
                    kernel::matvec(value, latent_output.view(), output);
                }
            }
        }
    }

    /// Folds the key projection into each head's query (the part without RoPE) and writes the results to `absorbed`
    /// (num_attention_heads, kv_lora_rank).
    pub fn absorb(&self, buffers: &MlaBuffers, mut absorbed: ArrayViewMut2<'_, f32>) {
        let kv_b_head = (self.qk_nope_head_dim + self.v_head_dim, self.kv_b.ncols());
        let heads = buffers.query.exact_chunks(self.qk_head_dim).into_iter().zip(self.kv_b.exact_chunks(kv_b_head));
        for ((query, kv_b), absorbed) in heads.zip(absorbed.rows_mut()) {
            let (nope, _) = query.split_at(Axis(0), self.qk_nope_head_dim);
            let (key, _) = kv_b.split_at(Axis(0), self.qk_nope_head_dim);
            kernel::weighted_rows(nope, key, absorbed);
        }
    }

    /// Applies `o_proj` to the heads' outputs and writes the result to `out` (hidden_size).
    pub fn mix_heads(&self, buffers: &MlaBuffers, mut out: ArrayViewMut1<'_, f32>) {
        kernel::matvec(self.output.view(), buffers.heads.view(), out.view_mut());
        if let Some(bias) = &self.output_bias {
            out += bias;
        }
    }
}

impl QueryProjection {
    /// Computes all heads' queries. x is (hidden_size).
    fn run(
        &self,
        x: ArrayView1<'_, f32>,
        latent: &mut Array1<f32>,
        normed: &mut Array1<f32>,
        query: ArrayViewMut1<'_, f32>,
    ) {
        match self {
            Self::Direct(projection) => kernel::matvec(projection.view(), x, query),
            Self::Compressed { a, a_bias, norm, b } => {
                kernel::matvec(a.view(), x, latent.view_mut());
                if let Some(bias) = a_bias {
                    *latent += bias;
                }
                norm.run(latent.view(), normed.view_mut());
                kernel::matvec(b.view(), normed.view(), query);
            }
        }
    }
}
