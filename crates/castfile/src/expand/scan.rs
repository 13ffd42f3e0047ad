//! Finds the places of a text at which something is put in.

use super::error::{ExpandError, ExpandErrorKind};
use std::ops::Range;

/// A stretch of the text. All ranges are bytes of the whole text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Stands for itself.
    Text(Range<usize>),
    /// `$$` or `\$`.
    Dollar(Range<usize>),
    Variable(Variable),
    /// `$(body)`.
    Command {
        range: Range<usize>,
        body: Range<usize>,
    },
}

impl Piece {
    pub(super) fn range(&self) -> Range<usize> {
        let (Self::Text(range)
        | Self::Dollar(range)
        | Self::Variable(Variable { range, .. })
        | Self::Command { range, .. }) = self;
        range.clone()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub(super) range: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) form: Form,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    Plain,
    Word(Operator, Range<usize>),
    Substring { offset: i64, length: Option<i64> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Default,
    Assign,
    Alternative,
    Required,
}

/// Iterates over the pieces of a range. After an error it goes on behind the `$`,
/// or ends when that was an unclosed brace or parenthesis.
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    commands: bool,
}

impl<'t> Scanner<'t> {
    /// With `commands`, `$(…)` is a piece, otherwise text.
    pub(super) fn new(text: &'t str, range: Range<usize>, commands: bool) -> Self {
        Self {
            text,
            at: range.start,
            end: range.end,
            commands,
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    /// The piece starting exactly here, unless that is text.
    pub(super) fn special(&mut self) -> Result<Option<Piece>, ExpandError> {
        let start = self.at;
        let rest = self.rest();
        let piece = if rest.starts_with("$$") || rest.starts_with("\\$") {
            Piece::Dollar(start..start + 2)
        } else if rest.starts_with("${") {
            self.braced()?
        } else if rest.starts_with("$(") && self.commands {
            let body = start + 2;
            let unclosed = ExpandErrorKind::Unclosed {
                opener: "$(",
                closer: ')',
            };
            let close = closing_parenthesis(self.text, body..self.end)
                .ok_or_else(|| ExpandError::new(unclosed, start..self.end))?;
            Piece::Command {
                range: start..close + 1,
                body: body..close,
            }
        } else if let Some(after) = rest.strip_prefix('$') {
            let length = name_length(after);
            if length == 0 {
                return Ok(None);
            }
            let name = start + 1..start + 1 + length;
            let range = start..name.end;
            if after.starts_with(|c: char| c.is_ascii_digit()) {
                let form = self.text[range.clone()].to_owned();
                return Err(ExpandError::new(
                    ExpandErrorKind::Unsupported { form },
                    range,
                ));
            }
            Piece::Variable(Variable {
                range,
                name,
                form: Form::Plain,
            })
        } else {
            return Ok(None);
        };
        self.at = piece.range().end;
        Ok(Some(piece))
    }

    /// `${…}`.
    fn braced(&self) -> Result<Piece, ExpandError> {
        let start = self.at;
        let inner_start = start + 2;
        let close = closing_brace(self.text, inner_start..self.end).ok_or_else(|| {
            let kind = ExpandErrorKind::Unclosed {
                opener: "${",
                closer: '}',
            };
            ExpandError::new(kind, start..self.end)
        })?;
        let range = start..close + 1;
        let inner = &self.text[inner_start..close];
        let name = inner_start..inner_start + name_length(inner);
        let rest = &inner[name.len()..];
        let unsupported = || {
            let form = self.text[range.clone()].to_owned();
            ExpandError::new(ExpandErrorKind::Unsupported { form }, range.clone())
        };
        if name.is_empty() || inner.starts_with(|c: char| c.is_ascii_digit()) {
            let numbered = !name.is_empty() && rest.is_empty();
            if numbered || inner.starts_with(['#', '!']) && inner.len() > 1 {
                return Err(unsupported());
            }
            let kind = ExpandErrorKind::BadName {
                name: inner.to_owned(),
            };
            return Err(ExpandError::new(kind, range));
        }
        let word = |operator| Form::Word(operator, name.end + 2..close);
        let mut chars = rest.chars();
        let form = match (chars.next(), chars.next()) {
            (None, _) => Form::Plain,
            (Some(':'), Some('-')) => word(Operator::Default),
            (Some(':'), Some('=')) => word(Operator::Assign),
            (Some(':'), Some('+')) => word(Operator::Alternative),
            (Some(':'), Some('?')) => word(Operator::Required),
            (Some(':'), Some(_)) => super::substring::parse(&rest[1..]).ok_or_else(unsupported)?,
            (Some('-' | '=' | '+' | '?' | '%' | '#' | '/' | '^' | ',' | '@' | '[' | ':'), _) => {
                return Err(unsupported());
            }
            _ => {
                let kind = ExpandErrorKind::BadName {
                    name: inner.to_owned(),
                };
                return Err(ExpandError::new(kind, range));
            }
        };
        Ok(Piece::Variable(Variable { range, name, form }))
    }
}

impl Iterator for Scanner<'_> {
    type Item = Result<Piece, ExpandError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        while self.at < self.end {
            let Some(step) = self.rest().find(['$', '\\']) else {
                self.at = self.end;
                break;
            };
            self.at += step;
            let here = self.at;
            match self.special() {
                // a special piece comes next time, after the text before it
                Ok(Some(_)) if here > start => {
                    self.at = here;
                    return Some(Ok(Piece::Text(start..here)));
                }
                Err(_) if here > start => return Some(Ok(Piece::Text(start..here))),
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(error) => {
                    // what is never closed takes the rest with it; without this, a row of `${`
                    // would be searched again and again
                    let unclosed = matches!(error.kind, ExpandErrorKind::Unclosed { .. });
                    self.at = if unclosed { self.end } else { here + 1 };
                    return Some(Err(error));
                }
                Ok(None) => self.at = here + 1,
            }
        }
        (start < self.end).then_some(Ok(Piece::Text(start..self.end)))
    }
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// The `}` which closes a `${`, counting all braces between, as upstream does.
fn closing_brace(text: &str, range: Range<usize>) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text[range.clone()].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(range.start + at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The `)` which closes a `$(`, counting parentheses outside quotes.
fn closing_parenthesis(text: &str, range: Range<usize>) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, byte) in text[range.clone()].bytes().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(b'\''), _) => {}
            (_, b'\\') => escaped = true,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') if depth == 0 => return Some(range.start + at),
            (None, b')') => depth -= 1,
            _ => {}
        }
    }
    None
}
