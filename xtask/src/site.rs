//! Builds the static site in `www/dist`: first the wasm module and the first example's records, then the page, then the
//! single file. Also builds the notebook widget, and prints the sizes of the site's files.

use crate::project::Project;
use crate::run::{at_once, timed};
use crate::toolchain::WasmToolchain;
use crate::{dist, first, manifest, one, tools, wasm, widget};
use anyhow::{Result, bail};

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
    one::write(project)?;
    widget::write(project)?;
    let folder = project.dist();
    if !folder.join("index.html").is_file() {
        bail!("`npm run build` in www succeeded, but made no www/dist/index.html");
    }
    dist::print_sizes(project, &folder)
}
