//! `$(cmd args)`.

use super::scan::Scanner;
use super::{ExpandError, ExpandErrorKind, Expander};
use crate::env::Env;
use crate::words::{Replacement, WordsError, split_with};
use std::ops::Range;

/// Runs the commands of `$(…)`.
pub trait CommandSubstitution {
    /// Runs the program `words[0]` with the remaining words as arguments, in the environment `env`
    /// and without a shell. `words` is never empty. Returns what the command printed on its
    /// standard output; blanks at both ends are removed by the caller, who also sees to it that a
    /// secret is [hidden](Env::hide).
    ///
    /// # Errors
    ///
    /// Why the command could not be run or failed, as a fragment for a message.
    fn run(&self, words: &[String], env: &Env) -> Result<Substitute, String>;
}

/// What stands in the place of a `$(…)`.
#[derive(Clone, PartialEq)]
pub struct Substitute {
    /// The text.
    pub text: String,
    /// Whether it must not be shown to anybody.
    pub secret: bool,
}

impl From<String> for Substitute {
    /// A text that anybody may see.
    fn from(text: String) -> Self {
        let secret = false;
        Self { text, secret }
    }
}

impl std::fmt::Debug for Substitute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = if self.secret { "***" } else { &self.text };
        f.debug_tuple("Substitute").field(&text).finish()
    }
}

/// Either kind of failure while a command is taken apart.
enum Failure {
    Words(WordsError),
    Expand(ExpandError),
}

impl From<WordsError> for Failure {
    fn from(error: WordsError) -> Self {
        Self::Words(error)
    }
}

impl Expander<'_> {
    pub(super) fn command(
        &mut self,
        range: Range<usize>,
        body: Range<usize>,
        depth: usize,
    ) -> Result<String, ExpandError> {
        let Some(commands) = self.commands else {
            return Ok(self.text[range].to_owned());
        };
        let text = &self.text[body.clone()];
        let words = split_with(text, |at| {
            let here = body.start + at;
            let mut scanner = Scanner::new(self.text, here..body.end, true);
            let Some(piece) = scanner.special().map_err(Failure::Expand)? else {
                return Ok(None);
            };
            let end = piece.range().end;
            let value = self.range(here..end, depth + 1).map_err(Failure::Expand)?;
            Ok(Some(Replacement {
                value,
                end: end - body.start,
            }))
        });
        let words = words.map_err(|failure| match failure {
            Failure::Expand(error) => error,
            Failure::Words(error) => {
                let start = body.start + error.offset();
                ExpandError::new(ExpandErrorKind::Words(error), start..body.end)
            }
        })?;
        if words.is_empty() {
            return Err(ExpandError::new(ExpandErrorKind::EmptyCommand, range));
        }
        let output = commands.run(&words, self.env).map_err(|message| {
            let command = self.text[body].trim().to_owned();
            ExpandError::new(ExpandErrorKind::Substitution { command, message }, range)
        })?;
        let text = output.text.trim();
        if output.secret {
            self.env.hide(text);
        }
        Ok(text.to_owned())
    }
}
