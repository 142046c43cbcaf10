//! Reads weights by name from a safetensors file and converts them to `f32`. Checks the name, shape, type and values of
//! each tensor.
//!
//! Supports F32, F16, BF16 and DeepSeek's FP8 (F8_E4M3). An FP8 matrix has one f32 scale per block, in the tensor
//! `<name>_scale_inv`: value = fp8 x scale (DeepSeek-V3, README_WEIGHTS.md). An unused tensor in the file is an error,
//! unless it is a rotary buffer or belongs to a multi-token-prediction layer: the engine does not need these.

#![warn(clippy::indexing_slicing)]

use crate::files::safetensors::{self, Tensor};
use ndarray::{Array1, Array2};
use std::collections::BTreeMap;

/// An error in a `model.safetensors`. A message about one tensor names the tensor and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// The operating system's message.
        reason: String,
    },
    /// The bytes are not a complete safetensors file.
    #[error("model.safetensors is not a complete safetensors file: {0}")]
    NotSafetensors(String),
    /// A tensor of the model is missing.
    #[error("model.safetensors: tensor {name} is missing, expected {expected}")]
    Missing {
        /// The tensor's name.
        name: String,
        /// The shape that the config calls for.
        expected: String,
    },
    /// A tensor's shape differs from the config.
    #[error("model.safetensors: tensor {name} has shape {found}, expected {expected}")]
    Shape {
        /// The tensor's name.
        name: String,
        /// The shape found.
        found: String,
        /// The shape that the config calls for.
        expected: String,
    },
    /// A tensor's type is not supported.
    #[error("model.safetensors: tensor {name} is of type {found}, expected {expected}")]
    Type {
        /// The tensor's name.
        name: String,
        /// The type found.
        found: String,
        /// The supported types.
        expected: &'static str,
    },
    /// A tensor holds a value that is not a finite number.
    #[error("model.safetensors: tensor {name} has {found} at index {index}, expected finite numbers")]
    NotFinite {
        /// The tensor's name.
        name: String,
        /// Index of the value, counted row by row from 0.
        index: usize,
        /// The value found.
        found: &'static str,
    },
    /// The file has tensors that the model of the config does not use.
    #[error(
        "model.safetensors has tensors that the model of config.json does not use: found {count}, expected 0; the first is {name}"
    )]
    Extra {
        /// Number of such tensors.
        count: usize,
        /// The first of their names, in alphabetical order.
        name: String,
    },
    /// The config ties the head to the embedding, but the file has a different head.
    #[error(
        "model.safetensors: {name} differs from the embedding, expected the same: config.json says that they are tied"
    )]
    Untied {
        /// The tensor's name.
        name: String,
    },
}

/// A checkpoint while a model is built from it: `matrix` and `vector` take tensors out by name, and `finish` checks the
/// tensors that are left.
pub struct Checkpoint<'a> {
    /// The tensors that were not taken out yet.
    left: BTreeMap<String, Tensor<'a>>,
    /// Rows and columns of a block; an FP8 matrix has one scale per block.
    block: (usize, usize),
}

impl<'a> Checkpoint<'a> {
    /// Opens a safetensors file; `block` is the config's `weight_block_size`.
    ///
    /// # Errors
    /// [`CheckpointError::NotSafetensors`] if the bytes are not a complete safetensors file.
    pub fn open(bytes: &'a [u8], block: (usize, usize)) -> Result<Self, CheckpointError> {
        let left = safetensors::read(bytes).map_err(CheckpointError::NotSafetensors)?;
        Ok(Self { left, block })
    }

    /// Takes out a matrix of the given shape, as `f32`; FP8 values are multiplied by their scales.
    ///
    /// # Errors
    /// [`CheckpointError`] if the matrix or its FP8 scales are missing, have another shape or an unsupported type, or
    /// have a value that is not finite.
    pub fn matrix(&mut self, name: &str, shape: (usize, usize)) -> Result<Array2<f32>, CheckpointError> {
        let tensor = self.take(name, &[shape.0, shape.1])?;
        let mut values = decode(name, &tensor)?;
        if tensor.dtype == "F8_E4M3" {
            let blocks = (shape.0.div_ceil(self.block.0), shape.1.div_ceil(self.block.1));
            let scales = self.scales(&format!("{name}_scale_inv"), blocks)?;
            for (i, value) in values.iter_mut().enumerate() {
                let (row, column) = (i / shape.1, i % shape.1);
                *value *= scales.get((row / self.block.0, column / self.block.1)).copied().unwrap_or(f32::NAN);
            }
        }
        check_finite(name, &values)?;
        Array2::from_shape_vec(shape, values).map_err(|e| CheckpointError::NotSafetensors(e.to_string()))
    }

