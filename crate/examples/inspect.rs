//! Prints the native engine's results for a text as one JSON object. Tests compare the page with these results.
//!
//! ```text
//! cargo run --release -p moescope --example inspect -- MODEL_DIR (--text TEXT | --ids 1,2,3)
//!     [--greedy N] [--cache latent|expanded] [--records] [--details] [--distributions TEMPERATURE] [--loads]
//!     [--info] [--what-if JSON]
//! cargo run --release -p moescope --example inspect -- MODEL_DIR --first --text TEXT --position POSITION
//! cargo run --release -p moescope --example inspect -- MODEL_DIR --survey QUESTION
//! ```
//!
//! | field | content |
//! |---|---|
//! | `ids`, `tokens` | the prompt's token ids and labels; with `--text` also the post-processor's tokens, such as BOS |
//! | `greedy` | the N token ids that greedy decoding appends to the prompt |
//! | `logits` | the logits after each prompt position |
//! | `routes` | by decoder layer, the `[expert, weight]` pairs of each prompt position, largest weight first |
//! | `cache` | bytes that each of the two caches stores after the prompt |
//! | `records` | with `--records`: the record of each prompt position |
//! | `details` | with `--details`: the detail (the intermediate results of the step) of each prompt position |
//! | `distributions` | with `--distributions`: the next-token distribution after each position, at TEMPERATURE |
//! | `loads` | with `--loads`: how often each expert was chosen up to each prompt position |
//! | `info`, `selection_biases` | with `--info`: the model's dimensions, and the selection biases of its routers |
//! | `what_if` | with `--what-if` and the JSON of a `moescope::WhatIf`: the settings of the what-if, the resolved settings, the comparison at each prompt position, the loss, and the requested greedy tokens, details, distributions and loads of the changed run |
//!
//! `--first` prints everything that the page draws before its engine is ready: `info`, `selection_biases`, `blank` (the
//! tokens of an empty text), `tokens`, `labels` (by id, for the tokens of the text and of the next-token lists), `bytes`
//! (of those that are not whole characters) and `records` (of the positions from 0 to POSITION).
//!
//! `--survey` prints the survey of published models for settings in JSON:
//! `{"context": 1, "users": 1, "memory": 80, "bits": 16, "weights": 8}`.

use moescope::survey::{self, Question, Survey};
use moescope::{
    CacheKind, Compared, Comparison, Detail, Distribution, EngineError, ExpertLoad, Loss, Model, ModelInfo, Record,
    ResolvedWhatIf, Sampling, Session, Tokenizer, WhatIf,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

const USAGE: &str = "usage: inspect MODEL_DIR (--text TEXT | --ids 1,2,3) [--greedy N] [--cache latent|expanded] \
     [--records] [--details] [--distributions TEMPERATURE] [--loads] [--info] [--what-if JSON], \
     or inspect MODEL_DIR --first --text TEXT --position POSITION, or inspect MODEL_DIR --survey QUESTION";
const PRESETS: &[u8] = include_bytes!("../../www/src/engine/presets.json");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [model, "--survey", question] => print(surveyed(model, question)),
        [model, "--first", "--text", text, "--position", position] => print(first(model, text, position)),
        _ => print(Arguments::parse(arguments.into_iter()).and_then(|arguments| inspect(&arguments))),
    }
}

