//! Everything that can go wrong in the engine, as one type. A survey of published models is nothing of the engine's.

use crate::files::checkpoint::CheckpointError;
use crate::files::config::ConfigError;
use crate::session::SessionError;
use crate::tokenizer::TokenizerError;
use crate::what_if::WhatIfError;

/// An error of the engine; its message is the one sentence of the error inside.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// `config.json` describes no model that the engine runs.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `model.safetensors` is not that model.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// `tokenizer.json` is no tokenizer that the engine has.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The session cannot do what it was asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A what-if that there is not, or not for this model.
    #[error(transparent)]
    WhatIf(#[from] WhatIfError),
}

impl EngineError {
    /// Which part refused: "config", "checkpoint", "tokenizer", "session" or "what-if".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Checkpoint(_) => "checkpoint",
            Self::Tokenizer(_) => "tokenizer",
            Self::Session(_) => "session",
            Self::WhatIf(_) => "what-if",
        }
    }
}
