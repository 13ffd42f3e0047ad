//! Functions over JSON.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Function, takes};
use crate::options::Meter;
use crate::options::Param::{Any, Text};
use crate::{Data, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["fromJson"], &[Text], |meter, a| {
        Ok(read(meter, a[0].as_text()).unwrap_or(Data::Nil))
    }),
    takes(&["mustFromJson"], &[Text], |meter, a| {
        read(meter, a[0].as_text())
    }),
    takes(&["toJson", "mustToJson"], &[Any], |meter, a| {
        written(meter, &a[0], None, true)
    }),
    takes(&["toPrettyJson", "mustToPrettyJson"], &[Any], |meter, a| {
        written(meter, &a[0], Some(0), true)
    }),
    takes(&["toRawJson", "mustToRawJson"], &[Any], |meter, a| {
        written(meter, &a[0], None, false)
    }),
];

fn read(meter: &mut Meter, text: &str) -> Result<Data, Trouble> {
    meter.charge(text.len() * 16)?;
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(data(&value))
}

/// All numbers are floating point.
fn data(value: &Value) -> Data {
    match value {
        Value::Null => Data::Nil,
        Value::Bool(flag) => Data::Bool(*flag),
        Value::Number(number) => Data::Float(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Data::Text(text.clone()),
        Value::Array(items) => Data::list(items.iter().map(data).collect()),
        Value::Object(map) => Data::dict(map.iter().map(|(k, v)| (k.clone(), data(v)))),
    }
}

fn written(
    meter: &mut Meter,
    value: &Data,
    depth: Option<usize>,
    escapes: bool,
) -> Result<Data, Trouble> {
    let weight = value.weight();
    meter.charge(weight.size.saturating_mul(weight.depth))?;
    let mut out = String::new();
    write(value, depth, escapes, &mut out)?;
    Ok(Data::Text(out))
}

/// With a depth it is indented.
fn write(
    value: &Data,
    depth: Option<usize>,
    escapes: bool,
    out: &mut String,
) -> Result<(), Trouble> {
    let inner = depth.map(|depth| depth + 1);
    let line = |depth: Option<usize>, out: &mut String| {
        if let Some(depth) = depth {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    match value {
        Data::Nil | Data::NilPointer(_) => out.push_str("null"),
        Data::Text(text) => quote(text, escapes, out),
        Data::Float(number) if !number.is_finite() => {
            return Err(format!("{value} is no number to JSON").into());
        }
        Data::Float(number) => out.push_str(&float(*number)),
        Data::List(_, items) if items.is_empty() => out.push_str("[]"),
        Data::List(_, items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(inner, out);
                write(item, inner, escapes, out)?;
            }
            line(depth, out);
            out.push(']');
        }
        Data::Dict(_) | Data::Texts(_) | Data::Map(_) => {
            let entries = value.entries().unwrap_or_default();
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(inner, out);
                quote(key, escapes, out);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                write(value, inner, escapes, out)?;
            }
            if !entries.is_empty() {
                line(depth, out);
            }
            out.push('}');
        }
        Data::Record(record) => {
            return Err(format!("what {} is in JSON is not known", record.name).into());
        }
        Data::Foreign(foreign) => match foreign.json() {
            Some(text) => quote(&text, escapes, out),
            None => out.push_str("{}"),
        },
        other => out.push_str(&other.to_string()),
    }
    Ok(())
}

/// Numbers that are very large or very small have an exponent.
fn float(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = go_std::strconv::float(number);
        // One digit is enough for a small negative exponent.
        return match text.split_once("e-0") {
            Some((mantissa, digit)) => format!("{mantissa}e-{digit}"),
            None => text,
        };
    }
    number.to_string()
}

fn quote(text: &str, escapes: bool, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Since Go 1.22.
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => {
                let _infallible = write!(out, "\\u{:04x}", u32::from(character));
            }
            '<' | '>' | '&' if escapes => {
                let _infallible = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
