//! What can be wrong with a reference.

use std::fmt;
use std::ops::Range;

use crate::go;

/// A reference to a variable that cannot be replaced.
///
/// `Display` is one line without the place in the document; [`message`](Self::message) is the
/// wording of Docker Compose, which needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterpolateError {
    kind: InterpolateErrorKind,
    range: Range<usize>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InterpolateErrorKind {
    /// `${` not followed by a name, or without its closing brace, or with an unknown operator.
    Malformed {
        /// The text that Compose shows: the whole of it, or the part after an earlier reference
        /// with an operator, or the text after an operator.
        template: String,
    },
    /// `${NAME?message}` and the variable has no value.
    Required {
        /// The variable.
        name: String,
        /// What the file says about it, itself interpolated; may be empty.
        message: String,
    },
    /// More than 500 references inside each other. Compose has no such limit.
    TooDeep,
}

impl InterpolateError {
    pub(super) fn new(kind: InterpolateErrorKind, range: Range<usize>) -> Self {
        Self { kind, range }
    }

    /// What is wrong.
    pub fn kind(&self) -> &InterpolateErrorKind {
        &self.kind
    }

    /// The bytes of the text at which the offending reference stands.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What Docker Compose v5.6 prints, for the value at `path` (such as `services.web.image`);
    /// may have several lines.
    pub fn message(&self, path: &str) -> String {
        match &self.kind {
            InterpolateErrorKind::Malformed { template } => format!(
                "invalid interpolation format for {path}.\n\
                 You may need to escape any $ with another $.\n{template}"
            ),
            _ => format!("error while interpolating {path}: {self}"),
        }
    }
}

impl fmt::Display for InterpolateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // The wording of Compose where it knows no path (env files).
            InterpolateErrorKind::Malformed { template } => {
                write!(f, "Invalid template: {}", go::quote(template))
            }
            InterpolateErrorKind::Required { name, message } if message.is_empty() => {
                write!(f, "required variable {name} is missing a value")
            }
            InterpolateErrorKind::Required { name, message } => {
                write!(f, "required variable {name} is missing a value: {message}")
            }
            InterpolateErrorKind::TooDeep => {
                f.write_str("more than 500 variables inside each other")
            }
        }
    }
}

impl std::error::Error for InterpolateError {}
