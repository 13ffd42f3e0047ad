//! The key derivation: the deliberate cost of trying a password.

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use super::variant::Dictionary;
use super::{Fault, Result, sha256};

const AES_KDBX3: [u8; 16] = *b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea";
const AES_KDBX4: [u8; 16] = *b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38";
const ARGON2D: [u8; 16] = *b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c";
const ARGON2ID: [u8; 16] = *b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6";

/// The two variants of Argon2 that KeePass knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KdfVariant {
    /// Argon2d, the choice of KeePass.
    D,
    /// Argon2id.
    Id,
}

/// How a key is made from the master password, and at which cost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kdf {
    /// Repeated AES; all that KDBX 3.1 has.
    Aes {
        /// How often.
        rounds: u64,
    },
    /// Argon2.
    Argon2 {
        /// Which of them.
        variant: KdfVariant,
        /// Memory, in bytes.
        memory: u64,
        /// Passes over the memory.
        iterations: u64,
        /// Lanes that can be computed side by side.
        parallelism: u32,
    },
}

impl Kdf {
    /// What a new vault gets: Argon2id, 64 MiB, 3 passes, 2 lanes.
    #[must_use]
    pub fn recommended() -> Self {
        Self::Argon2 {
            variant: KdfVariant::Id,
            memory: 64 << 20,
            iterations: 3,
            parallelism: 2,
        }
    }

    /// Whether a stolen file would be cheap to attack by today's measure: AES below 600,000 rounds,
    /// Argon2 below 16 MiB of memory or below 64 MiB of memory passed over in all.
    pub fn is_weak(&self) -> bool {
        match self {
            Self::Aes { rounds } => *rounds < 600_000,
            Self::Argon2 {
                memory, iterations, ..
            } => *memory < 16 << 20 || memory.saturating_mul(*iterations) < 64 << 20,
        }
    }

    fn check(&self, limits: &KdfLimits) -> Result<()> {
        let problem = match self {
            Self::Aes { rounds } if *rounds > limits.aes_rounds => {
                format!("{rounds} rounds of AES, more than {}", limits.aes_rounds)
            }
            Self::Argon2 { memory, .. } if *memory > limits.memory => format!(
                "{} MiB of memory, more than {} MiB",
                memory >> 20,
                limits.memory >> 20
            ),
            Self::Argon2 {
                memory, iterations, ..
            } if memory.saturating_mul(*iterations) > limits.memory_passes => format!(
                "{iterations} passes over {} MiB of memory, more than {} MiB in all",
                memory >> 20,
                limits.memory_passes >> 20
            ),
            _ => return Ok(()),
        };
        Err(Fault::TooCostly(problem))
    }
}

impl fmt::Display for Kdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aes { rounds } => write!(f, "AES, {rounds} rounds"),
            Self::Argon2 {
                variant,
                memory,
                iterations,
                parallelism,
            } => {
                let variant = match variant {
                    KdfVariant::D => "Argon2d",
                    KdfVariant::Id => "Argon2id",
                };
                write!(
                    f,
                    "{variant}, {} KiB x {iterations}, {parallelism} lanes",
                    memory >> 10
                )
            }
        }
    }
}

/// What a file may ask for before it is refused. The parameters stand unprotected at the front of
/// a file, so that whoever can write one decides how much memory and time opening it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KdfLimits {
    /// Bytes of memory for Argon2; 1 GiB.
    pub memory: u64,
    /// Bytes of memory times passes for Argon2; 128 GiB, some minutes on one core.
    pub memory_passes: u64,
    /// Rounds of AES; a thousand million, some minutes on one core without AES instructions.
    pub aes_rounds: u64,
}

impl Default for KdfLimits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            memory_passes: 128 << 30,
            aes_rounds: 1_000_000_000,
        }
    }
}

/// A key derivation with its salt: what makes the same key from the same password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Derivation {
    pub(super) kdf: Kdf,
    salt: Vec<u8>,
    version: Version,
}

impl Derivation {
    /// With a fresh salt.
    pub(super) fn fresh(kdf: Kdf) -> std::io::Result<Self> {
        Ok(Self {
            kdf,
            salt: super::random::<32>()?.to_vec(),
            version: Version::V0x13,
        })
    }

    pub(super) fn aes(rounds: u64, seed: &[u8]) -> Self {
        Self {
            kdf: Kdf::Aes { rounds },
            salt: seed.to_vec(),
            version: Version::V0x13,
        }
    }

