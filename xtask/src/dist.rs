//! Lists the files of the built site, `www/dist`, prints their sizes, and packs those that the single file and the
//! notebook widget contain.

use crate::manifest::Manifest;
use crate::project::Project;
use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Prints the size of each file of the site in bytes, uncompressed and compressed with gzip.
pub(crate) fn print_sizes(project: &Project, dist: &Path) -> Result<()> {
    project.say(format_args!("\n{:>12} {:>12}  www/dist", "bytes", "gzip"));
    let mut total = (0, 0);
    for file in files(dist)? {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let gzip = gzip(&bytes)?.len();
        project.say(format_args!("{:>12} {gzip:>12}  {}", bytes.len(), file.strip_prefix(dist)?.display()));
        total = (total.0 + bytes.len(), total.1 + gzip);
    }
    project.say(format_args!("{:>12} {:>12}  in all", total.0, total.1));
    Ok(())
}

/// All files in a folder and its subfolders, sorted.
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes compressed with gzip at its highest level.
pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The files that `www/src/start/unpack.ts` unpacks, by the names that this script uses. The worker's script is plain
/// text; the other files are compressed with gzip and encoded in Base64.
pub(crate) fn packed(project: &Project) -> Result<BTreeMap<&'static str, String>> {
    let dist = project.dist();
    let manifest = Manifest::read(project)?;
    let read = |file: &str| fs::read(dist.join(file)).with_context(|| format!("www/dist/{file} cannot be read"));
    let files = [
        ("wasm", manifest.file("pkg/moescope_bg.wasm")?),
        ("config", "model/config.json"),
        ("checkpoint", "model/model.safetensors"),
        ("tokenizer", "model/tokenizer.json"),
        ("presets", manifest.file("src/engine/presets.json")?),
    ];
    let mut packed = BTreeMap::from([("worker", String::from_utf8(read(manifest.worker()?)?)?)]);
    for (name, file) in files {
        packed.insert(name, STANDARD.encode(gzip(&read(file)?)?));
    }
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_a_folder_and_its_subfolders_are_listed_in_order() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = files(here).unwrap();
        assert!(found.contains(&here.join("Cargo.toml")) && found.contains(&here.join("src/dist.rs")));
        assert!(found.is_sorted());
    }

    #[test]
    fn gzip_compresses_10_000_equal_bytes_to_fewer_than_100() {
        let len = gzip(&[b'a'; 10_000]).unwrap().len();
        assert!((20..100).contains(&len), "{len}");
    }
}
