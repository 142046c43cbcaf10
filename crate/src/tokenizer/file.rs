//! Reads and checks a `tokenizer.json`.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::added::{AddedToken, AddedTokens};
use super::bpe::{Bpe, Merge, char_of_byte, decoded_bytes, spelled_bytes};
use super::split::{Pattern, PreTokenizer};
use super::{Template, Tokenizer};
use crate::json::{self, Fault, Node, path_or_content, shown};

/// An error in a `tokenizer.json`. A message about a field contains the field, the value found and the value expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenizerError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// The operating system's message.
        reason: String,
    },
    /// The bytes are not JSON.
    #[error("tokenizer.json is not JSON: {0}")]
    NotJson(String),
    /// A required field is missing.
    #[error("tokenizer.json: {field} is missing, expected {expected}")]
    Missing {
        /// The path of the field in the file.
        field: String,
        /// The value expected.
        expected: String,
    },
    /// A field has an impossible value, or a value that contradicts another field.
    #[error("tokenizer.json: {field} is {found}, expected {expected}")]
    Impossible {
        /// The path of the field in the file.
        field: String,
        /// The value found.
        found: String,
        /// The value expected.
        expected: String,
    },
    /// A setting that Hugging Face's tokenizers support and this tokenizer does not.
    #[error("tokenizer.json: {field} is {found}, which is not supported; expected {supported}")]
    Unsupported {
        /// The path of the field in the file.
        field: String,
        /// The value found.
        found: String,
        /// The supported values.
        supported: String,
    },
}

impl From<Fault> for TokenizerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson(reason) => Self::NotJson(reason),
            Fault::Missing { field, expected } => Self::Missing { field, expected },
            Fault::Impossible { field, found, expected } => {
                Self::Impossible { field: path_or_content(&field).into(), found, expected }
            }
        }
    }
}

type Result<T> = core::result::Result<T, TokenizerError>;

const ID: &str = "a token id, a whole number from 0 to 4294967294";

impl Tokenizer {
    /// Reads the `tokenizer.json` of a folder.
    ///
    /// # Errors
    /// [`TokenizerError::Unreadable`], and the errors of [`Tokenizer::from_json`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let path = folder.as_ref().join("tokenizer.json");
        let unreadable = |error: std::io::Error| TokenizerError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        Self::from_json(&std::fs::read(&path).map_err(unreadable)?)
    }

    /// Reads the bytes of a `tokenizer.json`.
    ///
    /// # Errors
    /// [`TokenizerError`] if the bytes are not JSON, a required field is missing, a field has the wrong type, the
    /// vocabulary contradicts the rest of the file, or a setting is not supported.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        read(bytes)
    }
}

fn read(bytes: &[u8]) -> Result<Tokenizer> {
    let file = json::parse(bytes)?;
    let file = Node::root(&file);
    refuse_unsupported(&file)?;
    let pre_tokenizer = read_pre_tokenizer(&file.required("pre_tokenizer", "\"ByteLevel\" or a Sequence")?)?;
    let model = file.required("model", "the BPE model")?;
    let mut vocabulary = read_vocabulary(&model)?;
    let bpe = read_bpe(&model, &vocabulary)?;
    let added = read_added_tokens(&file, &mut vocabulary)?;
    let template = read_post_processor(&file, &vocabulary)?;
    Ok(Tokenizer { vocabulary: vocabulary.bytes, added: AddedTokens::new(added), pre_tokenizer, bpe, template })
}

/// Refuses an unsupported version, truncation, padding, normalizer or decoder.
fn refuse_unsupported(file: &Node<'_>) -> Result<()> {
    file.object()?;
    if let Some(version) = file.get("version")
        && version.text()? != "1.0"
    {
        return Err(unsupported(&version, "\"1.0\""));
    }
    for setting in ["truncation", "padding"] {
        if let Some(setting) = file.get(setting) {
            return Err(unsupported(&setting, "null"));
        }
    }
    if let Some(normalizer) = file.get("normalizer")
        && let Some(step) = steps(&normalizer, "normalizers")?.first()
    {
        return Err(unsupported(step, "no normalizer: text is taken as it is"));
    }
    let decoder = file.required("decoder", "\"ByteLevel\"")?;
    if kind(&decoder)? != "ByteLevel" {
        return Err(unsupported(&decoder, "\"ByteLevel\""));
    }
    Ok(())
}

