//! Decodes tokens one at a time, in whole characters.

use super::Tokenizer;

/// Decodes tokens one at a time. The texts of all calls of [`push`](Self::push) and of [`finish`](Self::finish),
/// joined, equal [`Tokenizer::decode`] of all tokens.
#[derive(Debug, Clone)]
pub struct StreamDecoder<'a> {
    tokenizer: &'a Tokenizer,
    /// First bytes of an incomplete character: at most 3 bytes after each push.
    pending: Vec<u8>,
}

impl Tokenizer {
    /// A decoder that takes tokens one at a time.
    pub fn stream(&self) -> StreamDecoder<'_> {
        StreamDecoder { tokenizer: self, pending: Vec::new() }
    }
}

impl StreamDecoder<'_> {
    /// Adds a token and returns the characters that are now complete.
    pub fn push(&mut self, id: u32) -> String {
        self.pending.extend(self.tokenizer.bytes(id).unwrap_or_default());
        let tail = self.pending.split_off(self.pending.len() - unfinished_tail(&self.pending));
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending = tail;
        text
    }

    /// Ends the text; an incomplete character becomes U+FFFD.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.pending).into_owned()
    }
}

/// Number of bytes at the end that begin a character which more bytes could complete.
fn unfinished_tail(bytes: &[u8]) -> usize {
    let invalid = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    // An error without a length means that the bytes are valid so far, but incomplete.
    let unfinished = str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
    if unfinished { invalid.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::unfinished_tail;

    #[test]
    fn bytes_at_the_end_wait_only_if_more_bytes_could_complete_a_character() {
        for (bytes, tail) in [
            (&b""[..], 0),
            (b"a", 0),
            ("é".as_bytes(), 0),
            (b"a\xC3", 1),
            (b"\xE2\x80", 2),
            (b"\xF0\x9F\x98", 3),
            // No byte can complete these: a continuation byte alone, a byte that never occurs in UTF-8, an overlong
            // form.
            (b"\x80", 0),
            (b"\xFF", 0),
            (b"\xE0\x80", 0),
            // The first character is invalid, the second incomplete.
            (b"\xE2\x80\xC3", 1),
        ] {
            assert_eq!(unfinished_tail(bytes), tail, "{bytes:X?}");
        }
    }
}
