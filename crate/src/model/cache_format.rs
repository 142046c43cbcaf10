//! How the latent cache keeps a token's entry in a what-if: in fewer directions, in fewer bits.
//!
//! What comes back from such a cache is not what went in. An entry is replaced by what its encoding decodes to before
//! anybody reads it, so the token itself reads its own encoded entry too; the live buffers hold the decoded values, and
//! the bytes are counted from the encoding.

use crate::files::config::Config;
use crate::kernel;
use ndarray::{Array1, Array2, ArrayViewMut1, s};
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// The numbers that the latent cache keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CacheFormat {
    /// 32-bit floats, the plain run's.
    #[default]
    F32,
    /// 16-bit floats (IEEE binary16), for c_KV and the RoPE key; what is too large becomes the largest, 65,504.
    F16,
    /// Whole numbers from -127 to 127 times one 32-bit scale a token and layer; the RoPE key as 16-bit floats.
    Int8,
    /// Whole numbers from -7 to 7, two a byte, times one 32-bit scale a token and layer; the RoPE key as 16-bit floats.
    Int4,
}

/// How the latent cache keeps an entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Storage {
    /// The numbers.
    pub format: CacheFormat,
    /// By layer, the orthonormal directions along which c_KV is kept; none where it is kept whole.
    /// (num_hidden_layers) of (latent_rank, kv_lora_rank)
    pub directions: Vec<Array2<f32>>,
}

impl Storage {
    /// Replaces a layer's c_KV (kv_lora_rank) and RoPE key (qk_rope_head_dim) by what the cache gives back. `scratch` is
    /// as long as c_KV, or longer.
    #[inline(never)]
    pub fn keep(&self, layer: usize, c_kv: &mut Array1<f32>, rope_key: &mut Array1<f32>, scratch: &mut Array1<f32>) {
        match self.directions.get(layer) {
            Some(directions) => {
                let mut along = scratch.slice_mut(s![..directions.nrows()]);
                kernel::matvec(directions.view(), c_kv.view(), along.view_mut());
                self.encode(along.view_mut());
                kernel::weighted_rows(along.view(), directions.view(), c_kv.view_mut());
            }
            None => self.encode(c_kv.view_mut()),
        }
        if self.format != CacheFormat::F32 {
            all_f16(rope_key.view_mut());
        }
    }

    /// Replaces values by what their encoding decodes to. (n)
    fn encode(&self, values: ArrayViewMut1<'_, f32>) {
        match self.format {
            CacheFormat::F32 => {}
            CacheFormat::F16 => all_f16(values),
            CacheFormat::Int8 => as_whole(values, 127.0),
            CacheFormat::Int4 => as_whole(values, 7.0),
        }
    }
}

/// Bytes that the latent cache keeps for a token, over all layers, with c_KV kept along `rank` directions.
pub fn latent_bytes(config: &Config, format: CacheFormat, rank: usize) -> usize {
    let rope_key = config.qk_rope_head_dim;
    let layer = match format {
        CacheFormat::F32 => 4 * (rank + rope_key),
        CacheFormat::F16 => 2 * (rank + rope_key),
        CacheFormat::Int8 => rank + 4 + 2 * rope_key,
        CacheFormat::Int4 => rank.div_ceil(2) + 4 + 2 * rope_key,
    };
    layer * config.num_hidden_layers
}

/// Symmetric quantisation of all values with one scale, the largest magnitude over `largest`; rounds half to even.
#[inline(never)]
fn as_whole(mut values: ArrayViewMut1<'_, f32>, largest: f32) {
    let mut scale = 0.0;
    for x in &values {
        scale = f32::max(scale, x.abs());
    }
    scale /= largest;
    for x in &mut values {
        // Not `clamp`, which brings the printing of numbers with it.
        *x = if scale == 0.0 { 0.0 } else { (*x / scale).round_ties_even().min(largest).max(-largest) * scale };
    }
}

/// Replaces each value by the nearest 16-bit float.
#[inline(never)]
fn all_f16(mut values: ArrayViewMut1<'_, f32>) {
    for x in &mut values {
        *x = as_f16(*x);
    }
}

