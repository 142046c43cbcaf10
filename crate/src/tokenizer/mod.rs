//! Text to tokens and back: byte-level BPE, read from a Hugging Face `tokenizer.json`.
//!
//! For every file that it accepts, this tokenizer gives the same tokens as Hugging Face's `tokenizers` 0.23 on any
//! text. Using that crate instead would add 700 kB to the wasm module. A file with an unsupported setting is refused,
//! and the error names the setting.
//!
//! A text goes through four steps:
//! 1. `added` finds special and other added tokens;
//! 2. `split` splits the text between these tokens into pieces of about one word; no token crosses a piece's border;
//! 3. `bpe` merges the UTF-8 bytes of each piece, pair by pair, into tokens;
//! 4. the template of the post-processor adds tokens such as BOS.
//!
//! `file` reads the JSON; `stream` turns tokens back into text, one token at a time.

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
    /// The bytes of each token, by id. There can be gaps between the ids.
    vocabulary: HashMap<u32, Box<[u8]>>,
    added: AddedTokens,
    pre_tokenizer: PreTokenizer,
    bpe: Bpe,
    template: Template,
}

/// Token ids that the post-processor adds before and after a text.
#[derive(Debug, Default)]
struct Template {
    before: Vec<u32>,
    after: Vec<u32>,
}

impl Tokenizer {
    /// The largest token id plus 1.
    pub fn vocab_size(&self) -> usize {
        self.vocabulary.keys().max().map_or(0, |&id| id as usize + 1)
    }

    /// The tokens of a text. The text of an added token, such as `<|bos|>`, becomes that token.
    ///
    /// Like `encode(text, add_special_tokens=False)` of `tokenizers`.
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

    /// The tokens of a text as the model expects them: with the special tokens that the file's post-processor adds,
    /// such as BOS.
    ///
    /// Like `encode(text)` of `tokenizers`.
    pub fn encode_with_special_tokens(&self, text: &str) -> Vec<u32> {
        [self.template.before.as_slice(), &self.encode(text), &self.template.after].concat()
    }

    /// The text of tokens; special tokens are included. Ids outside the vocabulary are skipped; invalid UTF-8 becomes
    /// U+FFFD.
    ///
    /// Like `decode(ids, skip_special_tokens=False)` of `tokenizers`.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().filter_map(|&id| self.bytes(id)).flatten().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The bytes of a token, which can be only a part of a character. `None` for an id outside the vocabulary.
    pub fn bytes(&self, id: u32) -> Option<&[u8]> {
        self.vocabulary.get(&id).map(AsRef::as_ref)
    }

    /// True if a token is special: it controls the model and is not text.
    pub fn is_special(&self, id: u32) -> bool {
        self.added.get(id).is_some_and(|token| token.special)
    }

    /// The bytes of a token that is not whole characters, such as one byte of an emoji; `None` for text, and for an id
    /// outside the vocabulary.
    pub fn partial_bytes(&self, id: u32) -> Option<&[u8]> {
        let is_added = self.added.get(id).is_some();
        self.bytes(id).filter(|bytes| !is_added && str::from_utf8(bytes).is_err())
    }

    /// A label for a token: its text, or its bytes in hex (`0xE2 0x80`) if they are not whole characters. An id outside
    /// the vocabulary gives a label such as `#123`.
    pub fn label(&self, id: u32) -> String {
        if let Some(token) = self.added.get(id) {
            return token.content.clone();
        }
        if let Some(bytes) = self.partial_bytes(id) {
            return bytes.iter().map(|byte| format!("0x{byte:02X}")).collect::<Vec<_>>().join(" ");
        }
        self.bytes(id).map_or_else(|| format!("#{id}"), |bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}
