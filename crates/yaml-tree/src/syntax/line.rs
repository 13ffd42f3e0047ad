//! A line of the text, as a person looks at it.

use std::ops::Range;

use crate::{Source, Span};

#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    text: &'t str,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset of its line break, or the end of the text.
    stop: usize,
}

impl<'t> Line<'t> {
    /// The line which `at` is on; the last one for the empty line at the end of a text.
    pub(super) fn of(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
        let stop = text[at..].find('\n').map_or(text.len(), |found| at + found);
        let line = Self { text, start, stop };
        if start == text.len() {
            line.before().unwrap_or(line)
        } else {
            line
        }
    }

    /// The next line above that is neither blank nor a comment.
    pub(super) fn before(&self) -> Option<Self> {
        let mut start = self.start;
        while start > 0 {
            let stop = start - 1;
            start = self.text[..stop].rfind('\n').map_or(0, |found| found + 1);
            let line = Self {
                text: self.text,
                start,
                stop,
            };
            if !line.content().is_empty() && !line.content().starts_with('#') {
                return Some(line);
            }
        }
        None
    }

    /// The line below.
    pub(super) fn after(&self) -> Option<Self> {
        let start = self.stop + 1;
        (start < self.text.len()).then(|| Self::of(self.text, start))
    }

    /// The line without white space around it.
    pub(super) fn content(&self) -> &'t str {
        self.text[self.start..self.stop].trim()
    }

    /// Offset of the first character that is not white space.
    pub(super) fn first(&self) -> usize {
        let line = &self.text[self.start..self.stop];
        self.start + line.len() - line.trim_start().len()
    }

    /// Offset after the last character that is not white space.
    pub(super) fn end(&self) -> usize {
        self.start + self.text[self.start..self.stop].trim_end().len()
    }

    /// How many characters stand before the first.
    pub(super) fn indent(&self) -> usize {
        self.text[self.start..self.first()].chars().count()
    }

    /// Offset of what follows the first `: ` and the dashes before it; `None` without such.
    pub(super) fn value(&self) -> Option<usize> {
        let content = self.content();
        if content.starts_with('#') {
            return None;
        }
        let found = content.find(": ").or_else(|| {
            let item = content.starts_with("- ") && !content.ends_with(':');
            item.then_some(0)
        })?;
        let after = &content[found + 1..];
        Some(self.first() + content.len() - after.trim_start().len())
    }

    /// From `at` to the end of the line.
    pub(super) fn rest(&self, source: &Source, at: usize) -> Span {
        source.span(at, self.end().max(at))
    }

    /// The tabs among the white space at its start.
    pub(super) fn leading_tabs(&self) -> Option<Range<usize>> {
        let indent = &self.text[self.start..self.first()];
        let from = self.start + indent.find('\t')?;
        let length = self.text[from..].bytes().take_while(|byte| *byte == b'\t');
        Some(from..from + length.count())
    }
}
