//! Splits text into pieces. No token crosses the border between two pieces.
//!
//! Hugging Face runs the patterns on a regular-expression engine. Such an engine would be the largest part of this
//! crate's wasm, so each supported pattern has a matcher in this file, selected by the exact text of the pattern. Tests
//! compare the matches, and the classes of all Unicode characters, with Hugging Face's.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// The pre-tokenizer: how text is split into pieces.
#[derive(Debug)]
pub(super) struct PreTokenizer {
    /// Each pattern splits the pieces that the pattern before it has made.
    pub(super) splits: Vec<Pattern>,
    /// True if a piece that `splits` has made gets a space at its start, unless it already starts with a space.
    pub(super) add_prefix_space: bool,
    /// True if GPT-2's pattern then splits the pieces again.
    pub(super) use_regex: bool,
}

impl PreTokenizer {
    /// Calls `take` with each piece of the text, in order.
    pub(super) fn for_each_piece(&self, text: &str, take: &mut dyn FnMut(&str)) {
        cut_by_all(&self.splits, text, &mut |piece| {
            let last_split: &[Pattern] = if self.use_regex { &[Pattern::Gpt2] } else { &[] };
            if self.add_prefix_space && !piece.starts_with(' ') {
                cut_by_all(last_split, &format!(" {piece}"), take);
            } else {
                cut_by_all(last_split, piece, take);
            }
        });
    }
}

fn cut_by_all(patterns: &[Pattern], text: &str, take: &mut dyn FnMut(&str)) {
    match patterns.split_first() {
        Some((first, others)) => first.cut(text, &mut |piece| cut_by_all(others, piece, take)),
        None => take(text),
    }
}

/// A supported pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pattern {
    /// GPT-2's pattern: contractions; words, numbers and runs of other characters, each with the space before it;
    /// whitespace.
    Gpt2,
    /// GPT-2's pattern, but every digit is its own piece. The shipped model uses this pattern.
    Gpt2SingleDigits,
    /// DeepSeek-V3's first pattern: one to three digits.
    UpToThreeDigits,
    /// DeepSeek-V3's second pattern: runs of Han characters and kana.
    Cjk,
    /// DeepSeek-V3's third pattern: words, each with one other character before it; punctuation, with the line ends
    /// after it; whitespace.
    DeepSeekWords,
}

impl Pattern {
    /// The pattern for a regular expression in a `tokenizer.json`; `None` if the expression is not supported.
    pub(super) fn from_regex(regex: &str) -> Option<Self> {
        Some(match regex {
            r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+" => Self::Gpt2SingleDigits,
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
            | r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+" => Self::Gpt2,
            r"\p{N}{1,3}" => Self::UpToThreeDigits,
            "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+" => Self::Cjk,
            // The published file contains the characters CR and LF; files saved from Python code contain the escapes
            // `\r` and `\n`.
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+\
             | ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
            | "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+\
               | ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" => Self::DeepSeekWords,
            _ => return None,
        })
    }

    /// Calls `take` with each match and each text between matches, in order (`behavior: "Isolated"`).
    fn cut(self, text: &str, take: &mut dyn FnMut(&str)) {
        let mut rest = text;
        let mut unmatched = 0;
        while let Some(character) = rest[unmatched..].chars().next() {
            let Some(length) = self.match_length(&rest[unmatched..]) else {
                unmatched += character.len_utf8();
                continue;
            };
            let (between, matching) = rest.split_at(unmatched);
            let (matched, behind) = matching.split_at(length);
            if !between.is_empty() {
                take(between);
            }
            take(matched);
            (rest, unmatched) = (behind, 0);
        }
        if !rest.is_empty() {
            take(rest);
        }
    }

    /// Length in bytes of the match at the beginning of a text: the longest match of the pattern's first alternative
    /// that matches. `None` if no alternative matches.
    fn match_length(self, text: &str) -> Option<usize> {
        match self {
            Self::Gpt2 => contraction(text)
                .or_else(|| spaced_run(text, |c| class(c) == Class::Letter))
                .or_else(|| spaced_run(text, |c| class(c) == Class::Number))
                .or_else(|| spaced_run(text, is_other))
                .or_else(|| whitespace(text)),
            Self::Gpt2SingleDigits => contraction(text)
                .or_else(|| spaced_run(text, |c| class(c) == Class::Letter))
                .or_else(|| digits(text, 1))
                .or_else(|| spaced_run(text, is_other))
                .or_else(|| whitespace(text)),
            Self::UpToThreeDigits => digits(text, 3),
            Self::Cjk => some_run(text, |c| matches!(c, '\u{4E00}'..='\u{9FA5}' | '\u{3040}'..='\u{30FF}')),
            Self::DeepSeekWords => punctuated_ascii_word(text)
                .or_else(|| prefixed_word(text))
                .or_else(|| punctuation(text))
                .or_else(|| line_ends(text))
                .or_else(|| whitespace(text)),
        }
    }
}

