//! The boundary to JavaScript: plain data, errors and panics.

pub mod engine;

use js_sys::Error;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// Converts a JavaScript value to JSON. The crate's JSON reader then makes the typed value from it: its errors name the
/// place, the value found and the value expected. The errors of a derived `Deserialize` do not.
///
/// # Errors
/// The reason, if a part of the value cannot be written as JSON (a function, for example).
pub(crate) fn received<T: Tsify>(given: Ts<T>) -> Result<Value, String> {
    let value = serde_wasm_bindgen::from_value(given.into());
    value.map_err(|error| JsValue::from(error).unchecked_into::<Error>().message().into())
}

/// Converts plain data to a JavaScript value.
pub(crate) fn cross<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, Error> {
    serde_wasm_bindgen::to_value(value).map(Ts::new_unchecked).map_err(|error| Error::new(&error.to_string()))
}

/// A JavaScript `Error` for an engine error: the name is the error's kind, the message is its sentence.
pub(crate) fn thrown(kind: &str, error: &dyn Display) -> Error {
    let thrown = Error::new(&error.to_string());
    thrown.set_name(kind);
    thrown
}

/// Sets a hook that throws each panic to JavaScript as an `Error` with the name "panic"; the message contains the
/// panic's text and source line. After a panic the module is unusable, and the page starts a new engine.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let thrown = thrown("panic", panic);
        web_sys::console::error_1(&thrown);
        wasm_bindgen::throw_val(thrown.into());
    }));
}
