//! The engine as a JavaScript class. It takes and returns plain data, and has no logic of its own.
//!
//! serde-wasm-bindgen converts small values; all TypeScript types are generated from the Rust types. Each array of a
//! detail is copied once, into a typed array with its own buffer. The caller can transfer this buffer to another thread
//! without a second copy.

use crate::error::EngineError;
use crate::files::config::Config;
use crate::model::Model;
use crate::model::intervention::ResolvedWhatIf;
use crate::model_info::ModelInfo;
use crate::record::{Compared, Continuations, Detail, DetailArray, Distribution, ExpertLoad, Loss, Record};
use crate::session::{Sampling, Session};
use crate::survey::{self, Question, Survey, SurveyError};
use crate::tokenizer::Tokenizer;
use crate::wasm::{cross, received, thrown};
use crate::what_if::comparison::Comparison;
use crate::what_if::{WhatIf, WhatIfError};
use js_sys::{Array, Error, Float32Array, Object, Reflect};
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

    /// The tokens that are not whole characters, each with its bytes.
    #[wasm_bindgen(unchecked_return_type = "[number, number[]][]")]
    pub fn byte_tokens(&self) -> Result<JsValue, Error> {
        let ids = 0..self.session.model().config().vocab_size as u32;
        let bytes = ids.filter_map(|id| self.tokenizer.partial_bytes(id).map(|bytes| (id, bytes.to_vec())));
        let bytes: Vec<(u32, Vec<u8>)> = bytes.collect();
        serde_wasm_bindgen::to_value(&bytes).map_err(|error| Error::new(&error.to_string()))
    }

    /// Computes the sizes of published models and of this model. `presets` has the bytes of a `presets.json`.
    ///
    /// Throws an `Error` with the name "survey" and a message of one sentence.
    pub fn survey(&self, presets: &[u8], question: Ts<Question>) -> Result<Ts<Survey>, Error> {
        let question = received(question)
            .map_err(|reason| SurveyError::Question(format!("not JSON: {reason}")))
            .and_then(|json| Question::from_value(&json));
        let survey = question.and_then(|question| survey::survey(presets, question, self.model.config()));
        cross(&survey.map_err(|error| thrown("survey", &error))?)
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

    /// Recomputes the detail of a recorded step.
    pub fn detail(&mut self, position: usize) -> Result<Ts<Detail>, Error> {
        cross_detail(self.session.detail(position).map_err(throw)?)
    }

    /// Replaces the what-if. A setting that is absent, undefined or null has the model's own value. Returns the resolved
    /// what-if. The model does not run yet.
    ///
    /// Throws an `Error` with the name "what-if" if a setting is invalid or the model does not support it. The old
    /// what-if then remains.
    pub fn set_what_if(&mut self, what_if: Ts<WhatIf>) -> Result<Ts<ResolvedWhatIf>, Error> {
        let json = received(what_if).map_err(|reason| throw(WhatIfError::NotJson(reason)))?;
        let what_if = WhatIf::from_value(&json).map_err(throw)?;
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
    pub fn changed_detail(&mut self, position: usize) -> Result<Ts<Detail>, Error> {
        cross_detail(self.comparison.intervened().detail(position).map_err(throw)?)
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

/// Converts a detail to a JavaScript object with the position and, under the name of each array, the array's shape and
/// values.
fn cross_detail(detail: Detail) -> Result<Ts<Detail>, Error> {
    let object = Object::new();
    set(&object, "position", &detail.position.into())?;
    for (name, DetailArray { shape, values }) in detail.into_arrays() {
        let array = Object::new();
        let shape: Array = shape.into_iter().map(|length| JsValue::from_f64(length as f64)).collect();
        set(&array, "shape", &shape)?;
        set(&array, "values", &Float32Array::from(&values[..]))?;
        set(&object, name, &array)?;
    }
    Ok(Ts::new_unchecked(object.into()))
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), Error> {
    Reflect::set(object, &name.into(), value).map(drop).map_err(JsCast::unchecked_into)
}

/// An engine error as a JavaScript `Error`.
fn throw(error: impl Into<EngineError>) -> Error {
    let error = error.into();
    thrown(error.kind(), &error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use wasm_bindgen_test::wasm_bindgen_test;

    const PRESETS: &[u8] = include_bytes!("../../../www/src/engine/presets.json");

    fn shipped() -> Engine {
        Engine::new(
            include_bytes!("../../../www/public/model/config.json"),
            include_bytes!("../../../www/public/model/model.safetensors"),
            include_bytes!("../../../www/public/model/tokenizer.json"),
        )
        .unwrap()
    }

    /// Converts JSON to a JavaScript object.
    fn object<T: tsify::Tsify>(json: &Value) -> Ts<T> {
        Ts::new_unchecked(js_sys::JSON::parse(&json.to_string()).unwrap())
    }

    fn get(object: &JsValue, name: &str) -> JsValue {
        Reflect::get(object, &name.into()).unwrap()
    }

    fn kind_and_sentence<T>(result: Result<T, Error>) -> (String, String) {
        let error = result.map(drop).unwrap_err();
        (error.name().into(), error.message().into())
    }

    #[wasm_bindgen_test]
    fn a_what_if_given_as_an_object_resolves_like_the_same_what_if_in_json() {
        let mut engine = shipped();
        for settings in [
            json!({}),
            json!({"experts_off": [{"layer": 2, "expert": 3}], "num_experts_per_tok": 3, "mixture": "without_shared"}),
            json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": 0.25}], "topk_group": null, "latent_rank": 5}),
        ] {
            let resolved: JsValue = engine.set_what_if(object(&settings)).unwrap().into();
            let resolved: Value = serde_wasm_bindgen::from_value(resolved).unwrap();
            let native = engine.comparison.set(&WhatIf::from_json(&settings.to_string()).unwrap()).unwrap();
            assert_eq!(resolved, serde_json::to_value(native).unwrap(), "{settings}");
        }
    }

    #[wasm_bindgen_test]
    fn an_undefined_setting_counts_as_absent() {
        let settings = Object::new();
        set(&settings, "num_experts_per_tok", &JsValue::UNDEFINED).unwrap();
        set(&settings, "latent_rank", &JsValue::NULL).unwrap();
        let resolved: JsValue = shipped().set_what_if(Ts::new_unchecked(settings.into())).unwrap().into();
        assert_eq!(get(&resolved, "neutral"), JsValue::TRUE);
    }

    #[wasm_bindgen_test]
    fn an_impossible_what_if_throws_the_sentence_of_the_json_reader_and_the_old_what_if_remains() {
        let mut engine = shipped();
        engine.set_what_if(object(&json!({"num_experts_per_tok": 2}))).unwrap();
        let before = engine.comparison.resolved();
        for settings in [
            json!([]),
            json!("all"),
            json!({"expert_off": []}),
            json!({"experts_off": [{"layer": 1}]}),
            json!({"experts_off": [{"layer": 0, "expert": 1}]}),
            json!({"num_experts_per_tok": 1.5}),
            json!({"num_experts_per_tok": "2"}),
            json!({"latent_rank": -1}),
            json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": 1e39}]}),
            json!({"cache_format": "fp8"}),
        ] {
            let native = WhatIf::from_json(&settings.to_string());
            let native = native.and_then(|what_if| engine.comparison.set(&what_if)).unwrap_err().to_string();
            assert_eq!(kind_and_sentence(engine.set_what_if(object(&settings))), ("what-if".into(), native));
            assert_eq!(engine.comparison.resolved(), before);
        }
        let function = Ts::new_unchecked(js_sys::Function::new_no_args("").into());
        let (kind, sentence) = kind_and_sentence(engine.set_what_if(function));
        assert!(kind == "what-if" && sentence.starts_with("the what-if is not JSON: invalid type"), "{sentence}");
    }

    #[wasm_bindgen_test]
    fn a_survey_is_computed_with_settings_given_as_an_object() {
        let engine = shipped();
        let question = json!({"context": 1024, "users": 2, "memory": 80, "bits": 16, "weights": 8, "config": ""});
        let survey: JsValue = engine.survey(PRESETS, object(&question)).unwrap().into();
        let echo: Value = serde_wasm_bindgen::from_value(get(&survey, "question")).unwrap();
        assert_eq!(echo, question);
        let refused = engine.survey(PRESETS, object(&json!({"context": 0})));
        let sentence = "the survey's question: context is 0, expected a whole number from 1 to 10000000";
        assert_eq!(kind_and_sentence(refused), ("survey".into(), sentence.into()));
    }

    #[wasm_bindgen_test]
    fn a_detail_reaches_javascript_with_all_arrays_each_in_its_own_buffer() {
        let mut engine = shipped();
        engine.set_text("The fox").unwrap();
        engine.seek(2).unwrap();
        let crossed: JsValue = engine.detail(2).unwrap().into();
        assert_eq!(get(&crossed, "position"), JsValue::from(2));
        let arrays = engine.session.detail(2).unwrap().into_arrays();
        assert_eq!(Object::keys(crossed.unchecked_ref::<Object>()).length() as usize, 1 + arrays.len());
        for (name, DetailArray { shape, values }) in arrays {
            let array = get(&crossed, name);
            let lengths: Vec<usize> = serde_wasm_bindgen::from_value(get(&array, "shape")).unwrap();
            let array: Float32Array = get(&array, "values").dyn_into().unwrap();
            assert_eq!((lengths, array.to_vec()), (shape, values), "{name}");
            assert_eq!(array.buffer().byte_length(), array.byte_length(), "{name}");
        }
        assert_eq!(kind_and_sentence(engine.detail(3)).0, "session");
    }
}
