//! All engine errors as one type. The survey has its own (`SurveyError`).

use crate::files::checkpoint::CheckpointError;
use crate::files::config::ConfigError;
use crate::model::OpenError;
use crate::session::SessionError;
use crate::tokenizer::TokenizerError;
use crate::what_if::WhatIfError;

/// An error of the engine. Its message is the sentence of the error inside.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// `config.json` cannot be read, or does not describe a model that the engine runs.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `model.safetensors` cannot be read, or does not have the tensors that the config calls for.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// `tokenizer.json` cannot be read, is broken, or has an unsupported setting.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// A request that the session refuses.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// An unknown what-if, or one that this model does not support.
    #[error(transparent)]
    WhatIf(#[from] WhatIfError),
}

impl From<OpenError> for EngineError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Config(error) => Self::Config(error),
            OpenError::Checkpoint(error) => Self::Checkpoint(error),
        }
    }
}

impl EngineError {
    /// The part of the engine that refused: "config", "checkpoint", "tokenizer", "session" or "what-if".
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
