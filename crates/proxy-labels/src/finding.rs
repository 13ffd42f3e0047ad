//! What is wrong with labels, before anybody knows in which file they are.

use std::borrow::Cow;
use std::ops::Range;

use yaml_tree::{Diagnostic, Severity, Span};

/// One finding about labels: what, on which container and label, and what to do.
///
/// Labels may come from anywhere. Where they come from a file, [`Finding::to_diagnostic`] puts the
/// finding in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable identifier, such as `labels::TRF001`.
    pub code: Cow<'static, str>,
    /// One line, a lower-case fragment without a period.
    pub message: String,
    /// The container, if it is about one.
    pub container: Option<String>,
    /// The label, if it is about one.
    pub label: Option<Place>,
    /// Advice, one sentence each.
    pub help: Vec<String>,
    /// A change that mends it, where there is just one.
    pub fix: Option<LabelFix>,
}

/// A place in a label.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The key of the label.
    pub key: String,
    /// Where in the value, in bytes; `None` when it is about the key, or all of it.
    pub range: Option<Range<usize>>,
    /// Whether it is about the value and not about the key.
    pub in_value: bool,
}

/// A change of a label that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelFix {
    /// Write the key like this.
    RenameKey(String),
    /// Write the value like this.
    SetValue(String),
    /// Leave the label out.
    Remove,
    /// Write this label as well.
    Add {
        /// Its key.
        key: String,
        /// Its value.
        value: String,
    },
}

impl Finding {
    /// A finding about nothing in particular yet.
    pub fn new(
        severity: Severity,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code: code.into(),
            message: message.into(),
            container: None,
            label: None,
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

    pub(crate) fn on(mut self, container: &str) -> Self {
        self.container = Some(container.to_owned());
        self
    }

    pub(crate) fn key(mut self, key: &str) -> Self {
        self.label = Some(Place {
            key: key.to_owned(),
            range: None,
            in_value: false,
        });
        self
    }

    pub(crate) fn value(mut self, key: &str) -> Self {
        self = self.key(key);
        if let Some(place) = &mut self.label {
            place.in_value = true;
        }
        self
    }

    pub(crate) fn range(mut self, key: &str, range: Range<usize>) -> Self {
        self = self.value(key);
        if let Some(place) = &mut self.label {
            place.range = Some(range);
        }
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    pub(crate) fn fix(mut self, fix: LabelFix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding as a diagnostic. `locate` says where the label of a container stands: its key
    /// and its value, each as far as it is known.
    pub fn to_diagnostic(
        &self,
        locate: &dyn Fn(Option<&str>, Option<&str>) -> Located,
    ) -> Diagnostic {
        let key = self.label.as_ref().map(|place| place.key.as_str());
        let located = locate(self.container.as_deref(), key);
        let mut found = Diagnostic::new(
            self.severity,
            self.code.clone(),
            self.whole_message(&located),
        );
        let in_value = self.label.as_ref().is_some_and(|place| place.in_value);
        let span = if in_value {
            located.value.as_ref().or(located.key.as_ref())
        } else {
            located.key.as_ref().or(located.value.as_ref())
        };
        if let Some(span) = span {
            let range = self.label.as_ref().and_then(|place| place.range.clone());
            let span = match range {
                Some(range) if in_value && located.verbatim => {
                    span.slice(range.start + located.offset, range.end + located.offset)
                }
                _ => span.clone(),
            };
            found = found.primary(span, "");
        }
        for help in &self.help {
            found = found.help(help.clone());
        }
        if let Some(fix) = &self.fix {
            found = fix.apply(found, &located);
        }
        found
    }

    /// The message, with the container and the label where no place can show them.
    fn whole_message(&self, located: &Located) -> String {
        if located.key.is_some() || located.value.is_some() {
            return self.message.clone();
        }
        match (&self.container, &self.label) {
            (Some(container), Some(place)) => {
                format!("{container}: `{}`: {}", place.key, self.message)
            }
            (Some(container), None) => format!("{container}: {}", self.message),
            (None, Some(place)) => format!("`{}`: {}", place.key, self.message),
            (None, None) => self.message.clone(),
        }
    }
}

/// Where a label stands in a file, as far as it is known.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Located {
    /// Its key, or the service if there is no label.
    pub key: Option<Span>,
    /// Its value.
    pub value: Option<Span>,
    /// Whether the text of the value's span is the value itself, byte for byte after `offset`, so
    /// that a part of it can be pointed at.
    pub verbatim: bool,
    /// Bytes in front of the value in its span: a quote.
    pub offset: usize,
    /// Key and value are one item of a list, `key=value`.
    pub item: bool,
}

impl Located {
    /// A label whose key and value stand at these places.
    pub fn at(key: Option<Span>, value: Option<Span>) -> Self {
        Self {
            key,
            value,
            ..Self::default()
        }
    }
}

impl LabelFix {
    fn apply(&self, found: Diagnostic, located: &Located) -> Diagnostic {
        let title = match self {
            Self::RenameKey(key) => format!("write `{key}`"),
            Self::SetValue(value) => format!("write `{value}`"),
            Self::Remove => "leave the label out".to_owned(),
            Self::Add { key, value } => format!("add `{key}: {value}`"),
        };
        match (self, &located.key, &located.value) {
            (Self::RenameKey(key), Some(span), _) if !located.item => {
                found.fix(title, span.clone(), key.clone())
            }
            (Self::SetValue(value), _, Some(span)) if !located.item && located.verbatim => {
                let quote = &span.text()[..located.offset];
                let text = format!("{quote}{value}{quote}");
                found.fix(title, span.clone(), text)
            }
            _ => found.help(title),
        }
    }
}
