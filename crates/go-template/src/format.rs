//! Values as text, as Go's package `fmt` prints them.

use std::fmt::{self, Write as _};

use go_std::strconv::float;

use crate::Data;

/// As `%v` prints it.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        show(self, &mut out);
        f.write_str(&out)
    }
}

fn show(value: &Data, out: &mut String) {
    match value {
        Data::Nil | Data::NilPointer(_) => out.push_str("<nil>"),
        Data::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Data::Int(number) | Data::Long(number) => {
            let _infallible = write!(out, "{number}");
        }
        Data::Byte(byte) => {
            let _infallible = write!(out, "{byte}");
        }
        Data::Float(number) => out.push_str(&float(*number)),
        Data::Text(text) => out.push_str(text),
        Data::List(_, items) => between(out, '[', ']', items, show),
        Data::Dict(_) | Data::Texts(_) | Data::Map(_) => {
            let entries = value.entries().unwrap_or_default();
            out.push_str("map");
            between(out, '[', ']', &entries, |(key, value), out| {
                out.push_str(key);
                out.push(':');
                show(value, out);
            });
        }
        Data::Record(record) => {
            between(out, '{', '}', &record.fields, |(_, value), out| {
                show(value, out);
            });
        }
        Data::Foreign(foreign) => out.push_str(&foreign.text()),
    }
}

pub(crate) fn between<T>(
    out: &mut String,
    open: char,
    close: char,
    items: &[T],
    each: impl Fn(&T, &mut String),
) {
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        each(item, out);
    }
    out.push(close);
}

impl Data {
    /// The text, converted as sprig's `strval` does.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// Go puts a blank between operands when neither is a text.
pub(crate) fn print(values: &[Data]) -> String {
    let is_text = |value: &Data| matches!(value, Data::Text(_));
    let mut out = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 && !is_text(value) && !is_text(&values[at - 1]) {
            out.push(' ');
        }
        show(value, &mut out);
    }
    out
}
