//! The tasks of `cargo xtask bench`. The same [`Bench`] runs natively and as wasm; its callers (`main.rs`, `page.html`)
//! measure the time. README.md describes the figures.

mod products;

use moescope::kernel::{self, reference};
use moescope::{Config, EngineError, Model, Record, Session, Tokenizer};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1};
use products::Products;
use std::hint::black_box;
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

/// 5,000 characters: prose, code and arithmetic like the training data, and some characters beyond ASCII.
const TEXT: &str = include_str!("../text.txt");

/// Number of tokens at the start of the text that the tasks `decode` and `products` run on.
const TOKENS: usize = 256;

/// Number of tokens in one part of a task.
const TOKENS_A_PART: usize = 8;

/// A task: its name, its number of parts, and a function that runs a part and returns the amount of its work.
struct Task(&'static str, usize, fn(&mut Bench, usize) -> Result<f64, EngineError>);

const TASKS: [Task; 12] = [
    Task("decode", TOKENS / TOKENS_A_PART, Bench::decode),
    Task("products", TOKENS / TOKENS_A_PART, |bench, part| Ok(bench.products(part))),
    Task("load", 1, |bench, _| bench.load()),
    Task("encode", 1, |bench, _| Ok(bench.encode())),
    Task("exp", 1, |bench, _| Ok(bench.numbers.each(kernel::exp))),
    Task("exp by libm", 1, |bench, _| Ok(bench.numbers.each(libm::expf))),
    Task("dot", 1, |bench, _| Ok(bench.numbers.dots(kernel::dot))),
    Task("dot by reference", 1, |bench, _| Ok(bench.numbers.dots(reference::dot))),
    Task("matvec", 1, |bench, _| Ok(bench.numbers.product(kernel::matvec))),
    Task("matvec by reference", 1, |bench, _| Ok(bench.numbers.product(reference::matvec))),
    Task("weighted_rows", 1, |bench, _| Ok(bench.numbers.product(|m, w, out| kernel::weighted_rows(w, m, out)))),
    Task("weighted_rows by reference", 1, |bench, _| {
        Ok(bench.numbers.product(|m, w, out| reference::weighted_rows(w, m, out)))
    }),
];

/// The tasks and their data.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub struct Bench {
    config: Vec<u8>,
    checkpoint: Vec<u8>,
    tokenizer: Vec<u8>,
    engine: Engine,
    /// The first [`TOKENS`] tokens of the text.
    tokens: Vec<u32>,
    /// Runs the steps of the task `decode`.
    session: Session,
    /// The records of one run over `tokens`; the task `products` reads them.
    records: Vec<Record>,
    products: Products,
    numbers: Numbers,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
impl Bench {
    /// Loads the shipped model from the bytes of its `config.json`, `model.safetensors` and `tokenizer.json`, and runs
    /// the model once on the first `TOKENS` tokens of the text.
    ///
    /// # Errors
    /// If the engine cannot load the files or run the model.
    #[cfg_attr(target_arch = "wasm32", wasm_bindgen(constructor))]
    pub fn new(config: Vec<u8>, checkpoint: Vec<u8>, tokenizer: Vec<u8>) -> Result<Bench, String> {
        Self::build(config, checkpoint, tokenizer).map_err(|error| error.to_string())
    }

    /// The names of the tasks.
    pub fn tasks() -> Vec<String> {
        TASKS.iter().map(|Task(name, ..)| (*name).to_owned()).collect()
    }

    /// Number of parts of a task. Parts are short, so that each one sometimes runs undisturbed, even on a busy machine.
    pub fn parts(task: usize) -> usize {
        TASKS.get(task).map_or(0, |Task(_, parts, _)| *parts)
    }

    /// Runs one part of a task and returns its amount of work in the task's unit. The caller must run parts in order.
    ///
    /// # Errors
    /// If there is no such task, or the engine fails.
    pub fn run(&mut self, task: usize, part: usize) -> Result<f64, String> {
        let Task(_, _, work) = TASKS.get(task).ok_or("no such task")?;
        work(self, part).map_err(|error| error.to_string())
    }
}

/// The model and the tokenizer, loaded from a model's three files.
struct Engine {
    model: Arc<Model>,
    tokenizer: Tokenizer,
}

impl Engine {
    fn load(config: &[u8], checkpoint: &[u8], tokenizer: &[u8]) -> Result<Self, EngineError> {
        let model = Model::new(Config::from_json(config)?, checkpoint)?;
        Ok(Self { model: Arc::new(model), tokenizer: Tokenizer::from_json(tokenizer)? })
    }
}

impl Bench {
    fn build(config: Vec<u8>, checkpoint: Vec<u8>, tokenizer: Vec<u8>) -> Result<Self, EngineError> {
        let engine = Engine::load(&config, &checkpoint, &tokenizer)?;
        let mut tokens = engine.tokenizer.encode_with_special_tokens(TEXT);
        tokens.truncate(TOKENS);
        let mut session = Session::new(engine.model.clone());
        session.set_tokens(&tokens)?;
        while session.step()?.is_some() {}
        let records = session.records().to_vec();
        let products = Products::new(engine.model.config(), TOKENS);
        Ok(Self { config, checkpoint, tokenizer, engine, tokens, session, records, products, numbers: Numbers::new() })
    }

    /// Runs the model on the next `TOKENS_A_PART` tokens, as the page does, with a record per step; part 0 starts at
    /// the first token. Returns the number of tokens.
    fn decode(&mut self, part: usize) -> Result<f64, EngineError> {
        if part == 0 {
            self.session = Session::new(self.engine.model.clone());
            self.session.set_tokens(&self.tokens)?;
        }
        for _ in 0..TOKENS_A_PART {
            black_box(self.session.step()?);
        }
        Ok(TOKENS_A_PART as f64)
    }

    /// Computes the matrix-vector products of the steps in this part of `decode`. Returns the number of multiply-adds.
    fn products(&mut self, part: usize) -> f64 {
        let records = self.records.iter().skip(part * TOKENS_A_PART).take(TOKENS_A_PART);
        records.map(|record| self.products.step(record)).sum::<u64>() as f64
    }

    /// Loads model and tokenizer from bytes. Returns 1, for one load.
    fn load(&self) -> Result<f64, EngineError> {
        black_box(Engine::load(&self.config, &self.checkpoint, &self.tokenizer)?);
        Ok(1.0)
    }

    /// Encodes the text. Returns the number of characters.
    fn encode(&self) -> f64 {
        black_box(self.engine.tokenizer.encode(black_box(TEXT)));
        TEXT.chars().count() as f64
    }
}

/// The data of the kernel tasks, small enough for the processor's caches.
struct Numbers {
    /// (hidden_size, hidden_size) of the shipped model.
    matrix: Array2<f32>,
    /// (hidden_size)
    x: Array1<f32>,
    /// (hidden_size)
    out: Array1<f32>,
    /// The inputs of `exp`, from -20 to 20.
    exponents: Vec<f32>,
    powers: Vec<f32>,
}

impl Numbers {
    const SIZE: usize = 128;

    fn new() -> Self {
        let matrix = products::filled(Self::SIZE, Self::SIZE);
        let exponents: Vec<f32> = (0..1000).map(|i| (i as f32 - 499.5) * 0.04).collect();
        Self {
            x: matrix.row(1).to_owned(),
            out: matrix.row(0).to_owned(),
            matrix,
            powers: exponents.clone(),
            exponents,
        }
    }

    /// Applies a function to all exponents, a thousand times. Returns the number of calls.
    fn each(&mut self, function: impl Fn(f32) -> f32) -> f64 {
        const TIMES: usize = 1000;
        for _ in 0..TIMES {
            for (y, x) in self.powers.iter_mut().zip(black_box(&self.exponents)) {
                *y = function(*x);
            }
            black_box(&self.powers);
        }
        (TIMES * self.powers.len()) as f64
    }

    /// Computes the dot product of each row of the matrix with `x`, repeatedly. Returns the number of multiply-adds.
    fn dots(&mut self, dot: impl Fn(ArrayView1<'_, f32>, ArrayView1<'_, f32>) -> f32) -> f64 {
        self.product(|matrix, x, mut out| {
            for (row, y) in matrix.rows().into_iter().zip(&mut out) {
                *y = dot(row, x);
            }
        })
    }

    /// Computes a product of the matrix and `x`, repeatedly. Returns the number of multiply-adds.
    fn product(&mut self, product: impl Fn(ArrayView2<'_, f32>, ArrayView1<'_, f32>, ArrayViewMut1<'_, f32>)) -> f64 {
        const TIMES: usize = 300;
        for _ in 0..TIMES {
            product(black_box(self.matrix.view()), self.x.view(), self.out.view_mut());
            black_box(&self.out);
        }
        (TIMES * self.matrix.len()) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use moescope::memory;
    use std::error::Error;

    /// Multiply-adds of the first `tokens` steps, from the numbers of weights that `moescope::memory` counts.
    ///
    /// A step multiplies by each active weight once, with two exceptions: norms are not counted, and `kv_b_proj` counts
    /// twice (for the step's row of the expanded cache, and folded into query and output). The tied embedding counts as
    /// the head. Each head also multiplies by the latents of all positions so far twice (for the attention scores and
    /// for the output), and by the RoPE keys of these positions once.
    fn multiply_adds(config: &Config, tokens: usize) -> u64 {
        let layers = config.num_hidden_layers;
        let norms = layers * (2 * config.hidden_size + config.q_lora_rank.unwrap_or(0) + config.kv_lora_rank)
            + config.hidden_size;
        let kv_b = config.num_attention_heads * (config.qk_nope_head_dim + config.v_head_dim) * config.kv_lora_rank;
        let a_step = memory::parameters(config).active - norms as u64 + (layers * kv_b) as u64;
        let a_position = layers * config.num_attention_heads * (2 * config.kv_lora_rank + config.qk_rope_head_dim);
        let positions = tokens * (tokens + 1) / 2;
        tokens as u64 * a_step + (positions * a_position) as u64
    }

    #[test]
    fn the_task_products_does_as_many_multiply_adds_as_the_weights_require() -> Result<(), Box<dyn Error>> {
        let mut bench = Bench::new(
            include_bytes!("../../../www/public/model/config.json").to_vec(),
            include_bytes!("../../../www/public/model/model.safetensors").to_vec(),
            include_bytes!("../../../www/public/model/tokenizer.json").to_vec(),
        )?;
        assert_eq!(bench.tokens.len(), TOKENS);
        let products: f64 = (0..TOKENS / TOKENS_A_PART).map(|part| bench.products(part)).sum();
        assert_eq!(products, multiply_adds(bench.engine.model.config(), TOKENS) as f64);
        Ok(())
    }
}
