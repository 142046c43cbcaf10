//! The engine's example programs, built natively. They have a profile without link-time optimisation: it builds in a third
//! of the time, and the numbers are the same bits.

use crate::project::Project;
use crate::run::Run;
use anyhow::Result;
use std::path::PathBuf;

/// The profile in `Cargo.toml`.
const PROFILE: &str = "quick";

/// Builds an example of the crate and returns the path of the program.
pub(crate) fn example(project: &Project, name: &str) -> Result<PathBuf> {
    // All of them at once, because the site and its tests need one each.
    Run::new(project, "cargo").args(["build", "--profile", PROFILE, "-p", "moescope", "--examples"]).run()?;
    let folder = project.target().join(PROFILE).join("examples");
    Ok(folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
}
