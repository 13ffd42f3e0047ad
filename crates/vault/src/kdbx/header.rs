//! The unencrypted front of a file.

use super::cipher::Cipher;
use super::kdf::Derivation;
use super::variant::{Dictionary, length};
use super::{Cursor, Fault, Result};

const SIGNATURE: [u8; 4] = [0x03, 0xD9, 0xA2, 0x9A];
const KEEPASS_1: u32 = 0xB54B_FB65;
const KEEPASS_2_PREVIEW: u32 = 0xB54B_FB66;
const KEEPASS_2: u32 = 0xB54B_FB67;

/// Items of a header.
mod item {
    pub(super) const END: u8 = 0;
    pub(super) const COMMENT: u8 = 1;
    pub(super) const CIPHER: u8 = 2;
    pub(super) const COMPRESSION: u8 = 3;
    pub(super) const MASTER_SEED: u8 = 4;
    pub(super) const TRANSFORM_SEED: u8 = 5;
    pub(super) const TRANSFORM_ROUNDS: u8 = 6;
    pub(super) const IV: u8 = 7;
    pub(super) const STREAM_KEY: u8 = 8;
    pub(super) const START_BYTES: u8 = 9;
    pub(super) const STREAM: u8 = 10;
    pub(super) const KDF: u8 = 11;
    pub(super) const PUBLIC_DATA: u8 = 12;
}

/// The version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 3 or 4.
    pub major: u16,
    /// 0 or 1, as a rule.
    pub minor: u16,
}

impl Version {
    /// The version this crate writes.
    pub const WRITTEN: Self = Self { major: 4, minor: 1 };
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KDBX {}.{}", self.major, self.minor)
    }
}

/// What only the older format has in its header.
#[derive(Debug, Clone)]
pub(super) struct Old {
    pub(super) start_bytes: Vec<u8>,
    pub(super) stream: u32,
    pub(super) stream_key: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) version: Version,
    pub(super) cipher: Cipher,
    pub(super) compressed: bool,
    pub(super) master_seed: Vec<u8>,
    pub(super) iv: Vec<u8>,
    pub(super) derivation: Derivation,
    /// Uninterpreted data of plug-ins.
    pub(super) public_data: Option<Vec<u8>>,
    pub(super) old: Option<Old>,
}

impl Header {
    /// The header at the front of a file, and its length.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, usize)> {
        let mut cursor = Cursor { rest: bytes };
        let version = version(&mut cursor)?;
        let mut items: [Option<&[u8]>; 13] = [None; 13];
        loop {
            let kind = cursor.byte()?;
            let size = if version.major == 3 {
                cursor.u16()?.into()
            } else {
                cursor.length()?
            };
            let value = cursor.take(size)?;
            match kind {
                item::END => break,
                item::COMMENT => {}
                _ => {
                    *items
                        .get_mut(usize::from(kind))
                        .ok_or(Fault::Damaged("its header"))? = Some(value);
                }
            }
        }
        let item = |kind: u8| items[usize::from(kind)].ok_or(Fault::Damaged("its header"));
        let number = |kind: u8| {
            let value = item(kind)?.try_into();
            value
                .map(u32::from_le_bytes)
                .map_err(|_| Fault::Damaged("its header"))
        };
        let cipher = Cipher::from_id(item(item::CIPHER)?)?;
        let compressed = match number(item::COMPRESSION)? {
            0 => false,
            1 => true,
            _ => return Err(Fault::Unsupported("its compression".to_owned())),
        };
        let (derivation, old) = if version.major == 3 {
            let rounds = item(item::TRANSFORM_ROUNDS)?.try_into();
            let rounds = rounds.map_err(|_| Fault::Damaged("its header"))?;
            let rounds = u64::from_le_bytes(rounds);
            let old = Old {
                start_bytes: item(item::START_BYTES)?.to_vec(),
                stream: number(item::STREAM)?,
                stream_key: item(item::STREAM_KEY)?.to_vec(),
            };
            (
                Derivation::aes(rounds, item(item::TRANSFORM_SEED)?),
                Some(old),
            )
        } else {
            let parameters = Dictionary::parse(item(item::KDF)?)?;
            (Derivation::from_dictionary(&parameters)?, None)
        };
        let header = Self {
            version,
            cipher,
            compressed,
            master_seed: item(item::MASTER_SEED)?.to_vec(),
            iv: item(item::IV)?.to_vec(),
            derivation,
            public_data: items[usize::from(item::PUBLIC_DATA)].map(<[u8]>::to_vec),
            old,
        };
        Ok((header, bytes.len() - cursor.rest.len()))
    }

    /// The header of a KDBX 4.1 file.
    pub(super) fn emit(&self) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend(KEEPASS_2.to_le_bytes());
        bytes.extend(Version::WRITTEN.minor.to_le_bytes());
        bytes.extend(Version::WRITTEN.major.to_le_bytes());
        let parameters = self.derivation.to_dictionary().emit();
        let compression = u32::from(self.compressed).to_le_bytes();
        let public_data = self.public_data.as_deref();
        let items: [(u8, Option<&[u8]>); 7] = [
            (item::CIPHER, Some(&self.cipher.id())),
            (item::COMPRESSION, Some(&compression)),
            (item::MASTER_SEED, Some(&self.master_seed)),
            (item::IV, Some(&self.iv)),
            (item::KDF, Some(&parameters)),
            (item::PUBLIC_DATA, public_data),
            (item::END, Some(b"\r\n\r\n")),
        ];
        for (kind, value) in items {
            if let Some(value) = value {
                bytes.push(kind);
                bytes.extend(length(value));
                bytes.extend(value);
            }
        }
        bytes
    }
}

fn version(cursor: &mut Cursor<'_>) -> Result<Version> {
    let short = |fault| match fault {
        // a few bytes are no vault cut short
        Fault::Truncated => Fault::NotKdbx,
        other => other,
    };
    if cursor.array().map_err(short)? != SIGNATURE {
        return Err(Fault::NotKdbx);
    }
    let format = u32::from_le_bytes(cursor.array()?);
    let minor = cursor.u16()?;
    let major = cursor.u16()?;
    match format {
        KEEPASS_2 if major == 3 || major == 4 => Ok(Version { major, minor }),
        KEEPASS_2 => Err(Fault::Unsupported(format!("KDBX {major}.{minor}"))),
        KEEPASS_1 => Err(Fault::Unsupported(
            "the format of KeePass 1 (KDB)".to_owned(),
        )),
        KEEPASS_2_PREVIEW => Err(Fault::Unsupported(
            "the format of the KeePass 2 previews".to_owned(),
        )),
        _ => Err(Fault::NotKdbx),
    }
}
