//! The expansion dialect of environment values, dotenv values, scripts and inventory secrets.
//!
//! | Text | Becomes |
//! |---|---|
//! | `$NAME`, `${NAME}` | the value; nothing when unset |
//! | `${X:-d}` | the value, or `d` expanded when X is unset or empty |
//! | `${X:=d}` | the same, and X is set to it |
//! | `${X:+d}` | `d` expanded when X is set and not empty, else nothing |
//! | `${X:?message}` | the value, or an error of exactly `message` when X is unset or empty |
//! | `${X:2}`, `${X:2:3}`, `${X: -2}` | a part of the value, counted in characters, as in bash |
//! | `$(cmd args)` | what the command prints, trimmed; no shell is involved |
//! | `$$`, `\$` | a dollar |
//!
//! Names are ASCII letters, digits and `_`, not starting with a digit. A `$` before anything else
//! is an ordinary character, except before a digit: `$5` is an error, since it is nearly always a
//! price or a shell argument. Braces are counted, so that defaults may nest and contain balanced
//! braces. Values put in are never expanded again. Quotes, backticks, `~`, `*` and `%` are ordinary
//! characters; in particular single quotes do not protect a `$`.
//!
//! This is the dialect of `frostyeti/cast` v0.3.2 without its defects. Differences: `${X:+d}` and
//! substrings work and any other `${X:…}` is refused; `${X:=d}` stores the expanded default;
//! `$A$B` and text beyond ASCII work; a `\` after `$NAME` is kept.

mod command;
mod error;
mod references;
mod scan;
mod substring;

use crate::env::{Env, Origin};
use scan::{Form, Operator, Piece, Scanner, Variable};
use std::ops::Range;

pub use command::{CommandSubstitution, Substitute};
pub use error::{ExpandError, ExpandErrorKind};
pub use references::{Reference, ReferenceOperator, references};

/// How deep defaults and commands may nest.
const MAX_DEPTH: usize = 50;

/// How many bytes one expansion may produce. Values double with every `B=$A$A`, so a few lines
/// could otherwise fill the memory.
const MAX_BYTES: usize = 16 << 20;

/// Expands `text` against `env`.
///
/// `commands` runs what stands in `$(…)`. Without it (`config.substitution: false`) the `$(` is
/// ordinary text, and what follows is expanded as anywhere else. `env` changes only by `${X:=d}`,
/// with [`Origin::Assigned`], and by secrets among what was put in, which are
/// [hidden](Env::hide).
///
/// The words of `$(…)` are split first, by the rules of [`split`](crate::words::split), and
/// expanded afterwards: a value never becomes more than one word, and quotes in it mean nothing. An
/// unquoted word which expands to nothing is dropped.
///
/// # Errors
///
/// [`ExpandError`] with the bytes of `text` it is about. Nothing is looked at behind the first
/// error, nor in a default which is not needed.
pub fn expand(
    text: &str,
    env: &mut Env,
    commands: Option<&dyn CommandSubstitution>,
) -> Result<String, ExpandError> {
    Expander {
        text,
        env,
        commands,
    }
    .range(0..text.len(), 0)
}

struct Expander<'a> {
    text: &'a str,
    env: &'a mut Env,
    commands: Option<&'a dyn CommandSubstitution>,
}

impl Expander<'_> {
    /// Expands a part of the text.
    fn range(&mut self, range: Range<usize>, depth: usize) -> Result<String, ExpandError> {
        if depth > MAX_DEPTH {
            return Err(ExpandError::new(ExpandErrorKind::TooDeep, range));
        }
        let mut output = String::new();
        for piece in Scanner::new(self.text, range.clone(), self.commands.is_some()) {
            match piece? {
                Piece::Text(text) => output.push_str(&self.text[text]),
                Piece::Dollar(_) => output.push('$'),
                Piece::Variable(variable) => output.push_str(&self.variable(&variable, depth)?),
                Piece::Command { range, body } => {
                    output.push_str(&self.command(range, body, depth)?);
                }
            }
            if output.len() > MAX_BYTES {
                return Err(ExpandError::new(ExpandErrorKind::TooLong, range));
            }
        }
        Ok(output)
    }

    fn variable(&mut self, variable: &Variable, depth: usize) -> Result<String, ExpandError> {
        let name = &self.text[variable.name.clone()];
        let value = self
            .env
            .get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let (operator, word) = match variable.form.clone() {
            Form::Plain => return Ok(value.unwrap_or_default()),
            Form::Substring { offset, length } => {
                let value = value.unwrap_or_default();
                return substring::substring(&value, offset, length).ok_or_else(|| {
                    let kind = ExpandErrorKind::Substring {
                        name: name.to_owned(),
                    };
                    ExpandError::new(kind, variable.range.clone())
                });
            }
            Form::Word(operator, word) => (operator, word),
        };
        match (operator, value) {
            (Operator::Alternative, Some(_)) => self.range(word, depth + 1),
            (Operator::Alternative, None) => Ok(String::new()),
            (_, Some(value)) => Ok(value),
            (Operator::Default, None) => self.range(word, depth + 1),
            (Operator::Assign, None) => {
                let name = name.to_owned();
                let value = self.range(word, depth + 1)?;
                self.env.set(name, value.clone(), Origin::Assigned);
                Ok(value)
            }
            (Operator::Required, None) => {
                let message = self.text[word].to_owned();
                let kind = ExpandErrorKind::Required {
                    name: name.to_owned(),
                    message,
                };
                Err(ExpandError::new(kind, variable.range.clone()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
