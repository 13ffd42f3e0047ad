//! Where the master password comes from.

#[cfg(feature = "keyring")]
mod keyring;

use std::fmt;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

#[cfg(feature = "keyring")]
pub use keyring::SystemKeyring;

use crate::{Config, Credentials, Places, Secret};

/// What was said on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// `--vault-password`, `--password`: in the open for every process on the machine.
    pub password: Option<Secret>,
    /// `--vault-password-file`, `--password-file`; `-` is standard input.
    pub password_file: Option<String>,
    /// `--vault-os-secret`: the exact name of an item of the keyring.
    pub os_secret: Option<String>,
    /// The KeePass key file, which is part of the key and not a place for a password.
    pub key_file: Option<String>,
}

/// Files to read passwords from.
pub trait SecretFiles {
    /// The content of a file.
    ///
    /// # Errors
    /// Those of the storage; [`io::ErrorKind::NotFound`] when there is none.
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// All of standard input.
    ///
    /// # Errors
    /// Those of reading.
    fn read_stdin(&self) -> io::Result<Vec<u8>>;
}

/// The keyring of the system.
pub trait Keyring {
    /// The secret of an item; `None` when there is no such item, or no keyring at all.
    ///
    /// # Errors
    /// What went wrong, in words, where there is a keyring that does not answer.
    fn get(&self, service: &str, item: &str) -> Result<Option<Secret>, String>;
}

/// No keyring.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _service: &str, _item: &str) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// Where a master password was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// On the command line: worth a warning.
    Argument,
    /// In the file that an argument names; `-` for standard input.
    ArgumentFile(String),
    /// In a variable.
    Variable(&'static str),
    /// In the file that a variable names.
    VariableFile {
        /// The variable.
        variable: &'static str,
        /// The file.
        path: Utf8PathBuf,
    },
    /// In an item of the keyring.
    Keyring(String),
    /// In a file beside the vault or with the data of kpv.
    StoredFile(Utf8PathBuf),
    /// Nowhere: there is a key file, and no password.
    KeyFileAlone,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("the command line"),
            Self::ArgumentFile(path) if path == "-" => f.write_str("standard input"),
            Self::ArgumentFile(path) => write!(f, "`{path}`"),
            Self::Variable(name) => write!(f, "`{name}`"),
            Self::VariableFile { variable, path } => write!(f, "`{path}` (from `{variable}`)"),
            Self::Keyring(item) => write!(f, "`{item}` in the keyring"),
            Self::StoredFile(path) => write!(f, "`{path}`"),
            Self::KeyFileAlone => f.write_str("the key file alone"),
        }
    }
}

/// What unlocks a vault, and where it was found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unlock {
    /// It.
    pub credentials: Credentials,
    /// Where the password was.
    pub origin: Origin,
    /// Sources that could not be asked and were passed over, in words.
    pub warnings: Vec<String>,
}

/// Why there is no master password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A source that was named cannot be read.
    #[error("cannot read the master password from {origin}: {source}")]
    Unreadable {
        /// Which one.
        origin: Origin,
        /// Why.
        source: io::Error,
    },
    /// A source that was named has nothing in it.
    #[error("there is no master password in {origin}: it is empty")]
    Empty {
        /// Which one.
        origin: Origin,
    },
    /// An item of the keyring that was named is not there.
    #[error("there is no `{item}` in the keyring")]
    NoItem {
        /// Its name.
        item: String,
    },
    /// The keyring does not answer.
    #[error("the keyring cannot be read: {message}")]
    Keyring {
        /// What it says.
        message: String,
    },
    /// The KeePass key file cannot be read.
    #[error("cannot read the key file `{path}`: {source}")]
    KeyFile {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What a source holds is not text.
    #[error("the master password in {origin} is not UTF-8 text")]
    NotText {
        /// Which one.
        origin: Origin,
    },
}

/// The world as it is needed for finding a master password.
#[expect(missing_debug_implementations, reason = "it holds functions")]
pub struct Sources<'a> {
    /// Variables of the environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Files.
    pub files: &'a dyn SecretFiles,
    /// The keyring.
    pub keyring: &'a dyn Keyring,
    /// Where things are.
    pub places: &'a Places,
    /// The configuration, for the name of the keyring's service.
    pub config: &'a Config,
}

