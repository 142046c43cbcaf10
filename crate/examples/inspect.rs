//! Prints what the engine computes for a text, as one JSON object: how anyone checks us from outside.
//!
//! ```text
//! cargo run --release -p moescope --example inspect -- MODEL_DIR (--text TEXT | --ids 1,2,3)
//!     [--greedy N] [--cache latent|expanded] [--records] [--details] [--distributions TEMPERATURE] [--loads]
//!     [--info]
//! ```
//!
//! `ids`, `tokens`: the prompt (`--text` follows the tokenizer's post-processor); `greedy`: exactly N ids that follow;
//! `logits`: a row a prompt position; `routes`: by decoder layer, a prompt position's `[expert, weight]` pairs, largest
//! weight first; `cache`: bytes of both caches after the prompt; with `--records`, `records`: what the page shows, one
//! a prompt position; with `--details`, `details`: the rest of each step; with `--distributions`, `distributions`: what
//! is expected after each position at that temperature; with `--loads`, `loads`: how the tokens up to each position were
//! spread over the experts; with `--info`, `info` and `selection_biases`: the model's shape
//! and its routers' biases.

mod common;

use moescope::session::SessionError;
use moescope::{CacheKind, Detail, Distribution, EngineError, Load, ModelInfo, Record, Sampling, Session};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

const USAGE: &str = "usage: inspect MODEL_DIR (--text TEXT | --ids 1,2,3) [--greedy N] [--cache latent|expanded] \
     [--records] [--details] [--distributions TEMPERATURE] [--loads] [--info]";

fn main() -> ExitCode {
    common::print("inspect", Arguments::parse(std::env::args().skip(1)).and_then(|arguments| inspect(&arguments)))
}

/// What the command line asks for.
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
}

enum Prompt {
    Text(String),
    Ids(Vec<u32>),
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut model, mut prompt, mut greedy, mut cache) = (None, None, 0, CacheKind::Latent);
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
                "--distributions" => {
                    let found = value()?;
                    let temperature = found.parse();
                    distributions =
                        Some(temperature.map_err(|_| format!("--distributions is {found:?}, expected a temperature"))?);
                }
                option if option.starts_with("--") => return Err(format!("{option} is no option; {USAGE}")),
                _ if model.is_none() => model = Some(PathBuf::from(argument)),
                _ => return Err(format!("{argument:?} is one argument too many; {USAGE}")),
            }
        }
        match (model, prompt) {
            (Some(model), Some(prompt)) => {
                Ok(Self { model, prompt, greedy, cache, records, details, distributions, loads, info })
            }
            _ => Err(USAGE.into()),
        }
    }
}

fn parse_ids(list: &str) -> Result<Vec<u32>, String> {
    let id = |part: &str| part.trim().parse().map_err(|_| format!("--ids holds {part:?}, expected token ids"));
    list.split(',').map(id).collect()
}

/// What is printed.
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
    loads: Option<Vec<Load>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<ModelInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection_biases: Option<Vec<Vec<f32>>>,
}

#[derive(Serialize)]
struct CacheReport {
    latent_bytes: usize,
    expanded_bytes: usize,
}

fn inspect(arguments: &Arguments) -> Result<Inspection, String> {
    let model = common::model(&arguments.model)?;
    let (ids, tokens) = match &arguments.prompt {
        Prompt::Text(text) => {
            let tokenizer = common::tokenizer(&arguments.model)?;
            let ids = tokenizer.encode_with_special_tokens(text);
            let tokens = ids.iter().map(|&id| tokenizer.label(id)).collect();
            (ids, tokens)
        }
        // A checkpoint without a tokenizer is shown by its ids.
        Prompt::Ids(ids) => {
            let there = arguments.model.join("tokenizer.json").exists();
            let tokenizer = if there { Some(common::tokenizer(&arguments.model)?) } else { None };
            let label = |&id| tokenizer.as_ref().map_or_else(|| format!("#{id}"), |tokenizer| tokenizer.label(id));
            (ids.clone(), ids.iter().map(label).collect())
        }
    };
    let session = Session::with_cache(Arc::new(model), arguments.cache);
    run(session, ids, tokens, arguments).map_err(|error| EngineError::from(error).to_string())
}

/// Steps through the prompt, then goes on greedily.
fn run(
    mut session: Session,
    ids: Vec<u32>,
    tokens: Vec<String>,
    arguments: &Arguments,
) -> Result<Inspection, SessionError> {
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
    let details = match arguments.details {
        true => Some((0..ids.len()).map(|position| session.detail(position)).collect::<Result<_, _>>()?),
        false => None,
    };
    let distributions = match arguments.distributions {
        Some(temperature) => {
            let at = |position| session.distribution(position, temperature);
            Some((0..ids.len()).map(at).collect::<Result<_, _>>()?)
        }
        None => None,
    };
    let loads = match arguments.loads {
        true => Some((0..ids.len()).map(|position| session.load(position)).collect::<Result<_, _>>()?),
        false => None,
    };
    let info = arguments.info.then(|| ModelInfo::of(session.model().config()));
    let selection_biases = arguments.info.then(|| session.model().selection_biases());
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
    })
}
