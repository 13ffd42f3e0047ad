//! A vault: opened once, read as often as one likes, edited in memory, saved at the end.

mod operation;
mod options;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::change::Change;
use crate::contents::{Contents, Found};
use crate::document::Loss;
use crate::entry::{Entry, unix};
use crate::kdbx::{self, Cipher, Credentials, Kdf, Opened, Seal, Version};
use crate::resolve;
use crate::store::Store;
use crate::{Error, Secret};

pub(crate) use operation::Operation;
pub use options::{Edited, InvalidGlob, Missing, OpenOptions, Removal, Settings};

/// A vault in memory. See the [crate page](crate) for how it is used.
#[derive(Debug)]
pub struct Vault {
    pub(crate) path: Utf8PathBuf,
    pub(crate) credentials: Credentials,
    pub(crate) options: OpenOptions,
    pub(crate) seal: Seal,
    pub(crate) contents: Contents,
    pub(crate) state: State,
    /// What was paid for it.
    pub(crate) derivations: u32,
    /// What was edited since it was read.
    pub(crate) journal: Vec<Operation>,
}

/// The part that changes when a vault is read anew.
pub(crate) struct State {
    pub(crate) version: Version,
    /// The checksum of the file it was read from; `None` for one that is to be made.
    pub(crate) checksum: Option<[u8; 32]>,
    /// For editing; made when needed, since most vaults are only read.
    store: Option<Store>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({})", self.version)
    }
}

