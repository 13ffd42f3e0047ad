//! The keyring of the system, where this program was built with it.

use vault::Keyring;

/// The keyring to ask for master passwords.
pub(crate) fn system() -> Box<dyn Keyring> {
    #[cfg(feature = "keyring")]
    return Box::new(vault::SystemKeyring);
    #[cfg(not(feature = "keyring"))]
    Box::new(vault::NoKeyring)
}
