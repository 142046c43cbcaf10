//! The two key-value caches, both filled at every step, and their byte counts.
//!
//! The **latent** cache stores what MLA needs: c_KV after its norm and the shared RoPE key after its rotation. The
//! **expanded** cache stores what ordinary multi-head attention reads: each head's keys and values, rebuilt from the
//! latent, with the RoPE key repeated in each key.

use crate::files::config::Config;
use crate::record::CacheBytes;
use ndarray::{Array3, ArrayView1, ArrayView2, Axis, s};

/// Bytes of one cached value.
pub const VALUE_BYTES: usize = size_of::<f32>();

/// The cache that attention reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CacheKind {
    /// c_KV and the shared RoPE key; `kv_b_proj` is folded into the queries and the heads' outputs.
    #[default]
    Latent,
    /// Keys and values per head.
    Expanded,
}

/// Both caches of a run, for all layers.
#[derive(Debug, Clone)]
pub struct Caches {
    layers: Vec<LayerCache>,
    len: usize,
    capacity: usize,
}

/// Both caches of one layer. Rows from [`Caches::len`] on are unused.
#[derive(Debug, Clone)]
pub struct LayerCache {
    /// (1, capacity, kv_lora_rank)
    c_kv: Array3<f32>,
    /// (1, capacity, qk_rope_head_dim)
    rope_key: Array3<f32>,
    /// (num_attention_heads, capacity, qk_nope_head_dim + qk_rope_head_dim)
    keys: Array3<f32>,
    /// (num_attention_heads, capacity, v_head_dim)
    values: Array3<f32>,
}

impl Caches {
    /// Empty caches.
    pub fn new(config: &Config) -> Self {
        let heads = config.num_attention_heads;
        let layer = || LayerCache {
            c_kv: Array3::zeros((1, 0, config.kv_lora_rank)),
            rope_key: Array3::zeros((1, 0, config.qk_rope_head_dim)),
            keys: Array3::zeros((heads, 0, config.qk_head_dim())),
            values: Array3::zeros((heads, 0, config.v_head_dim)),
        };
        Self { layers: (0..config.num_hidden_layers).map(|_| layer()).collect(), len: 0, capacity: 0 }
    }

    /// Number of tokens in the caches.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True if the caches are empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of tokens that the caches have room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes room for `positions` tokens. If the capacity grows, it at least doubles, so that rows are rarely copied.
    pub fn reserve(&mut self, positions: usize) {
        if positions <= self.capacity {
            return;
        }
        self.capacity = positions.max(2 * self.capacity).max(64);
        for layer in &mut self.layers {
            layer.grow(self.len, self.capacity);
        }
    }

    /// Adds 1 to the number of tokens. To be called after the token's rows were written in every layer.
    pub fn push(&mut self) {
        self.len += 1;
    }

    /// Removes the tokens from position `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// The caches of a layer.
    pub fn layer(&self, layer: usize) -> &LayerCache {
        &self.layers[layer]
    }

    /// The caches of a layer, for writing.
    pub fn layer_mut(&mut self, layer: usize) -> &mut LayerCache {
        &mut self.layers[layer]
    }

    /// Bytes of the used rows: number of tokens x row width x bytes per value, summed over all layers.
    pub fn bytes(&self) -> CacheBytes {
        let mut bytes = CacheBytes { latent: 0, expanded: 0 };
        for layer in &self.layers {
            let (latent, expanded) = (layer.latent(self.len), layer.expanded_values(self.len));
            bytes.latent += latent * VALUE_BYTES;
            bytes.expanded += expanded * VALUE_BYTES;
        }
        bytes
    }
}