fn read_pre_tokenizer(pre_tokenizer: &Node<'_>) -> Result<PreTokenizer> {
    let mut steps = steps(pre_tokenizer, "pretokenizers")?;
    let Some(byte_level) = steps.pop() else {
        return Err(pre_tokenizer.impossible("steps that end with \"ByteLevel\"").into());
    };
    if kind(&byte_level)? != "ByteLevel" {
        return Err(unsupported(&byte_level, "\"ByteLevel\" as the last step"));
    }
    Ok(PreTokenizer {
        splits: steps.iter().map(read_split).collect::<Result<_>>()?,
        add_prefix_space: byte_level.required("add_prefix_space", "true or false")?.truth()?,
        use_regex: byte_level.flag("use_regex", true)?,
    })
}

fn read_split(split: &Node<'_>) -> Result<Pattern> {
    if kind(split)? != "Split" {
        return Err(unsupported(split, "\"Split\" before the last step"));
    }
    let behavior = split.required("behavior", "\"Isolated\"")?;
    if behavior.text()? != "Isolated" {
        return Err(unsupported(&behavior, "\"Isolated\""));
    }
    if let Some(invert) = split.get("invert")
        && invert.truth()?
    {
        return Err(unsupported(&invert, "false"));
    }
    let pattern = split.required("pattern", "a Regex")?;
    let regex = pattern.required("Regex", "the text of a regular expression")?;
    Pattern::from_regex(regex.text()?).ok_or_else(|| {
        unsupported(&regex, "one of GPT-2's pattern, the same with single digits, and DeepSeek-V3's three")
    })
}

/// The vocabulary, as far as the file has been read.
struct Vocabulary<'a> {
    /// `model.vocab`: the id of each token, by the token's name. All ids have been checked.
    ids: &'a Map<String, Value>,
    /// The bytes of each token, by id. Added tokens are inserted after the tokens of `model.vocab`.
    bytes: HashMap<u32, Box<[u8]>>,
}

impl Vocabulary<'_> {
    fn id_of(&self, name: &str) -> Option<u32> {
        self.ids.get(name).and_then(as_id)
    }

    /// For the error about an id that another token already has: the text of the expected value.
    fn taken(&self, id: u32) -> String {
        let owner = self.ids.iter().find(|(_, value)| as_id(value) == Some(id)).map_or("", |(name, _)| name);
        format!("an id of its own: {owner:?} has that one")
    }
}

fn read_vocabulary<'a>(model: &Node<'a>) -> Result<Vocabulary<'a>> {
    let expected = "an object of tokens and their ids";
    let vocab = model.required("vocab", expected)?;
    let Value::Object(ids) = vocab.value() else { return Err(vocab.impossible(expected).into()) };
    let mut vocabulary = Vocabulary { ids, bytes: HashMap::with_capacity(ids.len()) };
    for (name, value) in ids {
        let Some(id) = as_id(value) else { return Err(vocab.entry(name, value).impossible(ID).into()) };
        if vocabulary.bytes.insert(id, decoded_bytes(name)).is_some() {
            return Err(vocab.entry(name, value).impossible(vocabulary.taken(id)).into());
        }
    }
    Ok(vocabulary)
}

