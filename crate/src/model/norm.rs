//! Root-mean-square norm.

use crate::kernel;
use ndarray::{Array1, ArrayView1, ArrayViewMut1, Zip};

/// Added to the mean square in the norms of the latents (`q_a_layernorm`, `kv_a_layernorm`), which ignore
/// `rms_norm_eps` (transformers, `modeling_deepseek_v3.py`: `DeepseekV3RMSNorm(config.kv_lora_rank)`).
pub const LATENT_EPS: f32 = 1e-6;

/// Scales a vector to a mean square of 1, then multiplies each element by its weight.
#[derive(Debug, Clone)]
pub struct RmsNorm {
    /// (n)
    pub weight: Array1<f32>,
    /// Added to the mean square, so that a vector of zeros is not divided by zero.
    pub eps: f32,
}

impl RmsNorm {
    /// `out = weight * (x / sqrt(mean(x * x) + eps))`, all (n).
    pub fn run(&self, x: ArrayView1<'_, f32>, out: ArrayViewMut1<'_, f32>) {
        let mean_square = kernel::dot(x, x) / x.len() as f32;
        let scale = 1.0 / (mean_square + self.eps).sqrt();
        Zip::from(out).and(x).and(&self.weight).for_each(|y, &x, &w| *y = w * (x * scale));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_vector_is_scaled_to_a_mean_square_of_one_and_then_multiplied_by_the_weights() {
        let norm = RmsNorm { weight: array![1.0, 2.0, -1.0, 0.5], eps: 0.0 };
        let mut out = Array1::zeros(4);
        norm.run(array![2.0, -2.0, 2.0, 2.0].view(), out.view_mut());
        assert_eq!(out, array![1.0, -2.0, -1.0, 0.5]);
    }

    #[test]
    fn with_eps_a_vector_of_zeros_gives_zeros_and_not_nan() {
        let norm = RmsNorm { weight: Array1::ones(3), eps: LATENT_EPS };
        let mut out = Array1::ones(3);
        norm.run(Array1::zeros(3).view(), out.view_mut());
        assert_eq!(out, Array1::<f32>::zeros(3));
    }
}