impl LayerCache {
    /// c_KV of the first `positions` tokens. (positions, kv_lora_rank)
    pub fn c_kv(&self, positions: usize) -> ArrayView2<'_, f32> {
        self.c_kv.slice(s![0, ..positions, ..])
    }

    /// The shared RoPE keys of the first `positions` tokens. (positions, qk_rope_head_dim)
    pub fn rope_key(&self, positions: usize) -> ArrayView2<'_, f32> {
        self.rope_key.slice(s![0, ..positions, ..])
    }

    /// A head's keys of the first `positions` tokens. (positions, qk_nope_head_dim + qk_rope_head_dim)
    pub fn keys(&self, head: usize, positions: usize) -> ArrayView2<'_, f32> {
        self.keys.slice(s![head, ..positions, ..])
    }

    /// A head's values of the first `positions` tokens. (positions, v_head_dim)
    pub fn values(&self, head: usize, positions: usize) -> ArrayView2<'_, f32> {
        self.values.slice(s![head, ..positions, ..])
    }

    /// Copies a token's rows of both caches from another run's caches of the same layer. The caches of both runs must
    /// have room for the position.
    pub fn take_row(&mut self, position: usize, from: &LayerCache) {
        let from = [&from.c_kv, &from.rope_key, &from.keys, &from.values];
        for (to, from) in self.arrays().into_iter().zip(from) {
            copy_rows(to, from, position, 1);
        }
    }

    /// Writes a token's row of the latent cache: c_KV (kv_lora_rank) and the RoPE key (qk_rope_head_dim).
    pub fn write_latent(&mut self, position: usize, c_kv: ArrayView1<'_, f32>, rope_key: ArrayView1<'_, f32>) {
        self.c_kv.slice_mut(s![0, position, ..]).assign(&c_kv);
        self.rope_key.slice_mut(s![0, position, ..]).assign(&rope_key);
    }

    /// Writes a token's row of the expanded cache: every head's key, which ends with `rope_key` (qk_rope_head_dim), and
    /// every head's value. `kv_b` has the heads one after the other, each head's key without RoPE before its value:
    /// (num_attention_heads * (qk_nope_head_dim + v_head_dim)).
    pub fn write_expanded(&mut self, position: usize, kv_b: ArrayView1<'_, f32>, rope_key: ArrayView1<'_, f32>) {
        let mut keys = self.keys.slice_mut(s![.., position, ..]);
        let mut values = self.values.slice_mut(s![.., position, ..]);
        let nope = keys.ncols() - rope_key.len();
        let heads = kv_b.exact_chunks(nope + values.ncols());
        for ((head, key), mut value) in heads.into_iter().zip(keys.rows_mut()).zip(values.rows_mut()) {
            let (new_key, new_value) = head.split_at(Axis(0), nope);
            let (mut nope_part, mut rope_part) = key.split_at(Axis(0), nope);
            nope_part.assign(&new_key);
            rope_part.assign(&rope_key);
            value.assign(&new_value);
        }
    }

    /// Number of values that the latent cache stores for `len` tokens.
    fn latent(&self, len: usize) -> usize {
        self.c_kv(len).len() + self.rope_key(len).len()
    }

    /// Number of values that the expanded cache stores for `len` tokens.
    fn expanded_values(&self, len: usize) -> usize {
        self.keys.slice(s![.., ..len, ..]).len() + self.values.slice(s![.., ..len, ..]).len()
    }

    fn grow(&mut self, len: usize, capacity: usize) {
        for array in self.arrays() {
            let (heads, _, width) = array.dim();
            let mut new = Array3::zeros((heads, capacity, width));
            copy_rows(&mut new, array, 0, len);
            *array = new;
        }
    }

    fn arrays(&mut self) -> [&mut Array3<f32>; 4] {
        [&mut self.c_kv, &mut self.rope_key, &mut self.keys, &mut self.values]
    }
}

/// Copies `rows` rows of every head, from position `first` on, to the same positions in `to`. Both arrays are (heads,
/// capacity, width); their capacities may differ.
#[inline(never)]
fn copy_rows(to: &mut Array3<f32>, from: &Array3<f32>, first: usize, rows: usize) {
    let (_, capacity, width) = to.dim();
    let block = |capacity: usize| (capacity * width).max(1);
    let (to_block, from_block) = (block(capacity), block(from.dim().1));
    let (Some(to), Some(from)) = (to.as_slice_mut(), from.as_slice()) else { return };
    let span = first * width..(first + rows) * width;
    for (to, from) in to.chunks_exact_mut(to_block).zip(from.chunks_exact(from_block)) {
        if let (Some(to), Some(from)) = (to.get_mut(span.clone()), from.get(span.clone())) {
            to.copy_from_slice(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::config::tests::shipped_with;
    use ndarray::Array1;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn caches() -> Caches {
        Caches::new(&shipped_with(json!({})).unwrap())
    }

    #[test]
    fn bytes_count_used_rows_but_not_reserved_rows() {
        let mut caches = caches();
        caches.reserve(100);
        assert_eq!(caches.bytes(), CacheBytes { latent: 0, expanded: 0 });
        caches.push();
        assert_eq!(caches.bytes(), CacheBytes { latent: 5 * 48 * 4, expanded: 5 * 640 * 4 });
        caches.push();
        caches.truncate(1);
        assert_eq!(caches.bytes(), CacheBytes { latent: 960, expanded: 12_800 });
    }

    #[test]
    fn growing_the_caches_does_not_change_stored_rows() {
        let mut caches = caches();
        caches.reserve(1);
        for position in 0..200 {
            caches.reserve(position + 1);
            let layer = caches.layer_mut(3);
            let filled = |len: usize, offset: f32| Array1::from_elem(len, position as f32 + offset);
            layer.write_latent(position, filled(32, 0.0).view(), filled(16, 0.125).view());
            let kv_b = Array1::from_shape_fn(8 * 64, |i| position as f32 + if i % 64 < 32 { 0.25 } else { 0.5 });
            layer.write_expanded(position, kv_b.view(), filled(16, 0.125).view());
            caches.push();
        }
        let layer = caches.layer_mut(3);
        for position in 0..200 {
            assert_eq!(layer.c_kv(200)[(position, 31)], position as f32);
            assert_eq!(layer.rope_key(200)[(position, 15)], position as f32 + 0.125);
            assert_eq!(layer.keys(7, 200)[(position, 31)], position as f32 + 0.25);
            assert_eq!(layer.keys(7, 200)[(position, 32)], position as f32 + 0.125);
            assert_eq!(layer.values(7, 200)[(position, 0)], position as f32 + 0.5);
        }
    }
}
