//! How plain data, errors and panics cross to JavaScript.

pub mod engine;

use js_sys::Error;
use serde::Serialize;
use std::fmt::Display;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// Plain data as JavaScript's.
pub(crate) fn cross<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, Error> {
    serde_wasm_bindgen::to_value(value).map(Ts::new_unchecked).map_err(|error| Error::new(&error.to_string()))
}

/// An error as JavaScript's: its kind is the name, its sentence the message.
pub(crate) fn thrown(kind: &str, error: &dyn Display) -> Error {
    let thrown = Error::new(&error.to_string());
    thrown.set_name(kind);
    thrown
}

/// A panic must not be, but if one is, it reaches JavaScript as an `Error` named "panic" with its message and place;
/// the module is unusable afterwards, and the worker starts a fresh engine.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let thrown = thrown("panic", panic);
        web_sys::console::error_1(&thrown);
        wasm_bindgen::throw_val(thrown.into());
    }));
}
