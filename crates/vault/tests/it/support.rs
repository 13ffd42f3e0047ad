//! Vaults to test with.

use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use vault::{Credentials, Kdf, OpenOptions, SaveOptions, Secret, Settings, Vault};

pub(crate) const PASSWORD: &str = "pässwörd 'x'";

/// The time of all tests, in seconds since 1970.
pub(crate) const NOW: u64 = 1_700_000_000;

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn options() -> OpenOptions {
    OpenOptions::at(at(NOW))
}

pub(crate) fn credentials() -> Credentials {
    Credentials::password(Secret::from(PASSWORD))
}

/// As cheap as it gets.
pub(crate) fn cheap() -> Kdf {
    Kdf::Aes { rounds: 1 }
}

/// A directory with an empty vault in it.
pub(crate) struct Lab {
    _dir: TempDir,
    pub(crate) path: Utf8PathBuf,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let lab = Self::empty();
        save(&mut lab.create());
        lab
    }

    /// With these secrets in it.
    pub(crate) fn with(secrets: &[(&str, &str)]) -> Self {
        let lab = Self::empty();
        let mut vault = lab.create();
        for (key, value) in secrets {
            vault.set(key, Secret::from(*value)).unwrap();
        }
        save(&mut vault);
        lab
    }

    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap().join("lab.kdbx");
        Self { _dir: dir, path }
    }

    pub(crate) fn create(&self) -> Vault {
        let settings = Settings::new("lab").kdf(cheap());
        Vault::create(&self.path, credentials(), settings, options()).unwrap()
    }

    pub(crate) fn dir(&self) -> &Utf8Path {
        self.path.parent().unwrap()
    }

    pub(crate) fn open(&self) -> Vault {
        Vault::open(&self.path, credentials(), options()).unwrap()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs_err::read(&self.path).unwrap()
    }
}

pub(crate) fn save(vault: &mut Vault) {
    vault.save(&SaveOptions::default()).unwrap();
}
