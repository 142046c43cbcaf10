//! `cargo xtask bench` measures the engine's speed (natively and in the browser), the page's response times, and the
//! sizes of the files that a first visit loads. `tests/bench/README.md` describes the figures, and the results are
//! written to `tests/bench/results.json`.

use crate::project::Project;
use crate::run::{Run, timed};
use crate::wasm::{self, Simd};
use crate::{site, tools};
use anyhow::Result;

const PACKAGE: &str = "tests/bench";

/// Builds the site and the benchmark programs, then measures them.
pub(crate) fn bench(project: &Project) -> Result<()> {
    let ((toolchain, browser), _) = timed(project, "set up", || tools::for_looking(project))?;
    timed(project, "build", || site::build(project, toolchain))?;
    let (simd128, scalar) = (project.target().join("bench-simd128"), project.target().join("bench-scalar"));
    timed(project, "build the bench", || {
        Run::new(project, "cargo").args(["build", "--release", "-p", "moescope-bench"]).run()?;
        wasm::pack(project, toolchain, Simd::With, PACKAGE, &simd128)?;
        wasm::pack(project, toolchain, Simd::Without, PACKAGE, &scalar)
    })?;
    let native = project.target().join("release").join(format!("moescope-bench{}", std::env::consts::EXE_SUFFIX));
    timed(project, "measure", || {
        Run::new(project, "node")
            .args([format!("{PACKAGE}/bench.mjs")])
            .args([native, simd128, scalar].map(|path| path.to_string_lossy().into_owned()))
            .env("MOESCOPE_CHROMIUM", browser.chromium)
            .run()
    })?;
    Ok(())
}
