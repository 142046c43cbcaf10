//! A JSON value as an error message shows it.
//!
//! By hand, and not by `Value`'s own `Display`: that one prints numbers with tables of 10 kB, which the page's wasm would
//! carry for messages alone.

use serde_json::{Number, Value};

/// A value as compact JSON; a number that is not whole to nine digits.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Number(number) => shown_number(number),
        Value::String(text) => format!("{text:?}"),
        Value::Array(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let field = |(name, value)| format!("{name:?}:{}", shown(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))
        }
    }
}

fn shown_number(number: &Number) -> String {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), ..) => whole.to_string(),
        (_, Some(whole), _) => whole.to_string(),
        (.., Some(other)) => shown_float(other),
        _ => "a number".into(),
    }
}

/// A number to nine digits: plainly where it is neither large nor small, else with an exponent.
fn shown_float(x: f64) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let (mut mantissa, mut exponent) = (x.abs(), 0i32);
    if mantissa == 0.0 || !mantissa.is_finite() {
        return format!("{sign}0.0");
    }
    while mantissa >= 10.0 {
        (mantissa, exponent) = (mantissa / 10.0, exponent + 1);
    }
    while mantissa < 1.0 {
        (mantissa, exponent) = (mantissa * 10.0, exponent - 1);
    }
    let mut digits = (mantissa * 1e8).round() as u64;
    if digits == 1_000_000_000 {
        (digits, exponent) = (100_000_000, exponent + 1);
    }
    let digits = digits.to_string();
    let digits = digits.trim_end_matches('0');
    let (first, rest) = digits.split_at(1);
    match usize::try_from(exponent) {
        Ok(before @ 0..=8) => {
            let padded = format!("{digits:0<9}");
            let (whole, part) = padded.split_at(before + 1);
            let part = part.trim_end_matches('0');
            format!("{sign}{whole}.{}", if part.is_empty() { "0" } else { part })
        }
        Err(_) if exponent >= -5 => {
            let zeros = exponent.unsigned_abs() as usize - 1;
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
        _ => {
            let point = if rest.is_empty() { "" } else { "." };
            let plus = if exponent > 0 { "+" } else { "" };
            format!("{sign}{first}{point}{rest}e{plus}{exponent}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn values_are_shown_as_json_has_them() {
        for value in [
            json!(null),
            json!(true),
            json!("a \"text\"\n"),
            json!([1, -2, [0.5, {}]]),
            json!({"a": 1, "b": [false]}),
            json!(u64::MAX),
            json!(i64::MIN),
        ] {
            assert_eq!(shown(&value), value.to_string());
        }
    }

    #[test]
    fn numbers_are_shown_to_nine_digits() {
        for (x, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (2.0, "2.0"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (1e-5, "0.00001"),
            (1.5e-6, "1.5e-6"),
            (123_456_789.0, "123456789.0"),
            (12.25, "12.25"),
            (100.5, "100.5"),
            (0.999_999_999_9, "1.0"),
            (1e300, "1e+300"),
            (-2.5e300, "-2.5e+300"),
            (f64::MIN_POSITIVE, "2.22507386e-308"),
            (1.0 / 3.0, "0.333333333"),
        ] {
            assert_eq!(shown(&json!(x)), expected);
        }
    }
}
