//! The same bits everywhere: these tests run natively, as wasm with simd128, and as wasm without simd128. Each test
//! compares the bits of the shipped model's results with a fixed digest.
//!
//! A change of the arithmetic changes the digests. Replace a digest only if all three builds give the same new digest
//! and the parity tests pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::{CacheKind, Comparison, Config, Model, Sampling, Session, Tokenizer, WhatIf};
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const DIGEST: u64 = 0xac00_4638_700f_147a;

/// The digest of the comparisons with what-ifs.
const WHAT_IF_DIGEST: u64 = 0xbae2_6b87_c8a9_6a0b;

/// A 64-bit FNV-1a digest of the bits of numbers.
struct Digest(u64);

impl Digest {
    fn numbers<'a>(&mut self, numbers: impl IntoIterator<Item = &'a f32>) {
        for number in numbers {
            self.word(number.to_bits());
        }
    }

    fn wide(&mut self, number: f64) {
        self.word((number.to_bits() >> 32) as u32);
        self.word(number.to_bits() as u32);
    }

    fn word(&mut self, word: u32) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[test]
fn results_have_the_same_bits_natively_and_as_wasm_with_and_without_simd() {
    let config = Config::from_json(include_bytes!("../../www/public/model/config.json")).unwrap();
    let model = Arc::new(Model::new(config, include_bytes!("../../www/public/model/model.safetensors")).unwrap());
    let tokenizer = Tokenizer::from_json(include_bytes!("../../www/public/model/tokenizer.json")).unwrap();
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for text in
        ["Once upon a time there was a little girl who", "def read_file(path, mode='r'):", "What is 6 times 7?\n"]
    {
        for kind in [CacheKind::Latent, CacheKind::Expanded] {
            let mut session = Session::with_cache(model.clone(), kind);
            session.set_tokens(&tokenizer.encode_with_special_tokens(text)).unwrap();
            for _ in 0..16 {
                digest.word(session.generate(Sampling { temperature: 0.7, seed: 1 }).unwrap());
            }
            while session.step().unwrap().is_some() {
                digest.numbers(session.logits());
            }
            for record in session.records() {
                for route in &record.routes {
                    digest.numbers(&route.choice_scores);
                    digest.numbers(&route.group_scores);
                    digest.numbers(&route.weights);
                    digest.numbers(&route.shares);
                    route.experts.iter().chain(&route.kept_groups).for_each(|&index| digest.word(index as u32));
                }
                record.next.tokens.iter().for_each(|&token| digest.word(token));
                digest.numbers(&record.next.probabilities);
                digest.numbers([&record.next.rest]);
            }
            for position in [0, session.records().len() - 1] {
                let detail = session.detail(position).unwrap();
                for (_, array) in detail.into_arrays() {
                    digest.numbers(&array.values);
                }
            }
        }
    }
    assert_eq!(digest.0, DIGEST, "0x{:016x}", digest.0);
}

#[test]
fn comparisons_with_what_ifs_have_the_same_bits_natively_and_as_wasm_with_and_without_simd() {
    let config = Config::from_json(include_bytes!("../../www/public/model/config.json")).unwrap();
    let model = Arc::new(Model::new(config, include_bytes!("../../www/public/model/model.safetensors")).unwrap());
    let tokenizer = Tokenizer::from_json(include_bytes!("../../www/public/model/tokenizer.json")).unwrap();
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    let mut plain = Session::new(model);
    let text = "Once upon a time there was a little girl who lived in a dark wood with 3 cats";
    plain.set_tokens(&tokenizer.encode_with_special_tokens(text)).unwrap();
    let mut comparison = Comparison::new(&plain, &WhatIf::default()).unwrap();
    for settings in [
        r#"{"experts_off": [{"layer": 2, "expert": 1}], "experts_forced": [{"layer": 1, "expert": 0}]}"#,
        r#"{"num_experts_per_tok": 9, "selection_bias": false, "bias_shifts": [{"layer": 3, "expert": 4, "by": 0.25}]}"#,
        r#"{"mixture": "without_shared", "topk_group": 1}"#,
        r#"{"cache_format": "f16"}"#,
        r#"{"cache_format": "int8"}"#,
        r#"{"cache_format": "int4", "latent_rank": 5}"#,
        r#"{"latent_rank": 12}"#,
    ] {
        comparison.set(&WhatIf::from_json(settings).unwrap()).unwrap();
        let last = plain.tokens().len() - 1;
        comparison.seek(&mut plain, last).unwrap();
        for compared in comparison.compared() {
            digest.wide(compared.kl_bits);
            for moved in &compared.moves {
                digest.word(moved.token);
                digest.wide(moved.plain);
                digest.wide(moved.changed);
            }
            digest.numbers(&compared.record.next.probabilities);
        }
        let loss = comparison.loss();
        for number in [loss.plain, loss.changed, loss.cost, loss.plain_error, loss.cost_error] {
            digest.wide(number);
        }
        digest.numbers(comparison.intervened().logits());
    }
    assert_eq!(digest.0, WHAT_IF_DIGEST, "0x{:016x}", digest.0);
}
