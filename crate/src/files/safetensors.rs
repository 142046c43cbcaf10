//! Reads the name, type, shape and bytes of each tensor in a safetensors file, and checks them against the file's
//! length.
//!
//! A file has eight bytes with the header's length (little-endian), then the header, then the tensors' bytes. The
//! header is a JSON object that maps each tensor's name to its `dtype`, `shape` and `data_offsets`. It may also have
//! `__metadata__`, which is skipped.
//!
//! The engine does not use the `safetensors` crate, because that crate would make the page's wasm 17 kB larger (gzip).
//! Tests read files that the crate wrote.

#![warn(clippy::indexing_slicing)]

use crate::json::{self, Fault, Node};
use std::collections::BTreeMap;

/// A tensor of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<'a> {
    /// The type's name in the file, such as `BF16`.
    pub dtype: String,
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// The values, row by row, little-endian.
    pub data: &'a [u8],
}

/// Reads a file's tensors, by name.
///
/// # Errors
/// Fails if the file is cut off, its header is broken, or the header does not match the file. The error is a clause
/// that completes the sentence of `CheckpointError::NotSafetensors`.
pub fn read(file: &[u8]) -> Result<BTreeMap<String, Tensor<'_>>, String> {
    let Some((len, rest)) = file.split_first_chunk::<8>() else {
        return Err(format!("it has {} bytes, expected at least the 8 of the header's length", file.len()));
    };
    let len = u64::from_le_bytes(*len);
    let Some((header, data)) = usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len)) else {
        return Err(format!("its header should have {len} bytes, and {} follow", rest.len()));
    };
    let in_header = |fault: Fault| format!("in its header, {fault}");
    let header = json::parse(header).map_err(|fault| format!("its header is {fault}"))?;
    let header = Node::root(&header);
    let mut tensors = BTreeMap::new();
    let mut bytes = 0;
    for (name, entry) in header.object().map_err(in_header)? {
        if name == "__metadata__" {
            continue;
        }
        let entry = Entry::read(&header.entry(name, entry)).map_err(in_header)?;
        let tensor = entry.tensor(name, data)?;
        bytes += tensor.data.len();
        tensors.insert(name.clone(), tensor);
    }
    if bytes != data.len() {
        return Err(format!("its tensors have {bytes} bytes, but {} bytes follow the header", data.len()));
    }
    Ok(tensors)
}

/// A tensor's entry in the header.
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    /// Start and end of the tensor's bytes, counted from the end of the header.
    bytes: (usize, usize),
}

impl Entry {
    fn read(entry: &Node<'_>) -> Result<Self, Fault> {
        let offsets = entry.required("data_offsets", "the tensor's start and end")?;
        let bytes = match offsets.wholes()?[..] {
            [start, end] => (start, end),
            _ => return Err(offsets.impossible("two whole numbers, the tensor's start and end")),
        };
        let dtype = entry.required("dtype", "the name of a type")?.text()?.into();
        Ok(Self { dtype, shape: entry.required("shape", "an array of whole numbers")?.wholes()?, bytes })
    }

    fn tensor<'a>(self, name: &str, data: &'a [u8]) -> Result<Tensor<'a>, String> {
        let Self { dtype, shape, bytes: (start, end) } = self;
        let Some(data) = data.get(start..end) else {
            return Err(format!(
                "tensor {name} is at bytes {start} to {end} after the header, but only {} bytes follow it",
                data.len()
            ));
        };
        let size = value_size(&dtype).and_then(|size| shape.iter().try_fold(size, |size, &n| size.checked_mul(n)));
        match size {
            // The length cannot be checked for an unsupported type; `checkpoint.rs` refuses the type if it is needed.
            None if value_size(&dtype).is_none() => {}
            Some(size) if size == data.len() => {}
            _ => {
                return Err(format!(
                    "tensor {name} has {} bytes, which are not {dtype} of shape {shape:?}",
                    data.len()
                ));
            }
        }
        Ok(Tensor { dtype, shape, data })
    }
}

/// Bytes of one value of a type; `None` if the type is not supported.
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
    fn tensors_are_read_by_name_and_metadata_is_skipped() {
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
    fn a_file_written_by_the_safetensors_crate_is_read() {
        let data = [0; 12];
        let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![3], &data).unwrap();
        let file = safetensors::serialize([("x", view)], None).unwrap();
        assert_eq!(read(&file).unwrap()["x"].shape, [3]);
    }

    #[test]
    fn broken_files_are_refused_with_a_clause_that_completes_a_sentence() {
        assert_eq!(read(b"abc").unwrap_err(), "it has 3 bytes, expected at least the 8 of the header's length");
        assert_eq!(
            read(&[&100u64.to_le_bytes(), b"{}".as_slice()].concat()).unwrap_err(),
            "its header should have 100 bytes, and 2 follow"
        );
        assert!(refusal("{", b"").starts_with("its header is not JSON: "));
        assert_eq!(refusal("[]", b""), "in its header, the content is [], expected an object");
        for (entry, fault) in [
            ("1", "[\"x\"].data_offsets is missing, expected the tensor's start and end"),
            (r#"{"data_offsets": [0, 4]}"#, "[\"x\"].dtype is missing, expected the name of a type"),
            (
                r#"{"dtype": "F32", "shape": [1], "data_offsets": [0]}"#,
                "[\"x\"].data_offsets is [0], expected two whole numbers, the tensor's start and end",
            ),
            (
                r#"{"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}"#,
                "[\"x\"].shape is [-1], expected an array of whole numbers",
            ),
        ] {
            let sentence = refusal(&format!(r#"{{"x": {entry}}}"#), &[0; 4]);
            assert_eq!(sentence, format!("in its header, {fault}"));
        }
        let tensor = |dtype: &str, shape: &str, offsets: &str| {
            format!(r#"{{"x": {{"dtype": "{dtype}", "shape": {shape}, "data_offsets": {offsets}}}}}"#)
        };
        for offsets in ["[0, 8]", "[4, 0]", "[18446744073709551615, 18446744073709551615]"] {
            let sentence = refusal(&tensor("F32", "[1]", offsets), &[0; 4]);
            assert!(sentence.starts_with("tensor x is at bytes ") || sentence.contains("[\"x\"].data_offsets is "));
        }
        for shape in ["[2]", "[0]", "[65536, 65536, 65536, 65536]"] {
            let sentence = refusal(&tensor("F32", shape, "[0, 4]"), &[0; 4]);
            assert!(sentence.starts_with("tensor x has 4 bytes, which are not F32 of shape ["), "{sentence}");
        }
        assert_eq!(
            refusal(&tensor("F32", "[1]", "[0, 4]"), &[0; 5]),
            "its tensors have 4 bytes, but 5 bytes follow the header"
        );
    }
}
