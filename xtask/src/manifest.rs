//! Vite's manifest of the built page: it names the built file of each source, and the other files that each built file
//! needs.

use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The folder into which Vite writes the manifest.
const BUILT: &str = "www/dist/.vite";
/// The path to which xtask moves the manifest, because the manifest is not a part of the site.
const MANIFEST: &str = "www/pkg/manifest.json";

/// The built files (chunks) by their keys. A key is the path of a source or, for a chunk that several sources share,
/// `_` and the chunk's file name.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest(BTreeMap<String, Chunk>);

/// One built file. Paths are relative to `www/dist`; `imports` and `dynamic_imports` are keys of the manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Chunk {
    file: String,
    imports: Vec<String>,
    dynamic_imports: Vec<String>,
    css: Vec<String>,
    assets: Vec<String>,
}

/// Moves the manifest out of the built site.
pub(crate) fn move_out(project: &Project) -> Result<()> {
    let built = project.at(BUILT);
    fs::rename(built.join("manifest.json"), project.at(MANIFEST))
        .with_context(|| format!("{BUILT}/manifest.json cannot be moved to {MANIFEST}"))?;
    fs::remove_dir(&built).with_context(|| format!("{BUILT} cannot be removed"))
}

impl Manifest {
    /// The manifest of the last build.
    pub(crate) fn read(project: &Project) -> Result<Manifest> {
        let text = fs::read_to_string(project.at(MANIFEST))
            .with_context(|| format!("{MANIFEST} cannot be read: `cargo xtask build` writes it"))?;
        serde_json::from_str(&text).with_context(|| format!("{MANIFEST} is not a manifest of Vite"))
    }

    /// The path of a source's built file.
    pub(crate) fn file(&self, source: &str) -> Result<&str> {
        Ok(&self.chunk(source)?.file)
    }

    /// The path of the worker's script. Vite builds the worker separately, so the manifest lists its script only among
    /// the assets of the chunk that starts the worker.
    pub(crate) fn worker(&self) -> Result<&str> {
        let assets = self.0.values().flat_map(|chunk| &chunk.assets);
        let scripts: BTreeSet<_> = assets.filter(|file| file.ends_with(".js")).collect();
        match scripts.into_iter().collect::<Vec<_>>()[..] {
            [worker] => Ok(worker),
            ref found => bail!("{MANIFEST} has {} scripts among its assets, expected 1: {found:?}", found.len()),
        }
    }

    /// The built files of `sources`, and all files that these need, directly or through other files.
    pub(crate) fn needed(&self, sources: &[&str]) -> Result<BTreeSet<&str>> {
        let mut files = BTreeSet::new();
        let mut open = sources.to_vec();
        while let Some(key) = open.pop() {
            let chunk = self.chunk(key)?;
            if files.insert(&*chunk.file) {
                files.extend(chunk.css.iter().chain(&chunk.assets).map(String::as_str));
                open.extend(chunk.imports.iter().chain(&chunk.dynamic_imports).map(String::as_str));
            }
        }
        Ok(files)
    }

    fn chunk(&self, key: &str) -> Result<&Chunk> {
        self.0.get(key).with_context(|| format!("{MANIFEST} has no `{key}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        serde_json::from_str(
            r#"{
                "index.html": { "file": "assets/index-1.js", "imports": ["_shell-2.js"], "css": ["assets/index-3.css"] },
                "src/element.ts": { "file": "element.js", "imports": ["_shell-2.js"], "dynamicImports": ["src/view.ts"] },
                "src/view.ts": { "file": "assets/view-4.js", "imports": ["_shell-2.js", "src/element.ts"] },
                "_shell-2.js": { "file": "assets/shell-2.js", "assets": ["assets/a-5.wasm", "assets/worker-6.js"] },
                "pkg/a.wasm": { "file": "assets/a-5.wasm", "src": "pkg/a.wasm" }
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn an_entry_needs_its_direct_and_indirect_imports_and_their_assets_and_styles() {
        let manifest = manifest();
        let needed = manifest.needed(&["src/element.ts"]).unwrap();
        let expected = ["assets/a-5.wasm", "assets/shell-2.js", "assets/view-4.js", "assets/worker-6.js", "element.js"];
        assert_eq!(needed, BTreeSet::from(expected));
        assert!(manifest.needed(&["index.html"]).unwrap().contains("assets/index-3.css"));
    }

    #[test]
    fn a_built_file_is_found_by_its_source_and_the_error_names_an_unknown_source() {
        assert_eq!(manifest().file("pkg/a.wasm").unwrap(), "assets/a-5.wasm");
        assert!(manifest().file("pkg/b.wasm").unwrap_err().to_string().contains("`pkg/b.wasm`"));
    }

    #[test]
    fn the_worker_is_the_only_script_among_the_assets_and_its_absence_is_an_error() {
        assert_eq!(manifest().worker().unwrap(), "assets/worker-6.js");
        let without: Manifest = serde_json::from_str("{}").unwrap();
        assert!(without.worker().unwrap_err().to_string().contains("0 scripts"));
    }
}
