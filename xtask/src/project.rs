//! Where things are: the project's folders, its pinned versions, and programs on the PATH; and where what is said goes.

use crate::output::Output;
use anyhow::{Context as _, Result};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The project's folders, and what is said of the work on it.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
    output: Output,
}

impl Project {
    /// The project that this xtask belongs to.
    pub(crate) fn find() -> Result<Project> {
        // `cargo run` sets the variable; a binary started by hand has what it was built with.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask).parent().context("the folder xtask/ has no parent folder")?.to_owned();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Ok(Project { root, target, output: Output::Shown })
    }

    /// The same project, where what is said is kept.
    pub(crate) fn keeping(&self) -> Project {
        Project { root: self.root.clone(), target: self.target.clone(), output: Output::kept() }
    }

    /// Where what is said, and what programs print, goes.
    pub(crate) fn output(&self) -> &Output {
        &self.output
    }

    /// Says a line.
    pub(crate) fn say(&self, line: impl std::fmt::Display) {
        // Where nobody can be told, the work goes on.
        let _ = self.output.write(format!("{line}\n").as_bytes());
    }

    /// The folder of the workspace; every command starts there.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder by its path from the root.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The built static site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("www/dist")
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folders of the tools that xtask installed, looked into before the PATH.
    pub(crate) fn tool_dirs(&self) -> [PathBuf; 2] {
        [self.at(".tools/bin"), self.at(".tools/npm/node_modules/.bin")]
    }

    /// The PATH with `first` before it.
    pub(crate) fn path_with(&self, first: &[PathBuf]) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::join_paths(first.iter().cloned().chain(env::split_paths(&path)))
            .context("the project's own path holds a character that the PATH cannot (a colon?)")
    }

    /// The file that `program` means: one of the project's own tools, else one on the PATH.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        which_in(self.tool_dirs().into_iter().chain(env::split_paths(&path)), program)
    }

    /// The version of a package that Cargo.lock holds.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.at("Cargo.lock")).context("Cargo.lock cannot be read")?;
        locked_version(&lock, package).with_context(|| format!("Cargo.lock names no package `{package}`"))
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
    fn reads_a_version_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.76\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"registry\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.126"));
        assert_eq!(locked_version(lock, "wasm-bindgen-test").as_deref(), Some("0.3.76"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn this_project_pins_wasm_bindgen() {
        let project = Project::find().unwrap();
        let version = project.locked_version("wasm-bindgen").unwrap();
        let manifest = fs::read_to_string(project.at("crate/Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={version}\"")), "the lock has {version}");
    }

    #[test]
    fn the_first_folder_that_has_the_program_wins() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let dirs = [here.join("nowhere"), here.to_owned(), here.join("src")];
        if cfg!(unix) {
            assert_eq!(which_in(dirs.iter().cloned(), "Cargo.toml"), Some(here.join("Cargo.toml")));
        }
        assert_eq!(which_in(dirs.into_iter(), "src"), None, "a folder is no program");
    }
}
