//! Stores the native engine's records of the first example in `www/pkg/first.json`: the page draws them before its own
//! engine is ready.

use crate::native;
use crate::project::Project;
use crate::run::Run;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::fs;

/// The page's examples; the page opens with the first one.
const EXAMPLES: &str = "www/src/text/examples.json";
const MODEL: &str = "www/public/model";
const FOLDER: &str = "www/pkg";
const FIRST: &str = "www/pkg/first.json";

/// An example, with only the fields that the engine needs.
#[derive(Debug, PartialEq, Deserialize)]
struct Example {
    text: String,
    position: usize,
}

/// Runs the native engine on the first example, and stores the records.
pub(crate) fn write(project: &Project) -> Result<()> {
    let examples = fs::read_to_string(project.at(EXAMPLES)).with_context(|| format!("{EXAMPLES} cannot be read"))?;
    let Example { text, position } = first_of(&examples)?;
    let program = native::inspect(project)?;
    let records = Run::new(project, &program.to_string_lossy())
        .args([MODEL, "--first"])
        .args(["--text".to_owned(), text, "--position".to_owned(), position.to_string()])
        .output()?;
    fs::create_dir_all(project.at(FOLDER)).with_context(|| format!("{FOLDER} cannot be made"))?;
    fs::write(project.at(FIRST), records).with_context(|| format!("{FIRST} cannot be written"))?;
    project.say(format_args!("  the first example's records are in {FIRST}"));
    Ok(())
}

fn first_of(examples: &str) -> Result<Example> {
    let examples: Vec<Example> =
        serde_json::from_str(examples).with_context(|| format!("{EXAMPLES} is not a list of texts and positions"))?;
    examples.into_iter().next().with_context(|| format!("{EXAMPLES} has no example"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_example_is_read() {
        let found = first_of(r#"[{"id": "a", "text": "Once", "position": 1}, {"text": "x", "position": 0}]"#).unwrap();
        assert_eq!(found, Example { text: "Once".into(), position: 1 });
    }

    #[test]
    fn a_file_without_examples_is_refused_with_a_sentence() {
        assert!(first_of("[]").unwrap_err().to_string().contains("has no example"));
        assert!(first_of("{}").unwrap_err().to_string().contains("not a list"));
    }
}
