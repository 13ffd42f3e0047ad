//! Why something could not be done.

use std::io;

use camino::Utf8PathBuf;

use crate::document::Loss;
use crate::kdbx::{Credentials, Fault};
use crate::key_path::InvalidKey;

/// What went wrong. The message is one line and never has a secret in it; [`Error::help`] says what
/// to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no vault at this path.
    #[error("there is no vault at `{path}`")]
    NoVault {
        /// The path.
        path: Utf8PathBuf,
    },
    /// There is one already where a new one is to be made.
    #[error("`{path}` exists already")]
    Exists {
        /// The path.
        path: Utf8PathBuf,
    },
    /// A file could not be read.
    #[error("cannot read `{path}`: {}", reason(source))]
    Read {
        /// Which one.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written. The vault is what it was before.
    #[error("cannot write `{path}`: {}", reason(source))]
    Write {
        /// Which one.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no vault at all.
    #[error("`{path}` is not a KeePass (KDBX) file")]
    NotKdbx {
        /// The file.
        path: Utf8PathBuf,
    },
    /// It is a vault of a kind that cannot be read.
    #[error("`{path}` cannot be read: {what} is not supported")]
    Unsupported {
        /// The file.
        path: Utf8PathBuf,
        /// What is not.
        what: String,
    },
    /// The file ends too early.
    #[error("`{path}` is cut short")]
    Truncated {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file contradicts itself: a checksum or signature is wrong.
    #[error("`{path}` is damaged: {what} is wrong")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// What is.
        what: String,
    },
    /// The password does not fit.
    #[error("wrong password for `{path}`")]
    WrongPassword {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The key file does not fit.
    #[error("wrong key file for `{path}`")]
    WrongKeyFile {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The password or the key file does not fit; which one cannot be told.
    #[error("wrong password or wrong key file for `{path}`")]
    WrongPasswordOrKeyFile {
        /// The file.
        path: Utf8PathBuf,
    },
    /// What was given as a key file is damaged.
    #[error("the key file cannot be used: {what}")]
    KeyFile {
        /// Why.
        what: String,
    },
    /// Opening the file would cost more than is allowed, or more memory than there is. Nothing was
    /// computed.
    #[error("the key derivation of `{path}` asks for {what}")]
    KdfOverLimit {
        /// The file.
        path: Utf8PathBuf,
        /// For what.
        what: String,
    },
    /// There is no such secret.
    #[error("no secret `{key}`")]
    NotFound {
        /// The key asked for.
        key: String,
        /// The keys most like it, the nearest first.
        nearest: Vec<String>,
        /// The entry of the root group that has the name of the last part: the Go kpv put it there
        /// when it was told to make `key`.
        misplaced: Option<String>,
    },
    /// A key means more than one entry.
    #[error("`{key}` means more than one secret: {}", quoted(candidates))]
    Ambiguous {
        /// The key asked for.
        key: String,
        /// The keys of all of them.
        candidates: Vec<String>,
    },
    /// An entry has no such field.
    #[error("`{key}` has no field `{field}`")]
    NoField {
        /// The key of the entry.
        key: String,
        /// The field asked for.
        field: String,
        /// The fields there are.
        known: Vec<String>,
    },
    /// An entry has no earlier version.
    #[error("`{key}` has no earlier version")]
    NoHistory {
        /// The key of the entry.
        key: String,
    },
    /// There is an entry already where another one should go.
    #[error("`{key}` is there already")]
    Taken {
        /// The key of the entry.
        key: String,
    },
    /// A key cannot be made.
    #[error(transparent)]
    InvalidKey(#[from] InvalidKey),
    /// A name that a vault cannot hold.
    #[error("{what} cannot be {name:?}: it is empty or has control characters")]
    InvalidName {
        /// Whose name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A value with a NUL byte: neither a vault nor the environment of a process can hold it.
    #[error("the value for `{field}` has a NUL byte in it")]
    NulInValue {
        /// The field.
        field: String,
    },
    /// Someone else is writing the vault, and was for as long as it was waited for.
    #[error("`{path}` is being written by another process")]
    Locked {
        /// The vault.
        path: Utf8PathBuf,
    },
    /// The file was changed by someone else since it was read, in a way that the change could not
    /// be made again.
    #[error("`{path}` was changed by another program meanwhile: {what}")]
    ChangedUnderneath {
        /// The vault.
        path: Utf8PathBuf,
        /// What stands in the way.
        what: String,
    },
    /// Writing the vault would lose something in it. Nothing was written.
    #[error("`{path}` is not written, since it would lose {}", first(losses))]
    WouldLose {
        /// The vault.
        path: Utf8PathBuf,
        /// What.
        losses: Vec<Loss>,
    },
    /// What was about to be written did not read as what it should be. Nothing was written.
    #[error("`{path}` is not written: what would be written cannot be read back as it is ({what})")]
    NotVerified {
        /// The vault.
        path: Utf8PathBuf,
        /// How it showed.
        what: String,
    },
}

fn first(losses: &[Loss]) -> String {
    match losses {
        [] => "nothing".to_owned(),
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The cause of an I/O error in words, without the number of the operating system.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::StorageFull => "no space left".to_owned(),
        _ => error.to_string(),
    }
}

impl Error {
    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoVault { .. } => Some("make one with `kpv init`".to_owned()),
            Self::Exists { .. } => Some("remove it, or choose another name".to_owned()),
            Self::Unsupported { .. } => {
                Some("save it as KDBX 4 with KeePassXC: Database settings, Security".to_owned())
            }
            Self::Truncated { path } | Self::Damaged { path, .. } => Some(format!(
                "restore it from a backup; `{path}.bak` is the generation before the last save"
            )),
            Self::WrongPassword { .. } => {
                Some("if the vault also needs a key file, name it".to_owned())
            }
            Self::KdfOverLimit { .. } => Some(
                "lower its parameters in KeePassXC, or raise the limit if you trust the file"
                    .to_owned(),
            ),
            Self::NotFound {
                misplaced: Some(root),
                key,
                ..
            } => Some(format!(
                "there is `{root}` in the root group, where the Go kpv put such keys: \
                 `kpv doctor` moves it to `{key}`"
            )),
            Self::NotFound { nearest, .. } if !nearest.is_empty() => {
                Some(format!("did you mean {}?", quoted(nearest)))
            }
            Self::NoField { known, .. } if !known.is_empty() => {
                Some(format!("its fields are {}", quoted(known)))
            }
            Self::Ambiguous { .. } => Some("write the whole path".to_owned()),
            Self::NulInValue { .. } => {
                Some("encode it, for instance in base64, or keep it as an attachment".to_owned())
            }
            Self::Locked { path } => Some(format!(
                "try again when it is done; the lock is `{path}.lock`"
            )),
            Self::ChangedUnderneath { .. } => Some("run the command again".to_owned()),
            Self::WouldLose { .. } => Some(
                "make the change in KeePassXC; if it saves the vault without what is named, it \
                 can be changed here as well"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Of a fault found in a file.
    pub(crate) fn of(fault: Fault, path: &Utf8PathBuf, credentials: &Credentials) -> Self {
        let path = path.clone();
        match fault {
            Fault::NotKdbx => Self::NotKdbx { path },
            Fault::Unsupported(what) => Self::Unsupported { path, what },
            Fault::Truncated => Self::Truncated { path },
            Fault::Damaged(what) => Self::Damaged {
                path,
                what: what.to_owned(),
            },
            Fault::TooCostly(what) => Self::KdfOverLimit { path, what },
            Fault::KeyFile(what) => Self::KeyFile {
                what: what.to_owned(),
            },
            Fault::WrongKey => match (credentials.has_password(), credentials.has_key_file()) {
                (true, true) => Self::WrongPasswordOrKeyFile { path },
                (false, true) => Self::WrongKeyFile { path },
                _ => Self::WrongPassword { path },
            },
        }
    }
}
