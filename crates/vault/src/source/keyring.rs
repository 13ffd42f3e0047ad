//! The keyring of the system.

use keyring::{Entry, Error};

use super::Keyring;
use crate::Secret;

/// The keyring of the system: the Keychain of macOS, the Credential Manager of Windows, the Secret
/// Service elsewhere. Where there is none, as in a session without D-Bus, it is empty.
///
/// Needs the feature `keyring`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeyring;

impl SystemKeyring {
    /// Keeps a secret under a name.
    ///
    /// # Errors
    /// What the keyring says, in words; also where there is none.
    pub fn set(&self, service: &str, item: &str, secret: &Secret) -> Result<(), String> {
        let entry = Entry::new(service, item).map_err(|error| error.to_string())?;
        let kept = entry.set_password(secret.expose());
        kept.map_err(|error| error.to_string())
    }

    /// Forgets a secret; `false` when there was none.
    ///
    /// # Errors
    /// What the keyring says, in words.
    pub fn remove(&self, service: &str, item: &str) -> Result<bool, String> {
        let entry = Entry::new(service, item).map_err(|error| error.to_string())?;
        match entry.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, service: &str, item: &str) -> Result<Option<Secret>, String> {
        let found = Entry::new(service, item).and_then(|entry| entry.get_password());
        match found {
            Ok(secret) => Ok(Some(Secret::from(secret))),
            // no such item, or nobody to ask
            Err(Error::NoEntry | Error::NoDefaultStore) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}