/// `'(?:[sdmt]|ll|ve|re)`
fn contraction(text: &str) -> Option<usize> {
    let endings = ["'s", "'d", "'m", "'t", "'ll", "'ve", "'re"];
    endings.into_iter().find(|ending| text.starts_with(ending)).map(str::len)
}

/// `\p{N}{1,most}`
fn digits(text: &str, most: usize) -> Option<usize> {
    let length = text.chars().take(most).take_while(|&c| class(c) == Class::Number).map(char::len_utf8).sum();
    (length > 0).then_some(length)
}

/// `[^\s\p{L}\p{N}]`
fn is_other(c: char) -> bool {
    !c.is_whitespace() && !matches!(class(c), Class::Letter | Class::Number)
}

/// `\s+(?!\S)|\s+`: a run of whitespace. If text follows, the match ends before the run's last character, unless the
/// run has only one character.
fn whitespace(text: &str) -> Option<usize> {
    let run = some_run(text, char::is_whitespace)?;
    let (spaces, behind) = text.split_at(run);
    let last = spaces.chars().next_back().map_or(0, char::len_utf8);
    Some(if behind.is_empty() || run == last { run } else { run - last })
}

/// `[!-/:-@\[-`{-~][A-Za-z]+`
fn punctuated_ascii_word(text: &str) -> Option<usize> {
    let word = text.strip_prefix(|c: char| c.is_ascii_punctuation())?;
    Some(1 + some_run(word, |c| c.is_ascii_alphabetic())?)
}

/// `[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+`
fn prefixed_word(text: &str) -> Option<usize> {
    // The pattern also allows a mark as the character before the word. Marks are part of words, so the match is the
    // same.
    let precedes = |c| !matches!(c, '\r' | '\n') && matches!(class(c), Class::Number | Class::Neither);
    let word = text.strip_prefix(precedes).unwrap_or(text);
    Some(text.len() - word.len() + some_run(word, |c| matches!(class(c), Class::Letter | Class::Mark))?)
}

/// ` ?[\p{P}\p{S}]+[\r\n]*`
fn punctuation(text: &str) -> Option<usize> {
    let length = spaced_run(text, |c| matches!(class(c), Class::Punctuation | Class::Symbol))?;
    let (_, behind) = text.split_at(length);
    Some(length + some_run(behind, |c| matches!(c, '\r' | '\n')).unwrap_or(0))
}

/// `\s*[\r\n]+`: a run of whitespace up to its last line end.
fn line_ends(text: &str) -> Option<usize> {
    let (spaces, _) = text.split_at(some_run(text, char::is_whitespace)?);
    spaces.rfind(['\r', '\n']).map(|last| last + 1)
}

/// `[class]+`
fn some_run(text: &str, in_class: impl Fn(char) -> bool) -> Option<usize> {
    let length = text.find(|c| !in_class(c)).unwrap_or(text.len());
    (length > 0).then_some(length)
}

/// ` ?[class]+`, for a class that does not contain the space.
fn spaced_run(text: &str, in_class: impl Fn(char) -> bool) -> Option<usize> {
    let run = text.strip_prefix(' ').unwrap_or(text);
    Some(text.len() - run.len() + some_run(run, in_class)?)
}

/// The groups of Unicode general categories that the patterns use.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Class {
    /// `\p{L}`
    Letter,
    /// `\p{M}`
    Mark,
    /// `\p{N}`
    Number,
    /// `\p{P}`
    Punctuation,
    /// `\p{S}`
    Symbol,
    /// `\p{Z}` and `\p{C}`
    Neither,
}

