//! A value with where it came from.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use yaml_tree::Span;

use crate::interpolate::{Variable, variables};
use crate::value::Value;

/// A typed value that knows where it was written and what stood there before interpolation.
///
/// It dereferences to the value. Equality compares the values alone, as that of [`Value`] does.
///
/// ```
/// # use std::collections::BTreeMap;
/// # use compose_model::{MemoryFiles, Options, load};
/// # let text = "services: {web: {image: 'nginx:${TAG:-1.27}', user: app}}";
/// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
/// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
/// let web = project.service("web").unwrap();
///
/// let image = web.image.as_ref().unwrap();
/// assert_eq!(image.tag(), Some("1.27"));
/// assert_eq!(image.written(), Some("nginx:${TAG:-1.27}"));
/// assert_eq!(image.variables()[0].default, Some("1.27"));
/// assert!(image.is_interpolated());
///
/// let user = web.user.as_ref().unwrap();
/// assert_eq!(user.literal().map(String::as_str), Some("app"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it is written; `None` for what Compose adds by itself.
    ///
    /// The parts of a short form (`8080:80`, `KEY=VALUE`) have the place of the whole. A variable
    /// from an `env_file`, and a label from a `label_file`, has its line there. An alias
    /// has its own place, and what a merge key brings that of the anchored text.
    pub span: Option<Span>,
    /// Where the key in front of it is written, if there is one.
    pub key: Option<Span>,
    /// The text before interpolation, if there was a `$` in it.
    pub template: Option<Arc<str>>,
}

impl<T> Sourced<T> {
    /// A value that is written nowhere.
    pub fn new(value: T) -> Self {
        Self {
            value,
            span: None,
            key: None,
            template: None,
        }
    }

    /// `value` at the place of `node`.
    pub(super) fn at(node: &Value, value: T) -> Self {
        Self {
            value,
            span: node.span.clone(),
            key: node.key.clone(),
            template: node.template.clone(),
        }
    }

    /// The place to show for the value: where it is written, else where its key is.
    pub fn place(&self) -> Option<&Span> {
        self.span.as_ref().or(self.key.as_ref())
    }

    /// What stands in the file: the text before interpolation, else the text of the place, quotes
    /// and all. `None` for what is not written.
    pub fn written(&self) -> Option<&str> {
        match &self.template {
            Some(template) => Some(template),
            None => self.span.as_ref().map(Span::text),
        }
    }

    /// The variables that the text refers to, in the order of the text; those within defaults
    /// included.
    pub fn variables(&self) -> Vec<Variable<'_>> {
        let mut found = self.template.as_deref().map(variables).unwrap_or_default();
        found.sort_by_key(|variable| variable.range.start);
        found
    }

    /// Whether there is a variable in the text. `$$` and the `$(` of a shell are none.
    pub fn is_interpolated(&self) -> bool {
        !self.variables().is_empty()
    }

    /// The value, if no variable took part in it.
    pub fn literal(&self) -> Option<&T> {
        (!self.is_interpolated()).then_some(&self.value)
    }

    /// Another value at the same place.
    pub fn with<U>(&self, value: U) -> Sourced<U> {
        Sourced {
            value,
            span: self.span.clone(),
            key: self.key.clone(),
            template: self.template.clone(),
        }
    }

    /// What `f` makes of the value, at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: f(self.value),
            span: self.span,
            key: self.key,
            template: self.template,
        }
    }
}

impl<T> Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Sourced<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Display> fmt::Display for Sourced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
