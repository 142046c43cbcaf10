//! Text to tokens and back: byte-level BPE, read from a Hugging Face `tokenizer.json`.
//!
//! Equal to Hugging Face's `tokenizers` 0.23 on any text, for the files it accepts; written anew because that crate
//! costs 700 kB of wasm. What a file sets and this module does not have is refused by name, never ignored.
//!
//! A text goes through four stages, one file each:
//! 1. `added`: special and other added tokens are cut out first;
//! 2. `split`: the text between them is cut into pieces, about a word each, which no token crosses;
//! 3. `bpe`: each piece is UTF-8 bytes, merged pair by pair into tokens;
//! 4. the post-processor's template puts tokens such as BOS around the whole.
//!
//! `file` reads the JSON, `stream` turns tokens back into text one at a time.

#![warn(clippy::indexing_slicing)]

mod added;
mod bpe;
mod file;
mod split;
mod stream;

use std::collections::HashMap;

use added::{AddedTokens, Part};
use bpe::Bpe;
use split::PreTokenizer;

pub use file::TokenizerError;
pub use stream::StreamDecoder;

/// A byte-level BPE tokenizer.
#[derive(Debug)]
pub struct Tokenizer {
    /// The bytes that each id stands for; ids may have gaps.
    vocabulary: HashMap<u32, Box<[u8]>>,
    added: AddedTokens,
    pre_tokenizer: PreTokenizer,
    bpe: Bpe,
    template: Template,
}

/// What the post-processor puts around a text: token ids.
#[derive(Debug, Default)]
struct Template {
    before: Vec<u32>,
    after: Vec<u32>,
}

impl Tokenizer {
    /// The largest token id + 1.
    pub fn vocab_size(&self) -> usize {
        self.vocabulary.keys().max().map_or(0, |&id| id as usize + 1)
    }

    /// The tokens of a text. Text that spells an added token, such as `<|bos|>`, becomes that token.
    ///
    /// As `tokenizers`' `encode(text, add_special_tokens=False)`.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        for part in self.added.cut(text) {
            match part {
                Part::Token(id) => ids.push(id),
                Part::Text(text) => {
                    self.pre_tokenizer.for_each_piece(text, &mut |piece| self.bpe.encode(piece, &mut ids))
                }
            }
        }
        ids
    }

    /// The tokens of a text as the model was trained on it: with BOS, where the file's post-processor adds it.
    ///
    /// As `tokenizers`' `encode(text)`.
    pub fn encode_with_special_tokens(&self, text: &str) -> Vec<u32> {
        [self.template.before.as_slice(), &self.encode(text), &self.template.after].concat()
    }

    /// The text of tokens, special ones included. Ids outside the vocabulary are skipped; bytes that are no UTF-8
    /// become U+FFFD.
    ///
    /// As `tokenizers`' `decode(ids, skip_special_tokens=False)`.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().filter_map(|&id| self.bytes(id)).flatten().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The bytes that a token stands for, often not whole characters; `None` for an id outside the vocabulary.
    pub fn bytes(&self, id: u32) -> Option<&[u8]> {
        self.vocabulary.get(&id).map(AsRef::as_ref)
    }

    /// Whether a token is marked as special: control of the model, not text.
    pub fn is_special(&self, id: u32) -> bool {
        self.added.get(id).is_some_and(|token| token.special)
    }

    /// How a token is shown alone: its text, or where its bytes are not whole characters these in hex (`E2 80`).
    /// An id outside the vocabulary is shown as `#123`.
    pub fn label(&self, id: u32) -> String {
        if let Some(token) = self.added.get(id) {
            return token.content.clone();
        }
        let Some(bytes) = self.bytes(id) else { return format!("#{id}") };
        match str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
        }
    }
}
