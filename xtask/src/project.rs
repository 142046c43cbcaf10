//! The project: its folders, the versions in Cargo.lock, the search for programs, and where output goes.

use crate::output::Output;
use anyhow::{Context as _, Result};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The project's folders, and where output goes.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
    output: Output,
}

impl Project {
    /// The project that this xtask belongs to.
    pub(crate) fn find() -> Result<Project> {
        // `cargo run` sets this variable. Without cargo, the value from the compilation of this program is used.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask).parent().context("the folder xtask/ has no parent folder")?.to_owned();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Ok(Project { root, target, output: Output::Shown })
    }

    /// A copy of this project whose output is collected in memory.
    pub(crate) fn keeping(&self) -> Project {
        Project { root: self.root.clone(), target: self.target.clone(), output: Output::kept() }
    }

    /// Where messages and the output of programs go.
    pub(crate) fn output(&self) -> &Output {
        &self.output
    }

    /// Writes a line to the project's output.
    pub(crate) fn say(&self, line: impl std::fmt::Display) {
        // The error is ignored, so that the work continues if standard output is closed.
        let _ = self.output.write(format!("{line}\n").as_bytes());
    }

    /// The folder of the workspace, in which every command runs.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The full path for a path that is relative to the root.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The folder of the built static site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("www/dist")
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folders into which xtask installs tools. These folders are searched before the PATH.
    pub(crate) fn tool_dirs(&self) -> [PathBuf; 2] {
        [self.at(".tools/bin"), self.at(".tools/npm/node_modules/.bin")]
    }

    /// The PATH with the folders `first` in front.
    pub(crate) fn path_with(&self, first: &[PathBuf]) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::join_paths(first.iter().cloned().chain(env::split_paths(&path)))
            .context("the project's path has a character that PATH cannot contain (a colon?)")
    }

    /// The path of `program`: in a folder of the project's tools, or else in a folder of the PATH.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        which_in(self.tool_dirs().into_iter().chain(env::split_paths(&path)), program)
    }

    /// The version of a package in Cargo.lock.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.at("Cargo.lock")).context("Cargo.lock cannot be read")?;
        locked_version(&lock, package).with_context(|| format!("Cargo.lock has no package `{package}`"))
    }
}

fn which_in(mut dirs: impl Iterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ""] } else { &[""] };
    dirs.find_map(|dir| {
        suffixes.iter().map(|suffix| dir.join(format!("{program}{suffix}"))).find(|file| file.is_file())
    })
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_package_is_read_from_the_lock_file_by_its_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.76\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"registry\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.126"));
        assert_eq!(locked_version(lock, "wasm-bindgen-test").as_deref(), Some("0.3.76"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn the_crate_pins_the_version_of_wasm_bindgen_that_is_in_the_lock_file() {
        let project = Project::find().unwrap();
        let version = project.locked_version("wasm-bindgen").unwrap();
        let manifest = fs::read_to_string(project.at("crate/Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={version}\"")), "the lock has {version}");
    }

    #[test]
    fn a_program_is_taken_from_the_first_folder_that_has_it() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let dirs = [here.join("nowhere"), here.to_owned(), here.join("src")];
        if cfg!(unix) {
            assert_eq!(which_in(dirs.iter().cloned(), "Cargo.toml"), Some(here.join("Cargo.toml")));
        }
        assert_eq!(which_in(dirs.into_iter(), "src"), None, "a folder is no program");
    }
}
