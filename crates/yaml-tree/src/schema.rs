//! What plain scalars mean.

use crate::{Scalar, Style, number, timestamp};

/// The rules by which a plain scalar becomes a null, boolean, number or string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Schema {
    /// The core schema of YAML 1.2.
    #[default]
    Core,
    /// The rules of Go's YAML library (v3 and v4) as Docker Compose and cast use it: those of the
    /// core schema, and `010` and `0b11` are integers, `_` may stand in numbers, dates are
    /// timestamps. `yes`, `no`, `on`, `off`, `y` and `n` are strings under both.
    Go,
}

/// What a scalar means under a [`Schema`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Resolved<'a> {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// An integer above [`i64::MAX`] that fits 64 bits without a sign.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A date or date and time, as written ([`Schema::Go`] only).
    Timestamp(&'a str),
    /// Text.
    Str(&'a str),
}

impl Schema {
    /// What `scalar` means, written with `tag` (in the form of [`Node::tag`](crate::Node::tag)).
    ///
    /// - Without a tag: quoted and block scalars are strings, plain ones follow the schema.
    /// - `!!null`, `!!bool`, `!!int`, `!!float` and, under [`Go`](Self::Go), `!!timestamp`: the text
    ///   follows the schema whatever its style. A text that gives another type than the tag says
    ///   is a string here (Go's library refuses it); an integer tagged `!!float` becomes a float.
    /// - Any other tag, local ones and `!!str` among them: a string, as Docker Compose v5.6.1 has
    ///   it. `!!binary` is not decoded.
    ///
    /// ```
    /// use yaml_tree::{Resolved, Scalar, Schema, Style};
    ///
    /// let octal = Scalar { text: "010".into(), style: Style::Plain };
    /// assert_eq!(Schema::Go.resolve(&octal, None), Resolved::Int(8));
    /// assert_eq!(Schema::Core.resolve(&octal, None), Resolved::Int(10));
    /// assert_eq!(Schema::Go.resolve(&octal, Some("!!str")), Resolved::Str("010"));
    /// ```
    pub fn resolve<'s>(self, scalar: &'s Scalar, tag: Option<&str>) -> Resolved<'s> {
        let text = &*scalar.text;
        let Some(tag) = tag else {
            return match scalar.style {
                Style::Plain => self.plain(text),
                _ => Resolved::Str(text),
            };
        };
        let meant = match tag {
            "!!null" | "!!bool" | "!!int" | "!!float" | "!!timestamp" => self.plain(text),
            _ => return Resolved::Str(text),
        };
        match (tag, &meant) {
            ("!!null", Resolved::Null)
            | ("!!bool", Resolved::Bool(_))
            | ("!!int", Resolved::Int(_) | Resolved::UInt(_))
            | ("!!float", Resolved::Float(_))
            | ("!!timestamp", Resolved::Timestamp(_)) => meant,
            #[expect(clippy::cast_precision_loss, reason = "what the tag asks for")]
            ("!!float", Resolved::Int(number)) => Resolved::Float(*number as f64),
            #[expect(clippy::cast_precision_loss, reason = "what the tag asks for")]
            ("!!float", Resolved::UInt(number)) => Resolved::Float(*number as f64),
            _ => Resolved::Str(text),
        }
    }

    /// What a plain scalar without a tag means.
    ///
    /// ```
    /// use yaml_tree::{Resolved, Schema};
    /// assert_eq!(Schema::Go.plain("0b11"), Resolved::Int(3));
    /// ```
    pub fn plain(self, text: &str) -> Resolved<'_> {
        let Some(first) = text.bytes().next() else {
            return Resolved::Null;
        };
        let found = match first {
            b'~' | b'n' | b'N' => {
                matches!(text, "~" | "null" | "Null" | "NULL").then_some(Resolved::Null)
            }
            b't' | b'T' => matches!(text, "true" | "True" | "TRUE").then_some(Resolved::Bool(true)),
            b'f' | b'F' => {
                matches!(text, "false" | "False" | "FALSE").then_some(Resolved::Bool(false))
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => match self {
                Self::Core => number::core(text),
                Self::Go if timestamp::is_timestamp(text) => Some(Resolved::Timestamp(text)),
                Self::Go => number::go(text),
            },
            _ => None,
        };
        found.unwrap_or(Resolved::Str(text))
    }
}

impl Resolved<'_> {
    /// "null", "a boolean", "an integer", "a number", "a date", "a string": for messages.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::UInt(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Timestamp(_) => "a date",
            Self::Str(_) => "a string",
        }
    }
}

/// The text Go's `%v` gives for a value, `None` for null.
///
/// Docker Compose makes text of environment and label values in this way, after they have been
/// typed: `1.10` becomes `1.1`, `1e6` becomes `1e+06`, `2024-01-01` becomes
/// `2024-01-01 00:00:00 +0000 UTC`. What null means there is the caller's to say. A time written
/// with the offset `+00:00` prints as UTC, which is what Go does on a machine whose zone is UTC.
///
/// ```
/// use yaml_tree::{Resolved, go_display};
/// assert_eq!(go_display(&Resolved::Float(12_345_678.9)).as_deref(), Some("1.23456789e+07"));
/// ```
pub fn go_display(value: &Resolved<'_>) -> Option<String> {
    Some(match value {
        Resolved::Null => return None,
        Resolved::Bool(value) => value.to_string(),
        Resolved::Int(value) => value.to_string(),
        Resolved::UInt(value) => value.to_string(),
        Resolved::Float(value) => number::go_float(*value),
        Resolved::Timestamp(text) => {
            timestamp::go_display(text).unwrap_or_else(|| (*text).to_owned())
        }
        Resolved::Str(text) => (*text).to_owned(),
    })
}

#[cfg(test)]
mod tests;
