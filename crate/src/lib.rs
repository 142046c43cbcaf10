//! A language model with the architecture of DeepSeek-V3 that shows every choice it makes.
//!
//! It runs Mixture-of-Experts layers with DeepSeek's router, and Multi-head Latent Attention over a compressed cache.
//! Its numbers equal those of Hugging Face transformers up to rounding, and have the same bits natively and in
//! WebAssembly.
//!
//! # Open a model
//!
//! [`Model::open`] reads `config.json` and `model.safetensors` in a folder (DeepSeek-V2, DeepSeek-V3 or Kimi-K2, with
//! all weights in one file); [`Tokenizer::open`] reads `tokenizer.json` in a folder. [`Model::new`] and
//! [`Tokenizer::from_json`] take the bytes of these files instead. A [`Session`] runs the model on one text.
//!
//! ```
//! use moescope::{Model, Session, Tokenizer};
//!
//! # fn main() -> Result<(), moescope::EngineError> {
//! let folder = "../www/public/model";
//! let model = Model::open(folder)?;
//! let tokenizer = Tokenizer::open(folder)?;
//!
//! let mut session = Session::new(model.into());
//! session.set_tokens(&tokenizer.encode_with_special_tokens("Once upon a time"))?;
//! # Ok(())
//! # }
//! ```
//!
//! # Step and read the records
//!
//! [`Session::step`] runs the model on the next token and returns the token's [`Record`]. A record contains one
//! [`Route`] per layer with experts (what the router scored, chose and weighted), the sizes of the caches in bytes, and
//! the most probable next tokens. Records are small, so the session stores all records. [`Session::seek`] goes to any
//! position. [`Session::generate`] chooses a next token and appends it. [`Session::detail`] runs a step again to
//! compute what the record does not contain: attention, vectors, logits.
//!
//! ```
//! # use moescope::{Model, Sampling, Session, Tokenizer};
//! # fn main() -> Result<(), moescope::EngineError> {
//! # let tokenizer = Tokenizer::open("../www/public/model")?;
//! # let mut session = Session::new(Model::open("../www/public/model")?.into());
//! # session.set_tokens(&tokenizer.encode_with_special_tokens("Once upon a time"))?;
//! while let Some(record) = session.step()? {
//!     println!("{:?}", tokenizer.label(record.token));
//!     for route in &record.routes {
//!         println!("  layer {}: experts {:?}, shares {}", route.layer, route.experts, route.shares);
//!     }
//!     println!("  the cache stores {} bytes; expanded: {}", record.cache.latent, record.cache.expanded);
//! }
//!
//! let token = session.generate(Sampling::GREEDY)?;
//! println!("the model continues with {:?}", tokenizer.label(token));
//!
//! let detail = session.detail(3)?;
//! println!("head 0 of layer 2 attends with {}", detail.attention.slice(ndarray::s![2, 0, ..]));
//! # Ok(())
//! # }
//! ```
//!
//! # Intervene
//!
//! A [`WhatIf`] describes changes of the model: for example, some experts are off or forced, the router chooses more
//! experts or ignores the selection bias, or the cache stores fewer bits per value. A [`Comparison`] runs the tokens of
//! a plain session again with these changes, and compares the two runs.
//!
//! ```
//! # use moescope::{Model, Session, Tokenizer};
//! use moescope::{Comparison, ExpertPlace, WhatIf};
//!
//! # fn main() -> Result<(), moescope::EngineError> {
//! # let tokenizer = Tokenizer::open("../www/public/model")?;
//! # let mut session = Session::new(Model::open("../www/public/model")?.into());
//! # session.set_tokens(&tokenizer.encode_with_special_tokens("Once upon a time"))?;
//! let mut what_if = WhatIf::default();
//! what_if.experts_off.push(ExpertPlace { layer: 2, expert: 7 });
//!
//! let mut comparison = Comparison::new(&session, &what_if)?;
//! let compared = comparison.seek(&mut session, 3)?;
//! println!("at token 3 the next-token distribution moved by {:.3} bits", compared.kl_bits);
//! println!("layers with other experts: {:?}", compared.route_changes);
//! println!("costs {:.2} bits per token more", comparison.loss().cost);
//! # Ok(())
//! # }
//! ```
//!
//! # More
//!
//! - [`Config`] has the settings in a model's `config.json`. [`ModelInfo`] has the model's dimensions, the sizes of its
//!   caches and the number of its weights.
//! - [`survey`] computes the cache and weight sizes of published models from their `config.json`, without weights.
//! - Each error message is one sentence. For a wrong value it contains the value's path or name, the value found, and
//!   what was expected. Every error except [`survey::SurveyError`] can be converted to [`EngineError`].
//! - `examples/generate.rs`, `examples/what_if.rs` and `examples/cache.rs` are complete programs of about 30 lines.
//!   `examples/inspect.rs` prints the engine's results for a text as JSON.
//! - `docs/architecture.md` describes the sources, folder by folder.

pub mod survey;

// The hidden modules are public only for this repository's tests and benchmark, and for the old paths at the end of
// this file. They are not a supported interface.
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod files;
mod json;
#[doc(hidden)]
pub mod kernel;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod model_info;
#[doc(hidden)]
pub mod record;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod tokenizer;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod wasm;
#[doc(hidden)]
pub mod what_if;

pub use error::EngineError;
pub use files::checkpoint::CheckpointError;
pub use files::config::{Config, ConfigError, GateKind, Yarn};
pub use model::cache::CacheKind;
pub use model::cache_format::CacheFormat;
pub use model::intervention::ResolvedWhatIf;
pub use model::{Model, OpenError};
pub use model_info::{GroupScore, ModelInfo, ScoringFunc};
pub use record::{
    ActualToken, CacheBytes, ChanceLoad, Compared, Continuations, Detail, DetailArray, Distribution, ExpertLoad,
    LayerLoad, Loss, Move, NEXT_TOKENS, NextTokens, Record, Route, RouteChange, TokenLoss,
};
pub use session::{Sampling, Session, SessionError};
pub use tokenizer::{StreamDecoder, Tokenizer, TokenizerError};
pub use what_if::comparison::Comparison;
pub use what_if::{BiasShift, ExpertPlace, Mixture, WhatIf, WhatIfError};

// Public paths of earlier versions, which still work.
#[doc(hidden)]
pub use files::{checkpoint, config, safetensors as tensors};
#[doc(hidden)]
pub use model::{self as decoder, cache, cache_format as storage, feed_forward as ffn, mla, moe, norm, rope, router};
#[doc(hidden)]
pub use model_info as info;
#[doc(hidden)]
pub use record::{ExpertLoad as Load, expert_load as load};
#[doc(hidden)]
pub use survey::{model_shape as shape, sizes as memory};
#[doc(hidden)]
pub use what_if::{comparison as compare, principal_directions as principal};

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
