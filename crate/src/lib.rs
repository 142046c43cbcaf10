//! A DeepSeek-V3-architecture language model that shows every choice it makes.
//!
//! Mixture-of-Experts layers with DeepSeek's router and Multi-head Latent Attention over a compressed cache, computed
//! as Hugging Face transformers computes them, to rounding, and with the same bits natively and in WebAssembly.
//!
//! ```
//! use moescope::{Config, Model, Session};
//! # fn main() -> Result<(), moescope::EngineError> {
//! # let (config, checkpoint) = (
//! #     include_bytes!("../../www/public/model/config.json"),
//! #     include_bytes!("../../www/public/model/model.safetensors"),
//! # );
//! let model = Model::new(Config::from_json(config)?, checkpoint)?;
//! let mut session = Session::new(model.into());
//! session.set_tokens(&[0, 418, 692])?;
//! while let Some(record) = session.step()? {
//!     for route in &record.routes {
//!         println!("layer {}: experts {:?}, shares {}", route.layer, route.experts, route.shares);
//!     }
//!     println!("the cache holds {} bytes, not {}", record.cache.latent, record.cache.expanded);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # In which order to read it
//!
//! [`config`], [`tensors`] and [`checkpoint`] read a model's files; [`tokenizer`] its texts. [`kernel`] is the
//! arithmetic under everything. [`norm`], [`rope`] and [`ffn`] are the small parts; [`router`] and [`moe`] the mixture
//! of experts; [`mla`] and [`cache`] the attention. [`decoder`] stacks them into a model, [`session`] steps a text
//! through it, [`record`] is what a step shows, and [`load`] counts who was chosen over a text. [`info`] says a model's
//! shape. [`what_if`] are the interventions: [`storage`] and [`principal`] those in the cache; [`compare`] runs a text with
//! one beside the plain run. [`memory`] counts bytes and weights of a [`shape`], and [`survey`] those of published models.
//! `wasm` is the engine's boundary to JavaScript, `wasm_survey` the survey's, each a module of its own in the page, and
//! `crossing` what they share: no other file knows of it.

pub mod cache;
pub mod checkpoint;
pub mod compare;
pub mod config;
#[cfg(all(target_arch = "wasm32", any(feature = "engine", feature = "survey")))]
mod crossing;
pub mod decoder;
pub mod error;
pub mod ffn;
pub mod info;
pub mod kernel;
pub mod load;
pub mod memory;
pub mod mla;
pub mod moe;
pub mod norm;
pub mod principal;
pub mod record;
pub mod rope;
pub mod router;
pub mod session;
pub mod shape;
mod shown;
pub mod storage;
pub mod survey;
pub mod tensors;
pub mod tokenizer;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "survey"))]
pub mod wasm_survey;
pub mod what_if;

pub use cache::CacheKind;
pub use compare::Comparison;
pub use config::Config;
pub use decoder::Model;
pub use error::EngineError;
pub use info::ModelInfo;
pub use record::{Compared, Detail, Distribution, Load, Loss, Record, Route};
pub use session::{Sampling, Session};
pub use tokenizer::Tokenizer;
pub use what_if::WhatIf;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
