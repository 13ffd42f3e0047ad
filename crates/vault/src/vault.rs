//! A vault: opened once, read as often as one likes, edited in memory, saved at the end.

use std::io;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use crate::change::Change;
use crate::contents::Contents;
use crate::document::{Document, Loss};
use crate::entry::{Entry, Uuid, unix};
use crate::kdbx::{self, Cipher, Credentials, Inner, Kdf, KdfLimits, Opened, Seal, Version};
use crate::resolve;
use crate::store::{Store, read};
use crate::{Error, KeyPath, Secret};

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

/// An edit, in a form that can be made again on another state of the vault.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Edit {
        key: KeyPath,
        id: Option<Uuid>,
        changes: Vec<Change>,
        missing: Missing,
    },
    /// Makes an entry unless there is one with a password.
    Ensure {
        key: KeyPath,
        value: Secret,
    },
    Remove {
        key: KeyPath,
        id: Uuid,
        removal: Removal,
    },
    Undo {
        key: KeyPath,
        id: Uuid,
    },
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
    /// What the file held, until it is edited for the first time.
    inner: Option<Inner>,
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
        let contents = Contents {
            name: settings.name.clone(),
            ..Contents::default()
        };
        Ok(Self {
            path,
            credentials,
            seal,
            contents,
            state: State {
                version: Version::WRITTEN,
                checksum: None,
                inner: None,
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
        let entries = self.contents.entries.iter();
        entries.filter(|entry| !entry.is_recycled && !entry.is_sample())
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
        self.contents
            .entries
            .iter()
            .filter(|entry| entry.is_recycled)
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
        let Some(inner) = &self.state.inner else {
            return Vec::new();
        };
        // it was read already, so that this cannot fail
        let read = inner.stream().and_then(|mut stream| {
            let document = Document::parse(&inner.xml, &mut stream)?;
            Ok(document.losses(inner.binaries.len()))
        });
        read.unwrap_or_default()
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
    /// [`entry`](Self::entry); a new one is read as a [`KeyPath`].
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

    /// Makes an edit on the vault as it is now.
    pub(crate) fn apply(&mut self, operation: &Operation) -> Result<Edited, Error> {
        self.prepare()?;
        let failed = |path: &Utf8PathBuf, what| Error::NotVerified {
            path: path.clone(),
            what,
        };
        let now = unix(self.options.now);
        let (contents, path) = (&mut self.contents, &self.path);
        let Some(store) = &mut self.state.store else {
            return Ok(Edited::Unchanged);
        };
        let locate = |contents: &Contents, key: &KeyPath, id: Option<Uuid>| {
            let live = || contents.entries.iter().filter(|entry| !entry.is_recycled);
            let same = live().find(|entry| Some(entry.id) == id);
            let folded = key.to_string().to_lowercase();
            same.or_else(|| live().find(|entry| entry.folded == folded))
                .map(|entry| entry.id)
        };
        let refresh = |contents: &mut Contents, store: &Store, id| match store.entry(id) {
            Some(entry) => contents.put(entry),
            None => contents.remove(id),
        };
        match operation {
            Operation::Edit {
                key,
                id,
                changes,
                missing,
            } => {
                let found = locate(contents, key, *id);
                if found.is_none() && *missing == Missing::Fail {
                    return Err(resolve::not_found(contents, &key.to_string()));
                }
                let id = found.unwrap_or_else(|| store.create(key.groups(), key.title(), now));
                let is_different = store
                    .change(id, changes, now, found.is_some())
                    .map_err(|what| failed(path, what))?;
                refresh(contents, store, id);
                Ok(match found {
                    None => Edited::Created,
                    Some(_) if is_different => Edited::Updated,
                    Some(_) => Edited::Unchanged,
                })
            }
            Operation::Ensure { key, value } => {
                let found = locate(contents, key, None);
                let entry = found
                    .and_then(|id| contents.position(id))
                    .map(|at| &contents.entries[at]);
                if entry.is_some_and(|entry| !entry.password().is_empty()) {
                    return Ok(Edited::Unchanged);
                }
                let id = found.unwrap_or_else(|| store.create(key.groups(), key.title(), now));
                let changes = [Change::password(value.clone())];
                store
                    .change(id, &changes, now, found.is_some())
                    .map_err(|what| failed(path, what))?;
                refresh(contents, store, id);
                Ok(found.map_or(Edited::Created, |_| Edited::Updated))
            }
            Operation::Remove { key, id, removal } => {
                let Some(id) = locate(contents, key, Some(*id)) else {
                    // someone else was faster
                    return Ok(Edited::Unchanged);
                };
                let is_in_bin = *removal == Removal::RecycleBin
                    && store.recycle(id, now).map_err(|what| failed(path, what))?;
                if !is_in_bin {
                    store.delete(id, now);
                }
                refresh(contents, store, id);
                Ok(Edited::Updated)
            }
            Operation::Undo { key, id } => {
                let id = locate(contents, key, Some(*id))
                    .ok_or_else(|| resolve::not_found(contents, &key.to_string()))?;
                let is_undone = store.undo(id, now);
                refresh(contents, store, id);
                if is_undone {
                    Ok(Edited::Updated)
                } else {
                    let key = key.to_string();
                    Err(Error::NoHistory { key })
                }
            }
        }
    }

    /// Makes it ready for editing, unless that would lose something.
    fn prepare(&mut self) -> Result<(), Error> {
        let Some(inner) = &self.state.inner else {
            return Ok(());
        };
        let fault = |fault| Error::of(fault, &self.path, &self.credentials);
        let mut stream = inner.stream().map_err(fault)?;
        let document = Document::parse(&inner.xml, &mut stream).map_err(fault)?;
        let losses = document.losses(inner.binaries.len());
        if !losses.is_empty() {
            let path = self.path.clone();
            return Err(Error::WouldLose { path, losses });
        }
        let store = Store::load(&document, inner.binaries.clone()).map_err(|what| {
            let path = self.path.clone();
            Error::NotVerified { path, what }
        })?;
        self.state.store = Some(store);
        drop(document);
        self.state.inner = None;
        Ok(())
    }

    /// What goes into the file.
    pub(crate) fn take_inner(&mut self) -> Result<Inner, Error> {
        self.prepare()?;
        let inner = self.state.store.as_mut().map(Store::take_inner);
        inner
            .unwrap_or_else(|| Err("there is nothing to write".to_owned()))
            .map_err(|what| Error::NotVerified {
                path: self.path.clone(),
                what,
            })
    }
}

/// What a file holds, read.
pub(crate) fn unpack(
    opened: Opened,
    bytes: &[u8],
    path: &Utf8PathBuf,
    credentials: &Credentials,
) -> Result<(Seal, Contents, State), Error> {
    let contents = read(&opened.inner).map_err(|fault| Error::of(fault, path, credentials))?;
    let state = State {
        version: opened.version,
        checksum: Some(kdbx::checksum(bytes)),
        inner: Some(opened.inner),
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
