//! `www/dist/about.html`: what is computed where, versions, the model card and the licences. Vite has built the page
//! from `www/about.html`; its comments are replaced here.

use crate::manifest::Manifest;
use crate::notices;
use crate::project::Project;
use anyhow::{Context as _, Result, bail, ensure};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const PAGE: &str = "about.html";
const WASM: &str = "pkg/moescope_bg.wasm";
const MODEL: [&str; 3] = ["model/config.json", "model/model.safetensors", "model/tokenizer.json"];
const CARD: &str = "model/MODEL_CARD.md";
/// Comments around the parts that only the site has: the single file has no other files beside it.
const SITE: (&str, &str) = ("<!-- site -->", "<!-- end of site -->");
const NOTE: (&str, &str) = ("<!-- `cargo", "-->");

/// Writes the page of the site, and returns the page for the single file.
pub(crate) fn write(project: &Project) -> Result<String> {
    let site = project.dist();
    let page = site.join(PAGE);
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
    let manifest = Manifest::read(project)?;
    let wasm = manifest.file(WASM)?;
    let mut licences = String::new();
    for (summary, name) in [
        ("moescope: MIT", notices::LICENCES[0]),
        ("moescope: Apache-2.0", notices::LICENCES[1]),
        ("Software of other authors in moescope’s files", notices::NAME),
    ] {
        let _ = writeln!(
            licences,
            "<details id=\"{name}\"><summary>{summary}</summary>\n<pre>{}</pre></details>",
            escaped(&read(&site.join(name))?)
        );
    }
    let values =
        [("versions", versions(&site, wasm)?), ("card", card(&read(&site.join(CARD))?)), ("licences", licences)];
    let filled = filled(&without(&read(&page)?, NOTE)?, &values)?;
    fs::write(&page, filled.replace(SITE.0, "").replace(SITE.1, ""))?;
    for_single_file(&filled, |file| read(&site.join(file)))
}

/// The template with a value in place of each comment.
fn filled(template: &str, values: &[(&str, String)]) -> Result<String> {
    let mut page = template.to_owned();
    for (name, value) in values {
        let comment = format!("<!-- {name} -->");
        ensure!(page.matches(&comment).count() == 1, "www/{PAGE} should have the comment `{comment}` once");
        page = page.replace(&comment, value);
    }
    Ok(page)
}

/// The page without links to other files, with its style sheets inside.
fn for_single_file(page: &str, read: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut page = without(page, SITE)?;
    let mut styles = String::new();
    while let Some(at) = page.find("<link ") {
        let end = at + page[at..].find('>').context("a link element of the page does not end")?;
        let link = &page[at..=end];
        if link.contains("rel=\"stylesheet\"") {
            let file = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next());
            styles += &read(file.context("a style sheet of the page has no address")?)?;
        }
        page.replace_range(at..=end, "");
    }
    ensure!(!styles.is_empty(), "the page \"About\" has no style sheet");
    Ok(page.replace("</head>", &format!("<style>{styles}</style></head>")))
}

/// The text without the parts between two marks, and without the marks.
fn without(text: &str, (from, to): (&str, &str)) -> Result<String> {
    let mut text = text.to_owned();
    while let Some(start) = text.find(from) {
        let Some(len) = text[start..].find(to) else { bail!("www/{PAGE} has `{from}` without `{to}`") };
        text.replace_range(start..start + len + to.len(), "");
    }
    Ok(text)
}

/// A table of the version of moescope, and of the files of engine and model with their sizes and SHA-256.
fn versions(site: &Path, wasm: &str) -> Result<String> {
    let mut rows = String::new();
    for (what, file) in [("Engine", wasm)].into_iter().chain(MODEL.map(|file| ("Model", file))) {
        // The name of the wasm in the site has a hash of Vite.
        let path = site.join(file);
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let name = if file == wasm { WASM } else { file };
        let name = name.rsplit('/').next().unwrap_or(name);
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{what}: <code>{name}</code></th><td>{} bytes, SHA-256 <code>{}</code></td></tr>",
            grouped(bytes.len()),
            sha256(&bytes)
        );
    }
    Ok(format!(
        "{}<tbody>\n<tr><th scope=\"row\">moescope</th><td>{}</td></tr>\n{rows}</tbody></table></div>\n\
         <p>The SHA-256 of the model’s weights is also in every exported file.</p>",
        wide("Files and their versions"),
        env!("CARGO_PKG_VERSION")
    ))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A number with commas, such as `2,880,000`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// The beginning of a table that scrolls if it is wider than the page.
fn wide(label: &str) -> String {
    format!("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table>")
}

