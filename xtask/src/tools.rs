//! Finds or installs the tools; the error for a missing Debian package names the command that installs it.
//!
//! Requires Rust, Node, Python and a C compiler. Tools from cargo, npm and pip are installed into `.tools/`.

use crate::debian;
use crate::project::Project;
use crate::run::{Run, at_once};
use crate::toolchain::{self, WasmToolchain};
use anyhow::{Context as _, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const NODE_MAJOR: u32 = 20;
const WASM_PACK: &str = "0.15.1";
/// The version of the npm package that has wasm-opt. Debian 12's wasm-opt is not used: it is from 2022 and cannot read
/// the instruction `table.fill`, which wasm-bindgen writes.
const BINARYEN: &str = "125.0.0";
/// The oldest Firefox whose WebDriver BiDi has all functions that the tests use.
const FIREFOX_MAJOR: u32 = 140;

/// The name of Chromium's headless program, and of its package in Debian.
const SHELL: &str = "chromium-headless-shell";

/// The paths of Chromium, its headless shell, and a ChromeDriver of the same major version.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    /// Chromium's headless shell, which takes a quarter less time per page than `chromium`. If the shell is not
    /// installed, this is the path of `chromium`.
    pub(crate) shell: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// Finds or installs the tools that compile the crate to wasm and test it.
pub(crate) fn for_wasm(project: &Project) -> Result<WasmToolchain> {
    let toolchain = toolchain::ensure(project)?;
    cargo_tool(project, "wasm-pack", "wasm-pack", WASM_PACK)?;
    // wasm-pack runs with `--mode no-install`, and needs exactly this version of wasm-bindgen.
    cargo_tool(project, "wasm-bindgen-cli", "wasm-bindgen", &project.locked_version("wasm-bindgen")?)?;
    Ok(toolchain)
}

/// Finds or installs the tools that build the page.
pub(crate) fn for_site(project: &Project) -> Result<WasmToolchain> {
    let (toolchain, ()) = at_once(project, for_wasm, npm_for_site)?;
    Ok(toolchain)
}

/// Checks Node's version, and installs those tools of [`for_site`] that come from npm.
pub(crate) fn npm_for_site(project: &Project) -> Result<()> {
    node(project)?;
    wasm_opt(project)?;
    npm_packages(project, "www")
}

/// Checks Node's version.
fn node(project: &Project) -> Result<()> {
    let version = Run::new(project, "node").args(["--version"]).output();
    let version = version.with_context(|| format!("Node {NODE_MAJOR} or newer is needed"))?;
    if major(&version).is_none_or(|major| major < NODE_MAJOR) {
        bail!("Node {NODE_MAJOR} or newer is needed, and this is {version}");
    }
    project.say(format_args!("  node {version}"));
    Ok(())
}

/// Installs a program from crates.io into `.tools`, unless exactly this version is found. Tools are built without
/// optimisation: they run for a few seconds, and an optimised build takes minutes longer.
pub(crate) fn cargo_tool(project: &Project, package: &str, program: &str, version: &str) -> Result<()> {
    let found = Run::new(project, program).args(["--version"]).output();
    if found.is_ok_and(|output| output.split_whitespace().any(|word| word.trim_start_matches('v') == version)) {
        project.say(format_args!("  {program} {version}"));
        return Ok(());
    }
    project.say(format_args!("  installing {package} {version} into .tools (a minute or two)"));
    // One target folder for all tools: an interrupted build continues, and shared dependencies are built once.
    let install = Run::new(project, "cargo")
        .args(["install", "--root", ".tools", "--version", version, "--force", package, "--target-dir"])
        .args([project.target().join("tools").to_string_lossy()])
        .args(["--debug", "--no-default-features"])
        // Writing debug information takes much of the build time.
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    if let Err(error) = install.clone().args(["--locked"]).run() {
        // A mirror of the registry may lag behind and have only an older version of a locked dependency.
        project.say(format_args!("  {error:#}; trying without --locked"));
        install.run()?;
    }
    Ok(())
}

/// Installs wasm-opt into `.tools`, where wasm-pack looks first.
fn wasm_opt(project: &Project) -> Result<()> {
    let folder = project.at(".tools/npm");
    let installed = fs::read_to_string(folder.join("node_modules/binaryen/package.json"));
    if !installed.is_ok_and(|package| package.contains(&format!("\"version\": \"{BINARYEN}\""))) {
        project.say(format_args!("  installing binaryen {BINARYEN} into .tools"));
        fs::create_dir_all(&folder)?;
        npm(project, ".tools/npm").args(["install", &format!("binaryen@{BINARYEN}")]).run()?;
    }
    let version = Run::new(project, "wasm-opt").args(["--version"]).output()?;
    project.say(format_args!("  {version}"));
    Ok(())
}

/// Installs the npm packages of a folder's package-lock.json, unless they are installed.
pub(crate) fn npm_packages(project: &Project, folder: &str) -> Result<()> {
    let folder_path = project.at(folder);
    let lock = fs::read_to_string(folder_path.join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json, which pins the npm packages, cannot be read"))?;
    // The stamp contains the lock file, and the version of Node, because some packages are built for one version of
    // Node.
    let node = Run::new(project, "node").args(["--version"]).output()?;
    let wanted = format!("{node}\n{lock}");
    let stamp = folder_path.join("node_modules/.installed-by-xtask");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        project.say(format_args!("  npm packages of {folder}"));
        return Ok(());
    }
    npm(project, folder).args(["ci"]).run()?;
    // For a lock file without packages, `npm ci` makes no folder.
    fs::create_dir_all(folder_path.join("node_modules"))?;
    fs::write(stamp, wanted).with_context(|| format!("{folder}/node_modules cannot be written"))
}

/// npm in a folder, with few messages, and without downloading Playwright's browsers.
fn npm<'a>(project: &'a Project, folder: &str) -> Run<'a> {
    Run::new(project, "npm")
        .args(["--prefix", folder, "--no-audit", "--no-fund", "--no-update-notifier"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
}

/// Packs a package's folder into a tarball in another folder.
pub(crate) fn npm_pack<'a>(project: &'a Project, package: &Path, into: &Path) -> Run<'a> {
    let package = package.to_string_lossy();
    let into = into.to_string_lossy();
    Run::new(project, "npm").args([
        "pack",
        &package,
        "--pack-destination",
        &into,
        "--ignore-scripts",
        "--loglevel=error",
    ])
}

