//! The name of a secret.

use std::fmt;
use std::str::FromStr;

/// So deep are groups that are written, the root group left out: the crate `keepass` goes down into
/// them on the stack.
pub(crate) const DEEPEST_GROUPS: usize = 56;

/// Where a secret stands: groups, then the title of the entry, as in `shop/db/password`.
///
/// Segments are separated by `/` and nothing else. A separator at either end is dropped; white
/// space around a segment is kept, as titles may have it. This is the form in which secrets are
/// *made*; for finding one a vault is more generous, see [`Vault::entry`](crate::Vault::entry).
///
/// ```
/// let key: vault::KeyPath = "shop/db/password".parse()?;
/// assert_eq!(key.groups(), ["shop", "db"]);
/// assert_eq!(key.title(), "password");
/// assert_eq!("/shop/db/password/".parse(), Ok(key));
/// assert!("shop//password".parse::<vault::KeyPath>().is_err());
/// # Ok::<(), vault::InvalidKey>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPath(Vec<String>);

/// A text is no name of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// There is nothing in it.
    #[error("the key is empty")]
    Empty,
    /// Two separators follow each other.
    #[error("key `{key}` has an empty part between two `/`")]
    EmptySegment {
        /// The text.
        key: String,
    },
    /// It has more groups than 56, which are all that are written.
    #[error("key `{key}` is more than {DEEPEST_GROUPS} groups deep")]
    Depth {
        /// The text.
        key: String,
    },
    /// It has a character that no vault can hold, or a line end or tab.
    #[error("key {key:?} has the control character U+{char:04X}", char = u32::from(*.char))]
    Control {
        /// The text.
        key: String,
        /// The character.
        char: char,
    },
}

impl KeyPath {
    /// The groups, from the outermost on; empty for an entry in the root group.
    pub fn groups(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, groups)| groups)
    }

    /// The title of the entry.
    pub fn title(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// The key of an entry that stands where it stands: its title may have a `/` in it.
    pub(crate) fn of(groups: &[String], title: &str) -> Self {
        let title = std::iter::once(title.to_owned());
        Self(groups.iter().cloned().chain(title).collect())
    }
}

impl FromStr for KeyPath {
    type Err = InvalidKey;

    fn from_str(key: &str) -> Result<Self, InvalidKey> {
        let trimmed = key.strip_prefix('/').unwrap_or(key);
        let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
        if trimmed.trim().is_empty() {
            return Err(InvalidKey::Empty);
        }
        if let Some(char) = trimmed.chars().find(|char| !is_fit_for_names(*char)) {
            let key = key.to_owned();
            return Err(InvalidKey::Control { key, char });
        }
        let segments: Vec<_> = trimmed.split('/').map(str::to_owned).collect();
        if segments.iter().any(|segment| segment.trim().is_empty()) {
            let key = key.to_owned();
            return Err(InvalidKey::EmptySegment { key });
        }
        if segments.len() > DEEPEST_GROUPS + 1 {
            let key = key.to_owned();
            return Err(InvalidKey::Depth { key });
        }
        Ok(Self(segments))
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// Characters that may stand in names: no control characters, and none that XML cannot hold.
pub(crate) fn is_fit_for_names(char: char) -> bool {
    !char.is_control() && is_fit_for_xml(char)
}

/// Characters which an XML document can hold.
pub(crate) fn is_fit_for_xml(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
