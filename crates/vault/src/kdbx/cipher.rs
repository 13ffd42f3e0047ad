//! The ciphers: around the payload, and over the protected values inside.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit,
    KeyIvInit as _, StreamCipher as _,
};
use chacha20::ChaCha20;
use salsa20::Salsa20;
use twofish::Twofish;
use zeroize::Zeroizing;

use super::{Fault, Result, sha256, sha512};

const AES256: [u8; 16] = *b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff";
const TWOFISH: [u8; 16] = *b"\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c";
const CHACHA20: [u8; 16] = *b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";

/// What the content of a file is encrypted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cipher {
    /// AES-256 in CBC mode.
    Aes256,
    /// Twofish in CBC mode.
    Twofish,
    /// ChaCha20.
    ChaCha20,
}

impl std::fmt::Display for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Aes256 => "AES-256",
            Self::Twofish => "Twofish",
            Self::ChaCha20 => "ChaCha20",
        })
    }
}

impl Cipher {
    pub(super) fn from_id(id: &[u8]) -> Result<Self> {
        match id {
            _ if id == AES256 => Ok(Self::Aes256),
            _ if id == TWOFISH => Ok(Self::Twofish),
            _ if id == CHACHA20 => Ok(Self::ChaCha20),
            _ => Err(Fault::Unsupported("its cipher".to_owned())),
        }
    }

    pub(super) fn id(self) -> [u8; 16] {
        match self {
            Self::Aes256 => AES256,
            Self::Twofish => TWOFISH,
            Self::ChaCha20 => CHACHA20,
        }
    }

    /// A fresh start value.
    pub(super) fn fresh_iv(self) -> std::io::Result<Vec<u8>> {
        Ok(match self {
            Self::Aes256 | Self::Twofish => super::random::<16>()?.to_vec(),
            Self::ChaCha20 => super::random::<12>()?.to_vec(),
        })
    }

    pub(super) fn encrypt(self, key: &[u8; 32], iv: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Aes256 => encrypt_cbc::<Aes256>(key, iv, plain),
            Self::Twofish => encrypt_cbc::<Twofish>(key, iv, plain),
            Self::ChaCha20 => {
                let mut data = plain.to_vec();
                chacha20(key, iv)?.apply_keystream(&mut data);
                Ok(data)
            }
        }
    }

    /// Decrypts without looking at the padding, which is the caller's to judge.
    pub(super) fn decrypt(
        self,
        key: &[u8; 32],
        iv: &[u8],
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes256 => decrypt_cbc::<Aes256>(key, iv, data),
            Self::Twofish => decrypt_cbc::<Twofish>(key, iv, data),
            Self::ChaCha20 => {
                let mut plain = Zeroizing::new(data.to_vec());
                chacha20(key, iv)?.apply_keystream(&mut plain);
                Ok(plain)
            }
        }
    }

    /// Takes the padding off that block ciphers need.
    pub(super) fn unpad(self, plain: &mut Vec<u8>) -> Result<()> {
        if self == Self::ChaCha20 {
            return Ok(());
        }
        let wrong = Fault::Damaged("the end of the encrypted data");
        let count = plain.last().copied().ok_or(wrong.clone())?;
        let kept = plain
            .len()
            .checked_sub(usize::from(count))
            .filter(|_| (1..=16).contains(&count))
            .ok_or(wrong.clone())?;
        if plain[kept..].iter().any(|byte| *byte != count) {
            return Err(wrong);
        }
        plain.truncate(kept);
        Ok(())
    }
}

fn chacha20(key: &[u8; 32], iv: &[u8]) -> Result<ChaCha20> {
    ChaCha20::new_from_slices(key, iv).map_err(|_| Fault::Damaged("the start value of its cipher"))
}

fn encrypt_cbc<C: BlockCipherEncrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>> {
    let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv)
        .map_err(|_| Fault::Damaged("the start value of its cipher"))?;
    Ok(cipher.encrypt_padded_vec::<Pkcs7>(plain))
}

fn decrypt_cbc<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let mut cipher = cbc::Decryptor::<C>::new_from_slices(key, iv)
        .map_err(|_| Fault::Damaged("the start value of its cipher"))?;
    let mut plain = Zeroizing::new(data.to_vec());
    let (blocks, rest) = cbc::cipher::array::Array::slice_as_chunks_mut(plain.as_mut_slice());
    if !rest.is_empty() {
        return Err(Fault::Truncated);
    }
    cipher.decrypt_blocks(blocks);
    Ok(plain)
}

/// The stream over all protected values of a document, in document order.
pub(crate) enum Stream {
    /// None: the values are as they are.
    Plain,
    /// Salsa20, as in KDBX 3.1.
    Salsa20(Box<Salsa20>),
    /// ChaCha20, as in KDBX 4.
    ChaCha20(Box<ChaCha20>),
}

impl Stream {
    /// The stream of this number and key in a header.
    pub(crate) fn new(id: u32, key: &[u8]) -> Result<Self> {
        match id {
            0 => Ok(Self::Plain),
            2 => {
                let iv = [0xE8, 0x30, 0x09, 0x4B, 0x97, 0x20, 0x5D, 0x2A];
                let key = Zeroizing::new(sha256(&[key]));
                Ok(Self::Salsa20(Box::new(Salsa20::new(
                    (&*key).into(),
                    (&iv).into(),
                ))))
            }
            3 => {
                let hash = Zeroizing::new(sha512(&[key]));
                let stream = ChaCha20::new_from_slices(&hash[..32], &hash[32..44])
                    .expect("32 and 12 bytes are what it takes");
                Ok(Self::ChaCha20(Box::new(stream)))
            }
            _ => Err(Fault::Unsupported(
                "the cipher of its protected values".to_owned(),
            )),
        }
    }

    /// Encrypts or decrypts the next value, in place.
    pub(crate) fn apply(&mut self, data: &mut [u8]) {
        match self {
            Self::Plain => {}
            Self::Salsa20(stream) => stream.apply_keystream(data),
            Self::ChaCha20(stream) => stream.apply_keystream(data),
        }
    }
}
