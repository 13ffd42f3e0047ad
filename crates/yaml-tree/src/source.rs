//! Text with a name, and ranges in it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::Diagnostic;

/// The longest text of which every place has a range.
pub(crate) const LONGEST: usize = u32::MAX as usize;

/// A text and the name under which messages show it, usually a path.
///
/// Cloning is cheap (a shared pointer). Two sources are equal when they are the same object, so
/// that the same text read under two names stays two places.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    name: String,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

/// A position in a [`Source`]: line and column from 1, the column counted in characters (a byte
/// order mark at the start of the text not among them). Lines end with a line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Source {
    /// A source called `name` holding `text`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        }))
    }

    /// A source from bytes as read from a file.
    ///
    /// # Errors
    /// A diagnostic `yaml::not-utf8` at the first byte which is not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Box<Diagnostic>> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bad = error.as_bytes().get(at).copied().unwrap_or_default();
                let source = Self::new(name, String::from_utf8_lossy(error.as_bytes()));
                let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
                Err(Box::new(
                    Diagnostic::error("yaml::not-utf8", "the file is not UTF-8 text")
                        .primary(
                            source.span(at, end),
                            format!("byte 0x{bad:02x} at offset {at}"),
                        )
                        .help("save the file as UTF-8"),
                ))
            }
        }
    }

    /// The name given at creation.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The range of bytes from `start` up to `end`, moved inwards to the text and outwards to
    /// character borders where it does not fit. Of texts over 4 GiB only the start has ranges.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let text = self.text();
        let mut longest = text.len().min(LONGEST);
        while !text.is_char_boundary(longest) {
            longest -= 1;
        }
        let mut start = start.min(longest);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = end.clamp(start, longest);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let short = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            source: self.clone(),
            start: short(start),
            end: short(end),
        }
    }

    /// The empty range at the start of the text: stands for the file as a whole.
    pub fn start(&self) -> Span {
        self.span(0, 0)
    }

    /// Line and column of a byte offset; an offset past the end is taken as the end.
    pub fn position(&self, offset: usize) -> Position {
        let text = self.text();
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts();
        let line = starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let before = &text[starts[line]..offset];
        let mark = usize::from(line == 0 && before.starts_with('\u{feff}'));
        let column = before.chars().count() + 1 - mark;
        Position {
            line: line + 1,
            column,
        }
    }

    fn line_starts(&self) -> &[usize] {
        self.0.line_starts.get_or_init(|| {
            let breaks = self
                .text()
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect()
        })
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name(), self.text().len())
    }
}

/// A range of bytes in a [`Source`], on character borders.
///
/// `Display` prints `name:line:column` of its start.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    source: Source,
    // Not `usize`: there are two of these to every value, and they get copied a lot.
    start: u32,
    end: u32,
}

impl Span {
    /// The source this range lies in.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Offset of the first byte.
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// Offset after the last byte.
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// The text of the range.
    pub fn text(&self) -> &str {
        &self.source.text()[self.start()..self.end()]
    }

    /// Line and column of the start.
    pub fn position(&self) -> Position {
        self.source.position(self.start())
    }

    /// Line and column after the last character.
    pub fn end_position(&self) -> Position {
        self.source.position(self.end())
    }

    /// The range from the start of `self` to the end of `other`, if both are in one source;
    /// `self` otherwise.
    #[must_use]
    pub fn to(&self, other: &Self) -> Self {
        if self.source == other.source {
            self.source.span(self.start(), other.end())
        } else {
            self.clone()
        }
    }

    /// The part of this range given by offsets relative to its start.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let limit = self.end();
        self.source.span(
            self.start().saturating_add(start).min(limit),
            self.start().saturating_add(end).min(limit),
        )
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source.name(), self.position())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}..{}]", self.source.name(), self.start, self.end)
    }
}
