//! KeePass vaults for scripts: get, make, change and hand out secrets, safely and side by side with
//! other programs.
//!
//! A vault is opened once, read as often as one likes, edited in memory and saved at the end. It
//! stays a file that KeePassXC and others open. The crate starts no process, prints nothing and
//! reads neither the environment nor the clock: the time, random numbers, variables and files come
//! in as values. It is sync.
//!
//! ```
//! use std::time::SystemTime;
//! use vault::{Credentials, GenerateError, Kdf, OpenOptions, OsRandom, Rules, SaveOptions, Secret};
//! use vault::{Settings, Vault};
//!
//! # let dir = tempfile::tempdir()?;
//! # let path = camino::Utf8Path::from_path(dir.path()).unwrap().join("lab.kdbx");
//! let options = OpenOptions::at(SystemTime::now());
//! let credentials = Credentials::password(Secret::from("open sesame"));
//! let settings = Settings::new("lab");
//! # let settings = settings.kdf(Kdf::Aes { rounds: 1 });
//! let mut vault = Vault::create(&path, credentials.clone(), settings, options.clone())?;
//! vault.set("shop/db/password", Secret::from("hunter2"))?;
//! vault.save(&SaveOptions::default())?;
//!
//! // Another command, later. Get or make, and ask after saving: someone else may have been faster.
//! let mut vault = Vault::open(&path, credentials, options)?;
//! vault.ensure("shop/api-token", || Rules::default().size(32).generate(&mut OsRandom))?;
//! vault.save(&SaveOptions::default())?;
//! assert_eq!(vault.get("shop/api-token")?.expose().len(), 32);
//! assert_eq!(vault.get("shop/db/password")?.expose(), "hunter2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What there is
//!
//! - [`Vault`]: [`open`](Vault::open), [`create`](Vault::create); read with [`get`](Vault::get),
//!   [`entry`](Vault::entry), [`entries`](Vault::entries), [`glob`](Vault::glob); edit with
//!   [`set`](Vault::set), [`edit`](Vault::edit) and [`Change`], [`ensure`](Vault::ensure),
//!   [`remove`](Vault::remove), [`relocate`](Vault::relocate), [`undo`](Vault::undo);
//!   [`save`](Vault::save).
//! - [`Entry`]: fields, tags, times, attachments, history, [one-time passwords](Entry::totp).
//! - [`Secret`]: text that is overwritten when dropped and never shown. [`KeyPath`]: where a secret
//!   stands. [`Rules`]: what a new one looks like.
//! - [`Format`] writes secrets for shells and build services, under names that [`Naming`] makes.
//! - [`export`], [`parse_exchange`], [`import`] and [`sync`]: secrets as JSON.
//! - [`diff`], [`describe`], [`audit`]: what changed, and what should; no values shown.
//! - [`Sources`] finds the master password, [`locate`] the file, [`find_calls`] the calls of `kpv`
//!   in a `.env` file.
//!
//! # What it costs
//!
//! Opening costs one key derivation, which is the deliberate cost of trying a password. Nothing else
//! does: a save keeps salt and derived key (the encryption key is a new one each time all the same),
//! and verifies what it wrote with the key it has. [`Vault::derivations`] counts. What a file may ask
//! for is [limited](KdfLimits) before anything is computed. The document inside is read once, and an
//! entry taken out of it when it is asked for.
//!
//! What was decrypted is overwritten when it is dropped: the document, values, attachments, derived
//! keys, and the memory of Argon2.
//!
//! # Saving
//!
//! An edit is kept as what was asked for, not as its result. [`save`](Vault::save) takes a lock, and
//! if the file is not the one that was read, reads it again and makes the edits again; so two writers
//! never lose each other's changes, and of two that make one secret both end with the same. The new
//! file is written beside the old one, synced, read back, compared with what it should say, and put
//! in its place; the old one is kept as `.bak`. A process that is killed leaves a whole vault.
//!
//! What cannot be written without a loss is said by [`losses`](Vault::losses): such a vault can be
//! read, and an edit of it is [refused](Error::WouldLose) before anything is written.
//!
//! # Errors
//!
//! [`Error`] has a kind for each thing that can be wrong, a message of one line and
//! [`help`](Error::help). No message has a secret in it. No input makes this crate panic.
//!
//! # Features
//!
//! - `keyring` (off): `SystemKeyring`, the keyring of the system as a source of master passwords.
//!
//! # Compatibility
//!
//! Reads KDBX 3.1, 4.0 and 4.1, with AES-KDF, Argon2d and Argon2id; AES-256, ChaCha20 and Twofish;
//! passwords, key files, or both. Writes 4.1. Compared in tests with KeePassXC 2.7 and pykeepass 4.2.
//!
//! Follows frostyeti/kpv in names, formats and rules of generation, and differs where it loses or
//! leaks: nested keys are written where they are read; history is kept, the oldest first; what is
//! removed lies in the recycle bin; values are escaped; the user name is the field `UserName`, and
//! `Username` is read. References (`{REF:…}`) in values are given as they are.

mod audit;
mod call;
mod change;
mod contents;
mod diff;
mod document;
mod entry;
mod error;
mod exchange;
mod format;
mod generate;
mod kdbx;
mod key_path;
mod locate;
mod names;
mod resolve;
mod save;
mod secret;
mod source;
mod store;
mod totp;
mod vault;

pub use audit::{AuditOptions, Finding, Problem, audit};
pub use call::{Call, CallError, FoundCall, Request, find_calls, parse_call};
pub use change::{Change, Content};
pub use diff::{Difference, DifferenceKind, Part, describe, diff};
pub use document::Loss;
pub use entry::{Attachment, Entry, Field, fields};
pub use error::Error;
pub use exchange::{
    ExchangeError, ImportError, Item, Outcome, export, import, parse_exchange, sync,
};
pub use format::{Appended, Export, Format, FormatError, Rendered, UnknownFormat};
pub use generate::{GenerateError, OsRandom, Random, Rules, SYMBOLS};
pub use kdbx::{Cipher, Credentials, Kdf, KdfLimits, KdfVariant, Version};
pub use key_path::{InvalidKey, KeyPath};
pub use locate::{Config, ConfigError, InvalidVaultName, Places, System, locate};
pub use names::{EnvName, InvalidEnvName, NameClash, Naming, UnknownNaming, check_names};
pub use save::{SaveOptions, Saved};
pub use secret::{NotText, Secret};
#[cfg(feature = "keyring")]
pub use source::SystemKeyring;
pub use source::{Given, Keyring, NoKeyring, Origin, SecretFiles, SourceError, Sources, Unlock};
pub use totp::{OneTimePassword, TotpError};
pub use vault::{Edited, InvalidGlob, Missing, OpenOptions, Removal, Settings, Vault};