/// The nearest 16-bit float, of two the even one; the largest where the number is larger.
fn as_f16(x: f32) -> f32 {
    let magnitude = x.abs().min(65_504.0);
    // 2^-14 is the smallest normal number of 16 bits: below it, the spacing stays.
    let exponent = (magnitude.to_bits() >> 23).max(127 - 14);
    let spacing = f32::from_bits((exponent - 10) << 23);
    ((magnitude / spacing).round_ties_even() * spacing).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::config::tests::shipped_with;
    use ndarray::array;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn kept(format: CacheFormat, mut c_kv: Array1<f32>, mut rope_key: Array1<f32>) -> (Array1<f32>, Array1<f32>) {
        let mut scratch = Array1::zeros(c_kv.len());
        Storage { format, directions: Vec::new() }.keep(0, &mut c_kv, &mut rope_key, &mut scratch);
        (c_kv, rope_key)
    }

    #[test]
    fn sixteen_bits_round_to_the_nearest_even() {
        for (x, expected) in [
            (1.0, 1.0),
            (1.0 + 1.0 / 2048.0, 1.0),
            (1.0 + 3.0 / 2048.0, 1.0 + 2.0 / 1024.0),
            (-0.1, -0.099_975_586),
            (65_504.0, 65_504.0),
            (65_519.0, 65_504.0),
            (1e9, 65_504.0),
            (-1e30, -65_504.0),
            (f32::INFINITY, 65_504.0),
            // The smallest of 16 bits is 2^-24.
            (5.960_464_5e-8, 5.960_464_5e-8),
            (2.9e-8, 0.0),
            (3.1e-8, 5.960_464_5e-8),
            (1e-40, 0.0),
            (0.0, 0.0),
            (2047.5, 2048.0),
        ] {
            assert_eq!(as_f16(x), expected, "{x}");
        }
        assert!(as_f16(-0.0).is_sign_negative());
    }

    #[test]
    fn whole_numbers_have_one_scale_and_round_half_to_even() {
        let (c_kv, _) = kept(CacheFormat::Int4, array![7.0, 0.5, 1.5, 2.5, -2.5, -3.4, -7.0, 0.0], array![1.0]);
        assert_eq!(c_kv, array![7.0, 0.0, 2.0, 2.0, -2.0, -3.0, -7.0, 0.0]);
        let (c_kv, rope_key) = kept(CacheFormat::Int8, array![-254.0, 1.0, 3.0, 4.9], array![0.1]);
        assert_eq!(c_kv, array![-254.0, 0.0, 4.0, 4.0]);
        assert_eq!(rope_key, array![0.099_975_586]);
        for format in [CacheFormat::Int4, CacheFormat::Int8] {
            assert_eq!(kept(format, array![0.0, 0.0], array![0.0]), (array![0.0, 0.0], array![0.0]));
            // The scale would be below the smallest number: nothing is kept, and nothing is divided by zero.
            assert_eq!(kept(format, array![1e-45, 0.0], array![0.0]).0, array![0.0, 0.0]);
        }
    }

    #[test]
    fn a_direction_keeps_its_part() {
        let directions = vec![array![[0.6, 0.8]]];
        let storage = Storage { format: CacheFormat::F32, directions };
        let (mut c_kv, mut rope_key) = (array![3.0, 4.0], array![0.1]);
        storage.keep(0, &mut c_kv, &mut rope_key, &mut Array1::zeros(2));
        assert!((c_kv[0] - 3.0).abs() < 1e-6 && (c_kv[1] - 4.0).abs() < 1e-6, "{c_kv}");
        assert_eq!(rope_key[0], 0.1);
        c_kv = array![4.0, -3.0];
        storage.keep(0, &mut c_kv, &mut rope_key, &mut Array1::zeros(2));
        assert!(c_kv.iter().all(|x| x.abs() < 1e-6), "{c_kv}");
    }

    #[test]
    fn bytes_count_the_scales() {
        let config = shipped_with(json!({})).unwrap();
        let bytes = |format, rank| latent_bytes(&config, format, rank);
        assert_eq!(bytes(CacheFormat::F32, 32), 960);
        assert_eq!(bytes(CacheFormat::F16, 32), 480);
        assert_eq!(bytes(CacheFormat::Int8, 32), 5 * (32 + 4 + 32));
        assert_eq!(bytes(CacheFormat::Int4, 32), 5 * (16 + 4 + 32));
        assert_eq!(bytes(CacheFormat::Int4, 1), 5 * (1 + 4 + 32));
    }
}
