//! A model's files: its settings (`config.json`) and its weights (`model.safetensors`).

pub mod checkpoint;
pub mod config;
pub mod safetensors;
