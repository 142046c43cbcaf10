//! Smaller latent caches for what-ifs: c_KV in fewer directions, or values in fewer bits.
//!
//! A token's c_KV and RoPE key are encoded and decoded again before attention reads them, also when the token attends
//! to itself. So attention sees what the encoding loses. The cache buffers store the decoded values as f32; the byte
//! counts are those of the encoded values.

use crate::files::config::Config;
use crate::kernel;
use ndarray::{Array1, Array2, ArrayViewMut1, s};
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Number format of the latent cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CacheFormat {
    /// 32-bit floats, as in the plain run.
    #[default]
    F32,
    /// 16-bit floats (IEEE binary16) for c_KV and the RoPE key. Magnitudes above 65,504, the largest 16-bit float,
    /// become 65,504.
    F16,
    /// c_KV as whole numbers from -127 to 127, times one 32-bit scale per token and layer; the RoPE key as 16-bit
    /// floats.
    Int8,
    /// c_KV as whole numbers from -7 to 7, two per byte, times one 32-bit scale per token and layer; the RoPE key as
    /// 16-bit floats.
    Int4,
}

/// How the latent cache stores a token: the number format, and the directions in which c_KV is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Storage {
    /// Number format.
    pub format: CacheFormat,
    /// The orthonormal directions in which c_KV is stored, one array per layer; no arrays if all of c_KV is stored.
    /// (num_hidden_layers) arrays of (latent_rank, kv_lora_rank)
    pub directions: Vec<Array2<f32>>,
}

impl Storage {
    /// Encodes a token's c_KV (kv_lora_rank) and RoPE key (qk_rope_head_dim) in one layer, and replaces them with the
    /// decoded values. `scratch` is at least as long as c_KV.
    #[inline(never)]
    pub fn apply(&self, layer: usize, c_kv: &mut Array1<f32>, rope_key: &mut Array1<f32>, scratch: &mut Array1<f32>) {
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

    /// Encodes the values and replaces them with the decoded values. (n)
    fn encode(&self, values: ArrayViewMut1<'_, f32>) {
        match self.format {
            CacheFormat::F32 => {}
            CacheFormat::F16 => all_f16(values),
            CacheFormat::Int8 => as_whole(values, 127.0),
            CacheFormat::Int4 => as_whole(values, 7.0),
        }
    }
}

/// Bytes that the latent cache stores per token, over all layers, if it stores c_KV in `rank` directions.
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

/// Rounds each value to a whole multiple of one scale, which is the largest magnitude divided by `largest`. A value
/// halfway between two multiples is rounded to the even one.
#[inline(never)]
fn as_whole(mut values: ArrayViewMut1<'_, f32>, largest: f32) {
    let mut scale = 0.0;
    for x in &values {
        scale = f32::max(scale, x.abs());
    }
    scale /= largest;
    for x in &mut values {
        // Not `clamp`, because its panic message would add code for printing numbers to the wasm module.
        *x = if scale == 0.0 { 0.0 } else { (*x / scale).round_ties_even().min(largest).max(-largest) * scale };
    }
}

/// Rounds each value to the nearest 16-bit float.
#[inline(never)]
fn all_f16(mut values: ArrayViewMut1<'_, f32>) {
    for x in &mut values {
        *x = as_f16(*x);
    }
}

/// The nearest 16-bit float; of two equally near floats, the one with an even fraction. Magnitudes above 65,504 become
/// 65,504.
fn as_f16(x: f32) -> f32 {
    let magnitude = x.abs().min(65_504.0);
    // 2^-14 is the smallest normal 16-bit float; below it the spacing is constant.
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

    fn stored(format: CacheFormat, mut c_kv: Array1<f32>, mut rope_key: Array1<f32>) -> (Array1<f32>, Array1<f32>) {
        let mut scratch = Array1::zeros(c_kv.len());
        Storage { format, directions: Vec::new() }.apply(0, &mut c_kv, &mut rope_key, &mut scratch);
        (c_kv, rope_key)
    }

    #[test]
    fn as_f16_rounds_to_nearest_with_ties_to_even_and_limits_large_magnitudes() {
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
            // The smallest positive 16-bit float is 2^-24.
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
    fn int8_and_int4_round_c_kv_to_multiples_of_one_scale_with_ties_to_even() {
        let (c_kv, _) = stored(CacheFormat::Int4, array![7.0, 0.5, 1.5, 2.5, -2.5, -3.4, -7.0, 0.0], array![1.0]);
        assert_eq!(c_kv, array![7.0, 0.0, 2.0, 2.0, -2.0, -3.0, -7.0, 0.0]);
        let (c_kv, rope_key) = stored(CacheFormat::Int8, array![-254.0, 1.0, 3.0, 4.9], array![0.1]);
        assert_eq!(c_kv, array![-254.0, 0.0, 4.0, 4.0]);
        assert_eq!(rope_key, array![0.099_975_586]);
        for format in [CacheFormat::Int4, CacheFormat::Int8] {
            assert_eq!(stored(format, array![0.0, 0.0], array![0.0]), (array![0.0, 0.0], array![0.0]));
            // The scale rounds to zero: the value becomes zero and is not divided by zero.
            assert_eq!(stored(format, array![1e-45, 0.0], array![0.0]).0, array![0.0, 0.0]);
        }
    }

    #[test]
    fn storing_one_direction_replaces_c_kv_with_its_projection_on_that_direction() {
        let directions = vec![array![[0.6, 0.8]]];
        let storage = Storage { format: CacheFormat::F32, directions };
        let (mut c_kv, mut rope_key) = (array![3.0, 4.0], array![0.1]);
        storage.apply(0, &mut c_kv, &mut rope_key, &mut Array1::zeros(2));
        assert!((c_kv[0] - 3.0).abs() < 1e-6 && (c_kv[1] - 4.0).abs() < 1e-6, "{c_kv}");
        assert_eq!(rope_key[0], 0.1);
        c_kv = array![4.0, -3.0];
        storage.apply(0, &mut c_kv, &mut rope_key, &mut Array1::zeros(2));
        assert!(c_kv.iter().all(|x| x.abs() < 1e-6), "{c_kv}");
    }

    #[test]
    fn latent_bytes_count_c_kv_the_rope_key_and_the_scales() {
        let config = shipped_with(json!({})).unwrap();
        let bytes = |format, rank| latent_bytes(&config, format, rank);
        assert_eq!(bytes(CacheFormat::F32, 32), 960);
        assert_eq!(bytes(CacheFormat::F16, 32), 480);
        assert_eq!(bytes(CacheFormat::Int8, 32), 5 * (32 + 4 + 32));
        assert_eq!(bytes(CacheFormat::Int4, 32), 5 * (16 + 4 + 32));
        assert_eq!(bytes(CacheFormat::Int4, 1), 5 * (1 + 4 + 32));
    }
}
