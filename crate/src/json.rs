//! The crate's only JSON reader. It checks the type of each value that is read, and knows the value's path in the file.
//!
//! A [`Fault`] in a field contains the field's path, the value found and the value expected. The crate's public error
//! types add the name of the text that was read, such as `config.json`.

use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// Maximum number of a value's characters that a message shows.
const LONGEST_SHOWN: usize = 200;

/// An error in a JSON text.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    /// The bytes are not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// A required field is absent or null.
    #[error("{field} is missing, expected {expected}")]
    Missing { field: String, expected: String },
    /// A value of the wrong type or out of range. `field` is empty if the value is the whole file.
    #[error("{} is {found}, expected {expected}", path_or_content(field))]
    Impossible { field: String, found: String, expected: String },
}

pub(crate) type Result<T> = core::result::Result<T, Fault>;

pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| Fault::NotJson(error.to_string()))
}

/// A path as messages show it. The path of the whole file is empty; messages show it as "the content".
pub(crate) fn path_or_content(path: &str) -> &str {
    if path.is_empty() { "the content" } else { path }
}

/// A value as messages show it: compact JSON, shortened if it is long.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match value {
        _ if text.chars().count() <= LONGEST_SHOWN => text,
        Value::Array(_) => "a long array".into(),
        Value::Object(_) => "a large object".into(),
        _ => format!("{}...", text.chars().take(LONGEST_SHOWN).collect::<String>()),
    }
}

/// A value and its path in the file.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: String,
}

/// Access to the node's own value.
impl<'a> Node<'a> {
    /// The node of the whole file, with an empty path.
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.impossible("a text"))
    }

    pub(crate) fn truth(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.impossible("true or false"))
    }

    pub(crate) fn number(&self) -> Result<f64> {
        self.value.as_f64().filter(|x| x.is_finite()).ok_or_else(|| self.impossible("a finite number"))
    }

    /// A whole number, at least 0.
    pub(crate) fn whole(&self) -> Result<usize> {
        as_whole(self.value).ok_or_else(|| self.impossible("a whole number"))
    }

    /// An array of whole numbers, each at least 0.
    pub(crate) fn wholes(&self) -> Result<Vec<usize>> {
        self.elements("an array of whole numbers", as_whole)
    }

    /// An array of texts.
    pub(crate) fn texts(&self) -> Result<Vec<&'a str>> {
        self.elements("an array of texts", Value::as_str)
    }

    fn elements<T>(&self, expected: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Vec<T>> {
        let elements = self.value.as_array().and_then(|array| array.iter().map(read).collect());
        elements.ok_or_else(|| self.impossible(expected))
    }

    pub(crate) fn object(&self) -> Result<&'a Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.impossible("an object"))
    }

    pub(crate) fn array(&self) -> Result<&'a Vec<Value>> {
        self.value.as_array().ok_or_else(|| self.impossible("an array"))
    }

    /// The items of this array, with their paths.
    pub(crate) fn items(&self) -> Result<Vec<Node<'a>>> {
        Ok(self.array()?.iter().enumerate().map(|(index, value)| self.item(index, value)).collect())
    }

    /// The node of an item of this array, with the item's path.
    pub(crate) fn item(&self, index: usize, value: &'a Value) -> Node<'a> {
        Node { value, path: format!("{}[{index}]", self.path) }
    }

    /// The node of an entry, with the path `object["key"]`: for objects whose keys are data, such as tensor names.
    pub(crate) fn entry(&self, key: &str, value: &'a Value) -> Node<'a> {
        Node { value, path: format!("{}[{key:?}]", self.path) }
    }

    /// The error for a value of the wrong type or out of range.
    #[cold]
    pub(crate) fn impossible(&self, expected: impl Into<String>) -> Fault {
        Fault::Impossible { field: self.path.clone(), found: shown(self.value), expected: expected.into() }
    }
}

/// Access to the fields of an object. A field that is `null` counts as absent, as in transformers.
impl<'a> Node<'a> {
    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.into() } else { format!("{}.{key}", self.path) }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Node { value, path: self.path_of(key) })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// True if the field is present and null. In some fields null means "none", and only absence means "the default".
    pub(crate) fn is_null(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(Value::is_null)
    }

    pub(crate) fn required(&self, key: &str, expected: impl Into<String>) -> Result<Node<'a>> {
        self.get(key).ok_or_else(|| Fault::Missing { field: self.path_of(key), expected: expected.into() })
    }

    pub(crate) fn optional_text(&self, key: &str) -> Result<Option<&'a str>> {
        self.get(key).map(|field| field.text()).transpose()
    }

    pub(crate) fn optional_number(&self, key: &str) -> Result<Option<f64>> {
        self.get(key).map(|field| field.number()).transpose()
    }

    pub(crate) fn optional_object(&self, key: &str) -> Result<Option<Node<'a>>> {
        self.get(key).map(|field| field.object().map(|_| field)).transpose()
    }

    pub(crate) fn flag(&self, key: &str, default: bool) -> Result<bool> {
        self.get(key).map_or(Ok(default), |field| field.truth())
    }

    pub(crate) fn optional_count(&self, key: &str, range: RangeInclusive<usize>) -> Result<Option<usize>> {
        let Some(field) = self.get(key) else { return Ok(None) };
        let count = as_whole(field.value).filter(|count| range.contains(count));
        count.map(Some).ok_or_else(|| field.impossible(expected_count(&range)))
    }

    /// A required whole number in a range.
    pub(crate) fn count(&self, key: &str, range: RangeInclusive<usize>) -> Result<usize> {
        self.count_or(key, range, None)
    }

    /// A whole number in a range. If `default` is `None`, the field is required.
    pub(crate) fn count_or(&self, key: &str, range: RangeInclusive<usize>, default: Option<usize>) -> Result<usize> {
        let count = self.optional_count(key, range.clone())?.or(default);
        count.ok_or_else(|| Fault::Missing { field: self.path_of(key), expected: expected_count(&range) })
    }

    /// A number whose value as `f32` is finite and above `least`; `default` if the field is absent.
    pub(crate) fn number_above(&self, least: f64, key: &str, default: f64) -> Result<f64> {
        let Some(field) = self.get(key) else { return Ok(default) };
        let number = Some(field.number()?).filter(|&x| x as f32 > least as f32 && (x as f32).is_finite());
        number.ok_or_else(|| field.impossible(format!("a number above {least}")))
    }
}

