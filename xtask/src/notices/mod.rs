//! `THIRD_PARTY.txt`: the licences of all software of other authors in the built files. The packages in the scripts come
//! from lists that Vite's builds write (`npm`), the crates in the wasm from cargo (`crates`). `licence` checks that each
//! licence is allowed, and finds its text.

mod crates;
mod licence;
mod npm;

use crate::project::Project;
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// The name of the file in every artefact.
pub(crate) const NAME: &str = "THIRD_PARTY.txt";
/// moescope's own licences, which every artefact has too.
pub(crate) const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];
const WRITTEN: &str = "www/pkg/THIRD_PARTY.txt";

/// The wasm also contains Rust's standard library, which is not among cargo's packages.
const STANDARD_LIBRARY: &str = include_str!("../../licences/rust-std.txt");
const RULE: &str = "================================================================================";

/// A package in the built files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    /// Empty for Rust's standard library: its version is the compiler's.
    version: String,
    /// The names of the licences that apply.
    licence: String,
    /// The texts of these licences, with their copyright lines.
    text: String,
}

/// Writes the file from the lists of the three builds of the page and from cargo's list.
pub(crate) fn write(project: &Project) -> Result<()> {
    let mut crates = crates::linked(project)?;
    crates.push(Package {
        name: "Rust standard library".to_owned(),
        version: String::new(),
        licence: "MIT, Apache-2.0 WITH LLVM-exception, Unicode-3.0".to_owned(),
        text: STANDARD_LIBRARY.trim().to_owned(),
    });
    let text = notices(npm::bundled(project)?, crates);
    fs::write(project.at(WRITTEN), &text).with_context(|| format!("{WRITTEN} cannot be written"))?;
    project.say(format_args!("  the notices of other authors' software are in {WRITTEN} ({} bytes)", text.len()));
    Ok(())
}

/// The written file.
pub(crate) fn file(project: &Project) -> PathBuf {
    project.at(WRITTEN)
}

/// The text of the file. Packages are sorted by name; packages with the same text share it.
fn notices(mut npm: Vec<Package>, mut crates: Vec<Package>) -> String {
    npm.sort();
    crates.sort();
    let mut text = format!(
        "Software of other authors in moescope {}\n\n\
         moescope is licensed under MIT or Apache-2.0, at your choice: see LICENSE-MIT and LICENSE-APACHE. Its built files\n\
         contain the software below. Where a package offers a choice of licences, the licence named here was chosen.\n",
        env!("CARGO_PKG_VERSION")
    );
    for (heading, packages) in
        [("In the scripts, from npm:", &npm), ("In the WebAssembly module, from crates.io:", &crates)]
    {
        let _ = write!(text, "\n{heading}\n");
        for package in packages {
            let _ = writeln!(text, "  {}: {}", named(package), package.licence);
        }
    }
    let mut texts: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in npm.iter().chain(&crates) {
        texts.entry(&package.text).or_default().push(package);
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_by_key(|(_, packages)| packages[0]);
    for (licence, packages) in texts {
        let names: Vec<_> = packages.into_iter().map(named).collect();
        let _ = write!(text, "\n{RULE}\n{}\n{RULE}\n\n{licence}\n", names.join(", "));
    }
    text
}

fn named(package: &Package) -> String {
    format!("{} {}", package.name, package.version).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, text: &str) -> Package {
        Package { name: name.into(), version: "1.0.0".into(), licence: "MIT".into(), text: text.into() }
    }

    #[test]
    fn every_package_is_listed_and_equal_texts_are_written_once() {
        let text = notices(vec![package("b", "two"), package("a", "one")], vec![package("c", "one")]);
        let listed: Vec<_> = text.lines().filter(|line| line.starts_with("  ")).collect();
        assert_eq!(listed, ["  a 1.0.0: MIT", "  b 1.0.0: MIT", "  c 1.0.0: MIT"]);
        let (_, after) = text.split_once(RULE).unwrap();
        assert_eq!(after.replace(RULE, "").trim(), "a 1.0.0, c 1.0.0\n\n\none\n\n\nb 1.0.0\n\n\ntwo");
    }

    #[test]
    fn the_order_of_the_lists_does_not_change_the_text() {
        let packages = || vec![package("b", "two"), package("a", "one"), package("c", "one")];
        let mut turned = packages();
        turned.reverse();
        assert_eq!(notices(packages(), packages()), notices(turned.clone(), turned));
    }
}
