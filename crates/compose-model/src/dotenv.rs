//! Environment files: `.env`, `--env-file`, `env_file` and `label_file`.
//!
//! The dialect is that of Docker Compose v5.6, which differs from that of other tools:
//!
//! - A line is `NAME=value` or `NAME: value`, with `export` in front or not. Names have letters
//!   and digits of any script, `_`, `.`, `-`, `[` and `]`. Lines that begin with `#` are comments.
//! - `NAME` alone on a line takes the value of that variable from outside, if it has one.
//! - A value without quotes goes to the end of the line or to a space with `#` behind it. Its
//!   backslashes stand for themselves; its variables are put in.
//! - In double quotes `\a \b \f \n \r \t \v \" \\ \$` and `\0` with three octal digits are
//!   escapes, and variables are put in. In single quotes there is only `\'`. Both may span lines,
//!   and what follows on the line is the next statement.

mod escape;
mod parser;
mod raw;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;

use crate::interpolate::InterpolateError;
use parser::Parser;

/// A variable that an environment file sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name. It may be empty: that is how Compose takes a last line without `=` and without
    /// line break.
    pub name: String,
    /// The value, unquoted and interpolated.
    pub value: String,
    /// The text of the value before interpolation, unquoted, if there was a `$` in it. `NAME`
    /// alone counts as `${NAME}`.
    pub template: Option<String>,
    /// The line of the name, counted from 1.
    pub line: usize,
}

/// An environment file that cannot be read.
///
/// `Display` is the wording of Docker Compose v5.6, to which it prepends `failed to read FILE: `
/// (`failed to parse env_file FILE: ` for the raw format).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotenvError {
    kind: DotenvErrorKind,
    line: usize,
}

/// What is wrong with an environment file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DotenvErrorKind {
    /// A name with a space in it.
    SpaceInName {
        /// The name; `None` where Compose does not show it.
        name: Option<String>,
    },
    /// A character that no name has.
    UnexpectedCharacter {
        /// The character.
        character: char,
        /// The line from the name on.
        rest: String,
    },
    /// A quote without its partner.
    UnterminatedQuote {
        /// The line from the quote on.
        rest: String,
    },
    /// `export ` at the end of the file.
    NothingToExport,
    /// A line without a name (raw format).
    NoName {
        /// The line.
        text: String,
    },
    /// A value whose variables cannot be replaced.
    Interpolate(InterpolateError),
}

/// Reads an environment file.
///
/// Variables are looked up with `lookup` first and then among those above in the same file.
/// `unset` hears about those found nowhere, as with [`interpolate`](crate::interpolate()). The
/// assignments come in the order of the file; of two with the same name the later one counts.
///
/// # Errors
/// The first thing in the file that is none of the above.
///
/// ```
/// use compose_model::dotenv;
///
/// let text = "export HOST=nas.lan # name\nURL=\"https://$HOST\\n\"\nTOKEN\n";
/// let lookup = |name: &str| (name == "TOKEN").then(|| "secret".to_owned());
/// let found = dotenv::parse(text, &lookup, &mut |_| {})?;
/// let found: Vec<_> = found.iter().map(|v| (&*v.name, &*v.value)).collect();
/// assert_eq!(found, [("HOST", "nas.lan"), ("URL", "https://nas.lan\n"), ("TOKEN", "secret")]);
/// # Ok::<(), dotenv::DotenvError>(())
/// ```
pub fn parse(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    unset: &mut dyn FnMut(&str),
) -> Result<Vec<Assignment>, DotenvError> {
    Parser::new(text, lookup, HashMap::new(), unset).parse()
}

/// The same behind other files, whose variables `earlier` are found last.
pub(crate) fn parse_after(
    earlier: HashMap<String, String>,
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    unset: &mut dyn FnMut(&str),
) -> Result<Vec<Assignment>, DotenvError> {
    Parser::new(text, lookup, earlier, unset).parse()
}

/// Reads an `env_file` whose `format` is `raw`: a value is all that follows `=` on its line.
///
/// `NAME` alone takes the value that `lookup` gives, if it gives one.
///
/// # Errors
/// The first line whose name is empty, or has a space or tab in it.
pub fn parse_raw(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Assignment>, DotenvError> {
    raw::parse(text, lookup)
}

impl DotenvError {
    fn new(kind: DotenvErrorKind, line: usize) -> Self {
        Self { kind, line }
    }

    /// What is wrong.
    pub fn kind(&self) -> &DotenvErrorKind {
        &self.kind
    }

    /// The line, counted from 1. For a quote without partner it is the last line of the file, as
    /// in Compose.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for DotenvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match &self.kind {
            DotenvErrorKind::SpaceInName { name: None } => {
                write!(f, "line {line}: key cannot contain a space")
            }
            DotenvErrorKind::SpaceInName { name: Some(name) } => {
                write!(f, "variable '{name}' contains whitespaces")
            }
            DotenvErrorKind::UnexpectedCharacter { character, rest } => {
                let mut buffer = [0; 4];
                let character = crate::go::quote(character.encode_utf8(&mut buffer));
                let rest = crate::go::quote(rest);
                write!(
                    f,
                    "line {line}: unexpected character {character} in variable name {rest}"
                )
            }
            DotenvErrorKind::UnterminatedQuote { rest } => {
                write!(f, "line {line}: unterminated quoted value {rest}")
            }
            DotenvErrorKind::NothingToExport => f.write_str("zero length string"),
            DotenvErrorKind::NoName { text } => {
                write!(f, "no variable name on line '{text}'")
            }
            DotenvErrorKind::Interpolate(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DotenvError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            DotenvErrorKind::Interpolate(error) => Some(error),
            _ => None,
        }
    }
}
