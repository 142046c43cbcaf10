//! `www/dist/moescope.html`: the page, the engine and the model in a single file that needs no server and no network.

use crate::project::Project;
use crate::{dist, tools};
use anyhow::{Context as _, Result, ensure};
use std::fs;

const PAGE: &str = "www/one.html";
const OUT: &str = "www/pkg/one";

/// Builds the script of the single file.
pub(crate) fn bundle(project: &Project) -> Result<()> {
    tools::npm_script(project, "www", "build:one").run()
}

/// Writes the single file from its script, the built site and the page "About".
pub(crate) fn write(project: &Project, about: &str) -> Result<()> {
    // In text that the page reads as HTML, an escaped comment or script would be wrong.
    ensure!(inline(about) == about, "the page \"About\" of the single file has a comment or a script");
    let out = project.at(OUT);
    let page = fs::read_to_string(project.at(PAGE)).with_context(|| format!("{PAGE} cannot be read"))?;
    let page = page
        .replace("/* style */", &fs::read_to_string(out.join("style.css"))?)
        .replace(
            "<!-- data -->",
            &dist::packed(project)?.iter().map(|(name, text)| text_element(name, text)).collect::<String>(),
        )
        .replace("<!-- about -->", &text_element("about", about))
        .replace("/* script */", &inline(&fs::read_to_string(out.join("one.js"))?));
    fs::write(project.dist().join("moescope.html"), page)?;
    Ok(())
}

/// A script element of a type that browsers do not run; the page's script reads its text.
fn text_element(name: &str, text: &str) -> String {
    format!("<script type=\"text/plain\" id=\"moescope-{name}\">{}</script>\n", inline(text))
}

/// Escapes `</script`, which would end an inline script, and `<!--`, which would change how it is parsed.
fn inline(script: &str) -> String {
    script.replace("</script", "<\\/script").replace("<!--", "\\x3C!--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_an_inline_script_end_tags_and_comments_are_escaped() {
        assert_eq!(inline("a = '</script>'; b = '<!--'"), "a = '<\\/script>'; b = '\\x3C!--'");
    }
}
