//! Why an edit was refused.

use thiserror::Error;
use yaml_tree::{Diagnostic, Span};

use crate::ImageError;

/// Why an edit was refused. The text is as it was before.
///
/// Paths are written with dots: `services.web.labels.a`.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The text is not YAML, or not a mapping with text as keys.
    #[error("the file cannot be read")]
    Unreadable(Vec<Diagnostic>),
    /// There is no service of this name.
    #[error("there is no service `{name}`")]
    NoService {
        /// The name asked for.
        name: String,
        /// The only service with a similar name.
        nearest: Option<String>,
    },
    /// There is nothing at the path.
    #[error("there is no {path}")]
    NotFound {
        /// What was asked for.
        path: String,
    },
    /// There is something else at the path than the edit is for.
    #[error("{path} is {found}, not {wanted}")]
    WrongKind {
        /// The path as far as it could be followed.
        path: String,
        /// What is there.
        found: &'static str,
        /// What would have to be there.
        wanted: &'static str,
        /// Where it is.
        span: Span,
    },
    /// There is another value already, and the edit was to add.
    #[error("{path} is there already")]
    Exists {
        /// What was to be added.
        path: String,
        /// Where it is.
        span: Span,
    },
    /// The value is made from variables, so that there is no literal text to change.
    #[error("{path} is made from variables: `{text}`")]
    Template {
        /// What was to be changed.
        path: String,
        /// The text in the file.
        text: String,
        /// Where it is.
        span: Span,
    },
    /// The value is written elsewhere and used here by an alias, or written here and used
    /// elsewhere: the edit would change both.
    #[error("changing {path} would change {elsewhere} too")]
    Shared {
        /// What was to be changed.
        path: String,
        /// What else would change.
        elsewhere: String,
        /// Where the alias, or the value, stands.
        span: Span,
    },
    /// The value comes from a merge key (`<<`) as a whole; an entry of its own would hide it.
    #[error("{path} comes from a merge key")]
    Inherited {
        /// What comes from there.
        path: String,
        /// What is merged in.
        span: Span,
    },
    /// The value is tagged, so that the text does not mean what it says.
    #[error("{path} has the tag `{tag}`")]
    Tagged {
        /// What has the tag.
        path: String,
        /// The tag.
        tag: String,
        /// Where it is.
        span: Span,
    },
    /// What was to be written is no image, tag or digest.
    #[error("`{text}` cannot be used as image, tag or digest")]
    BadImage {
        /// What was to be written.
        text: String,
        /// Why not.
        source: ImageError,
    },
    /// A label or variable whose name is empty or holds a `=`, which a list cannot express.
    #[error("`{key}` cannot be the name of a label or variable")]
    BadKey {
        /// The name.
        key: String,
    },
    /// The text is laid out in a way in which this edit cannot be made without touching other
    /// lines.
    #[error("{path} cannot be changed in place as it is laid out here")]
    Layout {
        /// What was to be changed.
        path: String,
        /// Where it is, or the mapping it would belong to.
        span: Span,
    },
}

impl EditError {
    /// The place in the text that is in the way.
    pub fn span(&self) -> Option<&Span> {
        match self {
            Self::WrongKind { span, .. }
            | Self::Exists { span, .. }
            | Self::Template { span, .. }
            | Self::Shared { span, .. }
            | Self::Inherited { span, .. }
            | Self::Tagged { span, .. }
            | Self::Layout { span, .. } => Some(span),
            Self::Unreadable(found) => found.first().and_then(Diagnostic::location),
            Self::NoService { .. }
            | Self::NotFound { .. }
            | Self::BadImage { .. }
            | Self::BadKey { .. } => None,
        }
    }

    /// The same for a report that shows the place: code `compose::edit`, with advice where there
    /// is some. Several for a text that cannot be read.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        if let Self::Unreadable(found) = self
            && !found.is_empty()
        {
            return found.clone();
        }
        let mut found = Diagnostic::error("compose::edit", self.message());
        if let Some(span) = self.span() {
            found = found.primary(span.clone(), "");
        }
        if let Some(advice) = self.advice() {
            found = found.help(advice);
        }
        vec![found]
    }

    fn message(&self) -> String {
        match self {
            Self::BadImage { source, .. } => format!("{self}: {source}"),
            _ => self.to_string(),
        }
    }

    fn advice(&self) -> Option<String> {
        let advice = match self {
            Self::NoService { nearest, .. } => {
                return nearest
                    .as_ref()
                    .map(|name| format!("did you mean `{name}`?"));
            }
            Self::Template { .. } => "set the variable, or replace the whole template",
            Self::Shared { .. } => "write the value out where it is used, or change it by hand",
            Self::Inherited { .. } => "change it where it is defined, or write it out here",
            Self::Tagged { .. } => "remove the tag first",
            _ => return None,
        };
        Some(advice.to_owned())
    }
}
