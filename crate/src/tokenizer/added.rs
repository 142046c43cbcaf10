//! Added tokens: texts such as `<|bos|>`. They are searched for before the text is split, and each becomes one token.

/// One of the file's `added_tokens`.
#[derive(Debug)]
pub(super) struct AddedToken {
    pub(super) id: u32,
    pub(super) content: String,
    /// True if the match includes the whitespace before the token.
    pub(super) lstrip: bool,
    /// True if the match includes the whitespace after the token.
    pub(super) rstrip: bool,
    /// True if the token is searched for last: in the text between the added tokens that are not `normalized`.
    pub(super) normalized: bool,
    pub(super) special: bool,
}

/// A part of a text: an added token, or the text before, between or after added tokens.
#[derive(Debug, PartialEq)]
pub(super) enum Part<'t> {
    Token(u32),
    Text(&'t str),
}

/// All added tokens. Those in `raw` are searched for first, then those in `normalized`.
#[derive(Debug)]
pub(super) struct AddedTokens {
    raw: Set,
    normalized: Set,
}

impl AddedTokens {
    pub(super) fn new(tokens: Vec<AddedToken>) -> Self {
        let (normalized, raw) = tokens.into_iter().partition(|token| token.normalized);
        Self { raw: Set::new(raw), normalized: Set::new(normalized) }
    }

    /// The added token with an id.
    pub(super) fn get(&self, id: u32) -> Option<&AddedToken> {
        self.raw.tokens.iter().chain(&self.normalized.tokens).find(|token| token.id == id)
    }

    /// Splits a text at its added tokens.
    pub(super) fn cut<'t>(&self, text: &'t str) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        for part in self.raw.cut(text) {
            match part {
                Part::Text(text) => parts.extend(self.normalized.cut(text)),
                token @ Part::Token(_) => parts.push(token),
            }
        }
        parts
    }
}

/// Tokens that are searched for together.
#[derive(Debug)]
struct Set {
    tokens: Vec<AddedToken>,
    /// First characters of the tokens, to skip other text quickly.
    first_chars: Vec<char>,
}

impl Set {
    fn new(tokens: Vec<AddedToken>) -> Self {
        let mut first_chars = Vec::new();
        for first in tokens.iter().filter_map(|token| token.content.chars().next()) {
            if !first_chars.contains(&first) {
                first_chars.push(first);
            }
        }
        Self { tokens, first_chars }
    }

    fn cut<'t>(&self, text: &'t str) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut searched = 0;
        // Start of the text that has not been put into a part yet.
        let mut open = 0;
        while let Some(distance) = text[searched..].find(self.first_chars.as_slice()) {
            let found = searched + distance;
            let (before, here) = text.split_at(found);
            let fitting = self.tokens.iter().filter(|token| here.starts_with(&token.content));
            let Some(token) = fitting.max_by_key(|token| token.content.len()) else {
                searched = found + here.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            // The search continues after the token, not after the whitespace that belongs to the token. The next token
            // can begin in that whitespace, so `open` can move back, as in `tokenizers`.
            searched = found + token.content.len();
            let start = if token.lstrip { before.trim_end().len().max(open) } else { found };
            if open < start {
                parts.push(Part::Text(&text[open..start]));
            }
            parts.push(Part::Token(token.id));
            open = if token.rstrip { text.len() - text[searched..].trim_start().len() } else { searched };
        }
        if open < text.len() {
            parts.push(Part::Text(&text[open..]));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::{AddedToken, AddedTokens, Part};
    use Part::{Text, Token};

    fn token(id: u32, content: &str) -> AddedToken {
        AddedToken { id, content: content.into(), lstrip: false, rstrip: false, normalized: false, special: false }
    }

    #[test]
    fn the_leftmost_added_token_is_taken_and_the_longest_of_those_that_start_there() {
        let tokens = AddedTokens::new(vec![token(0, "ab"), token(1, "abcd"), token(2, "bcdef")]);
        assert_eq!(tokens.cut("abcdef"), [Token(1), Text("ef")]);
        assert_eq!(tokens.cut("abcxbcdefab"), [Token(0), Text("cx"), Token(2), Token(0)]);
        assert_eq!(tokens.cut(""), []);
    }

    #[test]
    fn lstrip_includes_the_whitespace_before_the_token_and_rstrip_the_whitespace_after_it() {
        let left = AddedToken { lstrip: true, ..token(0, "<x>") };
        let right = AddedToken { rstrip: true, ..token(1, "<y>") };
        let tokens = AddedTokens::new(vec![left, right, token(2, "  <z>")]);
        assert_eq!(tokens.cut("hi\u{3000} <x> yo"), [Text("hi"), Token(0), Text(" yo")]);
        assert_eq!(tokens.cut("hi <y>\u{85}\u{200B}"), [Text("hi "), Token(1), Text("\u{200B}")]);
        assert_eq!(tokens.cut("<y>   <x>"), [Token(1), Token(0)]);
        // The token `  <z>` begins in the whitespace that belongs to `<y>`.
        assert_eq!(tokens.cut("<y>   <z> q"), [Token(1), Token(2), Text(" q")]);
    }

    #[test]
    fn normalized_tokens_are_searched_for_after_all_other_added_tokens() {
        let tokens = AddedTokens::new(vec![AddedToken { normalized: true, ..token(0, "nn") }, token(1, "n<n")]);
        assert_eq!(tokens.cut("nnn<nn"), [Token(0), Token(1), Text("n")]);
        assert_eq!(tokens.cut("nn<nnn"), [Text("n"), Token(1), Token(0)]);
    }
}
