//! Byte-level byte-pair encoding: merges the bytes of a piece, pair by pair, in the order learned in training.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// The tokens of single bytes, and the rules that merge tokens.
#[derive(Debug)]
pub(super) struct Bpe {
    /// The token of each byte.
    pub(super) byte_tokens: [u32; 256],
    /// The merge of each pair of neighbouring tokens.
    pub(super) merges: HashMap<(u32, u32), Merge>,
    /// With `ignore_merges`: the bytes and id of each token; a piece with the same bytes becomes this token without
    /// merging. Otherwise empty.
    pub(super) whole_pieces: HashMap<Box<[u8]>, u32>,
}

/// One merge rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Merge {
    /// Index in the list of merges; lower ranks merge first.
    pub(super) rank: u32,
    /// The merged token.
    pub(super) token: u32,
}

/// A token in a piece, with the indices of its neighbours.
#[derive(Clone, Copy)]
struct Symbol {
    token: u32,
    previous: Option<usize>,
    next: Option<usize>,
    /// True if the symbol was merged into the symbol before it.
    gone: bool,
}

impl Bpe {
    /// Appends the tokens of a piece to `ids`.
    pub(super) fn encode(&self, piece: &str, ids: &mut Vec<u32>) {
        if let Some(&id) = self.whole_pieces.get(piece.as_bytes()) {
            ids.push(id);
            return;
        }
        let mut symbols = self.symbols(piece.as_bytes());
        self.merge(&mut symbols);
        ids.extend(symbols.iter().filter(|symbol| !symbol.gone).map(|symbol| symbol.token));
    }

    /// A symbol for each byte.
    #[expect(clippy::indexing_slicing, reason = "256 tokens, indexed by a byte")]
    fn symbols(&self, bytes: &[u8]) -> Vec<Symbol> {
        let symbol = |(at, &byte): (usize, &u8)| Symbol {
            token: self.byte_tokens[usize::from(byte)],
            previous: at.checked_sub(1),
            next: (at + 1 < bytes.len()).then_some(at + 1),
            gone: false,
        };
        bytes.iter().enumerate().map(symbol).collect()
    }

    /// Merges the pair with the lowest rank (of equal ranks, the leftmost), until no pair can be merged. The queue
    /// makes this O(n log n), so that a long text without spaces does not hang.
    #[expect(
        clippy::indexing_slicing,
        reason = "all indices come from `symbols` and its links, and it keeps its length"
    )]
    fn merge(&self, symbols: &mut [Symbol]) {
        let merge_at = |symbols: &[Symbol], left: usize| {
            let right = symbols[left].next?;
            self.merges.get(&(symbols[left].token, symbols[right].token)).copied()
        };
        let entry = |left: usize, merge: Merge| Reverse((merge.rank, left, merge.token));
        let mut queue: BinaryHeap<_> =
            (0..symbols.len()).filter_map(|left| Some(entry(left, merge_at(symbols, left)?))).collect();
        while let Some(Reverse((_, left, token))) = queue.pop() {
            // Entries stay in the queue when a neighbour changes. An entry is outdated if its symbol is gone, or if its
            // pair now makes a different token. A changed pair that makes the same token is merged, as in `tokenizers`.
            let Some(right) = symbols[left].next else { continue };
            if symbols[left].gone || merge_at(symbols, left).is_none_or(|merge| merge.token != token) {
                continue;
            }
            symbols[right].gone = true;
            symbols[left].token = token;
            symbols[left].next = symbols[right].next;
            if let Some(next) = symbols[left].next {
                symbols[next].previous = Some(left);
            }
            for left in symbols[left].previous.into_iter().chain([left]) {
                queue.extend(merge_at(symbols, left).map(|merge| entry(left, merge)));
            }
        }
    }
}

