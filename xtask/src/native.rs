//! The engine's example program `inspect`, built natively. Its profile has no link-time optimisation: it builds in a
//! third of the time, and the numbers have the same bits.

use crate::project::Project;
use crate::run::Run;
use anyhow::Result;
use std::path::PathBuf;

/// The profile in `Cargo.toml`.
const PROFILE: &str = "quick";

/// Builds `inspect` and returns its path.
pub(crate) fn inspect(project: &Project) -> Result<PathBuf> {
    Run::new(project, "cargo").args(["build", "--profile", PROFILE, "-p", "moescope", "--example", "inspect"]).run()?;
    let folder = project.target().join(PROFILE).join("examples");
    Ok(folder.join("inspect").with_extension(std::env::consts::EXE_EXTENSION))
}
