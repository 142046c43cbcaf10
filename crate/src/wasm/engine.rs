//! The engine as a JavaScript class. It takes and returns plain data, and has no logic of its own.
//!
//! serde-wasm-bindgen converts small values; their TypeScript types are generated from the Rust types. The large arrays
//! of a detail are written to typed arrays of the caller. The caller can transfer these to another thread without a
//! copy.

use crate::error::EngineError;
use crate::files::config::Config;
use crate::model::Model;
use crate::model::intervention::ResolvedWhatIf;
use crate::model_info::ModelInfo;
use crate::record::{Compared, Continuations, Distribution, ExpertLoad, Loss, Record};
use crate::session::{Sampling, Session, SessionError};
use crate::survey::{self, Survey};
use crate::tokenizer::Tokenizer;
use crate::wasm::{cross, thrown};
use crate::what_if::WhatIf;
use crate::what_if::comparison::Comparison;
use js_sys::{Error, Float32Array, Object, Reflect};
use std::sync::Arc;
use tsify::Ts;
use wasm_bindgen::prelude::*;

/// A model, its tokenizer, and one text. The model can run the text without and with a what-if.
#[wasm_bindgen]
pub struct Engine {
    model: Arc<Model>,
    session: Session,
    /// The changed run, compared with the plain run. At first the what-if changes nothing.
    comparison: Comparison,
    tokenizer: Arc<Tokenizer>,
}

#[wasm_bindgen]
impl Engine {
    /// Builds the model from the bytes of its `config.json`, `model.safetensors` and `tokenizer.json`.
    ///
    /// Throws an `Error` with the name "config", "checkpoint" or "tokenizer" and a message of one sentence.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &[u8], checkpoint: &[u8], tokenizer: &[u8]) -> Result<Engine, Error> {
        let config = Config::from_json(config).map_err(throw)?;
        let tokenizer = Tokenizer::from_json(tokenizer).map_err(throw)?;
        let model = Model::new(config, checkpoint).map_err(throw)?;
        model.accepts_vocabulary(tokenizer.vocab_size()).map_err(throw)?;
        Engine::of(Arc::new(model), Arc::new(tokenizer))
    }

    /// Another engine with its own text. Both engines share one model in memory.
    pub fn another(&self) -> Result<Engine, Error> {
        Engine::of(self.model.clone(), self.tokenizer.clone())
    }

    /// The model's dimensions and sizes.
    pub fn info(&self) -> Result<Ts<ModelInfo>, Error> {
        cross(&ModelInfo::of(self.session.model().config()))
    }

    /// Each router's `e_score_correction_bias`, from the lowest layer up; empty if the routers have no such bias.
    /// (layers with routed experts, n_routed_experts)
    #[wasm_bindgen(unchecked_return_type = "number[][]")]
    pub fn selection_biases(&self) -> Result<JsValue, Error> {
        let biases = self.session.model().selection_biases();
        serde_wasm_bindgen::to_value(&biases).map_err(|error| Error::new(&error.to_string()))
    }

    /// Each token's label, by id: its text, or its bytes in hex if they are not whole characters.
    pub fn vocabulary(&self) -> Vec<String> {
        (0..self.session.model().config().vocab_size as u32).map(|id| self.tokenizer.label(id)).collect()
    }

    /// Computes the sizes of published models and of this model. `presets` has the bytes of a `presets.json`,
    /// `question` is a `Question` as JSON.
    ///
    /// Throws an `Error` with the name "survey" and a message of one sentence.
    pub fn survey(&self, presets: &[u8], question: &str) -> Result<Ts<Survey>, Error> {
        let survey =
            survey::survey(presets, question, self.model.config()).map_err(|error| thrown("survey", &error))?;
        cross(&survey)
    }

    /// The text of token ids.
    pub fn decode(&self, tokens: &[u32]) -> String {
        self.tokenizer.decode(tokens)
    }

    /// Replaces the text and returns its token ids. Tokens at the start that are the same in the old and the new text
    /// keep their records.
    pub fn set_text(&mut self, text: &str) -> Result<Vec<u32>, Error> {
        let tokens = self.tokenizer.encode_with_special_tokens(text);
        self.session.set_tokens(&tokens).map_err(throw)?;
        Ok(tokens)
    }

    /// Replaces the text by token ids. `set_text` cannot make every sequence: a text whose last token was appended, for
    /// example, can have other tokens when it is encoded again.
    pub fn set_tokens(&mut self, tokens: &[u32]) -> Result<(), Error> {
        self.session.set_tokens(tokens).map_err(throw)
    }

    /// The text's token ids.
    pub fn tokens(&self) -> Vec<u32> {
        self.session.tokens().to_vec()
    }

    /// Number of positions with a record.
    pub fn recorded(&self) -> usize {
        self.session.records().len()
    }

    /// Goes to a position and returns its record. Tokens up to this position that have no record yet run first.
    pub fn seek(&mut self, position: usize) -> Result<Ts<Record>, Error> {
        cross(self.session.seek(position).map_err(throw)?)
    }

    /// Appends a token to the end of the text.
    pub fn append(&mut self, token: u32) -> Result<(), Error> {
        self.session.append(token).map_err(throw)
    }

    /// Runs to the end of the text and returns the id of the token that the model chooses next. The text does not
    /// change.
    ///
    /// Temperature 0 takes the most probable token. The same text, temperature and seed give the same token.
    pub fn choose_next(&mut self, temperature: f32, seed: u32) -> Result<u32, Error> {
        self.session.choose_next(Sampling { temperature, seed: u64::from(seed) }).map_err(throw)
    }

    /// The next-token distribution after a recorded position, at a temperature. `choose_next` chooses from this
    /// distribution.
    pub fn distribution(&mut self, position: usize, temperature: f32) -> Result<Ts<Distribution>, Error> {
        cross(&self.session.distribution(position, temperature).map_err(throw)?)
    }

    /// How often each expert was chosen at the positions from 0 to this one, which must have a record.
    pub fn load(&self, position: usize) -> Result<Ts<ExpertLoad>, Error> {
        cross(&self.session.load(position).map_err(throw)?)
    }

    /// Recomputes the detail of a recorded step and writes it to `arrays`: an object with one `Float32Array` for each
    /// array of `Detail`, under the same name. The values are row-major. An array with another length is an error.
    pub fn detail(&mut self, position: usize, arrays: &Object) -> Result<(), Error> {
        detail(&mut self.session, position, arrays)
    }

    /// Replaces the what-if. `settings` is a JSON object with some settings of `WhatIf`; absent settings have the
    /// model's own values. Returns the resolved what-if. The model does not run yet.
    ///
    /// Throws an `Error` with the name "what-if" if the settings are invalid or the model does not support them. The
    /// old what-if then remains.
    pub fn set_what_if(&mut self, settings: &str) -> Result<Ts<ResolvedWhatIf>, Error> {
        let what_if = WhatIf::from_json(settings).map_err(throw)?;
        cross(&self.comparison.set(&what_if).map_err(throw)?)
    }

    /// Compares the plain and the changed run at all positions up to this position, and returns the comparison at this
    /// position. Tokens that have no record yet run first; with a truncated latent, the plain run first covers the
    /// whole text.
    pub fn compare(&mut self, position: usize) -> Result<Ts<Compared>, Error> {
        cross(self.comparison.seek(&mut self.session, position).map_err(throw)?)
    }

    /// The loss of the plain and of the changed run over the compared positions.
    pub fn loss(&self) -> Result<Ts<Loss>, Error> {
        cross(&self.comparison.loss())
    }

    /// Like `choose_next`, for the changed run. First compares both runs up to the end of the text.
    pub fn changed_choose_next(&mut self, temperature: f32, seed: u32) -> Result<u32, Error> {
        let sampling = Sampling { temperature, seed: u64::from(seed) };
        self.comparison.choose_next(&mut self.session, sampling).map_err(throw)
    }

    /// The tokens with which each run continues the text, at most `count` per run. The text does not change.
    pub fn continuations(&mut self, temperature: f32, seed: u32, count: usize) -> Result<Ts<Continuations>, Error> {
        let sampling = Sampling { temperature, seed: u64::from(seed) };
        cross(&self.comparison.continuations(&mut self.session, sampling, count).map_err(throw)?)
    }

    /// Like `detail`, for the changed run at a compared position.
    pub fn changed_detail(&mut self, position: usize, arrays: &Object) -> Result<(), Error> {
        detail(self.comparison.intervened(), position, arrays)
    }

    /// Like `distribution`, for the changed run at a compared position.
    pub fn changed_distribution(&mut self, position: usize, temperature: f32) -> Result<Ts<Distribution>, Error> {
        cross(&self.comparison.intervened().distribution(position, temperature).map_err(throw)?)
    }

    /// Like `load`, for the changed run up to a compared position.
    pub fn changed_load(&mut self, position: usize) -> Result<Ts<ExpertLoad>, Error> {
        cross(&self.comparison.intervened().load(position).map_err(throw)?)
    }
}

