//! Values inside templates.

use std::collections::BTreeMap;
use std::fmt;

/// A value inside a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Self>),
    /// A map: an absent key is nothing.
    Map(BTreeMap<String, Self>),
    /// A record: an absent field is an error.
    Record(BTreeMap<String, Self>),
}

impl Data {
    /// Whether `if` takes it for true.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Record(_) => true,
        }
    }

    /// Whether sprig takes it for empty.
    pub(crate) fn is_empty(&self) -> bool {
        !self.truth()
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Record(_) => "struct",
        }
    }

    /// The text, converted as sprig's `strval` does.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Nil => String::new(),
            other => other.to_string(),
        }
    }

    /// The number, converted as sprig's `toInt64` does.
    pub(crate) fn int(&self) -> i64 {
        match self {
            Self::Int(number) => *number,
            #[expect(clippy::cast_possible_truncation, reason = "as Go converts it")]
            Self::Float(number) => *number as i64,
            Self::Bool(flag) => i64::from(*flag),
            Self::Text(text) => text.parse().unwrap_or(0),
            _ => 0,
        }
    }
}

/// As Go's `%v` prints it.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("<no value>"),
            Self::Bool(flag) => flag.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        f.write_str(" ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("map[")?;
                for (at, (key, value)) in map.iter().enumerate() {
                    if at > 0 {
                        f.write_str(" ")?;
                    }
                    write!(f, "{key}:{value}")?;
                }
                f.write_str("]")
            }
            Self::Record(map) => {
                f.write_str("{")?;
                for (at, value) in map.values().enumerate() {
                    if at > 0 {
                        f.write_str(" ")?;
                    }
                    value.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
