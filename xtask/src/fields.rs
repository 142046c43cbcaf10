//! The table of a link's fields in `docs/embedding.md`, generated from the element's manifest. Editors and the notebook
//! widget read the manifest too.

use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;

const MANIFEST: &str = "www/public/custom-elements.json";
const DOCS: &str = "docs/embedding.md";
const HEAD: &str = "| field | meaning | default |\n|---|---|---|\n";

/// Writes the table.
pub(crate) fn write(project: &Project) -> Result<()> {
    let docs = read(project, DOCS)?;
    let new = with_table(&docs, &table(&read(project, MANIFEST)?)?)?;
    fs::write(project.at(DOCS), new).with_context(|| format!("{DOCS} cannot be written"))
}

/// Fails if the table differs from the generated one.
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

/// A row for each attribute of the manifest's element.
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

/// The documentation with the old table replaced.
fn with_table(docs: &str, table: &str) -> Result<String> {
    let (before, rest) = docs.split_once(HEAD).with_context(|| format!("{DOCS} has no table of fields"))?;
    let after = rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect::<String>();
    Ok(format!("{before}{table}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_documentation_is_replaced() {
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
