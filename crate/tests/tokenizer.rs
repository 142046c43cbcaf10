//! The tokenizer compared with Hugging Face's `tokenizers`, natively and in a browser.
//!
//! The texts and tokens are in `tests/parity/tokenizer.json`, which `tests/parity/tokenizer.py` writes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use moescope::tokenizer::Tokenizer;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const SHIPPED: &[u8] = include_bytes!("../../www/public/model/tokenizer.json");
const FIXTURE: &str = include_str!("../../tests/parity/tokenizer.json");

fn shipped() -> Tokenizer {
    Tokenizer::from_json(SHIPPED).unwrap()
}

fn ids(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect()
}

/// The tokenizer with this name in the fixture.
fn fixture_tokenizer(fixture: &Value, name: &str) -> Tokenizer {
    match name {
        "shipped" => shipped(),
        name => Tokenizer::from_json(fixture["files"][name].to_string().as_bytes()).unwrap(),
    }
}

/// Calls `check` for each suite of the fixture, with the suite's name, tokenizer and cases.
fn for_each_suite(check: impl Fn(&str, &Tokenizer, &Value)) {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let suites = fixture["suites"].as_array().unwrap();
    assert_eq!(suites.len(), 3);
    for suite in suites {
        let name = suite["name"].as_str().unwrap();
        check(name, &fixture_tokenizer(&fixture, name), suite);
    }
}

/// The input and the expected output of each case.
fn cases<'a>(suite: &'a Value, kind: &str) -> impl Iterator<Item = (&'a Value, &'a Value)> {
    suite[kind].as_array().unwrap().iter().map(|case| (&case[0], &case[1]))
}

#[test]
fn encoding_matches_hugging_face() {
    for_each_suite(|name, tokenizer, suite| {
        for (text, expected) in cases(suite, "encode") {
            assert_eq!(tokenizer.encode(text.as_str().unwrap()), ids(expected), "{name}: {text}");
        }
    });
}

#[test]
fn encoding_with_special_tokens_matches_hugging_face() {
    for_each_suite(|name, tokenizer, suite| {
        for (text, expected) in cases(suite, "encode_with_special_tokens") {
            let tokens = tokenizer.encode_with_special_tokens(text.as_str().unwrap());
            assert_eq!(tokens, ids(expected), "{name}: {text}");
        }
    });
}

#[test]
fn decoding_matches_hugging_face() {
    for_each_suite(|name, tokenizer, suite| {
        for (tokens, expected) in cases(suite, "decode") {
            assert_eq!(tokenizer.decode(&ids(tokens)), expected.as_str().unwrap(), "{name}: {tokens}");
        }
    });
}

#[test]
fn a_stream_gives_the_text_that_hugging_face_decodes() {
    for_each_suite(|name, tokenizer, suite| {
        for (tokens, expected) in cases(suite, "decode") {
            assert_eq!(streamed(tokenizer, &ids(tokens)), expected.as_str().unwrap(), "{name}: {tokens}");
        }
    });
}

fn streamed(tokenizer: &Tokenizer, ids: &[u32]) -> String {
    let mut stream = tokenizer.stream();
    let mut text: String = ids.iter().map(|&id| stream.push(id)).collect();
    text += &stream.finish();
    text
}

#[test]
fn a_stream_gives_characters_as_soon_as_they_are_complete() {
    let tokenizer = shipped();
    let mut stream = tokenizer.stream();
    // No token of the shipped vocabulary has more than one byte of this character.
    let bytes = tokenizer.encode("😀");
    assert_eq!(bytes.len(), 4);
    let texts: Vec<String> = bytes.iter().map(|&id| stream.push(id)).collect();
    assert_eq!(texts, ["", "", "", "😀"]);
    // An incomplete character becomes U+FFFD as soon as no following byte can complete it.
    assert_eq!(stream.push(bytes[0]), "");
    assert_eq!(stream.push(tokenizer.encode("a")[0]), "\u{FFFD}a");
    assert_eq!(stream.push(bytes[0]), "");
    assert_eq!(stream.finish(), "\u{FFFD}");
}

#[test]
fn labels_show_a_token_s_text_or_the_bytes_of_an_incomplete_character() {
    let tokenizer = shipped();
    let label = |text: &str| tokenizer.label(tokenizer.encode(text)[0]);
    assert_eq!(label(" the"), " the");
    assert_eq!(label("\n"), "\n");
    assert_eq!(label("<|bos|>"), "<|bos|>");
    assert_eq!(label("😀"), "0xF0");
    assert_eq!(tokenizer.label(2048), "#2048");

    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let tokenizer = fixture_tokenizer(&fixture, "gpt2-like");
    let id_of = |bytes: &[u8]| (0..1400).find(|&id| tokenizer.bytes(id) == Some(bytes)).unwrap();
    assert_eq!(tokenizer.label(id_of(b"\xE2\x80")), "0xE2 0x80");
    assert_eq!(tokenizer.partial_bytes(id_of(b"\xE2\x80")), Some(&b"\xE2\x80"[..]));
    assert_eq!((tokenizer.partial_bytes(id_of(b"a")), tokenizer.partial_bytes(1_000_000)), (None, None));
    // An added token whose characters stand for bytes decodes to these bytes, as in `tokenizers`; the label is the
    // token's text.
    assert_eq!(tokenizer.label(id_of(b"\xFF\xFE")), "ÿþ");
    assert_eq!(tokenizer.partial_bytes(id_of(b"\xFF\xFE")), None);
}

#[test]
fn the_shipped_vocabulary_has_2048_tokens_without_gaps_and_the_first_two_are_special() {
    let tokenizer = shipped();
    assert_eq!(tokenizer.vocab_size(), 2048);
    assert!((0..2048).all(|id| tokenizer.bytes(id).is_some_and(|bytes| !bytes.is_empty())));
    assert_eq!(tokenizer.bytes(2048), None);
    assert_eq!((0..2050).filter(|&id| tokenizer.is_special(id)).collect::<Vec<_>>(), [0, 1]);
}

/// The text is one piece of 105,000 bytes. If the merge loop scanned the piece again after each merge, encoding would
/// take minutes.
#[test]
fn encoding_a_long_text_without_a_space_does_not_hang() {
    let tokenizer = shipped();
    let text = "thermodynamics".repeat(7_500);
    assert_eq!(tokenizer.decode(&tokenizer.encode(&text)), text);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::{shipped, streamed};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_encoded_text_decodes_to_itself(text in any::<String>()) {
            let tokenizer = shipped();
            prop_assert_eq!(tokenizer.decode(&tokenizer.encode(&text)), text);
        }

        /// Most of the random tokens are single bytes, which often are not whole characters.
        #[test]
        fn streamed_tokens_give_the_text_of_decode(
            ids in prop::collection::vec(prop_oneof![4 => 2u32..258, 1 => 0u32..2060], 0..40),
        ) {
            let tokenizer = shipped();
            prop_assert_eq!(streamed(&tokenizer, &ids), tokenizer.decode(&ids));
        }

        /// The test fails if reading the file, or encoding with the tokenizer, panics.
        #[test]
        fn a_damaged_file_gives_an_error_or_a_tokenizer(at in 0..super::SHIPPED.len(), byte in any::<u8>()) {
            let mut file = super::SHIPPED.to_vec();
            file[at] = byte;
            if let Ok(tokenizer) = super::Tokenizer::from_json(&file) {
                tokenizer.encode("Still a tokenizer, <|bos|>.");
            }
        }
    }
}
