//! JSON.

use std::fmt::{self, Write as _};

use super::time;
use crate::printed::{Printed, Shape};
use crate::value::{Data, Value};

/// A number that JSON has not: infinity or none. `Display` is the wording of Docker Compose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JsonError(f64);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self.0 {
            number if number.is_nan() => "NaN",
            number if number > 0.0 => "+Inf",
            _ => "-Inf",
        };
        write!(f, "json: unsupported value: {number}")
    }
}

impl std::error::Error for JsonError {}

/// `value` as `docker compose config --format json` prints it: indented by two spaces, `<`, `>`
/// and `&` escaped, without a line break at the end.
///
/// # Errors
/// If it has a number that JSON has not.
///
/// ```
/// use compose_model::{Data, Map, Value, to_json};
///
/// let map = Map::from_iter([("a", Value::new("x<y")), ("b", Value::new(Vec::new()))]);
/// assert_eq!(to_json(&Value::new(map))?, "{\n  \"a\": \"x\\u003cy\",\n  \"b\": []\n}");
/// # Ok::<(), compose_model::JsonError>(())
/// ```
pub fn to_json(value: &Value) -> Result<String, JsonError> {
    printed_to_json(&Printed::same(value))
}

/// The same on one line without blanks.
///
/// # Errors
/// If it has a number that JSON has not.
pub fn to_json_compact(value: &Value) -> Result<String, JsonError> {
    let mut out = String::new();
    write_value(&mut out, value, None)?;
    Ok(out)
}

/// As [`to_json`].
pub(crate) fn printed_to_json(value: &Printed<'_>) -> Result<String, JsonError> {
    let mut out = String::new();
    write_printed(&mut out, value, Some(0))?;
    Ok(out)
}

fn write_printed(
    out: &mut String,
    value: &Printed<'_>,
    depth: Option<usize>,
) -> Result<(), JsonError> {
    match &value.shape {
        Shape::Same(data) => write_data(out, data, depth),
        Shape::Scalar(data) => write_data(out, data, depth),
        Shape::Text(text) => {
            write_string(out, text);
            Ok(())
        }
        Shape::List(items) => write_list(out, items, write_printed, depth),
        Shape::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (&**key, value));
            write_map(out, entries, write_printed, depth)
        }
    }
}

fn write_value(out: &mut String, value: &Value, depth: Option<usize>) -> Result<(), JsonError> {
    write_data(out, &value.data, depth)
}

fn write_data(out: &mut String, data: &Data, depth: Option<usize>) -> Result<(), JsonError> {
    // Writing to a string cannot fail.
    let _ = match data {
        Data::Null => out.write_str("null"),
        Data::Bool(value) => write!(out, "{value}"),
        Data::Int(value) => write!(out, "{value}"),
        Data::UInt(value) => write!(out, "{value}"),
        Data::Float(value) => write!(out, "{}", number(*value)?),
        Data::Time(text) => {
            write_string(out, &time::rfc3339(text));
            Ok(())
        }
        Data::Str(text) => {
            write_string(out, text);
            Ok(())
        }
        Data::List(items) => return write_list(out, items, write_value, depth),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| (&**key, value));
            return write_map(out, entries, write_value, depth);
        }
    };
    Ok(())
}

/// Writes one value inside of another.
type Write<V> = fn(&mut String, &V, Option<usize>) -> Result<(), JsonError>;

fn write_list<V>(
    out: &mut String,
    items: &[V],
    write: Write<V>,
    depth: Option<usize>,
) -> Result<(), JsonError> {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        begin(out, at, deeper(depth));
        write(out, item, deeper(depth))?;
    }
    if !items.is_empty() {
        begin(out, 0, depth);
    }
    out.push(']');
    Ok(())
}

fn write_map<'e, V: 'e>(
    out: &mut String,
    entries: impl ExactSizeIterator<Item = (&'e str, &'e V)>,
    write: Write<V>,
    depth: Option<usize>,
) -> Result<(), JsonError> {
    out.push('{');
    let empty = entries.len() == 0;
    for (at, (key, value)) in entries.enumerate() {
        begin(out, at, deeper(depth));
        write_string(out, key);
        out.push_str(if depth.is_some() { ": " } else { ":" });
        write(out, value, deeper(depth))?;
    }
    if !empty {
        begin(out, 0, depth);
    }
    out.push('}');
    Ok(())
}

/// The depth of what is inside; none stays none.
fn deeper(depth: Option<usize>) -> Option<usize> {
    depth.map(|depth| depth + 1)
}

/// A comma before all entries but the first, and a new line for the entry if there are lines.
fn begin(out: &mut String, at: usize, depth: Option<usize>) {
    if at > 0 {
        out.push(',');
    }
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        let escape = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escape);
        if escape.is_empty() {
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        }
        copied = at + character.len_utf8();
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// A float as Go's JSON library prints it: with an exponent below 1e-6 and from 1e21 on.
fn number(value: f64) -> Result<String, JsonError> {
    if !value.is_finite() {
        return Err(JsonError(value));
    }
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return Ok(match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => {
                format!("{mantissa}e+{exponent}")
            }
            _ => text,
        });
    }
    Ok(value.to_string())
}
