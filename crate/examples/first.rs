//! Prints what the page draws before its own engine is up, as one JSON object: a text run up to a position.
//!
//! ```text
//! cargo run --release -p moescope --example first -- MODEL_DIR --text TEXT --position POSITION
//! ```
//!
//! `info` and `selection_biases`: the model's shape and its routers' biases; `blank`: the tokens of the empty text;
//! `tokens`: the text's; `labels`: by id, how the tokens of the text and of what may follow are shown; `records`: of
//! positions 0 to POSITION.

mod common;

use moescope::{EngineError, ModelInfo, Record, Session};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

const USAGE: &str = "usage: first MODEL_DIR --text TEXT --position POSITION";

fn main() -> ExitCode {
    common::print("first", Arguments::parse(std::env::args().skip(1)).and_then(first))
}

/// What the command line asks for.
struct Arguments {
    model: PathBuf,
    text: String,
    position: usize,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut model, mut text, mut position) = (None, None, None);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} has no value; {USAGE}"));
            match argument.as_str() {
                "--text" => text = Some(value()?),
                "--position" => {
                    let found = value()?;
                    let number = found.parse();
                    position = Some(number.map_err(|_| format!("--position is {found:?}, expected a whole number"))?);
                }
                option if option.starts_with("--") => return Err(format!("{option} is no option; {USAGE}")),
                _ if model.is_none() => model = Some(PathBuf::from(argument)),
                _ => return Err(format!("{argument:?} is one argument too many; {USAGE}")),
            }
        }
        match (model, text, position) {
            (Some(model), Some(text), Some(position)) => Ok(Self { model, text, position }),
            _ => Err(USAGE.into()),
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

fn first(arguments: Arguments) -> Result<First, String> {
    let tokenizer = common::tokenizer(&arguments.model)?;
    let mut session = Session::new(Arc::new(common::model(&arguments.model)?));
    let tokens = tokenizer.encode_with_special_tokens(&arguments.text);
    session
        .set_tokens(&tokens)
        .and_then(|()| session.seek(arguments.position).map(drop))
        .map_err(|error| EngineError::from(error).to_string())?;
    let records = session.records().to_vec();
    let shown = tokens.iter().chain(records.iter().flat_map(|record| &record.next.tokens));
    Ok(First {
        info: ModelInfo::of(session.model().config()),
        selection_biases: session.model().selection_biases(),
        blank: tokenizer.encode_with_special_tokens(""),
        labels: shown.map(|&id| (id, tokenizer.label(id))).collect(),
        tokens,
        records,
    })
}