/// The model card as HTML: headings one level lower, and no front matter. A table's first column is its row headers.
fn card(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut events = Vec::new();
    let (mut in_metadata, mut in_head, mut tables, mut column) = (false, false, 0, 0);
    let mut head_text = false;
    let mut head_from = 0;
    for event in Parser::new_ext(markdown, options) {
        let raw = |html: String| Event::Html(CowStr::from(html));
        match event {
            Event::Start(Tag::MetadataBlock(_)) => in_metadata = true,
            Event::End(TagEnd::MetadataBlock(_)) => in_metadata = false,
            _ if in_metadata => {}
            Event::Start(Tag::Heading { level, .. }) => {
                // The first heading is the section's.
                let id = if level == HeadingLevel::H1 { " id=\"model\"" } else { "" };
                events.push(raw(format!("<h{}{id}>", level as usize + 1)));
            }
            Event::End(TagEnd::Heading(level)) => events.push(raw(format!("</h{}>\n", level as usize + 1))),
            Event::Start(Tag::Table(_)) => {
                tables += 1;
                events.push(raw(wide(&format!("Table {tables} of the model card"))));
            }
            Event::End(TagEnd::Table) => events.push(raw("</tbody></table></div>\n".to_owned())),
            Event::Start(Tag::TableHead) => {
                (in_head, head_text, head_from) = (true, false, events.len());
                events.push(raw("<thead><tr>".to_owned()));
            }
            Event::End(TagEnd::TableHead) => {
                in_head = false;
                // A head without words would be an empty row.
                if head_text {
                    events.push(raw("</tr></thead>".to_owned()));
                } else {
                    events.truncate(head_from);
                }
                events.push(raw("<tbody>\n".to_owned()));
            }
            Event::Start(Tag::TableRow) => {
                column = 0;
                events.push(raw("<tr>".to_owned()));
            }
            Event::End(TagEnd::TableRow) => events.push(raw("</tr>\n".to_owned())),
            Event::Start(Tag::TableCell) => {
                column += 1;
                let cell = if in_head {
                    "<th scope=\"col\">"
                } else if column == 1 {
                    "<th scope=\"row\">"
                } else {
                    "<td>"
                };
                events.push(raw(cell.to_owned()));
            }
            Event::End(TagEnd::TableCell) => {
                events.push(raw(if in_head || column == 1 { "</th>" } else { "</td>" }.to_owned()));
            }
            // The card is text; HTML in it is shown, not run.
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            other => {
                head_text |= in_head;
                events.push(other);
            }
        }
    }
    let mut html = String::new();
    html::push_html(&mut html, events.into_iter());
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comment_is_replaced_and_a_missing_one_is_an_error() {
        let values = [("a", "1".to_owned())];
        assert_eq!(filled("<p><!-- a --></p>", &values).unwrap(), "<p>1</p>");
        assert!(filled("<p></p>", &values).unwrap_err().to_string().contains("<!-- a -->"));
    }

    #[test]
    fn the_page_of_the_single_file_links_to_no_other_file() {
        let page = "<head><link rel=\"stylesheet\" href=\"a.css\"><title>x</title></head>\
                    <!-- site --><a href=\"./\">back</a><!-- end of site --><p>y</p>";
        let read = |file: &str| Ok(format!("/* {file} */"));
        let expected = "<head><title>x</title><style>/* a.css */</style></head><p>y</p>";
        assert_eq!(for_single_file(page, read).unwrap(), expected);
        assert!(for_single_file("<!-- site -->", read).unwrap_err().to_string().contains("end of site"));
        assert!(for_single_file("<head></head>", read).unwrap_err().to_string().contains("no style sheet"));
    }

    #[test]
    fn the_card_has_lower_headings_and_no_front_matter() {
        let html = card("---\nlicense: other\n---\n\n# A model\n\n## Use\n\nText & `code`.\n");
        assert_eq!(html, "<h2 id=\"model\">A model</h2>\n<h3>Use</h3>\n<p>Text &amp; <code>code</code>.</p>\n");
    }

    #[test]
    fn a_table_has_row_headers_and_no_empty_head() {
        let html = card("| | |\n|-|-|\n| a | b |\n");
        assert!(
            html.contains("<table><tbody>\n<tr><th scope=\"row\">a</th><td>b</td></tr>\n</tbody></table></div>"),
            "{html}"
        );
        let html = card("| x | y |\n|-|-|\n| a | b |\n");
        assert!(
            html.contains("<thead><tr><th scope=\"col\">x</th><th scope=\"col\">y</th></tr></thead><tbody>"),
            "{html}"
        );
    }

    #[test]
    fn html_in_the_card_is_shown_as_text() {
        assert!(!card("a <script>b</script>\n\n<script>c</script>\n").contains("<script"));
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!([7, 1000, 2_880_001].map(grouped), ["7", "1,000", "2,880,001"]);
    }

    #[test]
    fn a_hash_is_written_in_hexadecimal() {
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14") && sha256(b"").len() == 64);
    }

    #[test]
    fn the_model_card_of_this_project_is_converted() {
        let project = Project::find().unwrap();
        let text = fs::read_to_string(project.at("www/public").join(CARD)).unwrap();
        let html = card(&text);
        assert!(html.contains("<h2 id=\"model\">") && html.contains("<h3>Licence</h3>"), "{html}");
        assert_eq!(html.matches("<table>").count(), html.matches("</table></div>").count());
    }
}
