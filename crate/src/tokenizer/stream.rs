//! Tokens to text one token at a time, never half a character.

use super::Tokenizer;

/// Decodes tokens as they come: the texts of all [`push`](Self::push)es and of [`finish`](Self::finish) together are
/// [`Tokenizer::decode`] of all the tokens.
#[derive(Debug, Clone)]
pub struct StreamDecoder<'a> {
    tokenizer: &'a Tokenizer,
    /// The beginning of a character whose other bytes have not come yet; at most 3 bytes between pushes.
    pending: Vec<u8>,
}

impl Tokenizer {
    /// Decodes tokens as they come.
    pub fn stream(&self) -> StreamDecoder<'_> {
        StreamDecoder { tokenizer: self, pending: Vec::new() }
    }
}

impl StreamDecoder<'_> {
    /// Takes one more token; returns the text that is certain by now.
    pub fn push(&mut self, id: u32) -> String {
        self.pending.extend(self.tokenizer.bytes(id).unwrap_or_default());
        let tail = self.pending.split_off(self.pending.len() - unfinished_tail(&self.pending));
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending = tail;
        text
    }

    /// Ends the text: a character that is still unfinished becomes U+FFFD.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.pending).into_owned()
    }
}

/// How many bytes at the end are the beginning of a character that more bytes could complete.
fn unfinished_tail(bytes: &[u8]) -> usize {
    let invalid = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    // No error length means: not wrong, but too short.
    let unfinished = str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
    if unfinished { invalid.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::unfinished_tail;

    #[test]
    fn a_tail_is_kept_only_while_more_bytes_could_complete_it() {
        for (bytes, tail) in [
            (&b""[..], 0),
            (b"a", 0),
            ("é".as_bytes(), 0),
            (b"a\xC3", 1),
            (b"\xE2\x80", 2),
            (b"\xF0\x9F\x98", 3),
            // A continuation byte alone, a byte that UTF-8 never has, an overlong form: never to be completed.
            (b"\x80", 0),
            (b"\xFF", 0),
            (b"\xE0\x80", 0),
            // The first character is broken, the second unfinished.
            (b"\xE2\x80\xC3", 1),
        ] {
            assert_eq!(unfinished_tail(bytes), tail, "{bytes:X?}");
        }
    }
}
