//! `target/npm/moescope-<version>.tgz`: the element as an npm package, made of the built site.

use crate::dist::files;
use crate::project::Project;
use crate::site;
use crate::tools;
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What is written by hand for the package.
const SOURCES: &str = "www/npm";
/// The scripts that somebody's page loads; what they need goes with them.
const ENTRIES: [&str; 2] = ["moescope.js", "define.js"];
/// What else of the site goes into the package.
const BESIDE: [&str; 2] = ["moescope.d.ts", "custom-elements.json"];
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];
/// The version and the licence are those of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const LICENCE: &str = env!("CARGO_PKG_LICENSE");

/// From nothing to the package.
pub(crate) fn set_up_and_pack(project: &Project) -> Result<()> {
    site::set_up_and_build(project)?;
    pack(project)
}

/// Makes the package of the site that was built.
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

/// Where the packed package is.
pub(crate) fn tarball(project: &Project) -> PathBuf {
    project.target().join(format!("npm/moescope-{VERSION}.tgz"))
}

/// Puts together what is packed.
fn assemble(project: &Project, package: &Path) -> Result<()> {
    let page = fs::read_to_string(project.at("www/package.json")).context("www/package.json cannot be read")?;
    let page: Value = serde_json::from_str(&page)?;
    ensure!(page["version"] == VERSION, "www/package.json has the version {}, Cargo.toml {VERSION}", page["version"]);
    let dist = project.dist();
    let mut wanted = needed(&dist)?;
    wanted.extend(BESIDE.map(PathBuf::from));
    for file in files(&dist.join("model"))? {
        wanted.insert(file.strip_prefix(&dist)?.to_owned());
    }
    for file in wanted {
        copy(&dist.join(&file), &package.join(&file))?;
    }
    for licence in LICENCES {
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

/// The package's `package.json` with its version and licence. Its text stays: the order of conditions has a meaning.
fn filled(manifest: &str) -> Result<String> {
    let value: Value = serde_json::from_str(manifest).context("package.json of the package is no JSON")?;
    for name in ["version", "license"] {
        ensure!(value.get(name).is_none(), "{SOURCES}/package.json says `{name}`, which stands in Cargo.toml");
    }
    Ok(manifest.replacen('{', &format!("{{\n  \"version\": \"{VERSION}\",\n  \"license\": \"{LICENCE}\","), 1))
}

/// The entries and all that they refer to, by their paths in the site.
fn needed(dist: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut open = ENTRIES.map(PathBuf::from).to_vec();
    while let Some(file) = open.pop() {
        if !found.insert(file.clone()) || file.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        let script =
            fs::read_to_string(dist.join(&file)).with_context(|| format!("{} cannot be read", file.display()))?;
        for reference in references(&script) {
            let other = beside(&file, reference);
            if !dist.join(&other).is_file() {
                bail!("{} refers to {reference}, which the site has not", file.display());
            }
            open.push(other);
        }
    }
    Ok(found)
}

/// The addresses that a built script imports or makes of its own: `from"./a.js"`, `import("./a.js")`,
/// `new URL("a.wasm",import.meta.url)`.
fn references(script: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, quote) in script.match_indices(['"', '\'', '`']) {
        let (before, rest) = (script[..at].trim_end(), &script[at + 1..]);
        let Some((address, after)) = rest.split_once(quote) else { continue };
        let imported =
            ["from", "import", "import("].iter().any(|end| before.ends_with(end)) && address.starts_with('.');
        let own = before.ends_with("new URL(") && after.trim_start().starts_with(",import.meta.url");
        if imported || own {
            found.push(address);
        }
    }
    found
}

/// The path that an address means, seen from a file.
fn beside(file: &Path, address: &str) -> PathBuf {
    let mut path = file.parent().unwrap_or(Path::new("")).to_owned();
    for component in Path::new(address).components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
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
    fn finds_what_a_script_refers_to() {
        let script = "import{a}from\"./a.js\";import \"../b.js\";let c=()=>import(`./c.js`),d=new URL(`d.wasm`,import.meta.url).href,\
                      e=new URL(\"e.json\",location.href),f=`it's from ${g}`,h=new URL(new URL('h.wasm',import.meta.url).href,``);";
        assert_eq!(references(script), ["./a.js", "../b.js", "./c.js", "d.wasm", "h.wasm"]);
    }

    #[test]
    fn an_address_is_seen_from_its_file() {
        assert_eq!(beside(Path::new("define.js"), "./moescope.js"), Path::new("moescope.js"));
        assert_eq!(beside(Path::new("assets/shell.js"), "../model/config.json"), Path::new("model/config.json"));
        assert_eq!(beside(Path::new("assets/shell.js"), "worker.js"), Path::new("assets/worker.js"));
    }

    #[test]
    fn the_version_and_the_licence_are_the_workspace_s() {
        let manifest = filled("{\n  \"name\": \"moescope\"\n}").unwrap();
        let value: Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!((&value["version"], &value["license"]), (&VERSION.into(), &LICENCE.into()));
        assert!(filled("{ \"version\": \"1.0.0\" }").unwrap_err().to_string().contains("Cargo.toml"));
    }
}
