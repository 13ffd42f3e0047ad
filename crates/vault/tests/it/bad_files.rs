//! Files that are no vaults, or no good ones.

use proptest::prelude::*;
use vault::{Credentials, Kdf, KdfLimits, KdfVariant, Secret, Settings, Vault};

use crate::support::{Lab, credentials, options, save};

fn open(bytes: &[u8], credentials: Credentials) -> String {
    match Vault::from_bytes(bytes, "x.kdbx", credentials, options()) {
        Ok(_) => "opened".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_fault_has_its_message() {
    let lab = Lab::with(&[("a", "1")]);
    let bytes = lab.bytes();
    let check = |bytes: &[u8]| open(bytes, credentials());
    assert_eq!(check(&bytes), "opened");
    assert_eq!(check(b""), "`x.kdbx` is not a KeePass (KDBX) file");
    assert_eq!(
        check(b"hello world, this is text"),
        "`x.kdbx` is not a KeePass (KDBX) file"
    );
    for length in [4, 11, 12, 40, 200, 300, bytes.len() - 40, bytes.len() - 1] {
        assert_eq!(check(&bytes[..length]), "`x.kdbx` is cut short", "{length}");
    }
    let with = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    };
    assert_eq!(
        check(&with(bytes.len() - 60)),
        "`x.kdbx` is damaged: the signature of its encrypted data is wrong"
    );
    // in the master seed
    assert_eq!(
        check(&with(60)),
        "`x.kdbx` is damaged: the checksum of its header is wrong"
    );
    let mut older = bytes.clone();
    older[4..8].copy_from_slice(&0xB54B_FB65_u32.to_le_bytes());
    assert_eq!(
        check(&older),
        "`x.kdbx` cannot be read: the format of KeePass 1 (KDB) is not supported"
    );
    let mut newer = bytes.clone();
    newer[10] = 5;
    assert_eq!(
        check(&newer),
        "`x.kdbx` cannot be read: KDBX 5.1 is not supported"
    );
}

#[test]
fn a_wrong_key_is_told_from_a_damaged_file() {
    let lab = Lab::new();
    let bytes = lab.bytes();
    let wrong = Credentials::password(Secret::from("x"));
    assert_eq!(open(&bytes, wrong.clone()), "wrong password for `x.kdbx`");
    assert_eq!(
        open(&bytes, wrong.with_key_file(b"k".to_vec())),
        "wrong password or wrong key file for `x.kdbx`"
    );
    assert_eq!(
        open(&bytes, Credentials::key_file(b"k".to_vec())),
        "wrong key file for `x.kdbx`"
    );
    let broken = "<KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash=\"00000000\">\
        0000000000000000000000000000000000000000000000000000000000000000</Data></Key></KeyFile>";
    assert_eq!(
        open(&bytes, Credentials::key_file(broken.as_bytes().to_vec())),
        "the key file cannot be used: its checksum does not match: it is damaged"
    );
}

/// The limits hold before anything is computed: the count of derivations does not move.
#[test]
fn costs_over_the_limit_are_refused_before_they_are_paid() {
    let lab = Lab::empty();
    let kdf = Kdf::Argon2 {
        variant: KdfVariant::Id,
        memory: 1 << 20,
        iterations: 1,
        parallelism: 1,
    };
    let settings = Settings::new("x").kdf(kdf);
    save(&mut Vault::create(&lab.path, credentials(), settings, options()).unwrap());
    let bytes = lab.bytes();
    let mut limits = KdfLimits::default();
    limits.memory = 1 << 19;
    let refused = Vault::from_bytes(&bytes, "x", credentials(), options().limits(limits));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the key derivation of `x` asks for 1 MiB of memory, more than 0 MiB"
    );
    // 2^40 bytes and 2^32 passes, in a header whose checksum is right: made by us, refused by us
    for (memory, iterations) in [(1 << 40, 1), (1 << 20, 1 << 32), (u64::MAX, u64::MAX)] {
        let kdf = Kdf::Argon2 {
            variant: KdfVariant::D,
            memory,
            iterations,
            parallelism: 1,
        };
        let settings = Settings::new("x").kdf(kdf);
        let path = lab.dir().join("other.kdbx");
        let refused = Vault::create(path, credentials(), settings, options()).unwrap_err();
        assert!(refused.to_string().contains("asks for"), "{refused}");
    }
    let settings = Settings::new("x").kdf(Kdf::Aes { rounds: u64::MAX });
    let path = lab.dir().join("other.kdbx");
    assert!(Vault::create(path, credentials(), settings, options()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a file holds, there is an answer.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        open(&bytes, credentials());
        let mut bytes = bytes;
        let start = [0x03, 0xD9, 0xA2, 0x9A, 0x67, 0xFB, 0x4B, 0xB5, 1, 0, 4, 0];
        bytes.splice(0..0, start);
        open(&bytes, credentials());
        bytes[10] = 3;
        open(&bytes, credentials());
    }

    /// Whatever is changed in a vault, there is an answer.
    #[test]
    fn any_damage_is_answered(at in 0..2000_usize, byte in any::<u8>(), length in 0..3000_usize) {
        let lab = Lab::with(&[("a/b", "1")]);
        let mut bytes = lab.bytes();
        let count = bytes.len();
        bytes[at % count] = byte;
        bytes.truncate(length.max(1));
        open(&bytes, credentials());
    }
}