/// Prints a report on standard output, or one sentence on standard error.
fn print<T: Serialize>(report: Result<T, String>) -> ExitCode {
    match report.and_then(|report| serde_json::to_string(&report).map_err(|error| error.to_string())) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("inspect: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn open(folder: impl AsRef<Path>) -> Result<Model, String> {
    Model::open(folder).map_err(|error| error.to_string())
}

fn open_tokenizer(folder: impl AsRef<Path>) -> Result<Tokenizer, String> {
    Tokenizer::open(folder).map_err(|error| error.to_string())
}

fn surveyed(folder: &str, question: &str) -> Result<Survey, String> {
    let answer = |model: Model| survey::survey(PRESETS, Question::from_json(question)?, model.config());
    answer(open(folder)?).map_err(|error| error.to_string())
}

/// The report of `--first`.
#[derive(Serialize)]
struct First {
    info: ModelInfo,
    selection_biases: Vec<Vec<f32>>,
    blank: Vec<u32>,
    tokens: Vec<u32>,
    labels: BTreeMap<u32, String>,
    bytes: BTreeMap<u32, Vec<u8>>,
    records: Vec<Record>,
}

fn first(folder: &str, text: &str, position: &str) -> Result<First, String> {
    let position =
        position.parse().map_err(|_| format!("--position is {position:?}, expected a whole number; {USAGE}"))?;
    let tokenizer = open_tokenizer(folder)?;
    let mut session = Session::new(Arc::new(open(folder)?));
    let tokens = tokenizer.encode_with_special_tokens(text);
    session.set_tokens(&tokens).and_then(|()| session.seek(position).map(drop)).map_err(|error| error.to_string())?;
    let records = session.records().to_vec();
    let shown = || tokens.iter().chain(records.iter().flat_map(|record| &record.next.tokens)).copied();
    let labels = shown().map(|id| (id, tokenizer.label(id))).collect();
    let bytes = shown().filter_map(|id| tokenizer.partial_bytes(id).map(|bytes| (id, bytes.to_vec()))).collect();
    Ok(First {
        info: ModelInfo::of(session.model().config()),
        selection_biases: session.model().selection_biases(),
        blank: tokenizer.encode_with_special_tokens(""),
        labels,
        bytes,
        tokens,
        records,
    })
}

/// The arguments of a command line that asks for a report on a prompt.
struct Arguments {
    model: PathBuf,
    prompt: Prompt,
    greedy: usize,
    cache: CacheKind,
    records: bool,
    details: bool,
    distributions: Option<f32>,
    loads: bool,
    info: bool,
    what_if: Option<String>,
}

enum Prompt {
    Text(String),
    Ids(Vec<u32>),
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut model, mut prompt, mut greedy, mut cache) = (None, None, 0, CacheKind::Latent);
        let mut what_if = None;
        let (mut records, mut details, mut distributions, mut loads, mut info) = (false, false, None, false, false);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} has no value; {USAGE}"));
            match argument.as_str() {
                "--text" => prompt = Some(Prompt::Text(value()?)),
                "--ids" => prompt = Some(Prompt::Ids(parse_ids(&value()?)?)),
                "--greedy" => {
                    let count = value()?;
                    greedy = count.parse().map_err(|_| format!("--greedy is {count:?}, expected a whole number"))?;
                }
                "--cache" => {
                    cache = match value()?.as_str() {
                        "latent" => CacheKind::Latent,
                        "expanded" => CacheKind::Expanded,
                        other => return Err(format!("--cache is {other:?}, expected latent or expanded")),
                    }
                }
                "--records" => records = true,
                "--details" => details = true,
                "--loads" => loads = true,
                "--info" => info = true,
                "--what-if" => what_if = Some(value()?),
                "--distributions" => {
                    let found = value()?;
                    let temperature = found.parse();
                    distributions =
                        Some(temperature.map_err(|_| format!("--distributions is {found:?}, expected a temperature"))?);
                }
                option if option.starts_with("--") => return Err(format!("option {option} does not exist; {USAGE}")),
                _ if model.is_none() => model = Some(PathBuf::from(argument)),
                _ => return Err(format!("argument {argument:?} was not expected; {USAGE}")),
            }
        }
        match (model, prompt) {
            (Some(model), Some(prompt)) => {
                Ok(Self { model, prompt, greedy, cache, records, details, distributions, loads, info, what_if })
            }
            _ => Err(USAGE.into()),
        }
    }
}

fn parse_ids(list: &str) -> Result<Vec<u32>, String> {
    let id = |part: &str| part.trim().parse().map_err(|_| format!("--ids holds {part:?}, expected token ids"));
    list.split(',').map(id).collect()
}

/// The report on a prompt.
#[derive(Serialize)]
struct Inspection {
    ids: Vec<u32>,
    tokens: Vec<String>,
    greedy: Vec<u32>,
    logits: Vec<Vec<f32>>,
    routes: BTreeMap<usize, Vec<Vec<(usize, f32)>>>,
    cache: CacheReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<Record>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Vec<Detail>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distributions: Option<Vec<Distribution>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loads: Option<Vec<ExpertLoad>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<ModelInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection_biases: Option<Vec<Vec<f32>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<Changed>,
}

/// The changed run, compared with the plain run.
#[derive(Serialize)]
struct Changed {
    settings: WhatIf,
    plan: ResolvedWhatIf,
    /// One comparison per position.
    compared: Vec<Compared>,
    loss: Loss,
    /// With `--greedy`: the N tokens with which the changed run continues the prompt.
    greedy: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Vec<Detail>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distributions: Option<Vec<Distribution>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loads: Option<Vec<ExpertLoad>>,
}

#[derive(Serialize)]
struct CacheReport {
    latent_bytes: usize,
    expanded_bytes: usize,
}