fn read_bpe(model: &Node<'_>, vocabulary: &Vocabulary<'_>) -> Result<Bpe> {
    if kind(model)? != "BPE" {
        return Err(unsupported(model, "\"BPE\""));
    }
    for setting in
        ["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback"]
    {
        if let Some(setting) = model.get(setting)
            && !matches!(setting.value(), Value::Bool(false))
            && setting.value() != ""
        {
            return Err(unsupported(&setting, "null, false or an empty text"));
        }
    }
    let mut byte_tokens = [0; 256];
    for (byte, token) in (0..=u8::MAX).zip(&mut byte_tokens) {
        let name = char_of_byte(byte).to_string();
        let Some(id) = vocabulary.id_of(&name) else {
            return Err(TokenizerError::Missing {
                field: format!("model.vocab[{name:?}]"),
                expected: format!("a token for each byte: this is the one for byte {byte:#04X}"),
            });
        };
        *token = id;
    }
    let whole_pieces = if model.flag("ignore_merges", false)? {
        vocabulary.ids.iter().filter_map(|(name, id)| Some((spelled_bytes(name)?, as_id(id)?))).collect()
    } else {
        HashMap::new()
    };
    Ok(Bpe { byte_tokens, merges: read_merges(model, vocabulary)?, whole_pieces })
}

fn read_merges(model: &Node<'_>, vocabulary: &Vocabulary<'_>) -> Result<HashMap<(u32, u32), Merge>> {
    let list = model.required("merges", "an array of pairs of tokens")?;
    let items = list.array()?;
    let mut merges = HashMap::with_capacity(items.len());
    for (rank, item) in items.iter().enumerate() {
        // A list made from a merges.txt can start with the version line of that file; `tokenizers` skips the line as
        // well.
        if item.as_str().is_some_and(|line| line.starts_with("#version")) {
            continue;
        }
        let Some((left, right)) = as_pair(item) else {
            return Err(list.item(rank, item).impossible("two tokens, [\"a\", \"b\"] or \"a b\"").into());
        };
        let merged = format!("{left}{right}");
        let id_of = |name| {
            vocabulary.id_of(name).ok_or_else(|| {
                let expected = format!("two tokens that make a third, all in model.vocab: {name:?} is not");
                TokenizerError::from(list.item(rank, item).impossible(expected))
            })
        };
        let (pair, token) = ((id_of(left)?, id_of(right)?), id_of(&merged)?);
        // If a pair occurs twice, the last one counts, as in `tokenizers`.
        merges.insert(pair, Merge { rank: rank as u32, token });
    }
    Ok(merges)
}

/// The two tokens of a merge, written as `["a", "b"]` or `"a b"`.
fn as_pair(item: &Value) -> Option<(&str, &str)> {
    match item {
        Value::String(line) => line.split_once(' ').filter(|(_, right)| !right.contains(' ')),
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(left), Value::String(right)] => Some((left, right)),
            _ => None,
        },
        _ => None,
    }
}

/// Reads the added tokens. Inserts added tokens that are not in `model.vocab` into the vocabulary.
fn read_added_tokens(file: &Node<'_>, vocabulary: &mut Vocabulary<'_>) -> Result<Vec<AddedToken>> {
    let mut added: Vec<AddedToken> = Vec::new();
    let Some(list) = file.get("added_tokens") else { return Ok(added) };
    // `tokenizers` gives tokens that are not in `model.vocab` the ids from this number on, and ignores the ids in the
    // file.
    let mut next_id = vocabulary.ids.len() as u32;
    for token in list.items()? {
        let content = token.required("content", "the token's text")?;
        let name = content.text()?;
        if name.is_empty() || added.iter().any(|other| other.content == name) {
            return Err(content.impossible("a text that is not empty, and no other added token's").into());
        }
        let id = token.required("id", ID)?;
        let known = vocabulary.id_of(name);
        let (expected, which) = match known {
            Some(id) => (id, "its id in model.vocab"),
            None => (next_id, "the next after the vocabulary's"),
        };
        if id_of(&id)? != expected {
            return Err(id.impossible(format!("{expected}, {which}")).into());
        }
        if known.is_none() {
            next_id += 1;
            if vocabulary.bytes.insert(expected, decoded_bytes(name)).is_some() {
                return Err(id.impossible(vocabulary.taken(expected)).into());
            }
        }
        if let Some(single_word) = token.get("single_word")
            && single_word.truth()?
        {
            return Err(unsupported(&single_word, "false"));
        }
        added.push(AddedToken {
            id: expected,
            content: name.into(),
            lstrip: token.flag("lstrip", false)?,
            rstrip: token.flag("rstrip", false)?,
            normalized: token.flag("normalized", false)?,
            special: token.flag("special", false)?,
        });
    }
    Ok(added)
}

