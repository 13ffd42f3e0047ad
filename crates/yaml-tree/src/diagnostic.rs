//! What is wrong with a text a person wrote, as plain data.

use std::borrow::Cow;
use std::fmt;

use crate::Span;

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Note,
    /// Works, but probably not as meant.
    Warning,
    /// Cannot be used as it stands.
    Error,
}

/// One finding about a text: what, where, and what to do.
///
/// `Display` is the message on one line; a report with the source lines is the caller's work.
///
/// ```
/// use yaml_tree::{Diagnostic, Source};
/// let source = Source::new("castfile", "tasks:\n  up:\n    needs: [biuld]\n");
/// let found = Diagnostic::error("castfile::unknown-task", "task `up` needs `biuld`, which is not defined")
///     .primary(source.span(25, 30), "no task of this name")
///     .fix("did you mean `build`?", source.span(25, 30), "build");
/// assert_eq!(found.location().unwrap().to_string(), "castfile:3:13");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable identifier, `crate::kebab-name`.
    pub code: Cow<'static, str>,
    /// One line, a lower-case fragment without a period.
    pub message: String,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// Advice, one sentence each.
    pub help: Vec<String>,
    /// A replacement that mends it, when there is just one.
    pub fix: Option<Fix>,
}

/// A place that a [`Diagnostic`] speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; may be empty.
    pub message: String,
    /// Whether this is the place the diagnostic is about.
    pub primary: bool,
}

/// A change of text that mends a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What the change does, such as "did you mean `build`?".
    pub title: String,
    /// The text to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

impl Diagnostic {
    /// A finding with this severity, code and message.
    pub fn new(
        severity: Severity,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code: code.into(),
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// An error.
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    pub fn note(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Adds the place this is about.
    #[must_use]
    pub fn primary(mut self, span: Span, message: impl Into<String>) -> Self {
        let label = Label {
            span,
            message: message.into(),
            primary: true,
        };
        let at = self.labels.iter().take_while(|label| label.primary).count();
        self.labels.insert(at, label);
        self
    }

    /// Adds a place that explains.
    #[must_use]
    pub fn secondary(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
            primary: false,
        });
        self
    }

    /// Adds a piece of advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Sets the replacement that mends it.
    #[must_use]
    pub fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// The primary place, if any.
    pub fn location(&self) -> Option<&Span> {
        self.labels.first().map(|label| &label.span)
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location() {
            Some(span) => write!(f, "{span}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Diagnostic {}

/// What came out of reading a text: a value as far as there is one, and everything found on the
/// way.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<T> {
    /// The value; absent when the text is too broken to give one.
    pub value: Option<T>,
    /// Errors, warnings and notes, in the order of the text as far as possible.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Parsed<T> {
    /// Whether there is any error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The value, for callers who do not want warnings.
    ///
    /// # Errors
    /// All diagnostics, if one of them is an error or there is no value.
    pub fn into_result(self) -> Result<T, Vec<Diagnostic>> {
        if self.has_errors() {
            return Err(self.diagnostics);
        }
        self.value.ok_or(self.diagnostics)
    }
}
