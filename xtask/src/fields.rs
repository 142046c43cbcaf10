//! Writes the files that are generated from the list of fields in `www/src/scope/fields.ts`: the element's manifest and
//! types, the table in `docs/embedding.md`, and the types of the notebook widget. A unit test of the page compares these
//! files with the list.

use crate::project::Project;
use crate::{tools, wasm};
use anyhow::Result;

/// Writes the files. The wasm module is built first, because the element's types contain types that its build generates.
pub(crate) fn write(project: &Project) -> Result<()> {
    let toolchain = tools::for_site(project)?;
    wasm::build(project, toolchain)?;
    tools::npm_script(project, "www", "generate").run()
}
