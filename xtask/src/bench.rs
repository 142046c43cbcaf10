//! `cargo xtask bench`: speed and size. Native figures come from the crate's `bench` example, the browser's from
//! `tests/bench`, which writes `tests/bench/results.json`.

use crate::project::Project;
use crate::run::{Run, timed};
use crate::{site, tools};
use anyhow::{Result, bail};

const NATIVE: &str = "crate/examples/bench.rs";
const BROWSER: &str = "tests/bench/package.json";

/// Builds what is measured, then measures what there is to measure.
pub(crate) fn bench(project: &Project) -> Result<()> {
    let (native, browser) = (project.at(NATIVE).is_file(), project.at(BROWSER).is_file());
    if !native && !browser {
        bail!("there is nothing to measure yet: neither {NATIVE} nor {BROWSER} is there");
    }
    site::set_up_and_build(project)?;
    if native {
        let run = Run::new(project, "cargo").args(["run", "--release", "-p", "moescope", "--example", "bench"]);
        timed("bench, native", || run.run())?;
    }
    if browser {
        timed("bench, in the browser", || {
            tools::npm_packages(project, "tests/bench")?;
            let browser = tools::browser(project)?;
            tools::npm_script(project, "tests/bench", "bench").env("MOESCOPE_CHROMIUM", browser.chromium).run()
        })?;
    }
    Ok(())
}