impl Sources<'_> {
    /// What unlocks the vault at `path`, which is absolute.
    ///
    /// The first that is there: the password on the command line; the file named there;
    /// `KPV_PASSWORD`, then `KPV_MASTER_PASSWORD`; the file named in `KPV_PASSWORD_FILE`; the item
    /// of the keyring named on the command line or in `KPV_VAULT_OS_SECRET`; the items
    /// `kpv:///<path>` and `kpv://<path>` of the keyring; a file `<vault>.key` beside the vault,
    /// `<name>.key` among the data of kpv, or `<name>.key` in `$CREDENTIALS_DIRECTORY`, where
    /// systemd puts it. White space around the text of a file is not part of the password.
    ///
    /// `None` when there is none of them, and one may ask. A KeePass key file
    /// (`--key-file-kdbx`, `KPV_KEYFILE`) is added to whatever is found; if nothing is, it is tried
    /// alone.
    ///
    /// # Errors
    /// A source that was named and cannot be used is an error, and no other one is tried.
    pub fn resolve(&self, given: &Given, path: &Utf8Path) -> Result<Option<Unlock>, SourceError> {
        let mut warnings = Vec::new();
        let found = match self.explicit(given)? {
            Some(found) => Some(found),
            None => self.stored(path, &mut warnings)?,
        };
        let key_file = given.key_file.clone().or_else(|| self.var("KPV_KEYFILE"));
        let key_file = key_file.map(|file| self.key_file(file)).transpose()?;
        let unlock = |credentials: Credentials, origin| Unlock {
            credentials: match &key_file {
                Some(content) => credentials.with_key_file(content.clone()),
                None => credentials,
            },
            origin,
            warnings: warnings.clone(),
        };
        Ok(match (found, &key_file) {
            (Some((password, origin)), _) => Some(unlock(Credentials::password(password), origin)),
            (None, Some(_)) => Some(unlock(Credentials::default(), Origin::KeyFileAlone)),
            (None, None) => None,
        })
    }

    fn var(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|value| !value.is_empty())
    }

    /// Sources that somebody named.
    fn explicit(&self, given: &Given) -> Result<Option<(Secret, Origin)>, SourceError> {
        if let Some(password) = &given.password {
            if password.is_empty() {
                let origin = Origin::Argument;
                return Err(SourceError::Empty { origin });
            }
            return Ok(Some((password.clone(), Origin::Argument)));
        }
        if let Some(file) = &given.password_file {
            let origin = Origin::ArgumentFile(file.clone());
            return self.password_in(file, origin).map(Some);
        }
        for name in ["KPV_PASSWORD", "KPV_MASTER_PASSWORD"] {
            if let Some(password) = self.var(name) {
                return Ok(Some((Secret::from(password), Origin::Variable(name))));
            }
        }
        if let Some(file) = self.var("KPV_PASSWORD_FILE") {
            let origin = Origin::VariableFile {
                variable: "KPV_PASSWORD_FILE",
                path: Utf8PathBuf::from(&file),
            };
            return self.password_in(&file, origin).map(Some);
        }
        let item = given
            .os_secret
            .clone()
            .or_else(|| self.var("KPV_VAULT_OS_SECRET"));
        let Some(item) = item else { return Ok(None) };
        match self.keyring.get(&self.service(), &item) {
            Ok(Some(password)) => Ok(Some((password, Origin::Keyring(item)))),
            Ok(None) => Err(SourceError::NoItem { item }),
            Err(message) => Err(SourceError::Keyring { message }),
        }
    }

    /// Sources where a password may lie.
    fn stored(
        &self,
        path: &Utf8Path,
        warnings: &mut Vec<String>,
    ) -> Result<Option<(Secret, Origin)>, SourceError> {
        for item in [format!("kpv:///{path}"), format!("kpv://{path}")] {
            match self.keyring.get(&self.service(), &item) {
                Ok(Some(password)) if !password.is_empty() => {
                    return Ok(Some((password, Origin::Keyring(item))));
                }
                Ok(_) => {}
                Err(message) => {
                    warnings.push(format!("the keyring cannot be read: {message}"));
                    break;
                }
            }
        }
        let stem = path.file_stem().unwrap_or("vault");
        let name = format!("{stem}.key");
        let mut candidates = vec![
            Utf8PathBuf::from(format!("{path}.key")),
            path.with_extension("key"),
            self.places.data.join(&name),
        ];
        let credentials = self.var("CREDENTIALS_DIRECTORY");
        candidates.extend(credentials.map(|dir| Utf8PathBuf::from(dir).join(&name)));
        for file in candidates {
            let origin = Origin::StoredFile(file.clone());
            match self.files.read(&file) {
                // KeePass has files of this name too
                Ok(bytes) if is_key_file(&bytes) => warnings.push(format!(
                    "`{file}` is a KeePass key file, not one with a password: name it as the key file"
                )),
                Ok(bytes) => match text(bytes, origin.clone())? {
                    password if password.is_empty() => {}
                    password => return Ok(Some((password, origin))),
                },
                Err(error) if is_absent(&error) => {}
                Err(source) => return Err(SourceError::Unreadable { origin, source }),
            }
        }
        Ok(None)
    }

    fn service(&self) -> String {
        let service = self.config.get("service.name");
        service.unwrap_or_else(|| "kpv".to_owned())
    }

    fn password_in(&self, file: &str, origin: Origin) -> Result<(Secret, Origin), SourceError> {
        let read = if file == "-" {
            self.files.read_stdin()
        } else {
            self.files.read(&self.places.current.join(file))
        };
        match read {
            Ok(bytes) => match text(bytes, origin.clone())? {
                password if password.is_empty() => Err(SourceError::Empty { origin }),
                password => Ok((password, origin)),
            },
            Err(source) => Err(SourceError::Unreadable { origin, source }),
        }
    }

    fn key_file(&self, file: String) -> Result<Vec<u8>, SourceError> {
        let path = self.places.current.join(file);
        self.files
            .read(&path)
            .map_err(|source| SourceError::KeyFile { path, source })
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

fn is_key_file(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or(true, |text| text.contains("<KeyFile>"))
}

fn text(bytes: Vec<u8>, origin: Origin) -> Result<Secret, SourceError> {
    let secret = Secret::from_utf8(bytes).map_err(|_| SourceError::NotText { origin })?;
    Ok(Secret::from(secret.expose().trim()))
}
