//! The intermediate results of a step, computed on demand.
//!
//! Each array is declared once, with its shape. A macro makes four things from this list: the struct, a constructor that
//! fills all arrays with zeros, the list of arrays for JavaScript, and the TypeScript type.

use ndarray::{Array, Array1, Array2, Array3, ArrayViewD, Dimension};
use serde::{Serialize, Serializer};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Defines `DetailSizes` and `Detail`. `sizes` lists the names of the sizes; `arrays` has `name: ArrayN[shape]` for each
/// array. Each axis of a shape is an expression of the sizes.
macro_rules! detail {
    (
        sizes { $($(#[$size_doc:meta])* $size:ident,)* }
        $(#[$detail_doc:meta])*
        arrays { $($(#[$doc:meta])* $array:ident: $kind:ident[$($axis:expr),+],)* }
    ) => {
        /// The sizes from which the shapes of a detail's arrays are computed.
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct DetailSizes {
            $($(#[$size_doc])* pub(crate) $size: usize,)*
        }

        $(#[$detail_doc])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[cfg_attr(target_arch = "wasm32", derive(Tsify))]
        #[non_exhaustive]
        pub struct Detail {
            /// The token's index in the text, from 0.
            pub position: usize,
            $(
                $(#[$doc])*
                #[doc = concat!("(", stringify!($($axis),+), ")")]
                #[serde(serialize_with = "nested")]
                #[cfg_attr(target_arch = "wasm32", tsify(type = "DetailArray"))]
                pub $array: $kind<f32>,
            )*
        }

        impl Detail {
            /// A detail with zeros in all arrays.
            pub(crate) fn zeros(sizes: DetailSizes) -> Self {
                let DetailSizes { $($size),* } = sizes;
                Self { position: sizes.position, $($array: $kind::zeros([$($axis),+]),)* }
            }

            /// All arrays with their names, in the order of the fields.
            pub fn into_arrays(self) -> Vec<(&'static str, DetailArray)> {
                vec![$((stringify!($array), DetailArray::of(self.$array)),)*]
            }
        }
    };
}

detail! {
    sizes {
        position,
        num_hidden_layers,
        /// Number of layers with routed experts.
        moe_layers,
        num_attention_heads,
        n_routed_experts,
        /// Maximum number of routed experts chosen per token; a what-if can change it.
        num_experts_per_tok,
        hidden_size,
        kv_lora_rank,
        qk_nope_head_dim,
        qk_rope_head_dim,
        v_head_dim,
        vocab_size,
    }

    /// The intermediate results of a step, computed on demand. The parentheses after a field's comment contain the shape
    /// of its array; `moe_layers` is the number of layers with routed experts, which the arrays list from the lowest
    /// layer up.
    arrays {
        /// The router logits, before the sigmoid (V2: softmax).
        router_logits: Array2[moe_layers, n_routed_experts],
        /// Attention weights of each head over the tokens up to this one; each row sums to 1.
        attention: Array3[num_hidden_layers, num_attention_heads, position + 1],
        /// c_KV as the latent cache stores it, after its norm.
        latents: Array2[num_hidden_layers, kv_lora_rank],
        /// The shared RoPE key as the latent cache stores it, after its rotation. As in transformers, it has the first
        /// numbers of all pairs, then the second numbers of all pairs, even if the model interleaves the pairs.
        rope_keys: Array2[num_hidden_layers, qk_rope_head_dim],
        /// Largest absolute difference between the heads' outputs from the latent cache and from the expanded cache.
        attention_differences: Array1[num_hidden_layers],
        /// The logits over the vocabulary.
        logits: Array1[vocab_size],
        /// The residual stream before each layer, and after the last layer.
        stream: Array2[num_hidden_layers + 1, hidden_size],
        /// Input of attention: the stream after its norm.
        attention_inputs: Array2[num_hidden_layers, hidden_size],
        /// Each head's query, after the rotation of its RoPE part.
        queries: Array3[num_hidden_layers, num_attention_heads, qk_nope_head_dim + qk_rope_head_dim],
        /// Each head's query with the key projection folded in; its dot product with a latent is the part of a score
        /// without RoPE, before scaling.
        absorbed_queries: Array3[num_hidden_layers, num_attention_heads, kv_lora_rank],
        /// This token's keys as the expanded cache stores them, with the RoPE key repeated in each head's key.
        keys: Array3[num_hidden_layers, num_attention_heads, qk_nope_head_dim + qk_rope_head_dim],
        /// This token's values as the expanded cache stores them.
        values: Array3[num_hidden_layers, num_attention_heads, v_head_dim],
        /// Attention weights computed from the cache that the session does not read.
        other_attention: Array3[num_hidden_layers, num_attention_heads, position + 1],
        /// Largest absolute difference between `attention` and `other_attention`.
        weight_differences: Array1[num_hidden_layers],
        /// Each head's output.
        head_outputs: Array3[num_hidden_layers, num_attention_heads, v_head_dim],
        /// The output of attention, which is added to the stream.
        attention_outputs: Array2[num_hidden_layers, hidden_size],
        /// The stream after attention's output was added.
        attended: Array2[num_hidden_layers, hidden_size],
        /// Input of the router, the experts and the dense networks: `attended` after its norm.
        ffn_inputs: Array2[num_hidden_layers, hidden_size],
        /// The chosen experts' outputs before weighting, in the order of [`Route::experts`](super::Route::experts).
        expert_outputs: Array3[moe_layers, num_experts_per_tok, hidden_size],
        /// The shared expert's output; zeros if no shared expert ran.
        shared_outputs: Array2[moe_layers, hidden_size],
        /// Euclidean norms of the chosen experts' outputs before weighting, then of the shared expert's output.
        expert_norms: Array2[moe_layers, num_experts_per_tok + 1],
        /// Part of each expert in the mixture, the sum of all weighted outputs: the length of the expert's weighted
        /// output along the mixture, divided by the mixture's norm. A layer's parts add up to 1; a part is negative if
        /// the output points against the mixture.
        parts: Array2[moe_layers, num_experts_per_tok + 1],
        /// The output of the experts or of the dense network, which is added to the stream.
        ffn_outputs: Array2[num_hidden_layers, hidden_size],
        /// Five Euclidean norms per layer: of the stream before the layer, attention's output, the stream after
        /// attention, the output of the experts or the dense network, and the stream after the layer.
        stream_norms: Array2[num_hidden_layers, 5],
        /// Input of the head: the stream after the last layer and its norm.
        final_input: Array1[hidden_size],
    }
}

/// One array of a detail.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[non_exhaustive]
pub struct DetailArray {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// The values, row-major.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Float32Array<ArrayBuffer>"))]
    pub values: Vec<f32>,
}

impl DetailArray {
    fn of<D: Dimension>(array: Array<f32, D>) -> Self {
        Self { shape: array.shape().to_vec(), values: array.into_raw_vec_and_offset().0 }
    }
}

/// Serialises an array as nested sequences, one level per axis.
fn nested<S: Serializer, D: Dimension>(array: &Array<f32, D>, serializer: S) -> Result<S::Ok, S::Error> {
    Nested(array.view().into_dyn()).serialize(serializer)
}

struct Nested<'a>(ArrayViewD<'a, f32>);

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.ndim() {
            0 | 1 => serializer.collect_seq(&self.0),
            _ => serializer.collect_seq(self.0.outer_iter().map(Nested)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// All sizes are different, so the test would notice a shape with a wrong size.
    const SIZES: DetailSizes = DetailSizes {
        position: 3,
        num_hidden_layers: 2,
        moe_layers: 1,
        num_attention_heads: 5,
        n_routed_experts: 16,
        num_experts_per_tok: 6,
        hidden_size: 8,
        kv_lora_rank: 9,
        qk_nope_head_dim: 10,
        qk_rope_head_dim: 11,
        v_head_dim: 12,
        vocab_size: 13,
    };

    #[test]
    fn each_array_of_a_new_detail_has_the_declared_shape_and_only_zeros() {
        let arrays = Detail::zeros(SIZES).into_arrays();
        assert_eq!(arrays.len(), 25);
        for (name, DetailArray { shape, values }) in &arrays {
            assert_eq!(values.len(), shape.iter().product::<usize>(), "{name}");
            assert!(values.iter().all(|&value| value == 0.0), "{name}");
        }
        let shape = |wanted| arrays.iter().find(|(name, _)| *name == wanted).map(|(_, array)| &array.shape[..]);
        assert_eq!(shape("router_logits"), Some(&[1, 16][..]));
        assert_eq!(shape("attention"), Some(&[2, 5, 4][..]));
        assert_eq!(shape("queries"), Some(&[2, 5, 21][..]));
        assert_eq!(shape("stream"), Some(&[3, 8][..]));
        assert_eq!(shape("expert_outputs"), Some(&[1, 6, 8][..]));
        assert_eq!(shape("parts"), Some(&[1, 7][..]));
        assert_eq!(shape("final_input"), Some(&[8][..]));
    }

    #[test]
    fn a_detail_in_json_has_its_position_and_nested_lists() {
        let mut detail = Detail::zeros(DetailSizes { position: 0, num_attention_heads: 1, ..SIZES });
        detail.attention[[1, 0, 0]] = 0.5;
        detail.attention_differences[0] = 2.0;
        let json = serde_json::to_value(&detail).unwrap();
        assert_eq!(json["position"], json!(0));
        assert_eq!(json["attention"], json!([[[0.0]], [[0.5]]]));
        assert_eq!(json["attention_differences"], json!([2.0, 0.0]));
        assert_eq!(json["router_logits"], json!([vec![0.0; 16]]));
        let dense = Detail::zeros(DetailSizes { moe_layers: 0, ..SIZES });
        assert_eq!(serde_json::to_value(&dense).unwrap()["router_logits"], json!([]));
    }
}
