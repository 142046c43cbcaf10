//! Runs the tasks natively and prints one JSON object. For each task it contains the best time of each part, in
//! seconds, and the amount of work of all parts together.

use moescope_bench::Bench;
use serde_json::{Map, Value, json};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let model = arguments.next().map(PathBuf::from).ok_or("usage: moescope-bench MODEL_DIR ROUNDS")?;
    let rounds = arguments.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("ROUNDS is no whole number")?;
    println!("{}", Value::from(measure(&model, rounds)?));
    Ok(())
}

/// Each round runs every task once, as in page.html, so that a slow minute slows all tasks.
fn measure(model: &Path, rounds: usize) -> Result<Map<String, Value>, Box<dyn Error>> {
    let read = |name| fs::read(model.join(name));
    let mut bench = Bench::new(read("config.json")?, read("model.safetensors")?, read("tokenizer.json")?)?;
    let tasks = Bench::tasks();
    let mut seconds: Vec<_> = (0..tasks.len()).map(|task| vec![f64::INFINITY; Bench::parts(task)]).collect();
    let mut work = vec![0.0; tasks.len()];
    for _ in 0..rounds {
        for (task, (seconds, work)) in seconds.iter_mut().zip(&mut work).enumerate() {
            *work = 0.0;
            for (part, best) in seconds.iter_mut().enumerate() {
                let start = Instant::now();
                *work += bench.run(task, part)?;
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
    }
    let measured = seconds.into_iter().zip(work).map(|(seconds, work)| json!({ "seconds": seconds, "work": work }));
    Ok(tasks.into_iter().zip(measured).collect())
}
