//! Parity with Hugging Face transformers, for the checkpoints of `tests/parity` and for the shipped model.
//! `tests/parity/make.py` has stored the results of transformers for each of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::{CacheKind, Config, Detail, Model, Sampling, Session, Tokenizer};
use ndarray::{Array1, Array2, ArrayView1};
use safetensors::SafeTensors;
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A logit may be off by `LOGIT`, or by `LOGIT_RELATIVE` times the largest magnitude in its row if that is more.
const LOGIT: f32 = 1e-4;
const LOGIT_RELATIVE: f32 = 1e-5;
const WEIGHT: f32 = 1e-5;

/// One test per checkpoint.
macro_rules! checkpoints {
    ($($test:ident: $name:literal,)*) => {$(
        #[test]
        fn $test() {
            check_checkpoint(
                include_bytes!(concat!("../../tests/parity/", $name, "/config.json")),
                include_bytes!(concat!("../../tests/parity/", $name, "/model.safetensors")),
                include_bytes!(concat!("../../tests/parity/", $name, "/expected.safetensors")),
            );
        }
    )*

        /// The folders of the checkpoints that have a test.
        #[cfg(not(target_arch = "wasm32"))]
        const TESTED: &[&str] = &[$($name),*];
    };
}

checkpoints! {
    v2_attention_bias: "v2-attention-bias",
    v2_defaults: "v2-defaults",
    v2_greedy: "v2-greedy",
    v2_group_limited: "v2-group-limited",
    v2_norm_topk_prob: "v2-norm-topk-prob",
    v3_all_dense: "v3-all-dense",
    v3_attention_bias: "v3-attention-bias",
    v3_defaults: "v3-defaults",
    v3_eps: "v3-eps",
    v3_f16: "v3-f16",
    v3_fp8: "v3-fp8",
    v3_fp8_small_blocks: "v3-fp8-small-blocks",
    v3_groups_1: "v3-groups-1",
    v3_groups_4: "v3-groups-4",
    v3_half_split: "v3-half-split",
    v3_mtp: "v3-mtp",
    v3_negative_bias: "v3-negative-bias",
    v3_no_dense: "v3-no-dense",
    v3_no_q_lora: "v3-no-q-lora",
    v3_no_shared: "v3-no-shared",
    v3_odd_sizes: "v3-odd-sizes",
    v3_theta: "v3-theta",
    v3_tied_head: "v3-tied-head",
    v3_tiny_scores: "v3-tiny-scores",
    v3_two_shared: "v3-two-shared",
    v3_unnormalised: "v3-unnormalised",
    v3_yarn: "v3-yarn",
    v3_yarn_long: "v3-yarn-long",
    v3_yarn_plain: "v3-yarn-plain",
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_checkpoint_in_the_folder_has_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/parity");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("model.safetensors").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, TESTED);
}

/// Compares, for each of at least three prompts, the tokens, everything that `check` compares, and the text of the
/// greedy continuation.
#[test]
fn the_shipped_model_matches_transformers() {
    let config = Config::from_json(include_bytes!("../../www/public/model/config.json")).unwrap();
    let model = Arc::new(Model::new(config, include_bytes!("../../www/public/model/model.safetensors")).unwrap());
    let tokenizer = Tokenizer::from_json(include_bytes!("../../www/public/model/tokenizer.json")).unwrap();
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/parity/shipped/golden.json")).unwrap();
    let golden = golden.as_array().unwrap();
    assert!(golden.len() >= 3, "three prompts");
    for (i, golden) in golden.iter().enumerate() {
        let file = include_bytes!("../../tests/parity/shipped/expected.safetensors");
        let expected = Expected::open(file, &format!("{i}."));
        let ids = tokenizer.encode_with_special_tokens(golden["prompt"].as_str().unwrap());
        assert_eq!(ids, expected.ids("ids"), "{}", golden["prompt"]);
        check(&model, &expected);

        let mut session = Session::new(model.clone());
        session.set_tokens(&ids).unwrap();
        let greedy: Vec<u32> = (0..64).map(|_| session.generate(Sampling::GREEDY).unwrap()).collect();
        assert_eq!(tokenizer.decode(&greedy), golden["text"].as_str().unwrap());
    }
}

fn check_checkpoint(config: &[u8], checkpoint: &[u8], expected: &[u8]) {
    let model = Model::new(Config::from_json(config).unwrap(), checkpoint).unwrap();
    check(&Arc::new(model), &Expected::open(expected, ""));
}

/// Compares a model with its fixture, once per cache, and the logits from one cache with the logits from the other.
fn check(model: &Arc<Model>, expected: &Expected<'_>) {
    let ids = expected.ids("ids");
    let logits = expected.rows("logits");
    let mut per_cache = [Vec::new(), Vec::new()];
    for (kind, seen) in [CacheKind::Latent, CacheKind::Expanded].into_iter().zip(&mut per_cache) {
        let mut session = Session::with_cache(model.clone(), kind);
        session.set_tokens(&ids).unwrap();
        let mut position = 0;
        while session.step().unwrap().is_some() {
            let row = logits.row(position);
            let allowed = LOGIT.max(LOGIT_RELATIVE * row.fold(0.0, |m, x| f32::max(m, x.abs())));
            let off = largest_difference(session.logits(), row);
            assert!(off <= allowed, "{kind:?}, position {position}: a logit is off by {off:e}, allowed {allowed:e}");
            seen.push(session.logits().to_owned());
            position += 1;
        }
        assert_eq!(position, ids.len());
        check_routes(&session, expected);
        check_detail(model, &session.detail(ids.len() - 1).unwrap(), expected);

        let greedy: Vec<u32> = (0..64).map(|_| session.generate(Sampling::GREEDY).unwrap()).collect();
        assert_eq!(greedy, expected.ids("greedy"), "{kind:?}");
    }
    let [latent, expanded] = per_cache;
    for (position, (latent, expanded)) in latent.iter().zip(&expanded).enumerate() {
        let allowed = LOGIT.max(LOGIT_RELATIVE * latent.fold(0.0, |m, x| f32::max(m, x.abs())));
        let off = largest_difference(latent.view(), expanded.view());
        assert!(off <= allowed, "position {position}: latent and expanded logits differ by {off:e}");
    }
}

