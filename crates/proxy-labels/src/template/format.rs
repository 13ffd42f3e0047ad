//! Values as text, as Go's package `fmt` prints them.

use std::fmt::{self, Write as _};

use super::data::Data;

/// More than this is no label any more; values refer to each other, so that a short template can
/// make a long text.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// As `%v` prints it.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        show(self, &mut out);
        f.write_str(&out)
    }
}

fn show(value: &Data, out: &mut String) {
    if out.len() > MAX_TEXT {
        return;
    }
    match value {
        Data::Nil | Data::NilPointer => out.push_str("<nil>"),
        Data::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Data::Int(number) | Data::Long(number) => {
            let _infallible = write!(out, "{number}");
        }
        Data::Byte(byte) => {
            let _infallible = write!(out, "{byte}");
        }
        Data::Float(number) => out.push_str(&shortest(*number)),
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
    }
}

pub(super) fn between<T>(
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
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// What an action writes: an absent value has words of its own.
    pub(super) fn printed(&self) -> String {
        match self {
            Self::Nil => "<no value>".to_owned(),
            other => other.text(),
        }
    }
}

/// Go puts a blank between operands when neither is a text.
pub(super) fn print(values: &[Data]) -> String {
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

/// A text in double quotes, as `%q` and `strconv.Quote` write it.
pub(super) fn quoted(text: &str) -> String {
    in_quotes(text, '"', false)
}

pub(super) fn in_quotes(text: &str, quote: char, ascii: bool) -> String {
    let mut out = String::from(quote);
    for character in text.chars() {
        escaped(character, quote, ascii, &mut out);
    }
    out.push(quote);
    out
}

fn escaped(character: char, quote: char, ascii: bool, out: &mut String) {
    match character {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        '\\' => out.push_str("\\\\"),
        same if same == quote => {
            out.push('\\');
            out.push(same);
        }
        same if is_print(same) && (same.is_ascii() || !ascii) => out.push(same),
        other => {
            let code = u32::from(other);
            let _infallible = match code {
                0..=0x7f => write!(out, "\\x{code:02x}"),
                0x80..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
        }
    }
}

/// Whether Go takes a character for printable: letters, marks, numbers, punctuation, symbols and
/// the blank. Rust escapes the others in its own notation, and marks that would combine.
pub(super) fn is_print(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    let escapes = character.escape_debug().count() > 1;
    let combines = escapes && character.is_alphanumeric();
    !escapes || combines
}

/// The shortest decimal that is this number, `%v`.
pub(super) fn shortest(number: f64) -> String {
    general(number, None)
}

/// `%g`.
pub(super) fn general(number: f64, precision: Option<usize>) -> String {
    if let Some(text) = not_finite(number) {
        return text.to_owned();
    }
    let scientific = match precision {
        Some(digits) => format!("{number:.*e}", digits.max(1) - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut digits = mantissa.to_owned();
    if digits.contains('.') {
        digits.truncate(digits.trim_end_matches('0').trim_end_matches('.').len());
    }
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let limit = match precision {
        None => 6,
        Some(precision) => {
            let precision = i32::try_from(precision.max(1)).unwrap_or(i32::MAX);
            // All digits are written anyway.
            if precision > count && count > exponent {
                count
            } else {
                precision
            }
        }
    };
    if exponent < -4 || exponent >= limit {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let after = usize::try_from(count - 1 - exponent).unwrap_or(0);
    format!("{number:.after$}")
}

pub(super) fn not_finite(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// `%e`.
pub(super) fn scientific(number: f64, precision: usize) -> String {
    if let Some(text) = not_finite(number) {
        return text.to_owned();
    }
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
