//! The envelope as a whole.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use zeroize::Zeroizing;

use super::blocks::{header_is_signed, header_mac, read_hashed, read_signed, write_signed};
use super::header::{Header, Version};
use super::inner::Inner;
use super::kdf::{Derivation, Kdf, KdfLimits};
use super::{Cipher, Credentials, Cursor, Fault, Result, sha256, sha512};

/// More than any vault has, and less than what would bring a machine down.
const LARGEST: u64 = 1 << 30;

/// How a vault is sealed: its settings, and the key that was derived with so much effort.
///
/// The salt is part of it: a vault that is saved again keeps salt and derived key, while the seed
/// that goes into the encryption key with it is a new one each time. KeePass draws a new salt as
/// well, which protects nothing more, as salts only keep one vault's work from serving another.
#[derive(Clone)]
pub(crate) struct Seal {
    pub(crate) cipher: Cipher,
    pub(crate) compressed: bool,
    derivation: Derivation,
    key: Zeroizing<[u8; 32]>,
    public_data: Option<Vec<u8>>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal")
            .field("cipher", &self.cipher)
            .field("kdf", &self.derivation.kdf)
            .finish_non_exhaustive()
    }
}

impl Seal {
    /// For a new vault, or for one that gets a new password; costs one derivation.
    pub(crate) fn fresh(
        cipher: Cipher,
        kdf: Kdf,
        credentials: &Credentials,
        limits: &KdfLimits,
    ) -> std::io::Result<Result<Self>> {
        let derivation = Derivation::fresh(kdf)?;
        let key = credentials
            .composite()
            .and_then(|composite| derivation.run(&composite, limits));
        Ok(key.map(|key| Self {
            cipher,
            compressed: true,
            derivation,
            key,
            public_data: None,
        }))
    }

    pub(crate) fn kdf(&self) -> &Kdf {
        &self.derivation.kdf
    }

    /// A seal that protects nothing, for handing a document to the crate `keepass` and taking it
    /// back inside this process: no cost, no compression.
    pub(crate) fn transit(password: &str) -> Self {
        let composite = sha256(&[&sha256(&[password.as_bytes()])]);
        Self {
            cipher: Cipher::ChaCha20,
            compressed: false,
            derivation: Derivation::aes(0, &[0; 32]),
            key: Zeroizing::new(sha256(&[&composite])),
            public_data: None,
        }
    }

    /// The same with another salt than ours: the crate draws one of its own.
    fn has_same_cost(&self, derivation: &Derivation) -> bool {
        self.derivation == *derivation
            || (self.derivation.kdf == Kdf::Aes { rounds: 0 }
                && derivation.kdf == Kdf::Aes { rounds: 0 })
    }
}

/// A file opened.
pub(crate) struct Opened {
    /// How many key derivations it took: one, or none where the key was known.
    pub(crate) derivations: u32,
    pub(crate) version: Version,
    pub(crate) seal: Seal,
    pub(crate) inner: Inner,
}

/// Opens a file; costs one derivation.
pub(crate) fn open(bytes: &[u8], credentials: &Credentials, limits: &KdfLimits) -> Result<Opened> {
    let (header, length) = Header::parse(bytes)?;
    check_header(bytes, &header, length)?;
    let key = header.derivation.run(&*credentials.composite()?, limits)?;
    let opened = unseal(bytes, header, length, key)?;
    Ok(Opened {
        derivations: 1,
        ..opened
    })
}

/// Opens a file again that was sealed like `seal`: costs a derivation only if it was not, and then
/// only with credentials.
pub(crate) fn reopen(
    bytes: &[u8],
    seal: &Seal,
    credentials: Option<(&Credentials, &KdfLimits)>,
) -> Result<Opened> {
    let (header, length) = Header::parse(bytes)?;
    if seal.has_same_cost(&header.derivation) {
        return unseal(bytes, header, length, seal.key.clone());
    }
    let (credentials, limits) = credentials.ok_or(Fault::WrongKey)?;
    open(bytes, credentials, limits)
}

/// The checksum of the header, so that a damaged one is not paid for.
fn check_header(bytes: &[u8], header: &Header, length: usize) -> Result<()> {
    if header.version.major == 3 {
        return Ok(());
    }
    let (header, rest) = bytes.split_at(length);
    let hash: [u8; 32] = Cursor { rest }.array()?;
    if sha256(&[header]) == hash {
        Ok(())
    } else {
        Err(Fault::Damaged("the checksum of its header"))
    }
}

