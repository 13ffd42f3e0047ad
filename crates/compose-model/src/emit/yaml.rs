//! YAML.

use yaml_tree::{Resolved, go_display};

use super::scalar::is_break;
use super::time;
use super::writer::{STEP, Writer};
use crate::value::{Data, Map, Value};

/// Longer keys, in bytes, stand behind a `?`.
const SIMPLE_KEY: usize = 128;

/// `value` as `docker compose config` prints it: in block style, indented by two spaces, sequences
/// deeper than their keys, ending with a line break.
///
/// Strings are quoted where they would be read as something else by Go's YAML library (`"1"`) or
/// by YAML 1.1 (`'yes'`); those of several lines are literal blocks; long ones are broken after 80
/// columns.
///
/// ```
/// use compose_model::{Data, Map, Value, to_yaml};
///
/// let ports = Value::new(vec![Value::new("80:80"), Value::new("010")]);
/// let map = Map::from_iter([("ports", ports), ("tty", Value::new(true))]);
/// assert_eq!(to_yaml(&Value::new(map)), "ports:\n  - 80:80\n  - \"010\"\ntty: true\n");
/// ```
pub fn to_yaml(value: &Value) -> String {
    let mut writer = Writer::new();
    write_value(&mut writer, value, 0);
    writer.finish()
}

/// `value`, its entries in the column `indent`.
fn write_value(writer: &mut Writer, value: &Value, indent: usize) {
    match &value.data {
        Data::Null => writer.bare("null"),
        Data::Bool(value) => writer.bare(if *value { "true" } else { "false" }),
        Data::Int(value) => writer.bare(&value.to_string()),
        Data::UInt(value) => writer.bare(&value.to_string()),
        Data::Float(value) => writer.bare(&float(*value)),
        Data::Time(text) => writer.bare(&time::rfc3339(text)),
        Data::Str(text) => writer.string(text, indent, false),
        Data::List(items) if items.is_empty() => writer.bare("[]"),
        Data::List(items) => {
            for item in items {
                writer.indent(indent);
                writer.block_indicator('-');
                write_value(writer, item, indent + STEP);
            }
        }
        Data::Map(map) if map.is_empty() => writer.bare("{}"),
        Data::Map(map) => write_map(writer, map, indent),
    }
}

fn write_map(writer: &mut Writer, map: &Map, indent: usize) {
    for (key, value) in map.iter() {
        writer.indent(indent);
        if key.len() <= SIMPLE_KEY && !key.contains(is_break) {
            writer.string(key, indent + STEP, true);
            writer.colon();
        } else {
            writer.block_indicator('?');
            writer.string(key, indent + STEP, false);
            writer.indent(indent);
            writer.block_indicator(':');
        }
        write_value(writer, value, indent + STEP);
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    go_display(&Resolved::Float(number)).unwrap_or_default()
}
