//! How tasks are addressed.

use std::fmt;

/// The id of a task: lower case, without the characters that ids do not have.
///
/// Derived from a task's name as frostyeti/cast v0.3.2 does: ASCII letters become lower case;
/// letters, digits, `-`, `_`, `.`, `/`, `:` and blanks are kept; all else is dropped; runs of `-`
/// become one. A name of which nothing is left keeps its lower-case form, so that a task named in
/// another script can still be called.
///
/// ```
/// use castfile::TaskId;
/// assert_eq!(TaskId::derive("Up Name!").as_str(), "up name");
/// assert_eq!(TaskId::derive("up:prod").as_str(), "up:prod");
/// assert_eq!(TaskId::derive("🚀 go--now").as_str(), "go-now");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(String);

impl TaskId {
    /// The id of a task called `name`.
    pub fn derive(name: &str) -> Self {
        let mut id = String::with_capacity(name.len());
        for c in name.chars() {
            let c = c.to_ascii_lowercase();
            let kept = c.is_ascii_lowercase()
                || c.is_ascii_digit()
                || matches!(c, '-' | '_' | '.' | '/' | ':' | ' ');
            if kept && !(c == '-' && id.ends_with('-')) {
                id.push(c);
            }
        }
        let id = id.trim();
        if id.is_empty() {
            return Self(name.trim().to_lowercase());
        }
        Self(id.to_owned())
    }

    /// The id with `suffix` after a colon: a hook (`up:before`) or a context's variant
    /// (`up:prod`).
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}:{suffix}", self.0))
    }

    /// The id inside a namespace: `namespace-id`, as the original forms it.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self::derive(&format!("{namespace}-{}", self.0))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for TaskId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for TaskId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
