//! A Rust compiler with the wasm target.
//!
//! Normally `rustup target add` installs the target. If rustup is missing or cannot reach its server, the compiler of
//! Debian's package `rustc-web` is used (`install_debian`, `WasmToolchain::Debian`).

use crate::debian;
use crate::project::Project;
use crate::run::Run;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

/// The target of the page's wasm.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
const DEBIAN_BIN: &str = "/usr/bin";

/// The compiler that compiles the crate to wasm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WasmToolchain {
    /// The compiler that the `cargo` on the PATH uses.
    Default,
    /// Debian's `rustc-web`, installed in /usr/bin. Rustup's compilers stay installed.
    Debian,
}

impl WasmToolchain {
    /// Makes `run` use this toolchain.
    pub(crate) fn apply(self, run: Run<'_>) -> Run<'_> {
        match self {
            WasmToolchain::Default => run,
            // With this PATH, wasm-pack also starts Debian's cargo. The linker is set because the compiler's default,
            // rust-lld, is not in Debian's packages.
            WasmToolchain::Debian => {
                run.path_first([DEBIAN_BIN.into()]).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld")
            }
        }
    }
}

/// Finds a compiler that has the wasm target's standard library, or installs what is missing.
pub(crate) fn ensure(project: &Project) -> Result<WasmToolchain> {
    let ready = |toolchain, how: &str| {
        project.say(format_args!("  {TARGET}: {how}"));
        Ok(toolchain)
    };
    if has_target(project, "rustc") {
        return ready(WasmToolchain::Default, "the compiler has it");
    }
    let debian_rustc = format!("{DEBIAN_BIN}/rustc");
    if has_target(project, &debian_rustc) {
        return ready(WasmToolchain::Debian, "Debian's compiler has it");
    }
    if project.which("rustup").is_some() {
        match Run::new(project, "rustup").args(["target", "add", TARGET]).run() {
            Ok(()) if has_target(project, "rustc") => return ready(WasmToolchain::Default, "rustup added it"),
            Ok(()) => project.say(format_args!("  rustup added {TARGET} to a toolchain that is not the one in use")),
            Err(error) => project.say(format_args!("  {error:#}")),
        }
    }
    if !debian::is_debian() || !debian::can_install(project) {
        bail!("the wasm target is missing and could not be added: `rustup target add {TARGET}` adds it");
    }
    install_debian(project).context("Debian's compiler could not be given the wasm target")?;
    if !has_target(project, &debian_rustc) {
        bail!("the wasm target is missing, also after installing Debian's compiler");
    }
    ready(WasmToolchain::Debian, "Debian's compiler has it now")
}

/// True if a compiler has the target's standard library.
fn has_target(project: &Project, rustc: &str) -> bool {
    let libdir = Run::new(project, rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    libdir.is_ok_and(|dir| is_library(Path::new(&dir)))
}

fn is_library(dir: &Path) -> bool {
    let Ok(files) = fs::read_dir(dir) else { return false };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// Installs Debian's compiler, and builds the wasm target's standard library, because Debian's packages have only the
/// library's source.
fn install_debian(project: &Project) -> Result<()> {
    project.say("  falling back to Debian's compiler; its wasm library is built once (about a minute)");
    debian::install(project, &DEBIAN_PACKAGES)?;

    let package = project.target().join("wasm-std");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2021\"\n\n[workspace]\n")?;
    fs::write(package.join("src/lib.rs"), "")?;
    let run = Run::new(project, &format!("{DEBIAN_BIN}/cargo"))
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,proc_macro,test"])
        .args(["--manifest-path".to_owned(), package.join("Cargo.toml").to_string_lossy().into_owned()])
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation needs the library's bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    WasmToolchain::Debian.apply(run).run()?;

    let library = Path::new("/usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&library)?;
    for file in fs::read_dir(package.join("target").join(TARGET).join("release/deps"))? {
        let file = file?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(file.path(), library.join(&*name))?;
        }
    }
    Ok(())
}
