//! Prints what the page draws before its own engine is up, as one JSON object: a text run up to a position.
//!
//! ```text
//! cargo run --release -p moescope --example first -- MODEL_DIR TEXT POSITION
//! ```
//!
//! `info` and `selection_biases`: the model; `blank`: the tokens of the empty text; `tokens`: the text's; `labels`: by id,
//! how the tokens of the text and of what may follow are shown; `records`: of positions 0 to POSITION.

use moescope::{Config, EngineError, Model, ModelInfo, Record, Session, Tokenizer};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let printed = match arguments.as_slice() {
        [model, text, position] => first(Path::new(model), text, position),
        _ => Err("usage: first MODEL_DIR TEXT POSITION".into()),
    };
    match printed {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("first: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// What is printed.
#[derive(Serialize)]
struct First {
    info: ModelInfo,
    selection_biases: Vec<Vec<f32>>,
    blank: Vec<u32>,
    tokens: Vec<u32>,
    labels: BTreeMap<u32, String>,
    records: Vec<Record>,
}

fn first(directory: &Path, text: &str, position: &str) -> Result<String, String> {
    let position: usize = position.parse().map_err(|_| format!("POSITION is {position:?}, expected a whole number"))?;
    let read = |name| {
        let path = directory.join(name);
        std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
    };
    let config = Config::from_json(&read("config.json")?).map_err(|error| error.to_string())?;
    let tokenizer = Tokenizer::from_json(&read("tokenizer.json")?).map_err(|error| error.to_string())?;
    let model = Model::new(config, &read("model.safetensors")?).map_err(|error| error.to_string())?;
    let tokens = tokenizer.encode_with_special_tokens(text);
    let mut session = Session::new(Arc::new(model));
    session
        .set_tokens(&tokens)
        .and_then(|()| session.seek(position).map(drop))
        .map_err(|error| EngineError::from(error).to_string())?;
    let records = session.records().to_vec();
    let shown = tokens.iter().chain(records.iter().flat_map(|record| &record.next.tokens));
    let first = First {
        info: ModelInfo::of(session.model().config()),
        selection_biases: session.model().selection_biases(),
        blank: tokenizer.encode_with_special_tokens(""),
        labels: shown.map(|&id| (id, tokenizer.label(id))).collect(),
        tokens,
        records,
    };
    serde_json::to_string(&first).map_err(|error| error.to_string())
}