fn read_post_processor(file: &Node<'_>, vocabulary: &Vocabulary<'_>) -> Result<Template> {
    let mut template = None;
    let Some(processor) = file.get("post_processor") else { return Ok(Template::default()) };
    for step in steps(&processor, "processors")? {
        match kind(&step)? {
            // This step only corrects offsets into the text, which this tokenizer does not compute.
            "ByteLevel" => {}
            "TemplateProcessing" if template.is_none() => template = Some(read_template(&step, vocabulary)?),
            _ => return Err(unsupported(&step, "\"ByteLevel\", one \"TemplateProcessing\", or a Sequence of them")),
        }
    }
    Ok(template.unwrap_or_default())
}

fn read_template(processor: &Node<'_>, vocabulary: &Vocabulary<'_>) -> Result<Template> {
    let single = processor.required("single", "the template for one text")?;
    let mut before = Vec::new();
    let mut after = None;
    for piece in single.items()? {
        if let Some(special) = piece.get("SpecialToken") {
            let name = special.required("id", "the name of a special token")?.text()?;
            let tokens = processor.required("special_tokens", "an object of special tokens")?;
            let ids =
                tokens.required(name, "a special token with its ids")?.required("ids", "an array of token ids")?;
            for id in ids.items()? {
                if !vocabulary.bytes.contains_key(&id_of(&id)?) {
                    return Err(id.impossible("the id of a token").into());
                }
                after.as_mut().unwrap_or(&mut before).push(id_of(&id)?);
            }
        } else if let Some(sequence) = piece.get("Sequence")
            && sequence.required("id", "\"A\"")?.text()? == "A"
            && after.is_none()
        {
            after = Some(Vec::new());
        } else {
            return Err(piece.impossible("a SpecialToken, or the one Sequence with the id \"A\"").into());
        }
    }
    let Some(after) = after else {
        return Err(single.impossible("special tokens around a Sequence with the id \"A\"").into());
    };
    Ok(Template { before, after })
}

/// The steps of a `Sequence`. An object of any other type is itself the only step.
fn steps<'a>(node: &Node<'a>, members: &str) -> Result<Vec<Node<'a>>> {
    match kind(node)? {
        "Sequence" => Ok(node.required(members, "an array")?.items()?),
        _ => Ok(vec![node.clone()]),
    }
}

/// The value of an object's `type`.
fn kind<'a>(node: &Node<'a>) -> Result<&'a str> {
    if !node.value().is_object() {
        return Err(node.impossible("an object with a type").into());
    }
    Ok(node.required("type", "the name of its type")?.text()?)
}

fn id_of(node: &Node<'_>) -> Result<u32> {
    as_id(node.value()).ok_or_else(|| node.impossible(ID).into())
}

/// A token id. The largest `u32` is refused, so that an id plus 1 is a `u32` too.
fn as_id(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|id| u32::try_from(id).ok()).filter(|&id| id < u32::MAX)
}

/// The error for a value that Hugging Face's tokenizers support and this tokenizer does not. If the value is an object
/// with a type, the message shows only the type.
#[cold]
fn unsupported(node: &Node<'_>, supported: &str) -> TokenizerError {
    let named = node.value().get("type").filter(|name| name.is_string()).unwrap_or(node.value());
    TokenizerError::Unsupported { field: node.path().into(), found: shown(named), supported: supported.into() }
}

