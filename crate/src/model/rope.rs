//! Rotary position embedding: the angles of a position, and the rotation of a vector by them.
//!
//! Follows transformers (`modeling_rope_utils.py`; `apply_rotary_pos_emb_interleave` in `modeling_deepseek_v3.py`) in
//! the order and the precision of its operations: frequencies and angles are 32-bit.

use crate::files::config::{Config, Yarn};
use ndarray::{Array1, ArrayView1, ArrayViewMut1, Zip};

/// The rotary frequencies of a model.
#[derive(Debug, Clone)]
pub struct Rope {
    /// Radians per position, for each pair. (qk_rope_head_dim / 2)
    pub inv_freq: Array1<f32>,
    /// Factor of cosines and sines; 1 without YaRN.
    pub attention_scaling: f32,
    /// True if the two numbers of a pair are neighbours, false if they are half a width apart.
    interleave: bool,
}

/// Cosine and sine of each pair's angle at one position. (qk_rope_head_dim / 2) each
#[derive(Debug, Clone)]
pub struct Angles {
    cos: Array1<f32>,
    sin: Array1<f32>,
}

impl Angles {
    /// Buffers for the angles of a position; [`Rope::set_position`] fills them.
    pub fn new(config: &Config) -> Self {
        let pairs = config.qk_rope_head_dim / 2;
        Self { cos: Array1::zeros(pairs), sin: Array1::zeros(pairs) }
    }
}

impl Rope {
    /// Computes the frequencies from a config.
    pub fn new(config: &Config) -> Self {
        let width = config.qk_rope_head_dim;
        let periods = Array1::from_shape_fn(width / 2, |i| {
            libm::pow(config.rope_theta, f64::from(2.0 * i as f32 / width as f32)) as f32
        });
        let (inv_freq, attention_scaling) = match &config.yarn {
            None => (periods.mapv(|period| 1.0 / period), 1.0),
            Some(yarn) => (stretched(yarn, &periods, width, config.rope_theta), attention_scaling(yarn)),
        };
        Self { inv_freq, attention_scaling, interleave: config.rope_interleave }
    }

    /// Computes the cosines and sines of a position's angles.
    pub fn set_position(&self, position: usize, angles: &mut Angles) {
        let Angles { cos, sin } = angles;
        Zip::from(cos).and(sin).and(&self.inv_freq).for_each(|cos, sin, &inv_freq| {
            let angle = f64::from(position as f32 * inv_freq);
            *cos = libm::cos(angle) as f32 * self.attention_scaling;
            *sin = libm::sin(angle) as f32 * self.attention_scaling;
        });
    }

    /// Rotates `x` and writes the result to `out`, both (qk_rope_head_dim). For both layouts of `x`, `out` has the
    /// first numbers of all pairs, then the second numbers of all pairs, as in transformers.
    pub fn rotate(&self, angles: &Angles, x: ArrayView1<'_, f32>, mut out: ArrayViewMut1<'_, f32>) {
        let half = self.inv_freq.len();
        let (first, second, stride) = if self.interleave { (0, 1, 2) } else { (0, half, 1) };
        for i in 0..half {
            let (a, b) = (x[first + i * stride], x[second + i * stride]);
            let (cos, sin) = (angles.cos[i], angles.sin[i]);
            out[i] = a * cos - b * sin;
            out[half + i] = b * cos + a * sin;
        }
    }
}

/// Factor of the attention scores: one over the root of a head's query width, times the square of YaRN's
/// `m(mscale_all_dim)`. Equation 10 of the V3 report lacks this square; DeepSeek's code has it.
pub fn softmax_scale(config: &Config) -> f32 {
    let mut scale = 1.0 / (config.qk_head_dim() as f64).sqrt();
    if let Some(Yarn { factor, mscale_all_dim: Some(mscale), .. }) = config.yarn {
        let m = magnitude(factor, mscale);
        scale *= m * m;
    }
    scale as f32
}

/// YaRN's `m(mscale) = 0.1 mscale ln(factor) + 1`; 1 if the factor is at most 1.
fn magnitude(factor: f64, mscale: f64) -> f64 {
    if factor <= 1.0 { 1.0 } else { 0.1 * mscale * libm::log(factor) + 1.0 }
}

/// Factor of cosines and sines with YaRN.
fn attention_scaling(yarn: &Yarn) -> f32 {
    let scaling = match (yarn.attention_factor, yarn.mscale, yarn.mscale_all_dim) {
        (Some(stated), _, _) => stated,
        (None, Some(mscale), Some(all)) => magnitude(yarn.factor, mscale) / magnitude(yarn.factor, all),
        (None, _, _) => magnitude(yarn.factor, 1.0),
    };
    scaling as f32
}

/// YaRN's frequencies: high frequencies do not change, low frequencies are divided by the factor, and a linear ramp
/// connects the two ranges.
fn stretched(yarn: &Yarn, periods: &Array1<f32>, width: usize, theta: f64) -> Array1<f32> {
    let (low, high) = correction_range(yarn, width, theta);
    let factor = yarn.factor as f32;
    Array1::from_shape_fn(periods.len(), |i| {
        let ramp = ((i as f32 - low) / (high - low)).clamp(0.0, 1.0);
        let kept = 1.0 - ramp;
        let (interpolated, extrapolated) = (1.0 / (factor * periods[i]), 1.0 / periods[i]);
        interpolated * (1.0 - kept) + extrapolated * kept
    })
}

