//! Text that must not be shown.

use std::fmt;

use zeroize::{Zeroize as _, Zeroizing};

/// A secret text: a password, a token, the content of a field.
///
/// Its memory is overwritten when it is dropped. `Debug` shows `***`, there is no `Display` and no
/// serde: whoever wants the text writes [`expose`](Self::expose), which can be searched for.
///
/// ```
/// let secret = vault::Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "***");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as text.
    ///
    /// # Errors
    /// When they are not UTF-8; the bytes are overwritten then.
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, NotText> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::from(text)),
            Err(error) => {
                let valid_up_to = error.utf8_error().valid_up_to();
                error.into_bytes().zeroize();
                Err(NotText { valid_up_to })
            }
        }
    }
}

/// The bytes of a value are not UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the value is not UTF-8 text: byte {valid_up_to} cannot be read; keep it as an attachment, or encode it"
)]
pub struct NotText {
    /// How many bytes from the start are text.
    pub valid_up_to: usize,
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// Takes as long for two different texts of one length as for two equal ones.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        left.len() == right.len()
            && left
                .iter()
                .zip(right)
                .fold(0, |bits, (l, r)| bits | (l ^ r))
                == 0
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