/// The character that stands for a byte in a vocabulary. A byte that is the code of a visible Latin-1 character has
/// this character. The other 68 bytes have, in order, the characters from U+0100 (GPT-2's `bytes_to_unicode`). These
/// 256 characters are the alphabet.
pub(super) fn char_of_byte(byte: u8) -> char {
    let code = u32::from(byte);
    let code = match byte {
        0x00..=0x20 => code + 0x100,
        0x7F..=0xA0 => code - 0x7F + 0x121,
        0xAD => 0x143,
        _ => code,
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn byte_of_char(character: char) -> Option<u8> {
    let code = u32::from(character);
    let code = match code {
        0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF => code,
        0x100..=0x120 => code - 0x100,
        0x121..=0x142 => code - 0x121 + 0x7F,
        0x143 => 0xAD,
        _ => return None,
    };
    u8::try_from(code).ok()
}

/// The bytes of a token in the vocabulary; `None` if the token has a character outside the alphabet of
/// [`char_of_byte`].
pub(super) fn spelled_bytes(token: &str) -> Option<Box<[u8]>> {
    token.chars().map(byte_of_char).collect()
}

/// The bytes that a token decodes to. A token with a character outside the alphabet, such as an added token with a
/// space, decodes to its own text in UTF-8. All other tokens, also added tokens, decode to the bytes that their
/// characters stand for, as in `tokenizers`.
pub(super) fn decoded_bytes(token: &str) -> Box<[u8]> {
    spelled_bytes(token).unwrap_or_else(|| token.as_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::{Bpe, HashMap, Merge, byte_of_char, char_of_byte, decoded_bytes};

    /// Each byte is its own token; `merges` are (left, right, merged) in order of rank.
    fn bpe(merges: &[(u32, u32, u32)]) -> Bpe {
        let rules = merges.iter().zip(0..).map(|(&(a, b, token), rank)| ((a, b), Merge { rank, token }));
        Bpe {
            byte_tokens: std::array::from_fn(|byte| byte as u32),
            merges: rules.collect(),
            whole_pieces: HashMap::new(),
        }
    }

    fn encode(bpe: &Bpe, piece: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        bpe.encode(piece, &mut ids);
        ids
    }

    const A: u32 = b'a' as u32;
    const B: u32 = b'b' as u32;
    const C: u32 = b'c' as u32;

    #[test]
    fn every_byte_has_its_own_character() {
        for byte in 0..=255 {
            assert_eq!(byte_of_char(char_of_byte(byte)), Some(byte));
        }
        assert_eq!([b'\n', b' ', b'!', 0x7F, 0xAD, 0xFF].map(char_of_byte), ['Ċ', 'Ġ', '!', 'ġ', 'Ń', 'ÿ']);
        assert_eq!([' ', '\u{AD}', 'ń', '｜'].map(byte_of_char), [None; 4]);
    }

    #[test]
    fn a_token_with_a_character_outside_the_alphabet_decodes_to_its_text() {
        assert_eq!(*decoded_bytes("Ġé"), [b' ', 0xE9]);
        assert_eq!(*decoded_bytes("a b"), *b"a b");
    }

    #[test]
    fn the_pair_with_the_lowest_rank_merges_first_and_of_equal_pairs_the_leftmost() {
        let bpe = bpe(&[(B, C, 300), (A, B, 301), (A, A, 302)]);
        assert_eq!(encode(&bpe, "abc"), [A, 300]);
        assert_eq!(encode(&bpe, "aaa"), [302, A]);
        assert!(encode(&bpe, "").is_empty());
    }

    #[test]
    fn merged_tokens_merge_again() {
        let bpe = bpe(&[(A, A, 300), (300, 300, 301), (301, B, 302)]);
        assert_eq!(encode(&bpe, "aaaab"), [302]);
        assert_eq!(encode(&bpe, "aaaaaab"), [301, 300, B]);
    }

    #[test]
    fn with_ignore_merges_a_piece_in_the_vocabulary_is_one_token() {
        let mut bpe = bpe(&[(A, B, 300)]);
        bpe.whole_pieces.insert(b"abc"[..].into(), 400);
        assert_eq!(encode(&bpe, "abc"), [400]);
        assert_eq!(encode(&bpe, "abca"), [300, C, A]);
    }
}
