//! A safetensors file as its tensors: name, type, shape and bytes of each, the header checked against the file.
//!
//! The format: eight bytes with the header's length (little-endian), the header (JSON: tensor name to `dtype`, `shape`
//! and `data_offsets`, and perhaps `__metadata__`), then the tensors' bytes. Read here and not by the `safetensors`
//! crate, which makes the page's wasm 17 kB larger (gzip: 158 and not 140, of a budget of 150); the tests write their files with it.

#![warn(clippy::indexing_slicing)]

use serde_json::Value;
use std::collections::BTreeMap;

/// A tensor as it lies in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<'a> {
    /// The type's name in the file, such as `BF16`.
    pub dtype: String,
    /// The shape.
    pub shape: Vec<usize>,
    /// The values, row by row, little-endian.
    pub data: &'a [u8],
}

/// Reads a file's tensors, by name.
///
/// # Errors
/// One clause that says what is wrong: the file is cut off, its header is broken, or the two disagree.
pub fn read(file: &[u8]) -> Result<BTreeMap<String, Tensor<'_>>, String> {
    let Some((len, rest)) = file.split_first_chunk::<8>() else {
        return Err(format!("it has {} bytes, expected at least the 8 of the header's length", file.len()));
    };
    let len = u64::from_le_bytes(*len);
    let Some((header, data)) = usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len)) else {
        return Err(format!("its header should have {len} bytes, and {} follow", rest.len()));
    };
    // As any value first: asked for an object at once, serde would carry the words for all that it can be instead.
    let header = match serde_json::from_slice(header) {
        Ok(Value::Object(header)) => header,
        Ok(_) => return Err("its header is no JSON object: it is another value".into()),
        Err(error) => return Err(format!("its header is no JSON object: {error}")),
    };
    let mut tensors = BTreeMap::new();
    let mut bytes = 0;
    for (name, entry) in header {
        if name == "__metadata__" {
            continue;
        }
        let tensor = read_entry(&name, &entry, data)?;
        bytes += tensor.data.len();
        tensors.insert(name, tensor);
    }
    if bytes != data.len() {
        return Err(format!("its tensors have {bytes} bytes, and {} follow the header", data.len()));
    }
    Ok(tensors)
}

fn read_entry<'a>(name: &str, entry: &Value, data: &'a [u8]) -> Result<Tensor<'a>, String> {
    let broken = || format!("its header does not say type, shape and place of tensor {name}");
    let dtype = entry.get("dtype").and_then(Value::as_str).ok_or_else(broken)?.to_owned();
    let shape = entry.get("shape").and_then(counts).ok_or_else(broken)?;
    let offsets = entry.get("data_offsets").and_then(counts).ok_or_else(broken)?;
    let &[start, end] = offsets.as_slice() else { return Err(broken()) };
    let Some(data) = data.get(start..end) else {
        return Err(format!("tensor {name} should be at bytes {start} to {end}, and {} follow the header", data.len()));
    };
    let size = value_size(&dtype).and_then(|size| shape.iter().try_fold(size, |size, &n| size.checked_mul(n)));
    match size {
        // A type that nobody here reads: whoever asks for the tensor says so.
        None if value_size(&dtype).is_none() => {}
        Some(size) if size == data.len() => {}
        _ => return Err(format!("tensor {name} has {} bytes, which are not {dtype} of shape {shape:?}", data.len())),
    }
    Ok(Tensor { dtype, shape, data })
}

/// An array of whole numbers.
fn counts(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())).collect()
}

/// Bytes of one value of a type.
fn value_size(dtype: &str) -> Option<usize> {
    match dtype {
        "F8_E4M3" => Some(1),
        "F16" | "BF16" => Some(2),
        "F32" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
    }

    fn refusal(header: &str, data: &[u8]) -> String {
        read(&file(header, data)).unwrap_err()
    }

    #[test]
    fn tensors_are_found_by_name() {
        let header = r#"{"__metadata__": {"format": "pt"},
            "b": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [4, 8]},
            "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}"#;
        let file = file(header, &[1, 2, 3, 4, 5, 6, 7, 8]);
        let tensors = read(&file).unwrap();
        assert_eq!(tensors.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(tensors["b"], Tensor { dtype: "BF16".into(), shape: vec![1, 2], data: &[5, 6, 7, 8] });
        assert_eq!(tensors["a"].data, [1, 2, 3, 4]);
    }

    #[test]
    fn what_the_crate_writes_is_read() {
        let data = [0; 12];
        let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![3], &data).unwrap();
        let file = safetensors::serialize([("x", view)], None).unwrap();
        assert_eq!(read(&file).unwrap()["x"].shape, [3]);
    }

    #[test]
    fn each_fault_is_one_clause() {
        assert_eq!(read(b"abc").unwrap_err(), "it has 3 bytes, expected at least the 8 of the header's length");
        assert_eq!(
            read(&[&100u64.to_le_bytes(), b"{}".as_slice()].concat()).unwrap_err(),
            "its header should have 100 bytes, and 2 follow"
        );
        assert!(refusal("[]", b"").starts_with("its header is no JSON object: "));
        for entry in ["1", "{}", r#"{"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}"#] {
            let sentence = refusal(&format!(r#"{{"x": {entry}}}"#), &[0; 4]);
            assert_eq!(sentence, "its header does not say type, shape and place of tensor x");
        }
        let tensor = |dtype: &str, shape: &str, offsets: &str| {
            format!(r#"{{"x": {{"dtype": "{dtype}", "shape": {shape}, "data_offsets": {offsets}}}}}"#)
        };
        for offsets in ["[0, 8]", "[4, 0]", "[18446744073709551615, 18446744073709551615]"] {
            let sentence = refusal(&tensor("F32", "[1]", offsets), &[0; 4]);
            assert!(sentence.starts_with("tensor x should be at bytes ") || sentence.contains("place of tensor x"));
        }
        for shape in ["[2]", "[0]", "[65536, 65536, 65536, 65536]"] {
            let sentence = refusal(&tensor("F32", shape, "[0, 4]"), &[0; 4]);
            assert!(sentence.starts_with("tensor x has 4 bytes, which are not F32 of shape ["), "{sentence}");
        }
        assert_eq!(
            refusal(&tensor("F32", "[1]", "[0, 4]"), &[0; 5]),
            "its tensors have 4 bytes, and 5 follow the header"
        );
    }
}