/// The class of a character in Unicode 16, which `tokenizers` 0.23 uses as well. `char::is_numeric` is not used,
/// because its Unicode version depends on the compiler.
fn class(c: char) -> Class {
    use Category as C;
    match get_general_category(c) {
        C::UppercaseLetter | C::LowercaseLetter | C::TitlecaseLetter | C::ModifierLetter | C::OtherLetter => {
            Class::Letter
        }
        C::NonspacingMark | C::SpacingMark | C::EnclosingMark => Class::Mark,
        C::DecimalNumber | C::LetterNumber | C::OtherNumber => Class::Number,
        C::ConnectorPunctuation
        | C::DashPunctuation
        | C::OpenPunctuation
        | C::ClosePunctuation
        | C::InitialPunctuation
        | C::FinalPunctuation
        | C::OtherPunctuation => Class::Punctuation,
        C::MathSymbol | C::CurrencySymbol | C::ModifierSymbol | C::OtherSymbol => Class::Symbol,
        _ => Class::Neither,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Pattern, PreTokenizer, class};
    use serde_json::Value;

    fn cut(pattern: Pattern, text: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        pattern.cut(text, &mut |piece| pieces.push(piece.to_owned()));
        pieces
    }

    /// Compares, for each class, the number of characters and the sum of their code points with those of Hugging Face's
    /// engine.
    #[test]
    fn character_classes_match_hugging_face() {
        let fixture: Value = serde_json::from_str(include_str!("../../../tests/parity/tokenizer.json")).unwrap();
        let is = |wanted: Class| move |&c: &char| class(c) == wanted;
        let check = |regex: &str, in_class: &dyn Fn(&char) -> bool| {
            let members = (char::MIN..=char::MAX).filter(in_class).map(u64::from);
            let (count, sum) = members.fold((0u64, 0u64), |(count, sum), code| (count + 1, sum + code));
            assert_eq!(serde_json::json!([count, sum]), fixture["classes"][regex], "{regex}");
        };
        check(r"\s", &|c| c.is_whitespace());
        check(r"\p{L}", &is(Class::Letter));
        check(r"\p{M}", &is(Class::Mark));
        check(r"\p{N}", &is(Class::Number));
        check(r"\p{P}", &is(Class::Punctuation));
        check(r"\p{S}", &is(Class::Symbol));
    }

    #[test]
    fn two_patterns_are_known_in_both_of_their_spellings() {
        let gpt2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
        let short = gpt2.replace("'s|'t|'re|'ve|'m|'ll|'d", "'(?:[sdmt]|ll|ve|re)");
        assert_eq!([gpt2, &short].map(Pattern::from_regex), [Some(Pattern::Gpt2); 2]);
        let escaped = r##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##;
        let literal = escaped.replace(r"\r\n", "\r\n");
        assert_eq!([escaped, &literal].map(Pattern::from_regex), [Some(Pattern::DeepSeekWords); 2]);
        assert_eq!(Pattern::from_regex(r"\w+"), None);
    }

    #[test]
    fn gpt2_words_include_the_space_before_them_and_contractions_are_pieces() {
        let pieces = cut(Pattern::Gpt2, "I don't, 'S 2024 x");
        assert_eq!(pieces, ["I", " don", "'t", ",", " '", "S", " 2024", " x"]);
    }

    #[test]
    fn single_digits_do_not_include_the_space_before_them() {
        assert_eq!(cut(Pattern::Gpt2SingleDigits, "a 20½"), ["a", " ", "2", "0", "½"]);
    }

    #[test]
    fn of_whitespace_before_a_word_only_a_plain_space_at_the_end_joins_the_word() {
        assert_eq!(cut(Pattern::Gpt2, "a \n\u{3000} b"), ["a", " \n\u{3000}", " b"]);
        assert_eq!(cut(Pattern::Gpt2, "a \t\u{2003}b"), ["a", " \t", "\u{2003}", "b"]);
        assert_eq!(cut(Pattern::Gpt2, "a  "), ["a", "  "]);
        // Hugging Face's regular expressions do not count these characters as whitespace.
        assert_eq!(cut(Pattern::Gpt2, "\u{200B}\u{1C}\u{FEFF}"), ["\u{200B}\u{1C}\u{FEFF}"]);
    }

    #[test]
    fn deepseek_words_include_the_character_before_them_and_punctuation_includes_line_ends() {
        let pieces = cut(Pattern::DeepSeekWords, "_id\tx (a); \n\n  e\u{301}!\r\n.");
        assert_eq!(pieces, ["_id", "\tx", " (", "a", ");", " \n\n", " ", " e\u{301}", "!\r\n", "."]);
    }

    #[test]
    fn text_between_matches_is_a_piece() {
        assert_eq!(cut(Pattern::DeepSeekWords, "\0\0a\0"), ["\0", "\0a", "\0"]);
        assert_eq!(cut(Pattern::UpToThreeDigits, "ab1234c"), ["ab", "123", "4", "c"]);
        assert_eq!(cut(Pattern::Cjk, "aカタ語b"), ["a", "カタ語", "b"]);
    }

    #[test]
    fn add_prefix_space_makes_each_piece_of_the_splits_start_with_a_space() {
        let splits = vec![Pattern::Cjk];
        let pre_tokenizer = PreTokenizer { splits, add_prefix_space: true, use_regex: true };
        let mut pieces = Vec::new();
        pre_tokenizer.for_each_piece("a,日本 b", &mut |piece| pieces.push(piece.to_owned()));
        assert_eq!(pieces, [" a", ",", " 日本", " b"]);
    }
}
