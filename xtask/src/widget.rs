//! Writes `python/src/moescope/static`, the built files in the Python package. `widget.js` contains the page, the
//! engine and the model; saved notebooks show `moescope.html`; `custom-elements.json` describes the fields of a link.
//! The licences become part of the wheel's metadata.

use crate::project::Project;
use crate::{dist, notices, tools};
use anyhow::{Context as _, Result};
use std::fs;

/// The output of `dist::packed`. The build of `widget.js` includes this file.
const PACKED: &str = "www/pkg/packed.json";
const MODULE: &str = "www/pkg/widget/widget.js";
const STATIC: &str = "python/src/moescope/static";

/// Builds the module from the built site.
pub(crate) fn bundle(project: &Project) -> Result<()> {
    let packed = serde_json::to_string(&dist::packed(project)?)?;
    fs::write(project.at(PACKED), packed).with_context(|| format!("{PACKED} cannot be written"))?;
    tools::npm_script(project, "www", "build:widget").run()
}

/// Copies the module and other files of the built site into the Python package.
pub(crate) fn write(project: &Project) -> Result<()> {
    let site = project.dist();
    let folder = project.at(STATIC);
    fs::create_dir_all(&folder).with_context(|| format!("{STATIC} cannot be made"))?;
    let of_site = ["moescope.html", "custom-elements.json", notices::NAME];
    let of_site = of_site.iter().chain(&notices::LICENCES).map(|name| site.join(name));
    for file in of_site.chain([project.at(MODULE)]) {
        let name = file.file_name().with_context(|| format!("{} has no name", file.display()))?;
        fs::copy(&file, folder.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
    }
    project.say(format_args!("  the files of the Python package are in {STATIC}"));
    Ok(())
}
