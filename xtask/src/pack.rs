//! `target/npm/moescope-<version>.tgz`: the element as an npm package, made from the built site.

use crate::dist::files;
use crate::manifest::Manifest;
use crate::notices;
use crate::project::Project;
use crate::site;
use crate::tools;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the package's hand-written files.
const SOURCES: &str = "www/npm";
/// The sources of the two scripts that a page can load. The package has the built scripts and all files that they need.
const ENTRIES: [&str; 2] = ["src/faces/element.ts", "src/faces/define.ts"];
/// Other files of the built site that are copied into the package.
const BESIDE: [&str; 3] = ["moescope.d.ts", "custom-elements.json", notices::NAME];
/// These four fields of the package come from the workspace's Cargo.toml.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const LICENCE: &str = env!("CARGO_PKG_LICENSE");
const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Installs the tools, builds the site and makes the package.
pub(crate) fn set_up_and_pack(project: &Project) -> Result<()> {
    site::set_up_and_build(project)?;
    pack(project)
}

/// Makes the package from the built site.
pub(crate) fn pack(project: &Project) -> Result<()> {
    let out = project.target().join("npm");
    let package = out.join("package");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("{} cannot be emptied", out.display()))?;
    }
    assemble(project, &package)?;
    tools::npm_pack(project, &package, &out).run()?;
    let packed = fs::metadata(tarball(project))?.len();
    let mut unpacked = 0;
    for file in files(&package)? {
        unpacked += fs::metadata(file)?.len();
    }
    project.say(format_args!("{packed:>12} bytes packed, {unpacked} unpacked  {}", tarball(project).display()));
    Ok(())
}

/// The path of the packed package.
pub(crate) fn tarball(project: &Project) -> PathBuf {
    project.target().join(format!("npm/moescope-{VERSION}.tgz"))
}

/// Copies all files of the package into the folder `package`.
fn assemble(project: &Project, package: &Path) -> Result<()> {
    let page = fs::read_to_string(project.at("www/package.json")).context("www/package.json cannot be read")?;
    let page: Value = serde_json::from_str(&page)?;
    ensure!(page["version"] == VERSION, "www/package.json has the version {}, Cargo.toml {VERSION}", page["version"]);
    let dist = project.dist();
    let manifest = Manifest::read(project)?;
    let mut wanted: BTreeSet<_> = manifest.needed(&ENTRIES)?.into_iter().chain(BESIDE).map(PathBuf::from).collect();
    for file in files(&dist.join("model"))? {
        wanted.insert(file.strip_prefix(&dist)?.to_owned());
    }
    for file in wanted {
        copy(&dist.join(&file), &package.join(&file))?;
    }
    for licence in notices::LICENCES {
        copy(&project.at(licence), &package.join(licence))?;
    }
    for file in files(&project.at(SOURCES))? {
        copy(&file, &package.join(file.strip_prefix(project.at(SOURCES))?))?;
    }
    let manifest = package.join("package.json");
    let text = fs::read_to_string(&manifest).with_context(|| format!("{SOURCES}/package.json cannot be read"))?;
    fs::write(&manifest, filled(&text)?)?;
    Ok(())
}

/// The text of the package's `package.json` with the fields of Cargo.toml inserted. The parsed JSON is not written
/// again: this could change the order of the conditions in `exports`, which matters.
fn filled(manifest: &str) -> Result<String> {
    let value: Value = serde_json::from_str(manifest).context("package.json of the package is no JSON")?;
    for name in ["version", "license", "homepage", "repository"] {
        ensure!(
            value.get(name).is_none(),
            "{SOURCES}/package.json has the field `{name}`, which belongs to Cargo.toml"
        );
    }
    let fields = format!(
        "{{\n  \"version\": \"{VERSION}\",\n  \"license\": \"{LICENCE}\",\n  \"homepage\": \"{HOMEPAGE}\",\n  \
         \"repository\": {{ \"type\": \"git\", \"url\": \"git+{REPOSITORY}\" }},"
    );
    Ok(manifest.replacen('{', &fields, 1))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_json_gets_version_licence_and_addresses_of_cargo_toml_and_must_not_have_a_version() {
        let manifest = filled("{\n  \"name\": \"moescope\"\n}").unwrap();
        let value: Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!((&value["version"], &value["license"]), (&VERSION.into(), &LICENCE.into()));
        assert_eq!(value["homepage"], HOMEPAGE);
        assert_eq!(value["repository"]["url"], format!("git+{REPOSITORY}"));
        assert!(filled("{ \"version\": \"1.0.0\" }").unwrap_err().to_string().contains("Cargo.toml"));
    }

    #[test]
    fn readme_and_python_package_name_the_addresses_of_cargo_toml() {
        let project = Project::find().unwrap();
        let has = |file: &str, line: &str| {
            let text = fs::read_to_string(project.at(file)).unwrap();
            assert!(text.contains(line), "{file} has no {line}, which Cargo.toml names");
        };
        has("README.md", &format!("**Open it:** <{HOMEPAGE}>"));
        has("python/pyproject.toml", &format!("Homepage = \"{HOMEPAGE}\""));
        has("python/pyproject.toml", &format!("Repository = \"{REPOSITORY}\""));
    }
}
