//! The static site in `www/dist`: the wasm, then the page around it, then what they weigh.

use crate::project::Project;
use crate::run::{at_once, timed};
use crate::toolchain::WasmToolchain;
use crate::{first, one, tools, wasm, widget};
use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// From nothing to the built site.
pub(crate) fn set_up_and_build(project: &Project) -> Result<()> {
    let (toolchain, _) = timed(project, "set up", || tools::for_site(project))?;
    timed(project, "build", || build(project, toolchain))?;
    Ok(())
}

/// Builds the site with tools that are there.
pub(crate) fn build(project: &Project, toolchain: WasmToolchain) -> Result<()> {
    at_once(project, |project| wasm::build(project, toolchain), first::write)?;
    tools::npm_script(project, "www", "build").run()?;
    one::write(project)?;
    widget::write(project)?;
    let dist = project.dist();
    if !dist.join("index.html").is_file() {
        bail!("`npm run build` in www ended well, but made no www/dist/index.html");
    }
    print_sizes(project, &dist)
}

/// Every file of the site, as it is and as a server would compress it.
fn print_sizes(project: &Project, dist: &Path) -> Result<()> {
    project.say(format_args!("\n{:>12} {:>12}  www/dist", "bytes", "gzip"));
    let mut total = (0, 0);
    for file in files(dist)? {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let gzip = gzip(&bytes)?.len();
        project.say(format_args!("{:>12} {gzip:>12}  {}", bytes.len(), file.strip_prefix(dist)?.display()));
        total = (total.0 + bytes.len(), total.1 + gzip);
    }
    project.say(format_args!("{:>12} {:>12}  in all", total.0, total.1));
    Ok(())
}

/// The files under a folder, sorted.
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// As a server would compress it.
pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_files_in_folders() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = files(here).unwrap();
        assert!(found.contains(&here.join("Cargo.toml")) && found.contains(&here.join("src/site.rs")));
        assert!(found.is_sorted());
    }

    #[test]
    fn gzip_compresses() {
        let len = gzip(&[b'a'; 10_000]).unwrap().len();
        assert!((20..100).contains(&len), "{len}");
    }
}