#[cfg(test)]
mod tests {
    use super::{TokenizerError, read};
    use serde_json::{Value, json};

    const SHIPPED: &[u8] = include_bytes!("../../../www/public/model/tokenizer.json");

    /// The shipped file with one value replaced, at a JSON pointer.
    fn with(pointer: &str, value: Value) -> Value {
        let mut file: Value = serde_json::from_slice(SHIPPED).unwrap();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match file.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            parent => parent[key] = value,
        }
        file
    }

    fn error(file: &Value) -> String {
        read(file.to_string().as_bytes()).unwrap_err().to_string()
    }

    /// Checks the message for the shipped file with one value replaced.
    #[track_caller]
    fn refused(pointer: &str, value: Value, message: &str) {
        assert_eq!(error(&with(pointer, value)), format!("tokenizer.json: {message}"));
    }

    #[track_caller]
    fn accepted(pointer: &str, value: Value) {
        read(with(pointer, value).to_string().as_bytes()).unwrap();
    }

    #[test]
    fn a_file_that_is_not_a_json_object_is_refused() {
        let cut_off = read(&SHIPPED[..1000]).unwrap_err();
        assert!(matches!(cut_off, TokenizerError::NotJson(_)), "{cut_off}");
        assert!(cut_off.to_string().starts_with("tokenizer.json is not JSON: EOF while parsing"), "{cut_off}");
        assert_eq!(error(&json!([1])), "tokenizer.json: the content is [1], expected an object");
    }

    #[test]
    fn a_missing_required_field_is_refused_by_name() {
        for (part, expected) in
            [("decoder", "\"ByteLevel\""), ("pre_tokenizer", "\"ByteLevel\" or a Sequence"), ("model", "the BPE model")]
        {
            refused(&format!("/{part}"), Value::Null, &format!("{part} is missing, expected {expected}"));
        }
        refused("/model/vocab", Value::Null, "model.vocab is missing, expected an object of tokens and their ids");
        refused("/model/merges", Value::Null, "model.merges is missing, expected an array of pairs of tokens");
        refused("/model/type", Value::Null, "model.type is missing, expected the name of its type");
    }

    #[test]
    fn a_file_without_an_optional_field_is_accepted() {
        for part in ["version", "added_tokens", "normalizer", "post_processor"] {
            accepted(&format!("/{part}"), Value::Null);
        }
    }

    #[test]
    fn unsupported_settings_are_refused_and_the_message_names_them() {
        let not = |what: &str, supported: &str| format!("{what}, which is not supported; expected {supported}");
        refused("/version", json!("2.0"), &not("version is \"2.0\"", "\"1.0\""));
        refused("/truncation", json!({"max_length": 512}), &not("truncation is {\"max_length\":512}", "null"));
        refused("/padding", json!({"type": "Fixed"}), &not("padding is \"Fixed\"", "null"));
        let no_normalizer = "no normalizer: text is taken as it is";
        refused("/normalizer", json!({"type": "NFC"}), &not("normalizer is \"NFC\"", no_normalizer));
        refused(
            "/normalizer",
            json!({"type": "Sequence", "normalizers": [{"type": "NFC"}]}),
            &not("normalizer.normalizers[0] is \"NFC\"", no_normalizer),
        );
        refused("/decoder/type", json!("Metaspace"), &not("decoder is \"Metaspace\"", "\"ByteLevel\""));
        refused("/model/type", json!("Unigram"), &not("model is \"Unigram\"", "\"BPE\""));
        for (setting, value) in [
            ("dropout", json!(0.1)),
            ("unk_token", json!("<unk>")),
            ("continuing_subword_prefix", json!("##")),
            ("end_of_word_suffix", json!("</w>")),
            ("fuse_unk", json!(true)),
            ("byte_fallback", json!(true)),
        ] {
            let message = not(&format!("model.{setting} is {value}"), "null, false or an empty text");
            refused(&format!("/model/{setting}"), value, &message);
        }
        accepted("/model/end_of_word_suffix", json!(""));
        refused("/added_tokens/1/single_word", json!(true), &not("added_tokens[1].single_word is true", "false"));
    }

    #[test]
    fn a_pre_tokenizer_is_refused_unless_it_splits_by_known_patterns_and_ends_with_byte_level() {
        let not =
            |what: &str, supported: &str| format!("pre_tokenizer{what}, which is not supported; expected {supported}");
        let split = "/pre_tokenizer/pretokenizers/0";
        refused(
            "/pre_tokenizer",
            json!({"type": "Whitespace"}),
            &not(" is \"Whitespace\"", "\"ByteLevel\" as the last step"),
        );
        refused(
            "/pre_tokenizer/pretokenizers",
            json!([]),
            "pre_tokenizer is {\"pretokenizers\":[],\"type\":\"Sequence\"}, expected steps that end with \"ByteLevel\"",
        );
        refused(
            &format!("{split}/type"),
            json!("Digits"),
            &not(".pretokenizers[0] is \"Digits\"", "\"Split\" before the last step"),
        );
        refused(
            &format!("{split}/pattern/Regex"),
            json!(r"\w+|[^\w\s]+"),
            &not(
                r#".pretokenizers[0].pattern.Regex is "\\w+|[^\\w\\s]+""#,
                "one of GPT-2's pattern, the same with single digits, and DeepSeek-V3's three",
            ),
        );
        refused(
            &format!("{split}/pattern"),
            json!({"String": " "}),
            "pre_tokenizer.pretokenizers[0].pattern.Regex is missing, expected the text of a regular expression",
        );
        refused(
            &format!("{split}/behavior"),
            json!("Removed"),
            &not(".pretokenizers[0].behavior is \"Removed\"", "\"Isolated\""),
        );
        refused(&format!("{split}/invert"), json!(true), &not(".pretokenizers[0].invert is true", "false"));
        accepted("/pre_tokenizer", json!({"type": "ByteLevel", "add_prefix_space": true}));
        refused(
            "/pre_tokenizer",
            json!({"type": "ByteLevel", "add_prefix_space": 1}),
            "pre_tokenizer.add_prefix_space is 1, expected true or false",
        );
    }

    #[test]
    fn ids_that_are_not_unique_whole_numbers_are_refused() {
        let id = "expected a token id, a whole number from 0 to 4294967294";
        for (value, found) in
            [(json!(-1), "-1"), (json!(1.5), "1.5"), (json!("7"), "\"7\""), (json!(4294967295u32), "4294967295")]
        {
            refused("/model/vocab/!", value, &format!("model.vocab[\"!\"] is {found}, {id}"));
        }
        refused("/model/vocab/zz", json!(2), "model.vocab[\"zz\"] is 2, expected an id of its own: \"!\" has that one");
        refused("/model/vocab", json!(["a"]), "model.vocab is [\"a\"], expected an object of tokens and their ids");
    }

    #[test]
    fn a_vocabulary_without_a_token_for_each_byte_is_refused() {
        for (name, byte) in [("Ā", "0x00"), ("ÿ", "0xFF")] {
            let mut file: Value = serde_json::from_slice(SHIPPED).unwrap();
            file["model"]["vocab"].as_object_mut().unwrap().remove(name);
            let expected = format!("a token for each byte: this is the one for byte {byte}");
            let message = format!("model.vocab[{name:?}] is missing, expected {expected}");
            assert_eq!(error(&file), format!("tokenizer.json: {message}"));
        }
    }

    #[test]
    fn a_merge_is_refused_unless_both_tokens_and_the_joined_one_are_in_the_vocabulary() {
        let third = "expected two tokens that make a third, all in model.vocab";
        refused(
            "/model/merges/0",
            json!(["!", "日"]),
            &format!("model.merges[0] is [\"!\",\"日\"], {third}: \"日\" is not"),
        );
        refused("/model/merges/3", json!("! !"), &format!("model.merges[3] is \"! !\", {third}: \"!!\" is not"));
        let pair = "expected two tokens, [\"a\", \"b\"] or \"a b\"";
        for value in [json!("!"), json!("a b c"), json!(["a"]), json!(["a", 1]), json!(5)] {
            refused("/model/merges/1", value.clone(), &format!("model.merges[1] is {value}, {pair}"));
        }
        refused("/model/merges", json!({}), "model.merges is {}, expected an array");
    }

    #[test]
    fn added_tokens_that_contradict_the_vocabulary_or_each_other_are_refused() {
        refused("/added_tokens/1/id", json!(7), "added_tokens[1].id is 7, expected 1, its id in model.vocab");
        let message = "added_tokens[1].id is 1, expected 2048, the next after the vocabulary's";
        refused("/added_tokens/1/content", json!("<|new|>"), message);
        let own = "expected a text that is not empty, and no other added token's";
        refused("/added_tokens/1/content", json!(""), &format!("added_tokens[1].content is \"\", {own}"));
        refused("/added_tokens/1/content", json!("<|bos|>"), &format!("added_tokens[1].content is \"<|bos|>\", {own}"));
        refused("/added_tokens/0/lstrip", json!("no"), "added_tokens[0].lstrip is \"no\", expected true or false");
        refused("/added_tokens", json!("none"), "added_tokens is \"none\", expected an array");
    }

    /// New tokens get ids from the vocabulary's size on. If the vocabulary has gaps, one of these ids can be taken.
    #[test]
    fn an_added_token_with_the_id_of_another_token_is_refused() {
        let mut file = with("/model/vocab/<|eos|>", json!(2048));
        file["added_tokens"][1] = json!({"id": 2048, "content": "<|new|>"});
        let message = "added_tokens[1].id is 2048, expected an id of its own: \"<|eos|>\" has that one";
        assert_eq!(error(&file), format!("tokenizer.json: {message}"));
    }

    #[test]
    fn a_template_is_refused_unless_it_has_the_text_once_and_only_known_tokens() {
        let around = "post_processor.single is [], expected special tokens around a Sequence with the id \"A\"";
        refused("/post_processor/single", json!([]), around);
        let piece = "expected a SpecialToken, or the one Sequence with the id \"A\"";
        for value in [json!({"Sequence": {"id": "B"}}), json!({"Other": 1}), json!("A")] {
            let message = format!("post_processor.single[0] is {value}, {piece}");
            refused("/post_processor/single/0", value, &message);
        }
        let twice = json!([{"Sequence": {"id": "A"}}, {"Sequence": {"id": "A"}}]);
        refused(
            "/post_processor/single",
            twice,
            &format!("post_processor.single[1] is {{\"Sequence\":{{\"id\":\"A\"}}}}, {piece}"),
        );
        refused(
            "/post_processor/special_tokens",
            json!({}),
            "post_processor.special_tokens.<|bos|> is missing, expected a special token with its ids",
        );
        refused(
            "/post_processor/special_tokens/<|bos|>/ids",
            json!([9999]),
            "post_processor.special_tokens.<|bos|>.ids[0] is 9999, expected the id of a token",
        );
        let supported = "\"ByteLevel\", one \"TemplateProcessing\", or a Sequence of them";
        refused(
            "/post_processor/type",
            json!("RobertaProcessing"),
            &format!("post_processor is \"RobertaProcessing\", which is not supported; expected {supported}"),
        );
    }

    #[test]
    fn long_values_are_shortened_in_messages() {
        let long = "x".repeat(300);
        let message = error(&with("/model/type", json!(long)));
        assert!(message.contains(&format!("\"{}...", "x".repeat(199))), "{message}");
        let message = error(&with("/model/vocab", json!(vec![1; 300])));
        assert!(message.contains("model.vocab is a long array, expected"), "{message}");
    }
}
