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
//! shape. [`what_if`] are the interventions: [`storage`] and [`principal`] those in the cache; [`compare`] runs a text
//! with one beside the plain run. [`memory`] counts bytes and weights of a [`shape`], and [`survey`] those of published
//! models. `wasm::engine` is the engine's boundary to JavaScript, `wasm::survey` the survey's, each a module of its own
//! in the page, and `wasm` what they share: no other file knows of it.

pub mod error;
pub mod files;
mod json;
pub mod kernel;
pub mod model;
pub mod model_info;
pub mod record;
pub mod session;
pub mod survey;
pub mod tokenizer;
#[cfg(all(target_arch = "wasm32", any(feature = "engine", feature = "survey")))]
pub mod wasm;
pub mod what_if;

// Earlier public paths of the modules; they stay valid.
pub use files::{checkpoint, config, safetensors as tensors};
pub use model::{self as decoder, cache, cache_format as storage, feed_forward as ffn, mla, moe, norm, rope, router};
pub use model_info as info;
pub use record::expert_load as load;
pub use survey::{model_shape as shape, sizes as memory};
pub use what_if::{comparison as compare, principal_directions as principal};

pub use error::EngineError;
pub use files::config::Config;
pub use model::Model;
pub use model::cache::CacheKind;
pub use model_info::ModelInfo;
pub use record::{Compared, Detail, Distribution, Load, Loss, Record, Route};
pub use session::{Sampling, Session};
pub use tokenizer::Tokenizer;
pub use what_if::WhatIf;
pub use what_if::comparison::Comparison;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
