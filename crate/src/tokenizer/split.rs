//! Cutting text into the pieces that no token crosses.
//!
//! Hugging Face runs these patterns on a regular-expression engine. An engine would be most of this crate's wasm, and
//! the patterns are few, so each is a matcher here, chosen by the exact text of the pattern. Tests hold them equal,
//! and the classes equal over all of Unicode.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// How text becomes pieces.
#[derive(Debug)]
pub(super) struct PreTokenizer {
    /// Each cuts the pieces that the one before it left.
    pub(super) splits: Vec<Pattern>,
    /// Whether each piece gets a space at its beginning, where it has none.
    pub(super) add_prefix_space: bool,
    /// Whether the pieces are then cut by GPT-2's pattern (`use_regex`).
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

/// A pattern that is known here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pattern {
    /// GPT-2: contractions, words, numbers and runs of other characters, each with the space before it; whitespace.
    Gpt2,
    /// The same, but every digit is a piece of its own: the shipped model's.
    Gpt2SingleDigits,
    /// DeepSeek-V3's first: up to three digits.
    UpToThreeDigits,
    /// DeepSeek-V3's second: Han characters and kana.
    Cjk,
    /// DeepSeek-V3's third: words with one character before them, punctuation with the line ends after it, whitespace.
    DeepSeekWords,
}

impl Pattern {
    /// The pattern that a `tokenizer.json` spells so.
    pub(super) fn from_regex(regex: &str) -> Option<Self> {
        Some(match regex {
            r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+" => Self::Gpt2SingleDigits,
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
            | r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+" => Self::Gpt2,
            r"\p{N}{1,3}" => Self::UpToThreeDigits,
            "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+" => Self::Cjk,
            // The published file holds the line ends themselves; files saved from Python code hold escapes.
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+\
             | ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
            | "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+\
               | ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" => Self::DeepSeekWords,
            _ => return None,
        })
    }

    /// Calls `take` with each match and each stretch between matches, in order (`behavior: "Isolated"`).
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

    /// The length in bytes of the match at the very beginning of a text: of the alternatives the first that matches,
    /// each as long as it can be.
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

/// `\s+(?!\S)|\s+`: a run of whitespace, without its last character where a word follows, which takes that along.
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
    // A mark could be the character before the word too, but it is in the word as well: the match is the same.
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

/// ` ?[class]+`, for a class without the space.
fn spaced_run(text: &str, in_class: impl Fn(char) -> bool) -> Option<usize> {
    let run = text.strip_prefix(' ').unwrap_or(text);
    Some(text.len() - run.len() + some_run(run, in_class)?)
}

/// The general categories that the patterns name.
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

/// The class by Unicode 16, which `tokenizers` 0.23 uses too. `char::is_numeric` would be the same question to the
/// Unicode version of the compiler, which moves on.
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

    /// Every character of Unicode is in the class that Hugging Face's engine has it in: the fixture has the number of
    /// each class's characters and the sum of their code points.
    #[test]
    fn classes_are_those_of_hugging_face() {
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
    fn patterns_are_known_in_each_of_their_spellings() {
        let gpt2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
        let short = gpt2.replace("'s|'t|'re|'ve|'m|'ll|'d", "'(?:[sdmt]|ll|ve|re)");
        assert_eq!([gpt2, &short].map(Pattern::from_regex), [Some(Pattern::Gpt2); 2]);
        let escaped = r##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##;
        let literal = escaped.replace(r"\r\n", "\r\n");
        assert_eq!([escaped, &literal].map(Pattern::from_regex), [Some(Pattern::DeepSeekWords); 2]);
        assert_eq!(Pattern::from_regex(r"\w+"), None);
    }

    #[test]
    fn gpt2_takes_contractions_and_the_space_before() {
        let pieces = cut(Pattern::Gpt2, "I don't, 'S 2024 x");
        assert_eq!(pieces, ["I", " don", "'t", ",", " '", "S", " 2024", " x"]);
    }

    #[test]
    fn single_digits_leave_the_space() {
        assert_eq!(cut(Pattern::Gpt2SingleDigits, "a 20½"), ["a", " ", "2", "0", "½"]);
    }

    #[test]
    fn a_run_of_whitespace_leaves_its_last_to_what_follows() {
        assert_eq!(cut(Pattern::Gpt2, "a \n\u{3000} b"), ["a", " \n\u{3000}", " b"]);
        assert_eq!(cut(Pattern::Gpt2, "a \t\u{2003}b"), ["a", " \t", "\u{2003}", "b"]);
        assert_eq!(cut(Pattern::Gpt2, "a  "), ["a", "  "]);
        // Not whitespace for the engine, though it looks like it.
        assert_eq!(cut(Pattern::Gpt2, "\u{200B}\u{1C}\u{FEFF}"), ["\u{200B}\u{1C}\u{FEFF}"]);
    }

    #[test]
    fn deepseek_words_keep_what_stands_before_and_lines_what_ends_them() {
        let pieces = cut(Pattern::DeepSeekWords, "_id\tx (a); \n\n  e\u{301}!\r\n.");
        assert_eq!(pieces, ["_id", "\tx", " (", "a", ");", " \n\n", " ", " e\u{301}", "!\r\n", "."]);
    }

    #[test]
    fn what_no_alternative_matches_is_a_piece_too() {
        assert_eq!(cut(Pattern::DeepSeekWords, "\0\0a\0"), ["\0", "\0a", "\0"]);
        assert_eq!(cut(Pattern::UpToThreeDigits, "ab1234c"), ["ab", "123", "4", "c"]);
        assert_eq!(cut(Pattern::Cjk, "aカタ語b"), ["a", "カタ語", "b"]);
    }

    #[test]
    fn every_piece_gets_the_space_that_is_asked_for() {
        let splits = vec![Pattern::Cjk];
        let pre_tokenizer = PreTokenizer { splits, add_prefix_space: true, use_regex: true };
        let mut pieces = Vec::new();
        pre_tokenizer.for_each_piece("a,日本 b", &mut |piece| pieces.push(piece.to_owned()));
        assert_eq!(pieces, [" a", ",", " 日本", " b"]);
    }
}
