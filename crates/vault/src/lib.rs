//! KeePass vaults for scripts.

mod change;
mod contents;
mod document;
mod entry;
mod error;
mod kdbx;
mod key_path;
mod resolve;
mod save;
mod secret;
mod store;
mod vault;

pub use change::{Change, Content};
pub use document::Loss;
pub use entry::{Attachment, Entry, Field, fields};
pub use error::Error;
pub use kdbx::{Cipher, Credentials, Kdf, KdfLimits, KdfVariant, Version, derivations};
pub use key_path::{InvalidKey, KeyPath};
pub use save::{SaveOptions, Saved};
pub use secret::{NotText, Secret};
pub use vault::{Edited, Missing, OpenOptions, Removal, Settings, Vault};
