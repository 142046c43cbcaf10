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
//! # Reading order
//!
//! 1. [`kernel`] is the arithmetic under everything. Every sum has one fixed order, so all platforms give the same
//!    bits.
//! 2. [`files`] reads a model: its `config.json` ([`files::config`]) and its weights ([`files::checkpoint`], which uses
//!    [`files::safetensors`]). [`tokenizer`] turns text into token ids and back.
//! 3. [`record`] has the types of a step's results. A [`Record`] is small and always stored; a [`Detail`] is the rest
//!    of the step, recomputed on demand. [`record::expert_load`] counts how often each expert was chosen.
//! 4. [`model`] stacks the layers. Its small parts are [`model::norm`], [`model::rope`] and [`model::feed_forward`];
//!    [`model::router`] and [`model::moe`] are the mixture of experts, [`model::mla`] and [`model::cache`] the
//!    attention. [`model::intervention`] and [`model::cache_format`] hold what a what-if changes.
//! 5. [`session`] runs a text through the model token by token, and chooses next tokens.
//! 6. [`what_if`] reads what-ifs and checks them. [`what_if::comparison`] compares the changed run with the plain run,
//!    and [`what_if::principal_directions`] finds the directions of a truncated latent.
//! 7. [`survey`] computes the sizes of published models, which the engine does not run, from their dimensions.
//!    [`model_info`] has the dimensions and sizes of the running model.
//! 8. `wasm` is the boundary to JavaScript. No other folder imports it.
//!
//! `docs/architecture.md` has a table of the folders and of what each may import; `crate/tests/imports.rs` checks it.

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
#[cfg(target_arch = "wasm32")]
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
#[doc(hidden)]
pub use record::ExpertLoad as Load;
pub use record::{Compared, Detail, Distribution, ExpertLoad, Loss, Record, Route};
pub use session::{Sampling, Session};
pub use tokenizer::Tokenizer;
pub use what_if::WhatIf;
pub use what_if::comparison::Comparison;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
