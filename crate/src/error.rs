//! All engine errors as one type. The survey has its own error type, `SurveyError`.

use crate::files::checkpoint::CheckpointError;
use crate::files::config::ConfigError;
use crate::model::OpenError;
use crate::session::SessionError;
use crate::tokenizer::TokenizerError;
use crate::what_if::WhatIfError;

/// Any error of the engine, with the message of the error inside.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// `config.json` cannot be read, or does not describe a model that the engine runs.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `model.safetensors` cannot be read, or its tensors do not match the config.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// `tokenizer.json` cannot be read, is broken, or has an unsupported setting.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// A request that the session refuses.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// An unknown what-if, or a what-if that this model does not support.
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
    /// The kind of this error: "config", "checkpoint", "tokenizer", "session" or "what-if".
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
