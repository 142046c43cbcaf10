//! Broken model files are refused with one sentence, and random bytes in them cause no panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::{Config, Model, Tokenizer};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const CONFIG: &[u8] = include_bytes!("../../tests/parity/v3-fp8/config.json");
const CHECKPOINT: &[u8] = include_bytes!("../../tests/parity/v3-fp8/model.safetensors");
const TOKENIZER: &[u8] = include_bytes!("../../www/public/model/tokenizer.json");

fn refusal(checkpoint: &[u8]) -> String {
    let sentence = Model::new(Config::from_json(CONFIG).unwrap(), checkpoint).unwrap_err().to_string();
    assert!(sentence.starts_with("model.safetensors") && !sentence.contains('\n'), "{sentence}");
    sentence
}

/// The checkpoint with a changed JSON header and unchanged data.
fn with_header(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let len = u64::from_le_bytes(*CHECKPOINT.first_chunk().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&CHECKPOINT[8..8 + len]).unwrap();
    change(&mut header);
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &CHECKPOINT[8 + len..]].concat()
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_folder_without_model_files_is_refused_with_the_path_of_a_missing_file() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let refusals = [Model::open(&folder).unwrap_err().to_string(), Tokenizer::open(&folder).unwrap_err().to_string()];
    for (sentence, file) in refusals.iter().zip(["config.json", "tokenizer.json"]) {
        let start = format!("{} cannot be read: ", folder.join(file).display());
        assert!(sentence.starts_with(&start), "{sentence}");
    }
}

#[test]
fn a_checkpoint_with_an_equal_header_in_other_bytes_is_accepted() {
    assert!(Model::new(Config::from_json(CONFIG).unwrap(), &with_header(|_| {})).is_ok());
}

#[test]
fn a_checkpoint_that_is_cut_off_is_refused() {
    let header_end = 8 + u64::from_le_bytes(*CHECKPOINT.first_chunk().unwrap()) as usize;
    let in_header = (0..header_end + 64).step_by(7);
    let in_data = (header_end..CHECKPOINT.len()).step_by(997);
    for len in in_header.chain(in_data) {
        refusal(&CHECKPOINT[..len]);
    }
}

#[test]
fn a_file_that_is_no_safetensors_file_is_refused_as_a_checkpoint() {
    refusal(b"");
    refusal(b"<!doctype html><title>404</title>");
    refusal(TOKENIZER);
    refusal(&[0xff; 4096]);
    refusal(&[&u64::MAX.to_le_bytes(), CHECKPOINT].concat());
}

#[test]
fn a_tensor_with_the_wrong_shape_is_refused_with_its_name() {
    let shuffled = with_header(|header| {
        let tensor = &mut header["model.layers.0.self_attn.o_proj.weight"]["shape"];
        let shape = tensor.as_array_mut().unwrap();
        shape.reverse();
    });
    let sentence = refusal(&shuffled);
    assert!(
        sentence.starts_with("model.safetensors: tensor model.layers.0.self_attn.o_proj.weight has shape ["),
        "{sentence}"
    );

    let swapped = with_header(|header| {
        let gate = header["model.layers.0.mlp.gate_proj.weight"].clone();
        header["model.layers.0.mlp.gate_proj.weight"] = header["model.layers.0.mlp.down_proj.weight"].clone();
        header["model.layers.0.mlp.down_proj.weight"] = gate;
    });
    assert!(refusal(&swapped).contains("tensor model.layers.0.mlp.gate_proj.weight has shape"));
}

#[test]
fn a_tensor_under_a_wrong_name_is_reported_as_missing() {
    let renamed = with_header(|header| {
        let tensor = header.as_object_mut().unwrap().remove("model.norm.weight").unwrap();
        header["model.norm.wait"] = tensor;
    });
    assert!(refusal(&renamed).starts_with("model.safetensors: tensor model.norm.weight is missing, expected shape ["));
}

#[test]
fn a_tensor_of_an_unsupported_type_is_refused_with_its_name() {
    let retyped = with_header(|header| header["model.norm.weight"]["dtype"] = json!("I16"));
    let sentence = refusal(&retyped);
    assert!(
        sentence.starts_with("model.safetensors: tensor model.norm.weight is of type I16, expected F32"),
        "{sentence}"
    );
}

#[test]
fn a_tensor_with_a_nan_is_refused_with_its_name_and_the_index_of_the_nan() {
    let mut broken = CHECKPOINT.to_vec();
    let len = u64::from_le_bytes(*CHECKPOINT.first_chunk().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&CHECKPOINT[8..8 + len]).unwrap();
    let (name, tensor) =
        header.as_object().unwrap().iter().find(|(_, tensor)| tensor["dtype"] == "F8_E4M3").expect("an FP8 tensor");
    broken[8 + len + tensor["data_offsets"][0].as_u64().unwrap() as usize + 3] = 0x7f;
    assert_eq!(
        refusal(&broken),
        format!("model.safetensors: tensor {name} has NaN at index 3, expected finite numbers")
    );
}

#[test]
fn random_bytes_in_model_files_cause_no_panic() {
    let mut state = 1u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let config: Value = serde_json::from_slice(CONFIG).unwrap();
    let config = config.to_string().into_bytes();
    for _ in 0..300 {
        let (mut config, mut checkpoint) = (config.clone(), CHECKPOINT[..CHECKPOINT.len()].to_vec());
        let (at, header) = (random(config.len()), random(4000));
        config[at] = random(256) as u8;
        checkpoint[header] = random(256) as u8;
        if let Ok(config) = Config::from_json(&config) {
            // The result may be a model or an error; only a panic fails the test.
            drop(Model::new(config, CHECKPOINT));
        }
        drop(Model::new(Config::from_json(CONFIG).unwrap(), &checkpoint));
        let mut tokenizer = TOKENIZER[..3000].to_vec();
        tokenizer.extend_from_slice(&TOKENIZER[TOKENIZER.len() - 3000..]);
        let at = random(tokenizer.len());
        tokenizer[at] = random(256) as u8;
        drop(Tokenizer::from_json(&tokenizer));
    }
}

#[test]
fn a_tokenizer_with_more_tokens_than_the_model_is_refused() {
    let model = Model::new(Config::from_json(CONFIG).unwrap(), CHECKPOINT).unwrap();
    let tokens = Tokenizer::from_json(TOKENIZER).unwrap().vocab_size();
    let vocab_size = model.config().vocab_size;
    assert!(vocab_size < tokens);
    assert_eq!(
        model.accepts_vocabulary(tokens).unwrap_err().to_string(),
        format!("config.json: vocab_size is {vocab_size}, expected at least {tokens}, the tokens of tokenizer.json")
    );
    assert_eq!(model.accepts_vocabulary(vocab_size), Ok(()));
}
