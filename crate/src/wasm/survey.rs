//! The boundary to JavaScript of a module of its own: published models' arithmetic, which a page brings only when it is
//! asked for. One function, plain data in and out, and no logic.

use crate::files::config::Config;
use crate::survey::{self, Survey};
use crate::wasm::{cross, thrown};
use js_sys::Error;
use tsify::Ts;
use wasm_bindgen::prelude::*;

/// Published models beside a page's own: the bytes of its `config.json` and of a `presets.json`, and a `Question` as JSON.
///
/// Throws an `Error` whose `name` is "config" or "survey", and whose message is one sentence.
#[wasm_bindgen]
pub fn survey(config: &[u8], presets: &[u8], question: &str) -> Result<Ts<Survey>, Error> {
    let page = Config::from_json(config).map_err(|error| thrown("config", &error))?;
    let survey = survey::survey(presets, question, &page).map_err(|error| thrown("survey", &error))?;
    cross(&survey)
}