/// Indices of the pairs where YaRN's ramp starts and ends.
fn correction_range(yarn: &Yarn, width: usize, theta: f64) -> (f32, f32) {
    let pair_with = |rotations: f64| {
        let period = yarn.original_max_position_embeddings / (rotations * 2.0 * core::f64::consts::PI);
        width as f64 * libm::log(period) / (2.0 * libm::log(theta))
    };
    let (mut low, mut high) = (pair_with(yarn.beta_fast), pair_with(yarn.beta_slow));
    if yarn.truncate {
        (low, high) = (low.floor(), high.ceil());
    }
    let (low, mut high) = (low.max(0.0), high.min((width - 1) as f64));
    if low == high {
        high += 0.001;
    }
    (low as f32, high as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::config::tests::shipped_with;
    use ndarray::array;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The shipped config with these head widths and rotary settings, and the context of the published models.
    fn rope_of(nope: usize, rope: usize, yarn: serde_json::Value) -> Config {
        shipped_with(json!({
            "qk_nope_head_dim": nope, "qk_rope_head_dim": rope, "rope_parameters": yarn,
            "max_position_embeddings": 163_840,
        }))
        .unwrap()
    }

    /// DeepSeek-V3's `rope_scaling` with this factor, and with this `mscale` also as `mscale_all_dim`.
    fn v3_yarn(factor: f64, mscale: f64) -> serde_json::Value {
        json!({"type": "yarn", "factor": factor, "beta_fast": 32, "beta_slow": 1, "mscale": mscale,
            "mscale_all_dim": mscale, "original_max_position_embeddings": 4096})
    }

    #[test]
    fn softmax_scale_equals_the_values_of_the_published_models() {
        // The published configs of DeepSeek-V3, DeepSeek-V2 and Kimi K2.
        for (factor, mscale, expected) in
            [(40.0, 1.0, 0.135_233_8), (40.0, 0.707, 0.114_721_4), (32.0, 1.0, 0.130_860_8)]
        {
            let scale = softmax_scale(&rope_of(128, 64, v3_yarn(factor, mscale)));
            assert!((scale - expected).abs() < 1e-7, "factor {factor}, mscale {mscale}: {scale}");
        }
        let plain = rope_of(128, 64, json!({"rope_type": "default", "rope_theta": 10000.0}));
        assert!((softmax_scale(&plain) - 0.072_168_78).abs() < 1e-8);
    }

    #[test]
    fn yarn_does_not_change_high_frequencies_and_divides_low_frequencies_by_the_factor() {
        let config = rope_of(128, 64, v3_yarn(40.0, 1.0));
        let yarn = config.yarn.as_ref().unwrap();
        assert_eq!(correction_range(yarn, 64, 10_000.0), (10.0, 23.0));
        let (rope, plain) = (Rope::new(&config), Rope::new(&Config { yarn: None, ..config.clone() }));
        assert_eq!(rope.attention_scaling, 1.0);
        for i in 0..32 {
            let ratio = plain.inv_freq[i] / rope.inv_freq[i];
            let expected = if i <= 10 { 1.0..=1.0 } else { 1.0..=40.001 };
            assert!(expected.contains(&ratio), "pair {i}: {ratio}");
            assert!(i < 23 || (ratio - 40.0).abs() < 1e-4, "pair {i}: {ratio}");
        }
    }

    #[test]
    fn yarn_scales_cosines_and_sines_if_both_mscale_fields_are_absent() {
        let alone = json!({"rope_type": "yarn", "factor": 40.0, "original_max_position_embeddings": 4096});
        assert!((Rope::new(&rope_of(128, 64, alone)).attention_scaling - 1.368_887_9).abs() < 1e-6);
    }

    #[test]
    fn pairs_of_neighbours_and_pairs_half_a_width_apart_are_rotated_to_the_same_output() {
        let config =
            |interleave: bool| shipped_with(json!({"qk_rope_head_dim": 4, "rope_interleave": interleave})).unwrap();
        let mut out = [Array1::zeros(4), Array1::zeros(4)];
        let neighbours = array![1.0, 2.0, 3.0, 4.0];
        let halves = array![1.0, 3.0, 2.0, 4.0];
        for ((interleave, x), out) in [(true, neighbours), (false, halves)].into_iter().zip(&mut out) {
            let config = config(interleave);
            let (rope, mut angles) = (Rope::new(&config), Angles::new(&config));
            rope.set_position(3, &mut angles);
            rope.rotate(&angles, x.view(), out.view_mut());
        }
        assert_eq!(out[0], out[1]);
        let (cos, sin) = (libm::cosf(3.0), libm::sinf(3.0));
        assert!((out[0][0] - (cos - 2.0 * sin)).abs() < 1e-6 && (out[0][2] - (2.0 * cos + sin)).abs() < 1e-6);
    }

    #[test]
    fn rotating_at_position_zero_changes_nothing() {
        let config = shipped_with(json!({"qk_rope_head_dim": 4, "rope_interleave": false})).unwrap();
        let (rope, mut angles) = (Rope::new(&config), Angles::new(&config));
        rope.set_position(0, &mut angles);
        let mut out = Array1::zeros(4);
        rope.rotate(&angles, array![1.0, 2.0, 3.0, 4.0].view(), out.view_mut());
        assert_eq!(out, array![1.0, 2.0, 3.0, 4.0]);
    }
}
