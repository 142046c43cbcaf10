//! The table of a link's fields in `docs/embedding.md`, generated from `custom-elements.json`, the manifest of the
//! element. Editors and the notebook widget also read this manifest.

use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;

const MANIFEST: &str = "www/public/custom-elements.json";
const DOCS: &str = "docs/embedding.md";
const HEAD: &str = "| field | meaning | default |\n|---|---|---|\n";

/// Writes the generated table into `docs/embedding.md`.
pub(crate) fn write(project: &Project) -> Result<()> {
    let docs = read(project, DOCS)?;
    let new = with_table(&docs, &table(&read(project, MANIFEST)?)?)?;
    fs::write(project.at(DOCS), new).with_context(|| format!("{DOCS} cannot be written"))
}

/// Fails if the table in `docs/embedding.md` differs from the generated one.
pub(crate) fn check(project: &Project) -> Result<()> {
    let docs = read(project, DOCS)?;
    if with_table(&docs, &table(&read(project, MANIFEST)?)?)? != docs {
        bail!("the fields in {DOCS} are not those of {MANIFEST}; `cargo xtask fields` writes them");
    }
    Ok(())
}

fn read(project: &Project, path: &str) -> Result<String> {
    fs::read_to_string(project.at(path)).with_context(|| format!("{path} cannot be read"))
}

/// The table in Markdown: the head, and one row for each attribute of the element.
fn table(manifest: &str) -> Result<String> {
    let manifest: Value = serde_json::from_str(manifest).with_context(|| format!("{MANIFEST} is no JSON"))?;
    let attributes = manifest.pointer("/modules/0/declarations/0/attributes").and_then(Value::as_array);
    let mut table = HEAD.to_owned();
    for attribute in attributes.with_context(|| format!("{MANIFEST} names no attributes"))? {
        let text = |key: &str| {
            let text = attribute.get(key).and_then(Value::as_str);
            text.with_context(|| format!("an attribute in {MANIFEST} has no {key}: {attribute}"))
        };
        table += &format!("| `{}` | {} | {} |\n", text("name")?, text("description")?, text("default")?);
    }
    Ok(table)
}

/// The text `docs` with its table replaced by `table`.
fn with_table(docs: &str, table: &str) -> Result<String> {
    let (before, rest) = docs.split_once(HEAD).with_context(|| format!("{DOCS} has no table of fields"))?;
    let after = rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect::<String>();
    Ok(format!("{before}{table}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_replaced_and_the_text_around_it_stays() {
        let manifest = r#"{"modules": [{"declarations": [{"attributes": [
            {"name": "text", "description": "the text", "default": "an example"}]}]}]}"#;
        let new =
            with_table(&format!("before\n{HEAD}| `old` | x | y |\n\nafter\n"), &table(manifest).unwrap()).unwrap();
        assert_eq!(new, format!("before\n{HEAD}| `text` | the text | an example |\n\nafter\n"));
    }

    #[test]
    fn the_error_names_a_missing_description_or_table() {
        let error = table(r#"{"modules": [{"declarations": [{"attributes": [{"name": "text"}]}]}]}"#).unwrap_err();
        assert!(error.to_string().contains("no description"));
        assert!(with_table("no table", HEAD).unwrap_err().to_string().contains("no table"));
    }
}