/// The command that runs a script of a folder's package.json.
pub(crate) fn npm_script<'a>(project: &'a Project, folder: &str, script: &str) -> Run<'a> {
    Run::new(project, "npm").args(["--prefix", folder, "run", script])
}

/// Finds or installs the tools that build the site and control it in a browser.
pub(crate) fn for_looking(project: &Project) -> Result<(WasmToolchain, Browser)> {
    let toolchain = for_site(project)?;
    npm_packages(project, "tests/browser")?;
    Ok((toolchain, browser(project)?))
}

/// Finds or installs Chromium, and its headless shell and a ChromeDriver of the same major version.
pub(crate) fn browser(project: &Project) -> Result<Browser> {
    let browser = find_or_install(project, &["chromium", "chromium-driver", SHELL], find_browser)?;
    if browser.shell != browser.chromium || !debian::is_debian() || !debian::can_install(project) {
        return Ok(browser);
    }
    match debian::install(project, &[SHELL]) {
        Ok(()) => find_browser(project),
        // Without the headless shell the tests run in Chromium itself.
        Err(error) => {
            project.say(format_args!("  {error:#}"));
            Ok(browser)
        }
    }
}

/// Finds or installs Firefox.
pub(crate) fn firefox(project: &Project) -> Result<PathBuf> {
    find_or_install(project, &["firefox-esr"], find_firefox)
}

/// The result of `find`. If `find` fails and the user is root on Debian, `packages` are installed and `find` runs
/// again.
fn find_or_install<T>(project: &Project, packages: &[&str], find: fn(&Project) -> Result<T>) -> Result<T> {
    match find(project) {
        Ok(found) => Ok(found),
        Err(_) if debian::is_debian() && debian::can_install(project) => {
            debian::install(project, packages)?;
            find(project)
        }
        Err(error) => bail!("{error}; on Debian this installs it: {}", debian::by_hand(packages)),
    }
}

fn find_browser(project: &Project) -> Result<Browser> {
    const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let browsers = candidates(project, "MOESCOPE_CHROMIUM", &CHROMIUM);
    let drivers = candidates(project, "CHROMEDRIVER", &["chromedriver"]);
    for (chromium, version) in &browsers {
        for (chromedriver, driver_version) in &drivers {
            if major(version).is_some() && major(version) == major(driver_version) {
                project.say(format_args!("  {version}, with its driver"));
                let shells = candidates(project, "MOESCOPE_CHROMIUM", &[SHELL]);
                let shell = shells.into_iter().find(|(_, other)| major(other) == major(version));
                let shell = shell.map_or_else(|| chromium.clone(), |(shell, _)| shell);
                return Ok(Browser { chromium: chromium.clone(), shell, chromedriver: chromedriver.clone() });
            }
        }
    }
    let found: Vec<_> = browsers.into_iter().chain(drivers).map(|(_, version)| version).collect();
    bail!(
        "the tests need Chromium and a ChromeDriver of the same version, and found {}",
        if found.is_empty() { "neither".to_owned() } else { format!("only {}", found.join(", ")) }
    )
}

fn find_firefox(project: &Project) -> Result<PathBuf> {
    let mut found = candidates(project, "MOESCOPE_FIREFOX", &["firefox-esr", "firefox"]);
    let new = |(_, version): &(PathBuf, String)| major(version).is_some_and(|major| major >= FIREFOX_MAJOR);
    if let Some(at) = found.iter().position(new) {
        let (firefox, version) = found.swap_remove(at);
        project.say(format_args!("  {version}"));
        return Ok(firefox);
    }
    let found: Vec<_> = found.into_iter().map(|(_, version)| version).collect();
    bail!(
        "the tests need Firefox {FIREFOX_MAJOR} or newer, and found {}",
        if found.is_empty() { "none".to_owned() } else { format!("only {}", found.join(", ")) }
    )
}

/// Candidate programs with their version output: the one named by the environment variable first, then those on the
/// PATH.
fn candidates(project: &Project, variable: &str, names: &[&str]) -> Vec<(PathBuf, String)> {
    let chosen = env::var_os(variable).map(PathBuf::from);
    let paths = chosen.into_iter().chain(names.iter().filter_map(|name| project.which(name)));
    let with_version = paths.filter_map(|path| {
        let version = Run::new(project, &path.to_string_lossy()).args(["--version"]).output().ok()?;
        Some((path, version))
    });
    with_version.collect()
}

/// The major version in a program's version output.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find_map(|word| {
        let word = word.trim_start_matches('v');
        word.starts_with(|c: char| c.is_ascii_digit()).then_some(word)
    })?;
    number.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_the_version_output_of_a_program() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.8078.79 (a1b2c3-refs/branch-heads/8078@{#1})"), Some(156));
        assert_eq!(major("Google Chrome 141.0.1 "), Some(141));
        assert_eq!(major("Mozilla Firefox 153.7.0esr"), Some(153));
        assert_eq!(major("no version here"), None);
        assert_eq!(major(""), None);
    }
}
