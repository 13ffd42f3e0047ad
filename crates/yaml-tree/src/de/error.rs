//! What does not fit, in words.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::suggest::nearest;
use crate::text::shorten;
use crate::{Diagnostic, Node, Span};

/// Longest list of known names in a help.
const LISTED: usize = 16;

/// What went wrong, and where once that is known.
#[derive(Debug)]
pub(super) struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    diagnostic: Diagnostic,
    placed: bool,
    /// The name that was probably meant, where another stands.
    meant: Option<&'static str>,
}

impl Error {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            diagnostic: Diagnostic::error(code, message),
            placed: false,
            meant: None,
        }))
    }

    /// Says that this is about `span`, unless a place further inside is known.
    pub(super) fn at(mut self, span: &Span) -> Self {
        if !self.0.placed {
            self.0.placed = true;
            let diagnostic = self.0.diagnostic.primary(span.clone(), "");
            self.0.diagnostic = match self.0.meant {
                Some(name) => diagnostic.fix(format!("did you mean `{name}`?"), span.clone(), name),
                None => diagnostic,
            };
        }
        self
    }

    /// As [`at`](Self::at), about a key, which a merge key may have brought in.
    pub(super) fn at_key(self, key: &Node, merged: Option<&Span>) -> Self {
        let mut placed = self.at(key.site());
        if let Some(merged) = merged {
            placed.0.diagnostic = placed.0.diagnostic.secondary(merged.clone(), "merged here");
        }
        placed
    }

    pub(super) fn into_diagnostic(self) -> Diagnostic {
        self.0.diagnostic
    }

    fn unknown(mut self, name: &str, known: &'static [&'static str]) -> Self {
        self.0.meant = nearest(name, known.iter().copied());
        if !known.is_empty() && known.len() <= LISTED {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let listed = format!("known are {}", known.join(", "));
            self.0.diagnostic = self.0.diagnostic.help(listed);
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.diagnostic.fmt(f)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new("yaml::value", message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let message = format!("expected {}, found {}", wanted(expected), kind(found));
        Self::new("yaml::type", message)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let message = format!("expected {}, found {}", wanted(expected), value(found));
        Self::new("yaml::value", message)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let message = format!("expected {}, found {length}", wanted(expected));
        Self::new("yaml::value", message)
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        let message = format!("unknown value `{}`", shorten(name));
        Self::new("yaml::unknown-variant", message).unknown(name, known)
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        let message = format!("unknown key `{}`", shorten(name));
        Self::new("yaml::unknown-key", message).unknown(name, known)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("yaml::missing-key", format!("key `{name}` is missing"))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new(
            "yaml::duplicate-key",
            format!("key `{name}` is defined twice in one mapping"),
        )
    }
}

/// So many items.
pub(super) struct Count(pub(super) usize);

impl Expected for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} item{plural}", self.0)
    }
}

/// What a type expects, in the words of YAML where serde speaks of Rust.
fn wanted(expected: &dyn Expected) -> String {
    let said = expected.to_string();
    let words = match said.as_str() {
        "a map" => "a mapping",
        "unit" => "null",
        "a boolean" => "`true` or `false`",
        "i8" => "an integer from -128 to 127",
        "i16" => "an integer from -32768 to 32767",
        "i32" | "i64" | "i128" | "isize" => "an integer",
        "u8" => "an integer from 0 to 255",
        "u16" => "an integer from 0 to 65535",
        "u32" | "u64" | "u128" | "usize" => "an integer of 0 or more",
        "f32" | "f64" => "a number",
        "a character" => "a single character",
        "byte array" => "a string",
        _ if said.starts_with("a nonzero u") => "an integer of 1 or more",
        _ if said.starts_with("struct ") => "a mapping",
        _ => return tuple(&said).unwrap_or(said),
    };
    words.to_owned()
}

/// "tuple struct P with 2 elements", "a tuple of size 2", "an array of length 2".
fn tuple(said: &str) -> Option<String> {
    let is_tuple = said.starts_with("tuple ") || said.starts_with("a tuple of size ");
    if !is_tuple && !said.starts_with("an array of length ") {
        return None;
    }
    match said.split(' ').find_map(|word| word.parse::<usize>().ok()) {
        Some(count) => Some(format!("a sequence of {count}")),
        None => Some("a sequence".to_owned()),
    }
}

fn kind(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(_) => "a boolean".into(),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer".into(),
        Unexpected::Float(_) => "a number".into(),
        Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "a string".into(),
        Unexpected::Unit | Unexpected::Option => "null".into(),
        Unexpected::Seq => "a sequence".into(),
        Unexpected::Map => "a mapping".into(),
        other => other.to_string(),
    }
}

fn value(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("`{value}`"),
        Unexpected::Signed(value) => format!("`{value}`"),
        Unexpected::Float(value) => format!("`{value}`"),
        Unexpected::Char(value) => format!("`{value}`"),
        Unexpected::Str(value) => format!("`{}`", shorten(value)),
        other => kind(other),
    }
}
