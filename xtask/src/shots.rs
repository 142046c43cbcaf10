//! `cargo xtask shots` makes the pictures of README and docs again, from the built page.

use crate::project::Project;
use crate::run::{Run, timed};
use crate::{site, tools};
use anyhow::Result;

/// Builds the site and writes its pictures to `docs/`.
pub(crate) fn shots(project: &Project) -> Result<()> {
    let ((toolchain, browser), _) = timed(project, "set up", || tools::for_looking(project))?;
    timed(project, "build", || site::build(project, toolchain))?;
    timed(project, "take pictures", || {
        Run::new(project, "node").args(["tests/shots/shots.mjs"]).env("MOESCOPE_CHROMIUM", browser.chromium).run()
    })?;
    Ok(())
}
