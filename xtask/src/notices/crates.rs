//! The crates in the wasm: those that `moescope` depends on for the wasm target, without procedural macros and without
//! what only builds or tests need.

use super::{Package, licence};
use crate::project::Project;
use crate::run::Run;
use crate::toolchain::TARGET;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const ROOT: &str = "moescope";

/// The part of `cargo metadata` that is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Crate {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

/// The kind of a dependency: `None` is a normal one, the others are `dev` and `build`.
#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// The crates in the wasm, without moescope's own.
pub(super) fn linked(project: &Project) -> Result<Vec<Package>> {
    let metadata = Run::new(project, "cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET])
        .output()?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).context("the output of `cargo metadata` is not understood")?;
    let packages = linked_of(&metadata)?.into_iter().map(|each| {
        let folder = each.manifest_path.parent().context("a crate has no folder")?;
        let expression =
            each.license.as_deref().with_context(|| format!("the crate {} names no licence", each.name))?;
        let (licence, text) = licence::read(expression, folder)?;
        Ok(Package { name: each.name.clone(), version: each.version.clone(), licence, text })
    });
    packages.collect()
}

fn linked_of(metadata: &Metadata) -> Result<Vec<&Crate>> {
    let crates: BTreeMap<_, _> = metadata.packages.iter().map(|each| (each.id.as_str(), each)).collect();
    let nodes: BTreeMap<_, _> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let root = metadata.packages.iter().find(|each| each.name == ROOT);
    let mut open = vec![root.with_context(|| format!("cargo has no package `{ROOT}`"))?.id.as_str()];
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        let each = crates.get(id).with_context(|| format!("cargo names no package `{id}`"))?;
        let is_macro = each.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"));
        if is_macro || !seen.insert(id) {
            continue;
        }
        if each.name != ROOT {
            found.push(*each);
        }
        let dependencies = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        let normal = dependencies.iter().filter(|each| each.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        open.extend(normal.map(|each| each.pkg.as_str()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_normal_dependencies_are_linked_and_no_macros() {
        let package = |name: &str, kind: &str| {
            format!(
                r#"{{"id": "{name}", "name": "{name}", "version": "1.0.0", "license": "MIT",
                    "manifest_path": "/{name}/Cargo.toml", "targets": [{{"kind": ["{kind}"]}}]}}"#
            )
        };
        let packages: Vec<_> = [
            ("moescope", "lib"),
            ("a", "lib"),
            ("b", "lib"),
            ("macro", "proc-macro"),
            ("of-macro", "lib"),
            ("dev", "lib"),
            ("build", "lib"),
        ]
        .map(|(name, kind)| package(name, kind))
        .into();
        let metadata = format!(
            r#"{{"packages": [{}], "resolve": {{"nodes": [
                {{"id": "moescope", "deps": [
                    {{"pkg": "a", "dep_kinds": [{{"kind": "dev"}}, {{"kind": null}}]}},
                    {{"pkg": "macro", "dep_kinds": [{{"kind": null}}]}},
                    {{"pkg": "dev", "dep_kinds": [{{"kind": "dev"}}]}},
                    {{"pkg": "build", "dep_kinds": [{{"kind": "build"}}]}}]}},
                {{"id": "a", "deps": [{{"pkg": "b", "dep_kinds": [{{"kind": null}}]}}]}},
                {{"id": "macro", "deps": [{{"pkg": "of-macro", "dep_kinds": [{{"kind": null}}]}}]}}]}}}}"#,
            packages.join(",")
        );
        let metadata = serde_json::from_str(&metadata).unwrap();
        let names: Vec<_> = linked_of(&metadata).unwrap().into_iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
