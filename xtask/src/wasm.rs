//! Builds the crate as wasm for the page, and tests it in the browser.

use crate::project::Project;
use crate::run::Run;
use crate::toolchain::WasmToolchain;
use crate::tools::Browser;
use anyhow::Result;
use std::path::Path;

/// Whether the wasm uses 128-bit SIMD. The page's wasm uses SIMD; without SIMD the numbers must be the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Simd {
    With,
    Without,
}

/// The inline threshold is below the compiler's default of 275: the gzipped module is 6 kB smaller and was measured to
/// be as fast, because the functions that take most of the time are `inline(always)`.
const WITH_SIMD: &str = "-Ctarget-feature=+simd128 -Cllvm-args=-inline-threshold=100";

impl Simd {
    /// Builds with SIMD have their own target folder, so that the two builds do not overwrite each other.
    fn apply<'a>(self, project: &Project, run: Run<'a>) -> Run<'a> {
        match self {
            Simd::With => run
                .env("CARGO_TARGET_DIR", project.target().join("wasm-simd"))
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", WITH_SIMD),
            Simd::Without => run,
        }
    }
}

/// Builds `www/pkg`: the optimised module, its JavaScript and its types.
pub(crate) fn build(project: &Project, toolchain: WasmToolchain) -> Result<()> {
    pack(project, toolchain, Simd::With, "crate", &project.at("www/pkg"))
}

/// Builds a crate's optimised module and its JavaScript into a folder.
pub(crate) fn pack(
    project: &Project,
    toolchain: WasmToolchain,
    simd: Simd,
    package: &str,
    out_dir: &Path,
) -> Result<()> {
    let run = wasm_pack(project, toolchain)
        .args(["build", package, "--release", "--target", "web", "--no-pack"])
        // wasm-pack must use the installed tools and download nothing.
        .args(["--mode", "no-install", "--out-dir"])
        .args([out_dir.to_string_lossy()]);
    simd.apply(project, run).run()
}

/// The command that runs the crate's tests as wasm in headless Chromium. Without SIMD it runs only the tests that SIMD
/// can affect: the unit tests, the digest of all bits, and parity.
pub(crate) fn test<'a>(project: &'a Project, toolchain: WasmToolchain, browser: &Browser, simd: Simd) -> Run<'a> {
    let run = wasm_pack(project, toolchain)
        .args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"])
        .args([browser.chromedriver.to_string_lossy()])
        // Documentation tests are left out, because they run natively.
        .args(["crate", "--lib"])
        .args(match simd {
            Simd::With => &["--test", "*"][..],
            Simd::Without => &["--test", "bits", "--test", "parity"],
        })
        // Debug information would make the modules many times larger, and the output of the tests does not show it.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "900");
    simd.apply(project, run)
}

fn wasm_pack(project: &Project, toolchain: WasmToolchain) -> Run<'_> {
    toolchain.apply(Run::new(project, "wasm-pack").path_first(project.tool_dirs()))
}
