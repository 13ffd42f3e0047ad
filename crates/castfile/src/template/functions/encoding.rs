//! sprig's functions for encodings and sums.

use super::{Function, Outcome, function};
use crate::value::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

pub(super) const FUNCTIONS: &[Function] = &[
    function("b64enc", 1, 1, |context, mut arguments| {
        let text = arguments.text()?;
        context.charge(text.len() * 2)?;
        Ok(STANDARD.encode(text).into())
    }),
    function("b64dec", 1, 1, |_, mut arguments| {
        let text = arguments.text()?;
        // as Go, which passes over line ends
        let packed: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        match STANDARD.decode(packed) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(text.into()),
                Err(_) => arguments.bad_input("the bytes are not text"),
            },
            Err(error) => arguments.bad_input(error.to_string()),
        }
    }),
    function("sha256sum", 1, 1, |context, mut arguments| {
        let text = arguments.text()?;
        context.charge(text.len() * 4)?;
        let sum = Sha256::digest(text);
        Ok(sum
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
            .into())
    }),
    function("toJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), false, true).into())
    }),
    function("mustToJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), false, true).into())
    }),
    function("toPrettyJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), true, true).into())
    }),
    function("mustToPrettyJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), true, true).into())
    }),
    function("toRawJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), false, false).into())
    }),
    function("mustToRawJson", 1, 1, |_, mut arguments| {
        Ok(json(&arguments.next(), false, false).into())
    }),
    function("fromJson", 1, 1, from_json),
    function("mustFromJson", 1, 1, from_json),
];

/// As Go's encoder, which escapes `<`, `>` and `&` unless told otherwise.
fn json(value: &Value, pretty: bool, escape: bool) -> String {
    let json = serde_json::Value::from(value);
    let text = if pretty {
        format!("{json:#}")
    } else {
        json.to_string()
    };
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' if escape => escaped.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            '\u{2028}' | '\u{2029}' => escaped.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => escaped.push(c),
        }
    }
    escaped
}

fn from_json(context: &mut super::Context<'_>, mut arguments: super::Arguments) -> Outcome {
    let text = arguments.text()?;
    context.charge(text.len() * 16)?;
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(json) => Ok(json.into()),
        Err(error) => arguments.bad_input(error.to_string()),
    }
}
