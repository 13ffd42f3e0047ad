//! The dotenv dialect of castfiles: text to entries, and one value back to text.
//!
//! ```text
//! # a comment
//! NAME=value            # blanks around `=` are allowed, a comment needs a blank before its `#`
//! export NAME=value
//! NAME                  # the empty value
//! LITERAL='it\'s'       # only \' is an escape; may span lines
//! TEXT="two\nlines"     # \n \r \t \b \\ \" \' \` \uXXXX \UXXXXXXXX; may span lines
//! TEXT=`the same`
//! ```
//!
//! Names are letters, digits and `_`, in any order. A byte order mark and Windows line endings are
//! accepted, also inside quotes, where a line end always becomes `\n`.
//!
//! Parsing does not expand. As in `frostyeti/cast` v0.3.2, **quoting never suppresses the later
//! expansion** of `$`: `'$HOME'` and `$HOME` mean the same, a literal dollar is written `$$`.
//! Different from it: `export` is accepted, and `a#b` is the value `a#b`.

mod parse;
mod quote;

use std::ops::Range;

pub use parse::parse;
pub use quote::quote;

/// One variable of a dotenv text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DotenvEntry {
    /// The variable's name.
    pub name: String,
    /// The value with quotes and escapes resolved, before any expansion of `$`.
    pub value: String,
    /// How the value was quoted.
    pub quote: QuoteKind,
    /// Bytes of the name.
    pub name_range: Range<usize>,
    /// Bytes of the value's text, without the quotes. Empty, behind the name, when there is none.
    pub value_range: Range<usize>,
    /// Line of the name, from 1.
    pub line: usize,
}

/// The quotes around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteKind {
    /// None.
    Unquoted,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `` `…` ``.
    Backtick,
}

/// Everything wrong with a dotenv text.
///
/// The `Display` form is the first issue with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", display(issues))]
pub struct DotenvError {
    /// The issues in the order of the text; at least one.
    pub issues: Vec<DotenvIssue>,
}

fn display(issues: &[DotenvIssue]) -> String {
    match issues {
        [] => "unreadable dotenv text".to_owned(),
        [only] => format!("line {}, column {}: {}", only.line, only.column, only.kind),
        [first, rest @ ..] => format!(
            "line {}, column {}: {} (and {} more)",
            first.line,
            first.column,
            first.kind,
            rest.len()
        ),
    }
}

/// One thing wrong with a dotenv text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DotenvIssue {
    /// What is wrong.
    pub kind: DotenvIssueKind,
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Line of the start, from 1.
    pub line: usize,
    /// Column of the start, from 1, in characters.
    pub column: usize,
}

/// What may be wrong with a dotenv text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DotenvIssueKind {
    /// A line starts with something which is no name.
    #[error("expected a variable name, found `{found}`")]
    ExpectedName {
        /// The character found.
        found: char,
    },
    /// A name is followed by something else than `=`.
    #[error("expected `=` after `{name}`, found `{found}`")]
    ExpectedEquals {
        /// The name.
        name: String,
        /// The character found.
        found: char,
    },
    /// `export NAME` without a value, which in a shell would leave the value as it is.
    #[error("`export {name}` has no value")]
    ExportWithoutValue {
        /// The name.
        name: String,
    },
    /// A quote is never closed.
    #[error("no closing `{quote}` for the value of `{name}`")]
    UnterminatedQuote {
        /// The name.
        name: String,
        /// The quote character.
        quote: char,
    },
    /// `\u` or `\U` without its hexadecimal digits, or for no character.
    #[error("`{escape}` is not the escape of a character")]
    BadEscape {
        /// The escape as written.
        escape: String,
    },
    /// Something follows the closing quote.
    #[error("unexpected `{found}` after the closing quote")]
    AfterQuote {
        /// The character found.
        found: char,
    },
}

#[cfg(test)]
mod tests;