/// Compares the chosen experts and their weights with the fixture, per token and layer.
fn check_routes(session: &Session, expected: &Expected<'_>) {
    for record in session.records() {
        for route in &record.routes {
            let place = format!("position {}, layer {}", record.position, route.layer);
            let experts = expected.integers(&format!("experts.{}", route.layer)).row(record.position).to_owned();
            let weights = expected.rows(&format!("weights.{}", route.layer)).row(record.position).to_owned();
            let ours: Vec<i32> = route.experts.iter().map(|&expert| expert as i32).collect();
            assert_eq!(ours, experts.to_vec(), "{place}");
            let off = largest_difference(route.weights.view(), weights.view());
            assert!(off <= WEIGHT, "{place}: a weight is off by {off:e}");
        }
    }
}

/// Compares the latents, RoPE keys, router logits and logits of a detail with the fixture, and checks that attention
/// over both caches gives the same output.
fn check_detail(model: &Model, detail: &Detail, expected: &Expected<'_>) {
    for layer in 0..model.config().num_hidden_layers {
        let latent = expected.numbers(&format!("latent.{layer}"));
        let off = largest_difference(detail.latents.row(layer), latent.view());
        assert!(off <= 1e-4, "layer {layer}: c_KV is off by {off:e}");

        let mut rope_key = expected.numbers(&format!("rope_key.{layer}"));
        if model.config().gate != moescope::config::GateKind::V3 {
            // For deepseek_v2, transformers stores the two numbers of a pair next to each other. This engine stores the
            // first numbers of all pairs, then the second numbers.
            let pairs = rope_key.into_shape_with_order((detail.rope_keys.ncols() / 2, 2)).unwrap();
            rope_key = pairs.t().iter().copied().collect();
        }
        let off = largest_difference(detail.rope_keys.row(layer), rope_key.view());
        assert!(off <= 1e-4, "layer {layer}: the RoPE key is off by {off:e}");
        let off = detail.attention_differences[layer];
        assert!(off <= 1e-4, "layer {layer}: latent and expanded attention differ by {off:e}");
    }
    let first_moe = model.config().first_k_dense_replace;
    for (i, ours) in detail.router_logits.rows().into_iter().enumerate() {
        let theirs = expected.rows(&format!("router_logits.{}", first_moe + i)).row(detail.position).to_owned();
        let off = largest_difference(ours, theirs.view());
        assert!(off <= 1e-4 * 1f32.max(theirs.fold(0.0, |m, x| f32::max(m, x.abs()))), "router logits off by {off:e}");
    }
    let expected_last = expected.rows("logits");
    let off = largest_difference(detail.logits.view(), expected_last.row(detail.position));
    assert!(off <= LOGIT.max(LOGIT_RELATIVE * detail.logits.fold(0.0, |m, x| f32::max(m, x.abs()))));
}

fn largest_difference(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, |m, x| if x > m || x.is_nan() { x } else { m })
}

/// A fixture's tensors.
struct Expected<'a> {
    file: SafeTensors<'a>,
    prefix: String,
}

impl<'a> Expected<'a> {
    /// Opens a fixture's file. `prefix` selects one prompt: the names of the prompt's tensors start with `prefix`.
    fn open(bytes: &'a [u8], prefix: &str) -> Self {
        Self { file: SafeTensors::deserialize(bytes).unwrap(), prefix: prefix.into() }
    }

    fn words(&self, name: &str) -> (Vec<usize>, Vec<[u8; 4]>) {
        let tensor = self.file.tensor(&format!("{}{name}", self.prefix)).unwrap_or_else(|_| panic!("no {name}"));
        (tensor.shape().to_vec(), tensor.data().as_chunks::<4>().0.to_vec())
    }

    fn numbers(&self, name: &str) -> Array1<f32> {
        self.words(name).1.into_iter().map(f32::from_le_bytes).collect()
    }

    fn ids(&self, name: &str) -> Vec<u32> {
        self.words(name).1.into_iter().map(u32::from_le_bytes).collect()
    }

    fn rows(&self, name: &str) -> Array2<f32> {
        let (shape, words) = self.words(name);
        Array2::from_shape_vec((shape[0], shape[1]), words.into_iter().map(f32::from_le_bytes).collect()).unwrap()
    }

    fn integers(&self, name: &str) -> Array2<i32> {
        let (shape, words) = self.words(name);
        Array2::from_shape_vec((shape[0], shape[1]), words.into_iter().map(i32::from_le_bytes).collect()).unwrap()
    }
}