    /// Takes out a vector of the given length, as `f32`.
    ///
    /// # Errors
    /// [`CheckpointError`] if the vector is missing, has another length or an unsupported type, or has a value that is
    /// not finite.
    pub fn vector(&mut self, name: &str, len: usize) -> Result<Array1<f32>, CheckpointError> {
        let tensor = self.take(name, &[len])?;
        if tensor.dtype == "F8_E4M3" {
            return Err(wrong_type(name, &tensor, "F32, F16 or BF16: only matrices have FP8 scales"));
        }
        let values = decode(name, &tensor)?;
        check_finite(name, &values)?;
        Ok(Array1::from_vec(values))
    }

    /// Checks that a tied head equals the embedding, if the file has both.
    ///
    /// # Errors
    /// [`CheckpointError::Untied`] if the file's tensor differs from the embedding, and the errors of
    /// [`Checkpoint::matrix`].
    pub fn tied(&mut self, name: &str, embedding: &Array2<f32>) -> Result<(), CheckpointError> {
        if self.left.contains_key(name) && self.matrix(name, embedding.dim())? != embedding {
            return Err(CheckpointError::Untied { name: name.into() });
        }
        Ok(())
    }

    /// Checks that no tensor is left, except rotary buffers and tensors of layers for multi-token prediction.
    ///
    /// The decoder layers have indices below `layers`. A layer above them is for multi-token prediction if it is one of
    /// the next `num_nextn_predict_layers` or has an `eh_proj`; inference does not need it (DeepSeek-V3 report, 2.2).
    ///
    /// # Errors
    /// [`CheckpointError::Extra`] if other tensors are left.
    pub fn finish(self, layers: usize, num_nextn_predict_layers: usize) -> Result<(), CheckpointError> {
        let layer_of = |name: &str| -> Option<usize> {
            name.strip_prefix("model.layers.")?.split_once('.').and_then(|(layer, _)| layer.parse().ok())
        };
        let is_prediction = |layer: usize| {
            layer >= layers
                && (layer < layers + num_nextn_predict_layers
                    || self.left.contains_key(&format!("model.layers.{layer}.eh_proj.weight")))
        };
        let mut extra = self.left.keys().filter(|name| {
            !layer_of(name).is_some_and(is_prediction) && !name.ends_with(".self_attn.rotary_emb.inv_freq")
        });
        match extra.next() {
            None => Ok(()),
            Some(name) => Err(CheckpointError::Extra { count: 1 + extra.count(), name: name.clone() }),
        }
    }

    /// Takes out the scales of an FP8 matrix, one per block. `blocks` is the number of blocks (down, across).
    fn scales(&mut self, name: &str, blocks: (usize, usize)) -> Result<Array2<f32>, CheckpointError> {
        let tensor = self.take(name, &[blocks.0, blocks.1])?;
        if tensor.dtype != "F32" {
            return Err(wrong_type(name, &tensor, "F32"));
        }
        let values = decode(name, &tensor)?;
        check_finite(name, &values)?;
        Array2::from_shape_vec(blocks, values).map_err(|e| CheckpointError::NotSafetensors(e.to_string()))
    }

    /// Takes a tensor out and checks its shape.
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Tensor<'a>, CheckpointError> {
        let Some(tensor) = self.left.remove(name) else {
            return Err(CheckpointError::Missing { name: name.into(), expected: format!("shape {shape:?}") });
        };
        if tensor.shape != shape {
            return Err(CheckpointError::Shape {
                name: name.into(),
                found: format!("{:?}", tensor.shape),
                expected: format!("{shape:?}"),
            });
        }
        Ok(tensor)
    }
}

