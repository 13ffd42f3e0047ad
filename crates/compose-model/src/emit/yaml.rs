//! YAML.

use yaml_tree::{Resolved, go_display};

use super::scalar::{is_break, is_one_word};
use super::time;
use super::writer::{STEP, Writer};
use crate::printed::{Printed, Shape};
use crate::value::{Data, Value};

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
    write_data(&mut writer, &value.data, 0);
    writer.finish()
}

/// Values in canonical form as text, entry by entry.
pub(crate) struct YamlWriter(Writer);

impl YamlWriter {
    pub(crate) fn new() -> Self {
        Self(Writer::new())
    }

    /// The key of an entry at `depth`, whose value is written next.
    pub(crate) fn key(&mut self, key: &str, depth: usize) {
        write_key(&mut self.0, key, depth * STEP);
    }

    /// The value of an entry at `depth`.
    pub(crate) fn value(&mut self, value: &Printed<'_>, depth: usize) {
        write_printed(&mut self.0, value, (depth + 1) * STEP);
    }

    /// Lines that another writer made, as they are.
    pub(crate) fn lines(&mut self, lines: &str) {
        self.0.lines(lines);
    }

    /// The text with a line break at its end.
    pub(crate) fn finish(self) -> String {
        self.0.finish()
    }
}

/// `value`, its entries in the column `indent`.
fn write_printed(writer: &mut Writer, value: &Printed<'_>, indent: usize) {
    match &value.shape {
        Shape::Same(data) => write_data(writer, data, indent),
        Shape::Scalar(data) => write_data(writer, data, indent),
        Shape::Text(text) => writer.string(text, indent, false),
        Shape::List(items) => write_list(writer, items, write_printed, indent),
        Shape::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (&**key, value));
            write_map(writer, entries, write_printed, indent);
        }
    }
}

fn write_value(writer: &mut Writer, value: &Value, indent: usize) {
    write_data(writer, &value.data, indent);
}

fn write_data(writer: &mut Writer, data: &Data, indent: usize) {
    match data {
        Data::Null => writer.bare("null"),
        Data::Bool(value) => writer.bare(if *value { "true" } else { "false" }),
        Data::Int(value) => writer.bare(&value.to_string()),
        Data::UInt(value) => writer.bare(&value.to_string()),
        Data::Float(value) => writer.bare(&float(*value)),
        Data::Time(text) => writer.bare(&time::rfc3339(text)),
        Data::Str(text) => writer.string(text, indent, false),
        Data::List(items) => write_list(writer, items, write_value, indent),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| (&**key, value));
            write_map(writer, entries, write_value, indent);
        }
    }
}

/// Writes one value inside of another.
type Write<V> = fn(&mut Writer, &V, usize);

fn write_list<V>(writer: &mut Writer, items: &[V], write: Write<V>, indent: usize) {
    if items.is_empty() {
        writer.bare("[]");
    }
    for item in items {
        writer.indent(indent);
        writer.block_indicator('-');
        write(writer, item, indent + STEP);
    }
}

fn write_map<'e, V: 'e>(
    writer: &mut Writer,
    entries: impl ExactSizeIterator<Item = (&'e str, &'e V)>,
    write: Write<V>,
    indent: usize,
) {
    if entries.len() == 0 {
        writer.bare("{}");
    }
    for (key, value) in entries {
        write_key(writer, key, indent);
        write(writer, value, indent + STEP);
    }
}

fn write_key(writer: &mut Writer, key: &str, indent: usize) {
    writer.indent(indent);
    if key.len() <= SIMPLE_KEY && (is_one_word(key) || !key.contains(is_break)) {
        writer.string(key, indent + STEP, true);
        writer.colon();
    } else {
        writer.block_indicator('?');
        writer.string(key, indent + STEP, false);
        writer.indent(indent);
        writer.block_indicator(':');
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
