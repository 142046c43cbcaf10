//! Builds the static site in `www/dist`: the wasm module; the scripts of the page, the single file and the notebook
//! widget; and the files that are made from these. Then prints the sizes of the site's files.

use crate::project::Project;
use crate::run::{at_once, timed};
use crate::toolchain::WasmToolchain;
use crate::{about, dist, first, manifest, notices, one, picture, tools, wasm, widget};
use anyhow::{Context as _, Result, bail};
use std::fs;

/// Installs the tools and builds the site.
pub(crate) fn set_up_and_build(project: &Project) -> Result<()> {
    let (toolchain, _) = timed(project, "set up", || tools::for_site(project))?;
    timed(project, "build", || build(project, toolchain))?;
    Ok(())
}

/// Builds the site. The tools must be installed.
pub(crate) fn build(project: &Project, toolchain: WasmToolchain) -> Result<()> {
    at_once(project, |project| wasm::build(project, toolchain), first::write)?;
    tools::npm_script(project, "www", "build").run()?;
    manifest::move_out(project)?;
    one::bundle(project)?;
    widget::bundle(project)?;
    let folder = project.dist();
    // The notices need the lists of modules of all three scripts.
    notices::write(project)?;
    let licences = notices::LICENCES.map(|name| project.at(name));
    for file in licences.into_iter().chain([notices::file(project)]) {
        let name = file.file_name().with_context(|| format!("{} has no name", file.display()))?;
        fs::copy(&file, folder.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
    }
    picture::write(project)?;
    one::write(project, &about::write(project)?)?;
    widget::write(project)?;
    if !folder.join("index.html").is_file() {
        bail!("`npm run build` in www succeeded, but made no www/dist/index.html");
    }
    dist::print_sizes(project, &folder)
}
