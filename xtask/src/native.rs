//! Builds the engine's example program `inspect` natively. Its profile, `quick`, has no link-time optimisation: the
//! build takes a third of the time, and the program's numbers have the same bits.

use crate::project::Project;
use crate::run::Run;
use anyhow::Result;
use std::path::PathBuf;

/// A profile of the workspace's `Cargo.toml`.
const PROFILE: &str = "quick";

/// Builds `inspect` and returns its path.
pub(crate) fn inspect(project: &Project) -> Result<PathBuf> {
    Run::new(project, "cargo").args(["build", "--profile", PROFILE, "-p", "moescope", "--example", "inspect"]).run()?;
    let folder = project.target().join(PROFILE).join("examples");
    Ok(folder.join("inspect").with_extension(std::env::consts::EXE_EXTENSION))
}
