//! What-ifs compared with Hugging Face transformers, where weights, settings or code were changed to the same effect.
//! The fixtures are in `tests/what_if`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::{CacheKind, Comparison, Config, Model, Session, WhatIf};
use safetensors::SafeTensors;
use serde_json::Value;
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const LOGIT: f32 = 1e-4;
const WEIGHT: f32 = 1e-5;

/// Runs `check` on a checkpoint of `tests/parity` and the fixture with the same name.
macro_rules! fixture {
    ($name:literal) => {
        check(
            include_bytes!(concat!("../../tests/parity/", $name, "/config.json")),
            include_bytes!(concat!("../../tests/parity/", $name, "/model.safetensors")),
            include_str!(concat!("../../tests/what_if/", $name, ".json")),
            include_bytes!(concat!("../../tests/what_if/", $name, ".safetensors")),
        )
    };
}

#[test]
fn what_ifs_on_a_model_with_four_groups_match_transformers() {
    fixture!("v3-groups-4");
}

#[test]
fn what_ifs_on_a_model_without_dense_layers_match_transformers() {
    fixture!("v3-no-dense");
}

fn check(config: &[u8], checkpoint: &[u8], what_ifs: &str, expected: &[u8]) {
    let model = Arc::new(Model::new(Config::from_json(config).unwrap(), checkpoint).unwrap());
    let expected = SafeTensors::deserialize(expected).unwrap();
    let what_ifs: Vec<Value> = serde_json::from_str(what_ifs).unwrap();
    assert!(what_ifs.len() >= 20);
    let ids = words(&expected, "ids").1.into_iter().map(u32::from_le_bytes).collect::<Vec<_>>();
    for kind in [CacheKind::Latent, CacheKind::Expanded] {
        let mut plain = Session::with_cache(model.clone(), kind);
        plain.set_tokens(&ids).unwrap();
        let mut comparison = Comparison::new(&plain, &WhatIf::default()).unwrap();
        let mut moved = 0;
        for (number, settings) in what_ifs.iter().enumerate() {
            let place = format!("{kind:?}, {number}: {settings}");
            let plan = comparison.set(&WhatIf::from_json(&settings.to_string()).unwrap()).unwrap();
            comparison.seek(&mut plain, ids.len() - 1).unwrap();
            let (shape, logits) = words(&expected, &format!("{number}.logits"));
            for (position, row) in logits.chunks_exact(shape[1]).enumerate() {
                let ours = comparison.intervened().logits_at(position).unwrap();
                let largest = row.iter().map(|&x| f32::from_le_bytes(x).abs()).fold(0.0, f32::max);
                for (&ours, &theirs) in ours.iter().zip(row) {
                    let off = (ours - f32::from_le_bytes(theirs)).abs();
                    assert!(
                        off <= LOGIT.max(1e-5 * largest),
                        "{place}: position {position}, a logit is off by {off:e}"
                    );
                }
            }
            for compared in comparison.compared() {
                for route in &compared.record.routes {
                    check_route(&expected, number, compared.record.position, route, &place);
                }
            }
            moved += usize::from(!plan.neutral && comparison.compared().iter().any(|compared| compared.kl_bits > 1e-4));
        }
        assert!(moved + 2 >= what_ifs.len(), "at most two what-ifs move nothing: a neutral one, and a small shift");
    }
}

/// Compares the chosen experts, in order of weight, and their weights with the fixture.
fn check_route(expected: &SafeTensors<'_>, number: usize, position: usize, route: &moescope::Route, place: &str) {
    let place = format!("{place}, position {position}, layer {}", route.layer);
    let (shape, experts) = words(expected, &format!("{number}.experts.{}", route.layer));
    let row = position * shape[1]..(position + 1) * shape[1];
    let experts = experts[row.clone()].iter().map(|&id| i32::from_le_bytes(id)).filter(|&id| id >= 0);
    assert_eq!(route.experts, experts.map(|id| id as usize).collect::<Vec<_>>(), "{place}");
    let (_, weights) = words(expected, &format!("{number}.weights.{}", route.layer));
    for (&ours, &theirs) in route.weights.iter().zip(&weights[row]) {
        let off = (ours - f32::from_le_bytes(theirs)).abs();
        assert!(off <= WEIGHT, "{place}: a weight is off by {off:e}");
    }
}

fn words(file: &SafeTensors<'_>, name: &str) -> (Vec<usize>, Vec<[u8; 4]>) {
    let tensor = file.tensor(name).unwrap_or_else(|_| panic!("no {name}"));
    (tensor.shape().to_vec(), tensor.data().as_chunks::<4>().0.to_vec())
}
