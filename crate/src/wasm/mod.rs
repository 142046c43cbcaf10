//! The boundary to JavaScript: plain data, errors and panics.

pub mod engine;

use js_sys::Error;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// A JavaScript value as JSON. The crate's JSON reader then makes the typed value: its errors name the place, the value
/// found and the value expected, which errors of a derived `Deserialize` do not.
///
/// # Errors
/// The reason, if the value has a part that JSON cannot have (a function, for example).
pub(crate) fn received<T: Tsify>(given: Ts<T>) -> Result<Value, String> {
    let value = serde_wasm_bindgen::from_value(given.into());
    value.map_err(|error| JsValue::from(error).unchecked_into::<Error>().message().into())
}

/// Plain data as a JavaScript value.
pub(crate) fn cross<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, Error> {
    serde_wasm_bindgen::to_value(value).map(Ts::new_unchecked).map_err(|error| Error::new(&error.to_string()))
}

/// An error as a JavaScript `Error`, with its kind as name and its sentence as message.
pub(crate) fn thrown(kind: &str, error: &dyn Display) -> Error {
    let thrown = Error::new(&error.to_string());
    thrown.set_name(kind);
    thrown
}

/// Sets a hook that throws each panic to JavaScript as an `Error` with the name "panic", its message and its source
/// line. The module is unusable afterwards, and the worker starts a new engine.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let thrown = thrown("panic", panic);
        web_sys::console::error_1(&thrown);
        wasm_bindgen::throw_val(thrown.into());
    }));
}