/// A tensor's values as `f32`; FP8 values are not multiplied by their scales yet.
fn decode(name: &str, tensor: &Tensor<'_>) -> Result<Vec<f32>, CheckpointError> {
    let bytes = tensor.data;
    let values = match tensor.dtype.as_str() {
        "F32" => bytes.as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
        "F16" => bytes.as_chunks::<2>().0.iter().map(|&b| from_f16(u16::from_le_bytes(b))).collect(),
        "BF16" => bytes.as_chunks::<2>().0.iter().map(|&b| from_bf16(u16::from_le_bytes(b))).collect(),
        "F8_E4M3" => bytes.iter().map(|&b| from_f8_e4m3(b)).collect(),
        _ => return Err(wrong_type(name, tensor, "F32, F16, BF16 or F8_E4M3")),
    };
    Ok(values)
}

fn wrong_type(name: &str, tensor: &Tensor<'_>, expected: &'static str) -> CheckpointError {
    CheckpointError::Type { name: name.into(), found: tensor.dtype.clone(), expected }
}

fn check_finite(name: &str, values: &[f32]) -> Result<(), CheckpointError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((index, value)) => {
            let found = if value.is_nan() { "NaN" } else { "infinity" };
            Err(CheckpointError::NotFinite { name: name.into(), index, found })
        }
    }
}

/// BF16: the 16 bits are the upper half of an `f32`.
fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// IEEE half precision: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits.
fn from_f16(bits: u16) -> f32 {
    from_small_float(u32::from(bits >> 15), u32::from(bits >> 10) & 0x1f, u32::from(bits) & 0x3ff, 10, 15)
        .unwrap_or_else(|| if bits & 0x3ff != 0 { f32::NAN } else { signed(u32::from(bits >> 15), f32::INFINITY) })
}

/// FP8 (E4M3): 1 sign bit, 4 exponent bits (bias 7), 3 fraction bits. There are no infinities; if all bits
/// after the sign bit are ones, the value is NaN.
fn from_f8_e4m3(bits: u8) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 7), u32::from(bits >> 3) & 0xf, u32::from(bits) & 0x7);
    if exponent == 0xf {
        // Unlike in IEEE formats, the largest exponent (a factor of 2^8) is used for finite numbers too.
        return if fraction == 7 { f32::NAN } else { signed(sign, 256.0 * (1.0 + fraction as f32 / 8.0)) };
    }
    from_small_float(sign, exponent, fraction, 3, 7).unwrap_or(f32::NAN)
}

/// The value of a 16-bit or 8-bit float; `None` if all bits of the exponent are ones (`exponent` = 2 * `bias` + 1).
fn from_small_float(sign: u32, exponent: u32, fraction: u32, fraction_bits: u32, bias: u32) -> Option<f32> {
    let unit = 1.0 / (1u32 << fraction_bits) as f32;
    let power = |exponent: u32| f32::from_bits((exponent + 127 - bias) << 23);
    match exponent {
        0 => Some(signed(sign, fraction as f32 * unit * power(1))),
        _ if exponent == 2 * bias + 1 => None,
        _ => Some(signed(sign, (1.0 + fraction as f32 * unit) * power(exponent))),
    }
}

