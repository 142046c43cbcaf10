//! The npm packages in the built scripts. `www/vite.bundled.ts` lists the modules of every build.

use super::{Package, licence};
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const LISTS: &str = "www/pkg/bundled";
/// The builds: the site, its worker, the single file and the notebook widget.
const BUILDS: [&str; 4] = ["site", "worker", "one", "widget"];

#[derive(Deserialize)]
struct Manifest {
    name: String,
    version: String,
    license: String,
}

/// The packages whose modules are in a built script.
pub(super) fn bundled(project: &Project) -> Result<Vec<Package>> {
    let www = project.at("www");
    let mut folders = BTreeSet::new();
    for build in BUILDS {
        let list = format!("{LISTS}/{build}.json");
        let modules = fs::read_to_string(project.at(&list))
            .with_context(|| format!("{list} cannot be read: the build of the page writes it"))?;
        let modules: Vec<String> = serde_json::from_str(&modules).with_context(|| format!("{list} is not a list"))?;
        for module in modules {
            folders.extend(folder_of(&module, &www)?);
        }
    }
    folders.iter().map(|folder| read(&www.join(folder))).collect()
}

fn read(folder: &Path) -> Result<Package> {
    let manifest = folder.join("package.json");
    let text = fs::read_to_string(&manifest).with_context(|| format!("{} cannot be read", manifest.display()))?;
    let Manifest { name, version, license } = serde_json::from_str(&text)
        .with_context(|| format!("{} has no name, version or license", manifest.display()))?;
    let (licence, text) = licence::read(&license, folder)?;
    Ok(Package { name, version, licence, text })
}

/// The folder in `www` of the package that a module belongs to; `None` for a file of this project.
fn folder_of(module: &str, www: &Path) -> Result<Option<String>> {
    const PACKAGES: &str = "node_modules/";
    if let Some(added) = module.strip_prefix('\0') {
        // Functions that the bundler adds to the scripts.
        return match added.split('/').next() {
            Some(package @ ("vite" | "rolldown")) => Ok(Some(format!("{PACKAGES}{package}"))),
            _ => bail!("the built scripts have the module `{added}`, whose package is not known"),
        };
    }
    if let Some((before, inside)) = module.rsplit_once(PACKAGES) {
        let parts = if inside.starts_with('@') { 2 } else { 1 };
        let name: Vec<_> = inside.split('/').take(parts).collect();
        return Ok(Some(format!("{before}{PACKAGES}{}", name.join("/"))));
    }
    // The address of a file in `public` begins with a slash.
    let path = module.split('?').next().unwrap_or_default();
    let path = path.strip_prefix('/').map_or_else(|| path.to_owned(), |path| format!("public/{path}"));
    if path.starts_with("..") || !www.join(&path).is_file() {
        bail!("the built scripts have the module `{module}`, which is neither in www nor in a package");
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(module: &str) -> Result<Option<String>> {
        folder_of(module, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../www"))
    }

    #[test]
    fn a_module_belongs_to_the_innermost_package() {
        assert_eq!(folder("node_modules/lit/index.js").unwrap().unwrap(), "node_modules/lit");
        assert_eq!(folder("node_modules/@lit/a/b.js?x").unwrap().unwrap(), "node_modules/@lit/a");
        assert_eq!(folder("node_modules/a/node_modules/b/c.js").unwrap().unwrap(), "node_modules/a/node_modules/b");
    }

    #[test]
    fn functions_of_the_bundler_belong_to_its_package() {
        assert_eq!(folder("\0vite/preload-helper.js").unwrap().unwrap(), "node_modules/vite");
        assert_eq!(folder("\0rolldown/runtime.js").unwrap().unwrap(), "node_modules/rolldown");
        assert!(folder("\0other/helper.js").unwrap_err().to_string().contains("other/helper.js"));
    }

    #[test]
    fn files_of_this_project_have_no_package_and_unknown_files_are_refused() {
        assert_eq!(folder("index.html").unwrap(), None);
        assert_eq!(folder("/model/config.json?url").unwrap(), None);
        for module in ["../other/a.js", "/elsewhere/a.js", "src/none.ts"] {
            assert!(folder(module).unwrap_err().to_string().contains(module));
        }
    }
}
