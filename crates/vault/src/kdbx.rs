//! The container: from the bytes of a KeePass file to what is inside, and back.
//!
//! The crate `keepass` reads and writes what is *inside*, the XML document. The envelope around it
//! (header, key derivation, encryption, checksums) is opened here, because that is where a wrong
//! password is told from a damaged file, where the cost of the key derivation is limited before it
//! is paid, and where a derived key can be used again: opening, changing, saving and checking a
//! vault costs one derivation, while each call of the crate would cost one more.

mod blocks;
mod cipher;
mod envelope;
mod header;
mod inner;
mod kdf;
mod key;
mod variant;

pub use cipher::Cipher;
pub(crate) use cipher::Stream;
pub(crate) use envelope::{Opened, Seal, open, reopen, seal};
pub use header::Version;
pub(crate) use inner::{Binary, Inner};
pub use kdf::{Kdf, KdfLimits, KdfVariant};
pub use key::Credentials;

use sha2::{Digest as _, Sha256, Sha512};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not begin like a KeePass file.
    NotKdbx,
    /// A version or cipher nobody here can read.
    Unsupported(String),
    /// It ends too early.
    Truncated,
    /// Something in it contradicts itself.
    Damaged(&'static str),
    /// The key does not fit.
    WrongKey,
    /// The key derivation would cost more than is allowed.
    TooCostly(String),
    /// The key file is not one.
    KeyFile(&'static str),
}

pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// The checksum by which a file is known again.
pub(crate) fn checksum(bytes: &[u8]) -> [u8; 32] {
    sha256(&[bytes])
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    let mut digest = Sha512::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

/// Bytes read from front to back, where the end is an error and not a panic.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// A length: `usize` is as wide as any file that fits in memory.
    fn length(&mut self) -> Result<usize> {
        let length = self.array().map(u32::from_le_bytes)?;
        usize::try_from(length).map_err(|_| Fault::Truncated)
    }
}

/// A fixed number of bytes from the random number generator of the system.
///
/// It fails only where the system has none, which is told like a file that cannot be written.
pub(crate) fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}