impl Engine {
    fn of(model: Arc<Model>, tokenizer: Arc<Tokenizer>) -> Result<Engine, Error> {
        let session = Session::new(model.clone());
        let comparison = Comparison::new(&session, &WhatIf::default()).map_err(throw)?;
        Ok(Engine { model, session, comparison, tokenizer })
    }
}

/// Recomputes the detail of a session's step and writes it to typed arrays of the caller.
fn detail(session: &mut Session, position: usize, arrays: &Object) -> Result<(), Error> {
    let detail = session.detail(position).map_err(throw)?;
    for (name, values) in detail.into_arrays() {
        let array = Reflect::get(arrays, &name.into()).ok().and_then(|array| array.dyn_into::<Float32Array>().ok());
        fill(name, array.as_ref(), &values)?;
    }
    Ok(())
}

/// Copies values into an array of the caller. A missing array, or one with another length, is an error.
fn fill(name: &'static str, target: Option<&Float32Array>, values: &[f32]) -> Result<(), Error> {
    match target {
        Some(target) if target.length() as usize == values.len() => {
            target.copy_from(values);
            Ok(())
        }
        _ => {
            let found = target.map_or(0, |target| target.length() as usize);
            Err(throw(SessionError::ArrayLength { name, found, expected: values.len() }))
        }
    }
}

/// An engine error as a JavaScript `Error`.
fn throw(error: impl Into<EngineError>) -> Error {
    let error = error.into();
    thrown(error.kind(), &error)
}
