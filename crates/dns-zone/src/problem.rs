//! What is wrong with a zone, before it becomes findings with places.

use std::sync::Arc;

use yaml_tree::{Diagnostic, Severity, Span};

use crate::ZoneFile;

/// A range of a file of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Range {
    pub(crate) file: usize,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A finding without its places in texts, which cost a copy of the file.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) primary: Option<(Range, String)>,
    pub(crate) secondary: Vec<(Range, String)>,
    pub(crate) help: Vec<String>,
    pub(crate) fix: Option<(String, Range, String)>,
}

impl Problem {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    pub(crate) fn at(mut self, range: Range, label: impl Into<String>) -> Self {
        self.primary = Some((range, label.into()));
        self
    }

    /// The same at a place that may be unknown.
    pub(crate) fn maybe_at(mut self, range: Option<Range>, label: impl Into<String>) -> Self {
        self.primary = range.map(|range| (range, label.into()));
        self
    }

    pub(crate) fn and(mut self, range: Option<Range>, label: impl Into<String>) -> Self {
        self.secondary
            .extend(range.map(|range| (range, label.into())));
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    pub(crate) fn fix(
        mut self,
        title: impl Into<String>,
        range: Range,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix = Some((title.into(), range, replacement.into()));
        self
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    pub(crate) fn to_diagnostic(&self, files: &[Arc<ZoneFile>]) -> Diagnostic {
        let span = |range: &Range| -> Option<Span> {
            Some(files.get(range.file)?.span(range.start, range.end))
        };
        let mut found = Diagnostic::new(self.severity, self.code, self.message.clone());
        if let Some((range, label)) = &self.primary
            && let Some(span) = span(range)
        {
            found = found.primary(span, label.clone());
        }
        for (range, label) in &self.secondary {
            if let Some(span) = span(range) {
                found = found.secondary(span, label.clone());
            }
        }
        for help in &self.help {
            found = found.help(help.clone());
        }
        if let Some((title, range, replacement)) = &self.fix
            && let Some(span) = span(range)
        {
            found = found.fix(title.clone(), span, replacement.clone());
        }
        found
    }
}
