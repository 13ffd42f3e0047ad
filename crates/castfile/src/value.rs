//! The values of expressions and templates.

mod convert;
mod format;
mod map;
mod node;

use std::time::SystemTime;

pub use map::Map;

/// A value of an expression or a template.
///
/// `Display` writes it as Go's `fmt` does for `%v`: `[a b]`, `map[a:1 b:2]`, `1e+06`, `<nil>`.
/// `==` compares kind and content; an integer never equals a float here.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `nil`: the value of what is absent.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    Str(String),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(Map),
    /// A point in time, as made by `now` in a template.
    Time(SystemTime),
}

impl Value {
    /// The kind of value, as a word for messages: `nil`, `boolean`, `integer`, `float`, `string`,
    /// `list`, `map` or `time`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nil",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "float",
            Self::Str(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Time(_) => "time",
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the value is empty in the sense of Go templates and sprig: nil, false, zero, or
    /// without any element or character.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::Float(value) => *value == 0.0,
            Self::Str(value) => value.is_empty(),
            Self::List(value) => value.is_empty(),
            Self::Map(value) => value.is_empty(),
            Self::Time(_) => false,
        }
    }

    /// A measure of the memory held, in bytes or so, and how deep the value is nested.
    pub(crate) fn weight(&self) -> Weight {
        let mut weight = Weight { size: 16, depth: 1 };
        match self {
            Self::Str(text) => weight.size += text.len(),
            Self::List(items) => items.iter().for_each(|item| weight.add(item.weight())),
            Self::Map(map) => {
                for (key, item) in map.iter() {
                    weight.size += key.len();
                    weight.add(item.weight());
                }
            }
            _ => {}
        }
        weight
    }
}

/// See [`Value::weight`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    pub(crate) size: usize,
    pub(crate) depth: usize,
}

impl Weight {
    fn add(&mut self, inner: Self) {
        self.size += inner.size;
        self.depth = self.depth.max(inner.depth + 1);
    }
}

#[cfg(test)]
mod tests;
