//! What is said when a vault is opened, made or edited, and what comes of it.

use std::time::SystemTime;

use crate::kdbx::{Cipher, Kdf, KdfLimits};

/// How a vault is opened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OpenOptions {
    /// The time of everything that is done with it.
    pub now: SystemTime,
    /// What the key derivation may cost.
    pub limits: KdfLimits,
}

impl OpenOptions {
    /// At this time, with the usual limits.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        Self {
            now,
            limits: KdfLimits::default(),
        }
    }

    /// With other limits.
    #[must_use]
    pub fn limits(mut self, limits: KdfLimits) -> Self {
        self.limits = limits;
        self
    }
}

/// What a new vault is like.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Its name, as programs show it.
    pub name: String,
    /// How the key is derived.
    pub kdf: Kdf,
    /// What the content is encrypted with.
    pub cipher: Cipher,
}

impl Settings {
    /// Argon2id with 64 MiB, and AES-256.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kdf: Kdf::recommended(),
            cipher: Cipher::Aes256,
        }
    }

    /// With another key derivation.
    #[must_use]
    pub fn kdf(mut self, kdf: Kdf) -> Self {
        self.kdf = kdf;
        self
    }

    /// With another cipher.
    #[must_use]
    pub fn cipher(mut self, cipher: Cipher) -> Self {
        self.cipher = cipher;
        self
    }
}

/// What to do when an entry to be edited is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make it, with its groups.
    Create,
    /// Fail.
    Fail,
}

/// How an entry is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Into the recycle bin. A vault whose owner switched the bin off removes for good.
    RecycleBin,
    /// For good, with its history.
    Permanent,
}

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// The entry was made.
    Created,
    /// The entry has a new version.
    Updated,
    /// Everything was so already.
    Unchanged,
}

/// A text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no pattern: {message}")]
pub struct InvalidGlob {
    /// The text.
    pub pattern: String,
    /// What is wrong with it.
    pub message: String,
}
