//! Why a command did not do what it was told.

use std::fmt;

use vault::{
    CallError, ConfigError, Error, FormatError, GenerateError, InvalidEnvName, InvalidGlob,
    InvalidVaultName, NameClash, NotText, SourceError, TotpError,
};
use yaml_tree::Diagnostic;

use crate::exit;

/// Why a command failed: a message with advice, or findings in a file, and the exit code.
///
/// No part of it has a secret in it.
#[derive(Debug, Clone)]
pub struct Failure {
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) code: u8,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: Vec::new(),
            found: Vec::new(),
            code: exit::FAILED,
        }
    }

    /// Wrong usage, of a kind which the reader of the command line does not see.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message).code(exit::USAGE)
    }

    /// Mistakes in a file.
    pub(crate) fn found(found: Vec<Diagnostic>) -> Self {
        Self {
            found,
            ..Self::new("")
        }
    }

    pub(crate) fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// What went wrong, as a fragment for a message.
    pub fn message(&self) -> &str {
        match self.found.first() {
            Some(found) => &found.message,
            None => &self.message,
        }
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> &[String] {
        &self.help
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(error.to_string()).code(exit::of(&error));
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Vault(error) => error.into(),
            GenerateError::TooShort { classes, .. } => Self::new(error.to_string()).help(format!(
                "give it at least `--size {classes}`, or leave classes out: -U, -L, -D, -S"
            )),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let failure = Self::new(error.to_string()).code(exit::LOCKED_OUT);
        match error {
            SourceError::Empty { .. } => {
                failure.help("a source that is named has to have the password")
            }
            SourceError::NoItem { .. } if !cfg!(feature = "keyring") => {
                failure.help("this kpv was built without the keyring of the system")
            }
            _ => failure,
        }
    }
}

macro_rules! plain {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error.to_string())
            }
        })*
    };
}

plain!(
    CallError,
    ConfigError,
    FormatError,
    InvalidEnvName,
    InvalidGlob,
    InvalidVaultName,
    NotText
);

impl From<NameClash> for Failure {
    fn from(error: NameClash) -> Self {
        Self::new(error.to_string())
            .help("give one of them a name of its own: `--name KEY=NAME`, or use `--names path`")
    }
}

impl From<TotpError> for Failure {
    fn from(error: TotpError) -> Self {
        let code = match error {
            TotpError::None { .. } => exit::NOT_FOUND,
            _ => exit::FAILED,
        };
        Self::new(error.to_string()).code(code)
    }
}
