//! `www/dist/moescope.html`: the page, the engine and the model in one file, which needs no server and no network.

use crate::project::Project;
use crate::{site, tools};
use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = "www/one.html";
const OUT: &str = "www/pkg/one";

/// Builds it from the site that was built.
pub(crate) fn write(project: &Project) -> Result<()> {
    tools::npm_script(project, "www", "build:one").run()?;
    let dist = project.dist();
    let out = project.at(OUT);
    let page = fs::read_to_string(project.at(PAGE)).with_context(|| format!("{PAGE} cannot be read"))?;
    let page = page
        .replace("/* style */", &fs::read_to_string(only(&out, "", ".css")?)?)
        .replace(
            "<!-- data -->",
            &packed(&dist)?.iter().map(|(name, text)| text_element(name, text)).collect::<String>(),
        )
        .replace("/* script */", &inline(&fs::read_to_string(out.join("one.js"))?));
    fs::write(dist.join("moescope.html"), page)?;
    Ok(())
}

/// What `www/src/unpack.ts` unpacks, by the names that it knows: the worker's script, and the rest compressed.
pub(crate) fn packed(dist: &Path) -> Result<BTreeMap<&'static str, String>> {
    let assets = dist.join("assets");
    let worker = fs::read_to_string(only(&assets, "worker-", ".js")?)?;
    let files = [
        ("wasm", only(&assets, "moescope_bg-", ".wasm")?),
        ("config", dist.join("model/config.json")),
        ("checkpoint", dist.join("model/model.safetensors")),
        ("tokenizer", dist.join("model/tokenizer.json")),
        ("survey", only(&assets, "survey_bg-", ".wasm")?),
        ("presets", only(&assets, "presets-", ".json")?),
    ];
    let mut packed = BTreeMap::from([("worker", worker)]);
    for (name, path) in files {
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        packed.insert(name, STANDARD.encode(site::gzip(&bytes)?));
    }
    Ok(packed)
}

/// An element that a browser does not run and a script can read.
fn text_element(name: &str, text: &str) -> String {
    format!("<script type=\"text/plain\" id=\"moescope-{name}\">{}</script>\n", inline(text))
}

/// A script within a page ends at the first `</script`; `<!--` would change how it is read.
fn inline(script: &str) -> String {
    script.replace("</script", "<\\/script").replace("<!--", "\\x3C!--")
}

/// The only file of a folder whose name begins and ends so.
fn only(folder: &Path, begin: &str, end: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(begin) && name.ends_with(end) {
            found.push(entry.path());
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => bail!("{} has {} files {begin}*{end}, expected 1", folder.display(), found.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_does_not_end_its_element() {
        assert_eq!(inline("a = '</script>'; b = '<!--'"), "a = '<\\/script>'; b = '\\x3C!--'");
    }
}
