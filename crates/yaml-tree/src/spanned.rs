//! A value with its place.

use crate::Span;

/// A value and the place in the text it was read from.
///
/// Two are equal when values and places are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: f(self.value),
            span: self.span,
        }
    }
}

impl Spanned<String> {
    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The place of bytes `start..end` of the value in the source: exact where the value stands in
    /// the text as it is (plain scalars and quoted ones without escapes), else the whole scalar.
    pub fn part(&self, start: usize, end: usize) -> Span {
        let written = self.span.text();
        let offset = match written.strip_prefix(['"', '\'']) {
            Some(inner) if inner.starts_with(&self.value) => 1,
            None if written.starts_with(&self.value) => 0,
            _ => return self.span.clone(),
        };
        self.span.slice(offset + start, offset + end)
    }
}

impl<T> AsRef<T> for Spanned<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}
