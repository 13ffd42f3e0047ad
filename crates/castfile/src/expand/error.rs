//! What may go wrong in an expansion.

use crate::words::WordsError;
use std::ops::Range;

/// Why a text could not be expanded, and which part of it is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct ExpandError {
    /// What is wrong.
    pub kind: ExpandErrorKind,
    /// Byte offset of its start in the text.
    pub start: usize,
    /// Byte offset behind its end.
    pub end: usize,
}

impl ExpandError {
    pub(super) fn new(kind: ExpandErrorKind, range: Range<usize>) -> Self {
        Self {
            kind,
            start: range.start,
            end: range.end,
        }
    }
}

/// What may go wrong in an expansion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandErrorKind {
    /// `${X:?message}` with X unset or empty. Shown as exactly the message, if there is one.
    #[error("{}", required(name, message))]
    Required {
        /// The variable.
        name: String,
        /// The message as written, not expanded.
        message: String,
    },
    /// `${…}` does not start with a name.
    #[error("`{name}` is not a variable name")]
    BadName {
        /// What stands in its place.
        name: String,
    },
    /// A form which other shells know but this dialect does not: `${X-d}`, `${#X}`, `$5`.
    #[error("`{form}` is not supported here")]
    Unsupported {
        /// The form as written.
        form: String,
    },
    /// `${` or `$(` is never closed.
    #[error("no closing `{closer}` for `{opener}`")]
    Unclosed {
        /// `${` or `$(`.
        opener: &'static str,
        /// `}` or `)`.
        closer: char,
    },
    /// The end of a substring lies before its start.
    #[error("the part taken of `{name}` ends before it starts")]
    Substring {
        /// The variable.
        name: String,
    },
    /// `$()` without a command, also when all its words expand to nothing.
    #[error("the command substitution has no command")]
    EmptyCommand,
    /// The words of `$(…)` cannot be told apart.
    #[error(transparent)]
    Words(WordsError),
    /// The command of `$(…)` failed.
    #[error("command `{command}` failed: {message}")]
    Substitution {
        /// The command as written.
        command: String,
        /// What [`CommandSubstitution`](super::CommandSubstitution) said.
        message: String,
    },
    /// Defaults or commands are nested too deep.
    #[error("the expansion is nested more than {} levels deep", super::MAX_DEPTH)]
    TooDeep,
    /// The result is too long.
    #[error("the expanded text is longer than {} MiB", super::MAX_BYTES >> 20)]
    TooLong,
}

fn required(name: &str, message: &str) -> String {
    if message.is_empty() {
        format!("variable `{name}` is required, but unset or empty")
    } else {
        message.to_owned()
    }
}

impl ExpandErrorKind {
    /// How to write what was meant, when that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unsupported { form } => Some(unsupported_help(form)),
            Self::BadName { .. } => Some(
                "a name consists of letters, digits and `_`; a literal `$` is written `$$`"
                    .to_owned(),
            ),
            Self::Unclosed { .. } => Some("a literal `$` is written `$$`".to_owned()),
            Self::Required { name, .. } => Some(format!("set `{name}`")),
            _ => None,
        }
    }
}

fn unsupported_help(form: &str) -> String {
    let Some(inner) = form.strip_prefix("${") else {
        return format!("a literal `$` is written `$$`: `${form}`");
    };
    if inner.starts_with(['#', '!']) {
        return "only `${NAME}`, defaults and substrings are known; compute this in a script"
            .to_owned();
    }
    let name_end = inner
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("a literal `$` is written `$$`: `${form}`");
    }
    match rest.chars().next() {
        Some(operator @ ('-' | '=' | '+' | '?')) => {
            format!("write `${{{name}:{operator}…}}`; it also applies when `{name}` is empty")
        }
        _ => "the forms are `:-`, `:=`, `:+`, `:?` and `:offset:length`; a literal `$` is `$$`"
            .to_owned(),
    }
}