fn inspect(arguments: &Arguments) -> Result<Inspection, String> {
    let model = open(&arguments.model)?;
    let (ids, tokens) = match &arguments.prompt {
        Prompt::Text(text) => {
            let tokenizer = open_tokenizer(&arguments.model)?;
            let ids = tokenizer.encode_with_special_tokens(text);
            let tokens = ids.iter().map(|&id| tokenizer.label(id)).collect();
            (ids, tokens)
        }
        // The checkpoints of the tests have no tokenizer. The label of token 7 is then `#7`.
        Prompt::Ids(ids) => {
            let exists = arguments.model.join("tokenizer.json").exists();
            let tokenizer = if exists { Some(open_tokenizer(&arguments.model)?) } else { None };
            let label = |&id| tokenizer.as_ref().map_or_else(|| format!("#{id}"), |tokenizer| tokenizer.label(id));
            (ids.clone(), ids.iter().map(label).collect())
        }
    };
    let session = Session::with_cache(Arc::new(model), arguments.cache);
    run(session, ids, tokens, arguments).map_err(|error| error.to_string())
}

/// Steps through the prompt, computes the requested parts of the report, and generates greedily.
fn run(
    mut session: Session,
    ids: Vec<u32>,
    tokens: Vec<String>,
    arguments: &Arguments,
) -> Result<Inspection, EngineError> {
    session.set_tokens(&ids)?;
    let mut logits = Vec::with_capacity(ids.len());
    while session.step()?.is_some() {
        logits.push(session.logits().to_vec());
    }
    let mut routes: BTreeMap<usize, Vec<Vec<(usize, f32)>>> = BTreeMap::new();
    for route in session.records().iter().flat_map(|record| &record.routes) {
        let pairs = route.experts.iter().copied().zip(route.weights.iter().copied()).collect();
        routes.entry(route.layer).or_default().push(pairs);
    }
    let last = session.records().last();
    let cache = CacheReport {
        latent_bytes: last.map_or(0, |record| record.cache.latent),
        expanded_bytes: last.map_or(0, |record| record.cache.expanded),
    };
    let records = arguments.records.then(|| session.records().to_vec());
    let (details, distributions, loads) = asked_for(&mut session, arguments)?;
    let info = arguments.info.then(|| ModelInfo::of(session.model().config()));
    let selection_biases = arguments.info.then(|| session.model().selection_biases());
    let what_if = match &arguments.what_if {
        Some(settings) => Some(compare(&mut session, settings, arguments)?),
        None => None,
    };
    let greedy = (0..arguments.greedy).map(|_| session.generate(Sampling::GREEDY)).collect::<Result<_, _>>()?;
    Ok(Inspection {
        ids,
        tokens,
        greedy,
        logits,
        routes,
        cache,
        records,
        details,
        distributions,
        loads,
        info,
        selection_biases,
        what_if,
    })
}

type AskedFor = (Option<Vec<Detail>>, Option<Vec<Distribution>>, Option<Vec<ExpertLoad>>);

/// The requested details, distributions and loads of a session's recorded positions.
fn asked_for(session: &mut Session, arguments: &Arguments) -> Result<AskedFor, EngineError> {
    let positions = 0..session.records().len();
    let details = match arguments.details {
        true => Some(positions.clone().map(|position| session.detail(position)).collect::<Result<_, _>>()?),
        false => None,
    };
    let distributions = match arguments.distributions {
        Some(temperature) => {
            let at = |position| session.distribution(position, temperature);
            Some(positions.clone().map(at).collect::<Result<_, _>>()?)
        }
        None => None,
    };
    let loads = match arguments.loads {
        true => Some(positions.map(|position| session.load(position)).collect::<Result<_, _>>()?),
        false => None,
    };
    Ok((details, distributions, loads))
}

/// Runs the prompt again with a what-if, and compares the two runs.
fn compare(plain: &mut Session, settings: &str, arguments: &Arguments) -> Result<Changed, EngineError> {
    let settings = WhatIf::from_json(settings)?;
    let mut comparison = Comparison::new(plain, &settings)?;
    for position in 0..plain.records().len() {
        comparison.seek(plain, position)?;
    }
    let (details, distributions, loads) = asked_for(comparison.intervened(), arguments)?;
    let (plan, loss, compared) = (comparison.resolved(), comparison.loss(), comparison.compared().to_vec());
    let greedy = comparison.continuations(plain, Sampling::GREEDY, arguments.greedy)?.changed;
    Ok(Changed { settings, plan, compared, loss, greedy, details, distributions, loads })
}