fn signed(sign: u32, magnitude: f32) -> f32 {
    if sign == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::safetensors::{Dtype, serialize, tensor::TensorView};
    use ndarray::array;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const BLOCK: (usize, usize) = (2, 2);

    /// A safetensors file with these tensors, each as (name, type, shape, bytes).
    fn file(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Vec<u8> {
        let views = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| (*name, TensorView::new(*dtype, shape.to_vec(), bytes).unwrap()));
        serialize(views, None).unwrap()
    }

    fn bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    fn message(result: Result<impl std::fmt::Debug, CheckpointError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn fp8_bytes_decode_to_the_values_of_the_format() {
        for (bits, value) in [
            (0x00, 0.0),
            (0x01, 0.001_953_125),
            (0x07, 0.013_671_875),
            (0x08, 0.015_625),
            (0x38, 1.0),
            (0x3c, 1.5),
            (0xb8, -1.0),
            (0x77, 240.0),
            (0x78, 256.0),
            (0x7e, 448.0),
            (0xfe, -448.0),
        ] {
            assert_eq!(from_f8_e4m3(bits), value, "{bits:#x}");
        }
        assert!(from_f8_e4m3(0x7f).is_nan() && from_f8_e4m3(0xff).is_nan());
    }

    #[test]
    fn f16_and_bf16_bits_decode_to_the_values_of_their_formats() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x3c00, 1.0),
            (0x3555, 0.333_251_95),
            (0xc000, -2.0),
            (0x7bff, 65_504.0),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            assert_eq!(from_f16(bits), value, "{bits:#x}");
        }
        assert!(from_f16(0x7e00).is_nan());
        assert_eq!((from_bf16(0x3f80), from_bf16(0xc049)), (1.0, -3.140_625));
    }

    #[test]
    fn each_fp8_block_is_multiplied_by_its_own_scale() {
        let ones = [0x38; 9];
        let scales = bytes(&[1.0, 2.0, 3.0, 4.0]);
        let file = file(&[("w", Dtype::F8_E4M3, &[3, 3], &ones), ("w_scale_inv", Dtype::F32, &[2, 2], &scales)]);
        let mut checkpoint = Checkpoint::open(&file, BLOCK).unwrap();
        let w = checkpoint.matrix("w", (3, 3)).unwrap();
        assert_eq!(w, array![[1.0, 1.0, 2.0], [1.0, 1.0, 2.0], [3.0, 3.0, 4.0]]);
        assert_eq!(checkpoint.finish(1, 0), Ok(()));
    }

    #[test]
    fn errors_about_a_tensor_name_the_tensor_in_one_sentence() {
        let good = bytes(&[1.0, 2.0]);
        let bad = bytes(&[1.0, f32::NAN]);
        let file = file(&[
            ("model.norm.weight", Dtype::F32, &[2], &good),
            ("nan", Dtype::F32, &[1, 2], &bad),
            ("whole", Dtype::I32, &[2], &good),
            ("fp8", Dtype::F8_E4M3, &[1, 2], &[0x38, 0x38]),
        ]);
        let mut checkpoint = Checkpoint::open(&file, BLOCK).unwrap();
        assert_eq!(
            message(checkpoint.vector("other", 2)),
            "model.safetensors: tensor other is missing, expected shape [2]"
        );
        assert_eq!(
            message(checkpoint.vector("model.norm.weight", 3)),
            "model.safetensors: tensor model.norm.weight has shape [2], expected [3]"
        );
        assert_eq!(
            message(checkpoint.matrix("nan", (1, 2))),
            "model.safetensors: tensor nan has NaN at index 1, expected finite numbers"
        );
        assert_eq!(
            message(checkpoint.vector("whole", 2)),
            "model.safetensors: tensor whole is of type I32, expected F32, F16, BF16 or F8_E4M3"
        );
        assert_eq!(
            message(checkpoint.matrix("fp8", (1, 2))),
            "model.safetensors: tensor fp8_scale_inv is missing, expected shape [1, 1]"
        );
    }

    #[test]
    fn an_unused_tensor_is_refused_unless_its_layer_is_for_multi_token_prediction() {
        let one = bytes(&[1.0]);
        let names =
            ["model.layers.2.eh_proj.weight", "model.layers.2.enorm.weight", "model.layers.3.embed_tokens.weight"];
        let tensors: Vec<_> = names.iter().map(|&name| (name, Dtype::F32, [1].as_slice(), one.as_slice())).collect();
        let file = file(&tensors);
        let open = || Checkpoint::open(&file, BLOCK).unwrap();
        assert_eq!(
            message(open().finish(2, 0)),
            "model.safetensors has tensors that the model of config.json does not use: found 1, expected 0; the first is model.layers.3.embed_tokens.weight"
        );
        assert_eq!(open().finish(2, 2), Ok(()));
        assert!(matches!(open().finish(3, 1), Err(CheckpointError::Extra { count: 2, .. })));
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let whole = file(&[("w", Dtype::F32, &[2], &bytes(&[1.0, 2.0]))]);
        for len in 0..whole.len() {
            assert!(Checkpoint::open(&whole[..len], BLOCK).is_err(), "{len} bytes");
        }
    }
}