fn unseal(bytes: &[u8], header: Header, length: usize, key: Zeroizing<[u8; 32]>) -> Result<Opened> {
    check_header(bytes, &header, length)?;
    let (front, body) = bytes.split_at(length);
    let inner = match &header.old {
        None => unseal_new(&header, front, body, &key)?,
        Some(old) => {
            let master = Zeroizing::new(sha256(&[&header.master_seed, &*key]));
            let mut plain = header.cipher.decrypt(&master, &header.iv, body)?;
            let start = plain.get(..old.start_bytes.len());
            if start.ok_or(Fault::Truncated)? != old.start_bytes {
                return Err(Fault::WrongKey);
            }
            // a file cut short ends in the middle of a block, which is no padding
            header
                .cipher
                .unpad(&mut plain)
                .map_err(|_| Fault::Truncated)?;
            let data = Zeroizing::new(read_hashed(&plain[old.start_bytes.len()..])?);
            let xml = decompress(header.compressed, data)?;
            Inner::old(old.stream, old.stream_key.clone(), xml)
        }
    };
    Ok(Opened {
        derivations: 0,
        version: header.version,
        seal: Seal {
            cipher: header.cipher,
            compressed: header.compressed,
            derivation: header.derivation,
            key,
            public_data: header.public_data,
        },
        inner,
    })
}

fn unseal_new(header: &Header, front: &[u8], body: &[u8], key: &[u8; 32]) -> Result<Inner> {
    let mut cursor = Cursor { rest: body };
    let _checksum: [u8; 32] = cursor.array()?;
    let signature: [u8; 32] = cursor.array()?;
    let mac_key = Zeroizing::new(sha512(&[&header.master_seed, key, &[1]]));
    if !header_is_signed(front, &mac_key, &signature) {
        return Err(Fault::WrongKey);
    }
    let data = read_signed(cursor.rest, &mac_key)?;
    let master = Zeroizing::new(sha256(&[&header.master_seed, key]));
    let mut plain = header.cipher.decrypt(&master, &header.iv, &data)?;
    header.cipher.unpad(&mut plain)?;
    Inner::parse(decompress(header.compressed, plain)?)
}

/// Seals a document as KDBX 4.1, with fresh seeds.
pub(crate) fn seal(seal: &Seal, inner: &Inner) -> std::io::Result<Vec<u8>> {
    let header = Header {
        version: Version::WRITTEN,
        cipher: seal.cipher,
        compressed: seal.compressed,
        master_seed: super::random::<32>()?.to_vec(),
        iv: seal.cipher.fresh_iv()?,
        derivation: seal.derivation.clone(),
        public_data: seal.public_data.clone(),
        old: None,
    };
    let front = header.emit();
    let mac_key = Zeroizing::new(sha512(&[&header.master_seed, &*seal.key, &[1]]));
    let master = Zeroizing::new(sha256(&[&header.master_seed, &*seal.key]));
    let payload = compress(seal.compressed, inner.emit())?;
    let data = header
        .cipher
        .encrypt(&master, &header.iv, &payload)
        .expect("the key and the start value have the lengths of the cipher");
    let mut bytes = front.clone();
    bytes.extend(sha256(&[&front]));
    bytes.extend(header_mac(&front, &mac_key));
    bytes.extend(write_signed(&data, &mac_key));
    Ok(bytes)
}

fn decompress(compressed: bool, data: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>> {
    if !compressed {
        return Ok(data);
    }
    // a buffer that grows leaves copies behind, and what is reserved is overwritten in the end:
    // reserve what the last four bytes say, which is at most what deflate can make of so much
    let told = data
        .last_chunk()
        .map_or(0, |size| u32::from_le_bytes(*size));
    let size = usize::try_from(told).unwrap_or(usize::MAX);
    let size = size.min(data.len().saturating_mul(1032)).min(64 << 20);
    let mut plain = Zeroizing::new(Vec::with_capacity(size));
    let mut decoder = GzDecoder::new(data.as_slice()).take(LARGEST + 1);
    decoder
        .read_to_end(&mut plain)
        .map_err(|_| Fault::Damaged("its compressed data"))?;
    if plain.len() as u64 > LARGEST {
        return Err(Fault::Unsupported("more than 1 GiB of content".to_owned()));
    }
    Ok(plain)
}

fn compress(compressed: bool, plain: Zeroizing<Vec<u8>>) -> std::io::Result<Zeroizing<Vec<u8>>> {
    if !compressed {
        return Ok(plain);
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len()), Compression::default());
    encoder.write_all(&plain)?;
    encoder.finish().map(Zeroizing::new)
}