fn as_whole(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn expected_count(range: &RangeInclusive<usize>) -> String {
    format!("a whole number from {} to {}", range.start(), range.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn short_values_are_shown_as_json_and_long_values_are_shortened() {
        let short = json!({"a": [1, -2.5, null, true], "b": "a \"text\"\n", "c": 1e300, "d": u64::MAX});
        assert_eq!(shown(&short), short.to_string());
        assert_eq!(shown(&json!(vec![1; 300])), "a long array");
        assert_eq!(shown(&json!({"a": vec![1; 300]})), "a large object");
        assert_eq!(shown(&json!("x".repeat(300))), format!("\"{}...", "x".repeat(199)));
        // 198 characters and two quotation marks have exactly the maximum length.
        let longest = json!("x".repeat(LONGEST_SHOWN - 2));
        assert_eq!(shown(&longest), longest.to_string());
    }

    #[test]
    fn a_wrong_or_missing_field_is_reported_with_its_path_and_what_was_expected() {
        let file = json!({"a": {"b": [1, "x"], "c": 7, "none": null}});
        let root = Node::root(&file);
        let a = root.get("a").unwrap();
        let b = a.get("b").unwrap();
        for (fault, sentence) in [
            (root.array().unwrap_err(), format!("the content is {file}, expected an array")),
            (a.count("c", 1..=4).unwrap_err(), "a.c is 7, expected a whole number from 1 to 4".into()),
            (a.count("none", 1..=4).unwrap_err(), "a.none is missing, expected a whole number from 1 to 4".into()),
            (a.number_above(7.0, "c", 1.0).unwrap_err(), "a.c is 7, expected a number above 7".into()),
            (a.optional_text("c").unwrap_err(), "a.c is 7, expected a text".into()),
            (a.flag("c", true).unwrap_err(), "a.c is 7, expected true or false".into()),
            (b.wholes().unwrap_err(), "a.b is [1,\"x\"], expected an array of whole numbers".into()),
            (b.items().unwrap()[1].whole().unwrap_err(), "a.b[1] is \"x\", expected a whole number".into()),
            (a.required("d", "a name").unwrap_err(), "a.d is missing, expected a name".into()),
        ] {
            assert_eq!(fault.to_string(), sentence);
        }
        assert_eq!((a.count_or("none", 0..=9, Some(5)), a.is_null("none"), a.is_null("d")), (Ok(5), true, false));
        let not_json = parse(b"{").unwrap_err().to_string();
        assert!(not_json.starts_with("not JSON: EOF"), "{not_json}");
    }
}
