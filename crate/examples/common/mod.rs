//! What both examples do: read a model's files, and end with one JSON object or one sentence.

use moescope::{Config, Model, Tokenizer};
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// The model of a folder.
pub(crate) fn model(directory: &Path) -> Result<Model, String> {
    let config = Config::from_json(&read(directory, "config.json")?).map_err(|error| error.to_string())?;
    Model::new(config, &read(directory, "model.safetensors")?).map_err(|error| error.to_string())
}

/// The tokenizer of a folder.
pub(crate) fn tokenizer(directory: &Path) -> Result<Tokenizer, String> {
    Tokenizer::from_json(&read(directory, "tokenizer.json")?).map_err(|error| error.to_string())
}

/// Prints a report on standard output, or why there is none on standard error.
pub(crate) fn print<T: Serialize>(program: &str, report: Result<T, String>) -> ExitCode {
    match report.and_then(|report| serde_json::to_string(&report).map_err(|error| error.to_string())) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{program}: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn read(directory: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = directory.join(name);
    std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}
