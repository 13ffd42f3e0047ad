//! Values as Go's `fmt` writes them.

use super::Value;
use std::fmt::{Display, Formatter, Result, Write as _};

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => f.write_str("<nil>"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&float(*value)),
            Self::Str(text) => f.write_str(text),
            Self::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_char(' ')?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_char(']')
            }
            Self::Map(map) => {
                f.write_str("map[")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    if index > 0 {
                        f.write_char(' ')?;
                    }
                    write!(f, "{key}:{value}")?;
                }
                f.write_char(']')
            }
            Self::Time(time) => match jiff::Timestamp::try_from(*time) {
                Ok(time) => write!(f, "{}", time.strftime("%Y-%m-%d %H:%M:%S%.f +0000 UTC")),
                Err(_) => f.write_str("<time>"),
            },
        }
    }
}

/// A float as `%v` writes it: the shortest digits which read back as the same number, with an
/// exponent when that is below -4 or above 5.
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) || value == 0.0 {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// A text as `%q` writes it: a Go string literal in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    quoted.extend(text.chars().map(|c| escaped(c, '"')));
    quoted.push('"');
    quoted
}

/// One character of a Go literal in the given quotes.
pub(crate) fn escaped(c: char, quote: char) -> String {
    match c {
        _ if c == quote => format!("\\{quote}"),
        '\\' => "\\\\".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        ' ' | '\'' | '"' => c.into(),
        c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)),
        // what Rust takes for printable is near enough to what Go does
        c if c.escape_debug().len() == 1 => c.into(),
        c if u32::from(c) < 0x1_0000 => format!("\\u{:04x}", u32::from(c)),
        c => format!("\\U{:08x}", u32::from(c)),
    }
}
