//! `python/src/moescope/static`: what the Python package has of the page. The widget's module has the engine and the
//! model in it; the one file stands in a notebook where nobody runs it; the manifest names the fields.

use crate::project::Project;
use crate::{dist, tools};
use anyhow::{Context as _, Result};
use std::fs;

/// What the module unpacks, for the build of it.
const PACKED: &str = "www/pkg/packed.json";
const MODULE: &str = "www/pkg/widget/widget.js";
const STATIC: &str = "python/src/moescope/static";

/// Builds it from the site and the one file that were built.
pub(crate) fn write(project: &Project) -> Result<()> {
    let site = project.dist();
    let packed = serde_json::to_string(&dist::packed(project)?)?;
    fs::write(project.at(PACKED), packed).with_context(|| format!("{PACKED} cannot be written"))?;
    tools::npm_script(project, "www", "build:widget").run()?;
    let folder = project.at(STATIC);
    fs::create_dir_all(&folder).with_context(|| format!("{STATIC} cannot be made"))?;
    for file in [project.at(MODULE), site.join("moescope.html"), site.join("custom-elements.json")] {
        let name = file.file_name().with_context(|| format!("{} has no name", file.display()))?;
        fs::copy(&file, folder.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
    }
    project.say(format_args!("  the Python package's part is in {STATIC}"));
    Ok(())
}
