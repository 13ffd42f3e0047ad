//! What can be changed in an entry.

use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::entry::fields;
use crate::{Error, Secret};

/// One change to an entry. Several of them at once make one new version.
///
/// `Debug` shows no values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// The text of a field; `None` removes it.
    Field {
        /// Its exact name, see [`fields`].
        name: String,
        /// Its text.
        value: Option<Secret>,
        /// Whether it is protected; `None` leaves that as it is, and protects new fields the way
        /// KeePass would: the password only.
        is_protected: Option<bool>,
    },
    /// All tags.
    Tags(Vec<String>),
    /// More tags.
    AddTags(Vec<String>),
    /// When it expires; `None` for never.
    Expires(Option<SystemTime>),
    /// A file, in place of one of this name.
    Attach {
        /// Its name.
        name: String,
        /// Its content.
        data: Content,
        /// Whether programs should keep it encrypted in memory.
        is_protected: bool,
    },
    /// No such file any more.
    Detach {
        /// Its name.
        name: String,
    },
}

/// The content of an attachment; its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(pub(crate) Zeroizing<Vec<u8>>);

impl From<Vec<u8>> for Content {
    fn from(data: Vec<u8>) -> Self {
        Self(Zeroizing::new(data))
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Change {
    /// The password.
    #[must_use]
    pub fn password(value: impl Into<Secret>) -> Self {
        Self::field(fields::PASSWORD, value)
    }

    /// A field, protected as it was before.
    #[must_use]
    pub fn field(name: &str, value: impl Into<Secret>) -> Self {
        Self::Field {
            name: name.to_owned(),
            value: Some(value.into()),
            is_protected: None,
        }
    }

    /// A field whose text is protected.
    #[must_use]
    pub fn protected_field(name: &str, value: impl Into<Secret>) -> Self {
        Self::Field {
            name: name.to_owned(),
            value: Some(value.into()),
            is_protected: Some(true),
        }
    }

    /// No such field any more.
    #[must_use]
    pub fn remove_field(name: &str) -> Self {
        Self::Field {
            name: name.to_owned(),
            value: None,
            is_protected: None,
        }
    }

    /// Whether a vault can hold it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Field { name, value, .. } => {
                check_name("the name of a field", name)?;
                if let Some(value) = value
                    && value.expose().contains('\0')
                {
                    return Err(Error::NulInValue {
                        field: name.clone(),
                    });
                }
                if name == fields::TITLE {
                    let title = value.as_ref().map_or("", Secret::expose);
                    check_name("the title", title)?;
                }
            }
            Self::Tags(tags) | Self::AddTags(tags) => {
                for tag in tags {
                    check_name("a tag", tag)?;
                }
            }
            Self::Attach { name, .. } | Self::Detach { name } => {
                check_name("the name of an attachment", name)?;
            }
            Self::Expires(_) => {}
        }
        Ok(())
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), Error> {
    let is_fit = name.chars().all(crate::key_path::is_fit_for_names);
    if is_fit && !name.trim().is_empty() {
        return Ok(());
    }
    Err(Error::InvalidName {
        what,
        name: name.to_owned(),
    })
}

/// Whether a field has to be protected so that it comes back as it was: what XML cannot hold, and
/// white space alone, survive only in base64.
pub(crate) fn needs_protection(text: &str) -> bool {
    !text.chars().all(crate::key_path::is_fit_for_xml)
        || (!text.is_empty() && text.trim().is_empty())
}
