//! KeePass vaults for scripts.

mod audit;
mod change;
mod contents;
mod diff;
mod document;
mod entry;
mod error;
mod format;
mod generate;
mod kdbx;
mod key_path;
mod names;
mod resolve;
mod save;
mod secret;
mod store;
mod totp;
mod vault;

pub use audit::{AuditOptions, Finding, Problem, audit};
pub use change::{Change, Content};
pub use diff::{Difference, DifferenceKind, Part, describe, diff};
pub use document::Loss;
pub use entry::{Attachment, Entry, Field, fields};
pub use error::Error;
pub use format::{Appended, Export, Format, FormatError, Rendered, UnknownFormat};
pub use generate::{GenerateError, OsRandom, Random, Rules, SYMBOLS};
pub use kdbx::{Cipher, Credentials, Kdf, KdfLimits, KdfVariant, Version, derivations};
pub use key_path::{InvalidKey, KeyPath};
pub use names::{EnvName, InvalidEnvName, NameClash, Naming, UnknownNaming, check_names};
pub use save::{SaveOptions, Saved};
pub use secret::{NotText, Secret};
pub use totp::{OneTimePassword, TotpError};
pub use vault::{Edited, Missing, OpenOptions, Removal, Settings, Vault};