    pub(super) fn from_dictionary(parameters: &Dictionary) -> Result<Self> {
        let missing = Fault::Damaged("the parameters of the key derivation");
        let number = |name| parameters.number(name).ok_or(missing.clone());
        let id = parameters.bytes("$UUID").ok_or(missing.clone())?;
        let salt = parameters.bytes("S").ok_or(missing.clone())?;
        if id == AES_KDBX3 || id == AES_KDBX4 {
            return Ok(Self::aes(number("R")?, salt));
        }
        let variant = match id {
            _ if id == ARGON2D => KdfVariant::D,
            _ if id == ARGON2ID => KdfVariant::Id,
            _ => return Err(Fault::Unsupported("its key derivation function".to_owned())),
        };
        // a key or associated data would have to be known to derive the key
        if parameters.bytes("K").is_some_and(|key| !key.is_empty())
            || parameters.bytes("A").is_some_and(|data| !data.is_empty())
        {
            return Err(Fault::Unsupported(
                "Argon2 with a secret of its own".to_owned(),
            ));
        }
        let version = match number("V")? {
            0x10 => Version::V0x10,
            0x13 => Version::V0x13,
            _ => return Err(Fault::Unsupported("this version of Argon2".to_owned())),
        };
        let parallelism = u32::try_from(number("P")?).map_err(|_| missing.clone())?;
        let kdf = Kdf::Argon2 {
            variant,
            memory: number("M")?,
            iterations: number("I")?,
            parallelism,
        };
        Ok(Self {
            kdf,
            salt: salt.to_vec(),
            version,
        })
    }

    pub(super) fn to_dictionary(&self) -> Dictionary {
        let parameters = Dictionary::default();
        match &self.kdf {
            // the older name of AES is the one all programs know
            Kdf::Aes { rounds } => parameters
                .with_bytes("$UUID", &AES_KDBX3)
                .with_u64("R", *rounds)
                .with_bytes("S", &self.salt),
            Kdf::Argon2 {
                variant,
                memory,
                iterations,
                parallelism,
            } => {
                let id = match variant {
                    KdfVariant::D => ARGON2D,
                    KdfVariant::Id => ARGON2ID,
                };
                parameters
                    .with_bytes("$UUID", &id)
                    .with_bytes("S", &self.salt)
                    .with_u32("P", *parallelism)
                    .with_u64("M", *memory)
                    .with_u64("I", *iterations)
                    .with_u32("V", self.version.into())
            }
        }
    }

    /// Pays the cost, unless it is above the limits.
    pub(super) fn run(
        &self,
        composite: &[u8; 32],
        limits: &KdfLimits,
    ) -> Result<Zeroizing<[u8; 32]>> {
        self.kdf.check(limits)?;
        match &self.kdf {
            Kdf::Aes { rounds } => self.aes_key(composite, *rounds),
            Kdf::Argon2 {
                variant,
                memory,
                iterations,
                parallelism,
            } => {
                let wrong = Fault::Damaged("the parameters of the key derivation");
                let algorithm = match variant {
                    KdfVariant::D => Algorithm::Argon2d,
                    KdfVariant::Id => Algorithm::Argon2id,
                };
                let params = Params::new(
                    u32::try_from(memory >> 10).map_err(|_| wrong.clone())?,
                    u32::try_from(*iterations).map_err(|_| wrong.clone())?,
                    *parallelism,
                    Some(32),
                );
                let params = params.map_err(|_| wrong.clone())?;
                let mut key = Zeroizing::new([0; 32]);
                // overwritten at the end: the last of them are all that is needed for the key
                let mut blocks = Zeroizing::new(Vec::new());
                let count = params.block_count();
                if blocks.try_reserve_exact(count).is_err() {
                    let problem = format!("{} MiB of memory, more than there is", memory >> 20);
                    return Err(Fault::TooCostly(problem));
                }
                blocks.resize(count, Block::new());
                let blocks = blocks.as_mut_slice();
                Argon2::new(algorithm, self.version, params)
                    .hash_password_into_with_memory(composite, &self.salt, &mut *key, blocks)
                    .map_err(|_| wrong)?;
                Ok(key)
            }
        }
    }

    fn aes_key(&self, composite: &[u8; 32], rounds: u64) -> Result<Zeroizing<[u8; 32]>> {
        let cipher = Aes256::new_from_slice(&self.salt)
            .map_err(|_| Fault::Damaged("the seed of the key derivation"))?;
        let mut blocks = Zeroizing::new(*composite);
        let (halves, _) = blocks.as_chunks_mut::<16>();
        for half in halves {
            let mut block = (*half).into();
            for _ in 0..rounds {
                cipher.encrypt_block(&mut block);
            }
            *half = block.into();
        }
        Ok(Zeroizing::new(sha256(&[blocks.as_slice()])))
    }
}
