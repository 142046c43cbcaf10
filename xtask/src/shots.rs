//! `cargo xtask shots`: the README's pictures, made anew from the page.

use crate::project::Project;
use crate::run::{Run, timed};
use crate::{site, tools};
use anyhow::Result;

/// Builds the site, and takes its pictures into `docs/`.
pub(crate) fn shots(project: &Project) -> Result<()> {
    let ((toolchain, browser), _) = timed(project, "set up", || tools::for_looking(project))?;
    timed(project, "build", || site::build(project, toolchain))?;
    timed(project, "take pictures", || {
        Run::new(project, "node").args(["tests/shots/shots.mjs"]).env("MOESCOPE_CHROMIUM", browser.chromium).run()
    })?;
    Ok(())
}
