//! Computes only the matrix-vector products of a step. Decoding cannot be faster than these products.

use moescope::{Config, Record, Route, kernel};
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis, s};
use std::hint::black_box;
use std::slice;

/// Weights and caches with a model's shapes, allocated one by one in the model's order, so that they use the
/// processor's caches like the model does. Their values do not matter.
pub(crate) struct Products {
    layers: Vec<Layer>,
    /// (vocab_size, hidden_size)
    head: Array2<f32>,
    vectors: Vectors,
}

struct Layer {
    /// `q_proj` alone, or `q_a_proj` followed by `q_b_proj`.
    query: Vec<Array2<f32>>,
    /// (kv_lora_rank + qk_rope_head_dim, hidden_size)
    kv_a: Array2<f32>,
    /// Per head: key rows (qk_nope_head_dim, kv_lora_rank), then value rows (v_head_dim, kv_lora_rank).
    kv_b: Array2<f32>,
    /// (hidden_size, num_attention_heads * v_head_dim)
    output: Array2<f32>,
    /// (n_routed_experts, hidden_size); `None` if the layer is dense.
    router: Option<Array2<f32>>,
    /// One network per routed expert; empty if the layer is dense.
    routed: Vec<FeedForward>,
    /// The dense network, or the shared expert of an MoE layer; `None` if there is no shared expert.
    always: Option<FeedForward>,
    /// (capacity, kv_lora_rank)
    c_kv: Array2<f32>,
    /// (capacity, qk_rope_head_dim)
    rope_key: Array2<f32>,
    heads: usize,
    qk_nope_head_dim: usize,
}

/// The matrices `gate`, `up` and `down` of one network.
type FeedForward = [Array2<f32>; 3];

impl Products {
    /// Makes weights and caches with a model's shapes, for texts of up to `capacity` tokens.
    pub(crate) fn new(config: &Config, capacity: usize) -> Self {
        let head = filled(config.vocab_size, config.hidden_size);
        let layers = (0..config.num_hidden_layers).map(|layer| Layer::new(config, layer, capacity)).collect();
        Self { layers, head, vectors: Vectors::default() }
    }

    /// Computes the products of a recorded step, in the order in which `moescope::Model::step` computes them with the
    /// latent cache. Returns the number of multiply-adds.
    pub(crate) fn step(&mut self, record: &Record) -> u64 {
        let Self { layers, head, vectors } = self;
        vectors.multiply_adds = 0;
        let mut routes = record.routes.iter();
        for layer in layers {
            layer.attend(record.position + 1, vectors);
            layer.feed_forward(&mut routes, vectors);
        }
        vectors.matvec(head.view());
        black_box(&vectors.out);
        vectors.multiply_adds
    }
}

impl Layer {
    fn new(config: &Config, layer: usize, capacity: usize) -> Self {
        let (hidden, heads, rank) = (config.hidden_size, config.num_attention_heads, config.kv_lora_rank);
        let query_width = heads * config.qk_head_dim();
        let feed_forward = |width| [filled(width, hidden), filled(width, hidden), filled(hidden, width)];
        let dense = config.is_dense(layer);
        Self {
            query: match config.q_lora_rank {
                None => vec![filled(query_width, hidden)],
                Some(rank) => vec![filled(rank, hidden), filled(query_width, rank)],
            },
            kv_a: filled(rank + config.qk_rope_head_dim, hidden),
            kv_b: filled(heads * (config.qk_nope_head_dim + config.v_head_dim), rank),
            output: filled(hidden, heads * config.v_head_dim),
            router: (!dense).then(|| filled(config.n_routed_experts, hidden)),
            routed: (0..if dense { 0 } else { config.n_routed_experts })
                .map(|_| feed_forward(config.moe_intermediate_size))
                .collect(),
            always: match (dense, config.n_shared_experts) {
                (true, _) => Some(feed_forward(config.intermediate_size)),
                (false, 0) => None,
                (false, n) => Some(feed_forward(n * config.moe_intermediate_size)),
            },
            c_kv: filled(capacity, rank),
            rope_key: filled(capacity, config.qk_rope_head_dim),
            heads,
            qk_nope_head_dim: config.qk_nope_head_dim,
        }
    }

    fn attend(&self, positions: usize, vectors: &mut Vectors) {
        for projection in &self.query {
            vectors.matvec(projection.view());
        }
        vectors.matvec(self.kv_a.view());
        vectors.matvec(self.kv_b.view());
        let (c_kv, rope_key) = (self.c_kv.slice(s![..positions, ..]), self.rope_key.slice(s![..positions, ..]));
        for head in self.kv_b.exact_chunks((self.kv_b.nrows() / self.heads, self.kv_b.ncols())) {
            let (key, value) = head.split_at(Axis(0), self.qk_nope_head_dim);
            vectors.weighted_rows(key);
            vectors.matvec(c_kv);
            vectors.matvec(rope_key);
            vectors.weighted_rows(c_kv);
            vectors.matvec(value);
        }
        vectors.matvec(self.output.view());
    }

    fn feed_forward(&self, routes: &mut slice::Iter<'_, Route>, vectors: &mut Vectors) {
        if let Some(router) = &self.router {
            vectors.matvec(router.view());
            for &expert in routes.next().map_or(&[][..], |route| &route.experts) {
                vectors.feed_forward(&self.routed[expert]);
            }
        }
        if let Some(network) = &self.always {
            vectors.feed_forward(network);
        }
    }
}

/// One input vector and one output vector for all products; a product uses the first numbers of each.
#[derive(Default)]
struct Vectors {
    x: Vec<f32>,
    out: Vec<f32>,
    multiply_adds: u64,
}

impl Vectors {
    /// Counts a product's multiply-adds, and returns its input and its output vector, lengthened if necessary.
    fn of(&mut self, x: usize, out: usize) -> (ArrayView1<'_, f32>, ArrayViewMut1<'_, f32>) {
        self.x.resize(self.x.len().max(x), 0.5);
        self.out.resize(self.out.len().max(out), 0.0);
        self.multiply_adds += (x * out) as u64;
        (ArrayView1::from(&self.x[..x]), ArrayViewMut1::from(&mut self.out[..out]))
    }

    fn matvec(&mut self, matrix: ArrayView2<'_, f32>) {
        let (x, out) = self.of(matrix.ncols(), matrix.nrows());
        kernel::matvec(matrix, x, out);
    }

    fn weighted_rows(&mut self, matrix: ArrayView2<'_, f32>) {
        let (weights, out) = self.of(matrix.nrows(), matrix.ncols());
        kernel::weighted_rows(weights, matrix, out);
    }

    fn feed_forward(&mut self, network: &FeedForward) {
        network.iter().for_each(|matrix| self.matvec(matrix.view()));
    }
}

/// Numbers between -1 and 1, none of them 0.
pub(crate) fn filled(rows: usize, columns: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(row, column)| ((row * columns + column) % 251) as f32 / 125.5 - 0.999)
}
