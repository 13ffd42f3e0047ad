//! The statements of an environment file.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Assignment, DotenvError, DotenvErrorKind, escape};
use crate::interpolate::interpolate;

pub(super) struct Parser<'a> {
    rest: &'a str,
    line: usize,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    unset: &'a mut dyn FnMut(&str),
    /// Variables set so far, by this file or an earlier one.
    values: HashMap<String, String>,
    found: Vec<Assignment>,
    /// The text that was interpolated last, if there was a `$` in it.
    template: Option<String>,
}

/// What stands in front of a value.
struct Name<'a> {
    text: &'a str,
    /// `NAME` alone on its line.
    inherited: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(
        text: &'a str,
        lookup: &'a dyn Fn(&str) -> Option<String>,
        values: HashMap<String, String>,
        unset: &'a mut dyn FnMut(&str),
    ) -> Self {
        Self {
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            line: 1,
            lookup,
            unset,
            values,
            found: Vec::new(),
            template: None,
        }
    }

    pub(super) fn parse(mut self) -> Result<Vec<Assignment>, DotenvError> {
        while self.skip_to_statement() {
            let name = self.name()?;
            let line = self.line;
            if name.text.contains(' ') {
                return Err(self.error(DotenvErrorKind::SpaceInName { name: None }));
            }
            let value = if name.inherited {
                self.line += 1;
                self.template = Some(format!("${{{}}}", name.text));
                match (self.lookup)(name.text) {
                    Some(value) => value,
                    None => continue,
                }
            } else {
                self.value()?
            };
            self.values.insert(name.text.to_owned(), value.clone());
            self.found.push(Assignment {
                name: name.text.to_owned(),
                value,
                template: self.template.take(),
                line,
            });
        }
        Ok(self.found)
    }

    fn error(&self, kind: DotenvErrorKind) -> DotenvError {
        DotenvError::new(kind, self.line)
    }

    /// Skips space, line breaks and comments; false at the end of the file.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let statement = self.rest.trim_start_matches(is_unicode_space);
            let skipped = &self.rest[..self.rest.len() - statement.len()];
            self.line += count_lines(skipped);
            self.rest = statement;
            if !statement.starts_with('#') {
                return !statement.is_empty();
            }
            let Some(end) = statement.find('\n') else {
                return false;
            };
            self.rest = &statement[end..];
        }
    }

    /// The name at the cursor, its separator and the space around that.
    fn name(&mut self) -> Result<Name<'a>, DotenvError> {
        let mut text = self.rest;
        if let Some(exported) = text.strip_prefix("export")
            && exported.starts_with(['\t', '\n', '\u{c}', '\r', ' '])
        {
            text = exported.trim_start_matches(is_space);
        }
        if text.is_empty() {
            return Err(self.error(DotenvErrorKind::NothingToExport));
        }
        let end = text.find(|c| !is_name(c) && !is_space(c));
        let Some((end, separator)) = end.and_then(|end| Some((end, text[end..].chars().next()?)))
        else {
            // Compose takes the last line of a file without line break for a value.
            self.rest = text.trim_start_matches(is_space);
            return Ok(Name {
                text: "",
                inherited: false,
            });
        };
        if !matches!(separator, '=' | ':' | '\n') {
            let rest = text.split('\n').next().unwrap_or(text).to_owned();
            return Err(self.error(DotenvErrorKind::UnexpectedCharacter {
                character: separator,
                rest,
            }));
        }
        self.rest = text[end + 1..].trim_start_matches(is_space);
        Ok(Name {
            text: text[..end].trim_end_matches(is_unicode_space),
            inherited: separator == '\n',
        })
    }

    /// The value at the cursor.
    fn value(&mut self) -> Result<String, DotenvError> {
        match self.rest.as_bytes().first() {
            Some(b'"') => self.quoted('"'),
            Some(b'\'') => self.quoted('\''),
            _ => {
                let (value, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
                self.rest = rest;
                let value = value.split(" #").next().unwrap_or(value);
                let value = self.expand(value.trim_end_matches(is_unicode_space));
                self.line += 1;
                value
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, DotenvError> {
        let body = &self.rest[1..];
        let mut escaped = false;
        let end = body.find(|c| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            self.line += count_lines(body);
            let rest = self.rest.split('\n').next().unwrap_or(self.rest).to_owned();
            return Err(self.error(DotenvErrorKind::UnterminatedQuote { rest }));
        };
        let text = &body[..end];
        let value = if quote == '\'' {
            self.template = None;
            text.replace("\\'", "'")
        } else {
            self.expand(&escape::expand(text))?
        };
        self.line += count_lines(text);
        self.rest = &body[end + 1..];
        Ok(value)
    }

    fn expand(&mut self, text: &str) -> Result<String, DotenvError> {
        self.template = text.contains('$').then(|| text.to_owned());
        let values = &self.values;
        let outer = self.lookup;
        let lookup = |name: &str| outer(name).or_else(|| values.get(name).cloned());
        interpolate(text, &lookup, self.unset)
            .map(Cow::into_owned)
            .map_err(|error| DotenvError::new(DotenvErrorKind::Interpolate(error), self.line))
    }
}

fn count_lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

fn is_name(c: char) -> bool {
    matches!(c, '_' | '.' | '-' | '[' | ']') || c.is_alphanumeric()
}

/// Space that does not end a line.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

/// Go's `unicode.IsSpace`.
pub(super) fn is_unicode_space(c: char) -> bool {
    c.is_whitespace()
}