impl Vault {
    /// Opens a vault. Costs one key derivation.
    ///
    /// # Errors
    /// [`Error::NoVault`], [`Error::Read`], and what can be wrong with a file:
    /// [`NotKdbx`](Error::NotKdbx), [`Unsupported`](Error::Unsupported),
    /// [`Truncated`](Error::Truncated), [`Damaged`](Error::Damaged),
    /// [`KdfOverLimit`](Error::KdfOverLimit) before any cost is paid, and
    /// [`WrongPassword`](Error::WrongPassword) and its siblings.
    pub fn open(
        path: impl AsRef<Utf8Path>,
        credentials: Credentials,
        options: OpenOptions,
    ) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = read_file(path)?;
        Self::from_bytes(&bytes, path, credentials, options)
    }

    /// Opens a vault that was read from somewhere else; `path` is what it is called in messages, and
    /// where it would be saved.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(
        bytes: &[u8],
        path: impl Into<Utf8PathBuf>,
        credentials: Credentials,
        options: OpenOptions,
    ) -> Result<Self, Error> {
        let path = path.into();
        let opened = kdbx::open(bytes, &credentials, &options.limits)
            .map_err(|fault| Error::of(fault, &path, &credentials))?;
        let derivations = opened.derivations;
        let (seal, contents, state) = unpack(opened, bytes, &path, &credentials)?;
        Ok(Self {
            derivations,
            path,
            credentials,
            options,
            seal,
            contents,
            state,
            journal: Vec::new(),
        })
    }

    /// A new, empty vault, which is not there until it is [saved](Self::save). Costs one key
    /// derivation.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is a file at `path`; [`Error::KdfOverLimit`] and
    /// [`Error::KeyFile`] for settings and credentials that nobody could use.
    pub fn create(
        path: impl Into<Utf8PathBuf>,
        credentials: Credentials,
        settings: Settings,
        options: OpenOptions,
    ) -> Result<Self, Error> {
        let path = path.into();
        if path.exists() {
            return Err(Error::Exists { path });
        }
        let seal = Seal::fresh(settings.cipher, settings.kdf, &credentials, &options.limits)
            .map_err(|source| Error::Write {
                path: path.clone(),
                source,
            })?
            .map_err(|fault| Error::of(fault, &path, &credentials))?;
        let mut contents = Contents::default();
        contents.name.clone_from(&settings.name);
        Ok(Self {
            path,
            credentials,
            seal,
            contents,
            state: State {
                version: Version::WRITTEN,
                checksum: None,
                store: Some(Store::new(&settings.name, unix(options.now))),
            },
            options,
            derivations: 1,
            journal: Vec::new(),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The name it has inside.
    pub fn name(&self) -> &str {
        &self.contents.name
    }

    /// The program that wrote it last.
    pub fn generator(&self) -> &str {
        &self.contents.generator
    }

    /// The version of the file; saving makes it KDBX 4.1.
    pub fn version(&self) -> Version {
        self.state.version
    }

    /// How many key derivations were paid for this vault so far: one for opening or making it, and
    /// one more for each time someone else changed its password or parameters before a save.
    pub fn derivations(&self) -> u32 {
        self.derivations
    }

    /// How its key is derived.
    pub fn kdf(&self) -> &Kdf {
        self.seal.kdf()
    }

    /// What its content is encrypted with.
    pub fn cipher(&self) -> Cipher {
        self.seal.cipher
    }

    /// All entries, those of a group in file order and before those of the groups in it, without the recycle bin and without the
    /// [sample](Entry::is_sample) of the Go kpv.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.contents.live().map(Found::entry);
        entries.filter(|entry| !entry.is_sample())
    }

    /// The entries whose keys fit a pattern with `*`, `?`, `[…]` and `{…,…}`, where `*` stands for
    /// any characters, `/` included. In the order of [`entries`](Self::entries).
    ///
    /// # Errors
    /// A pattern that is none.
    pub fn glob(&self, pattern: &str) -> Result<Vec<&Entry>, InvalidGlob> {
        let glob = globset::Glob::new(pattern).map_err(|error| InvalidGlob {
            pattern: pattern.to_owned(),
            message: error.kind().to_string(),
        })?;
        let matcher = glob.compile_matcher();
        let entries = self.entries();
        Ok(entries
            .filter(|entry| matcher.is_match(entry.key().to_string()))
            .collect())
    }

    /// The entries in the recycle bin.
    pub fn recycled(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.contents.entries();
        entries.filter(|entry| entry.is_recycled)
    }

    /// The paths of all groups in file order, the root excluded and the recycle bin included.
    pub fn groups(&self) -> impl Iterator<Item = &[String]> {
        self.contents.groups.iter().map(|group| &**group)
    }

    /// The entry that a key means.
    ///
    /// Tried in this order: the path with `/` alone; the whole title, in whatever group; the path
    /// separated by any of `/ \ . :`, as the Go kpv reads it. Case is ignored unless that makes two
    /// of one. The recycle bin is not looked into.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest keys, [`Error::Ambiguous`].
    pub fn entry(&self, key: &str) -> Result<&Entry, Error> {
        resolve::find(&self.contents, key)?.ok_or_else(|| resolve::not_found(&self.contents, key))
    }

    /// As [`entry`](Self::entry), with `None` for a key that means nothing.
    ///
    /// # Errors
    /// [`Error::Ambiguous`].
    pub fn find(&self, key: &str) -> Result<Option<&Entry>, Error> {
        resolve::find(&self.contents, key)
    }

    /// The value that a key means: the password of an entry. If there is no such entry, but `a/b`
    /// is the entry `a` and its field `b`, that field: `password`, `username`, `url`, `notes`, `otp`
    /// or a custom one.
    ///
    /// # Errors
    /// As [`entry`](Self::entry).
    pub fn get(&self, key: &str) -> Result<Secret, Error> {
        resolve::value(&self.contents, key)
    }

    /// A field of an entry, see [`Entry::field_named`].
    ///
    /// # Errors
    /// As [`entry`](Self::entry), and [`Error::NoField`].
    pub fn get_field(&self, key: &str, field: &str) -> Result<Secret, Error> {
        let entry = self.entry(key)?;
        let found = entry.field_named(field).map(|field| field.value.clone());
        found.ok_or_else(|| Error::NoField {
            key: entry.key().to_string(),
            field: field.to_owned(),
            known: entry
                .fields()
                .iter()
                .map(|field| field.name.clone())
                .collect(),
        })
    }

    /// Whether it was edited since it was read or saved.
    pub fn is_edited(&self) -> bool {
        !self.journal.is_empty()
    }

    /// What saving would lose; a vault with losses can be read but not edited.
    pub fn losses(&self) -> Vec<Loss> {
        match (&self.state.store, &self.contents.source) {
            (None, Some(source)) => source.document.losses(),
            _ => Vec::new(),
        }
    }

    /// Sets the password of an entry, which is made with its groups if it is not there. The version
    /// before goes into its history.
    ///
    /// # Errors
    /// As [`edit`](Self::edit).
    pub fn set(&mut self, key: &str, value: Secret) -> Result<Edited, Error> {
        self.edit(key, vec![Change::password(value)], Missing::Create)
    }

    /// Changes an entry; all changes make one new version. The key is read as by
    /// [`entry`](Self::entry); a new one is read as a [`KeyPath`](crate::KeyPath).
    ///
    /// # Errors
    /// [`Error::NotFound`] for [`Missing::Fail`], [`Error::Ambiguous`], [`Error::InvalidKey`],
    /// [`Error::NulInValue`], [`Error::InvalidName`], [`Error::WouldLose`].
    pub fn edit(
        &mut self,
        key: &str,
        changes: Vec<Change>,
        missing: Missing,
    ) -> Result<Edited, Error> {
        for change in &changes {
            change.check()?;
        }
        let found = resolve::find(&self.contents, key)?;
        let (key, id) = match found {
            Some(entry) => (entry.key(), Some(entry.id)),
            None if missing == Missing::Create => (key.parse()?, None),
            None => return Err(resolve::not_found(&self.contents, key)),
        };
        self.run(Operation::Edit {
            key,
            id,
            changes,
            missing,
        })
    }

    /// The password of an entry; if there is none, or it is empty, `make` makes one.
    ///
    /// The value that counts is the one in the vault after [`save`](Self::save): when two processes
    /// do this at the same time, the first to save wins, and the other one finds its value. So save,
    /// then [`get`](Self::get).
    ///
    /// # Errors
    /// As [`edit`](Self::edit), and those of `make`.
    pub fn ensure<E: From<Error>>(
        &mut self,
        key: &str,
        make: impl FnOnce() -> Result<Secret, E>,
    ) -> Result<Edited, E> {
        let found = resolve::find(&self.contents, key)?;
        if found.is_some_and(|entry| !entry.password().is_empty()) {
            return Ok(Edited::Unchanged);
        }
        let key = match found {
            Some(entry) => entry.key(),
            None => key.parse().map_err(Error::from)?,
        };
        let value = make()?;
        Change::password(value.clone()).check()?;
        Ok(self.run(Operation::Ensure { key, value })?)
    }

    /// Removes an entry.
    ///
    /// # Errors
    /// As [`entry`](Self::entry), and [`Error::WouldLose`].
    pub fn remove(&mut self, key: &str, removal: Removal) -> Result<(), Error> {
        let entry = self.entry(key)?;
        let (key, id) = (entry.key(), entry.id);
        self.run(Operation::Remove { key, id, removal }).map(drop)
    }

    /// Moves an entry to another key: into the groups of that, which are made if they are not there,
    /// and with its title. Everything else stays, the history too; a new title makes a new version.
    ///
    /// # Errors
    /// As [`entry`](Self::entry); [`Error::InvalidKey`] for `to`, [`Error::Taken`],
    /// [`Error::WouldLose`].
    pub fn relocate(&mut self, key: &str, to: &str) -> Result<(), Error> {
        let entry = self.entry(key)?;
        let (key, id) = (entry.key(), entry.id);
        let to = to.parse()?;
        self.run(Operation::Relocate { key, id, to }).map(drop)
    }

    /// Puts the newest earlier version of an entry in the place of the current one, which becomes
    /// the newest earlier version itself: nothing is lost, and a second `undo` takes the first back.
    ///
    /// # Errors
    /// As [`entry`](Self::entry), [`Error::NoHistory`], [`Error::WouldLose`].
    pub fn undo(&mut self, key: &str) -> Result<(), Error> {
        let entry = self.entry(key)?;
        if entry.history().is_empty() {
            return Err(Error::NoHistory {
                key: entry.key().to_string(),
            });
        }
        let (key, id) = (entry.key(), entry.id);
        self.run(Operation::Undo { key, id }).map(drop)
    }

    fn run(&mut self, operation: Operation) -> Result<Edited, Error> {
        let edited = self.apply(&operation)?;
        if edited != Edited::Unchanged {
            self.journal.push(operation);
        }
        Ok(edited)
    }
}

/// What a file holds, read.
pub(crate) fn unpack(
    opened: Opened,
    bytes: &[u8],
    path: &Utf8PathBuf,
    credentials: &Credentials,
) -> Result<(Seal, Contents, State), Error> {
    let contents =
        Contents::read(opened.inner).map_err(|fault| Error::of(fault, path, credentials))?;
    let state = State {
        version: opened.version,
        checksum: Some(kdbx::checksum(bytes)),
        store: None,
    };
    Ok((opened.seal, contents, state))
}

pub(crate) fn read_file(path: &Utf8Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Error::NoVault {
            path: path.to_owned(),
        },
        _ => Error::Read {
            path: path.to_owned(),
            source,
        },
    })
}
