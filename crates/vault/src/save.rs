//! Writing a vault so that whatever happens, there is one whole vault, and nobody's change is lost.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};

use crate::Error;
use crate::contents::Contents;
use crate::kdbx::{self, Version};
use crate::vault::{Edited, Vault, read_file, unpack};

/// How a vault is saved.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SaveOptions {
    /// How long to wait for another process that is writing the vault; 30 seconds.
    pub wait: Duration,
    /// Whether to keep the file as it was before in `<vault>.bak`; yes.
    pub backup: bool,
}

impl Default for SaveOptions {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(30),
            backup: true,
        }
    }
}

impl SaveOptions {
    /// With another time to wait.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// With or without a file `.bak`.
    #[must_use]
    pub fn backup(mut self, backup: bool) -> Self {
        self.backup = backup;
        self
    }
}

/// What saving did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Saved {
    /// Whether anything was written: not if nothing is different.
    pub is_written: bool,
    /// Whether someone else changed the file meanwhile, so that the edits were made again on theirs.
    pub is_reapplied: bool,
    /// The version which the file had, if it has a newer one now.
    pub upgraded_from: Option<Version>,
}

impl Vault {
    /// Writes the vault. Costs no key derivation, unless someone else changed its password or
    /// parameters meanwhile.
    ///
    /// Under a lock that all writers of this crate respect (`<vault>.lock`): if the file is not the
    /// one that was read, it is read again and the edits are made again; the new content is written
    /// to a file beside it, read back and compared; the old file is kept as `<vault>.bak`; then the
    /// new one takes its place. A symbolic link stays one. The file is readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::ChangedUnderneath`], [`Error::Exists`] for a new vault,
    /// [`Error::NotVerified`], [`Error::Write`], and those of [`open`](Self::open) for a file that
    /// someone else wrote. In all of them the file is what it was.
    pub fn save(&mut self, options: &SaveOptions) -> Result<Saved, Error> {
        let is_new = self.state.checksum.is_none();
        if !is_new && !self.is_edited() {
            return Ok(Saved::default());
        }
        let target = follow(&self.path)?;
        let _lock = lock(&target, options.wait)?;
        let before = match read_file(&target) {
            Ok(_) if is_new => return Err(Error::Exists { path: target }),
            Ok(bytes) => Some(bytes),
            Err(Error::NoVault { .. }) if is_new => None,
            Err(Error::NoVault { path }) => {
                let what = "it is gone".to_owned();
                return Err(Error::ChangedUnderneath { path, what });
            }
            Err(error) => return Err(error),
        };
        let mut saved = Saved::default();
        if let Some(bytes) = &before
            && Some(kdbx::checksum(bytes)) != self.state.checksum
        {
            saved.is_reapplied = true;
            if !self.reapply(bytes)? {
                return Ok(saved);
            }
        }
        let bytes = self.sealed()?;
        let backup = before.as_deref().filter(|_| options.backup);
        if let Some(before) = backup {
            let path = beside(&target, ".bak");
            replace(&path, before, &target)?;
        }
        replace(&target, &bytes, &target)?;
        let version = std::mem::replace(&mut self.state.version, Version::WRITTEN);
        saved.is_written = true;
        saved.upgraded_from = (version != Version::WRITTEN).then_some(version);
        self.state.checksum = Some(kdbx::checksum(&bytes));
        self.journal.clear();
        Ok(saved)
    }

    /// Reads the file as someone else left it, and makes the edits again. `false` when there is
    /// nothing left to write.
    fn reapply(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        let opened = kdbx::reopen(
            bytes,
            &self.seal,
            Some((&self.credentials, &self.options.limits)),
        )
        .map_err(|fault| Error::of(fault, &self.path, &self.credentials))?;
        self.derivations += opened.derivations;
        let (seal, contents, state) = unpack(opened, bytes, &self.path, &self.credentials)?;
        (self.seal, self.contents, self.state) = (seal, contents, state);
        let mut is_different = false;
        for operation in std::mem::take(&mut self.journal) {
            let edited = self.apply(&operation).map_err(|error| match error {
                Error::NotFound { .. }
                | Error::NoHistory { .. }
                | Error::Ambiguous { .. }
                | Error::Taken { .. } => Error::ChangedUnderneath {
                    path: self.path.clone(),
                    what: error.to_string(),
                },
                other => other,
            })?;
            is_different |= edited != Edited::Unchanged;
        }
        Ok(is_different)
    }

    /// The file, which was read back and found to say what the vault says.
    fn sealed(&mut self) -> Result<Vec<u8>, Error> {
        let inner = self.take_inner()?;
        let failed = |what: &str| Error::NotVerified {
            path: self.path.clone(),
            what: what.to_owned(),
        };
        let bytes = kdbx::seal(&self.seal, &inner).map_err(|source| Error::Write {
            path: self.path.clone(),
            source,
        })?;
        let opened = kdbx::reopen(&bytes, &self.seal, None)
            .map_err(|fault| failed(&format!("{fault:?}")))?;
        let contents =
            Contents::read(opened.inner).map_err(|fault| failed(&format!("{fault:?}")))?;
        if !contents.is_same(&self.contents) {
            return Err(failed("an entry would be different"));
        }
        Ok(bytes)
    }
}

/// The file that a path leads to, which may be there or not.
fn follow(path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    let failed = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    match path.canonicalize_utf8() {
        Ok(target) => Ok(target),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // a link to nowhere is one that someone wants to use
            match path.read_link_utf8() {
                Ok(target) => Ok(path.parent().unwrap_or(Utf8Path::new("")).join(target)),
                Err(_) => Ok(path.to_owned()),
            }
        }
        Err(error) => Err(failed(error)),
    }
}

fn beside(path: &Utf8Path, suffix: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{path}{suffix}"))
}

fn directory(path: &Utf8Path) -> &Utf8Path {
    match path.parent() {
        None => Utf8Path::new("/"),
        Some(parent) if parent.as_str().is_empty() => Utf8Path::new("."),
        Some(parent) => parent,
    }
}

/// A lock that is held.
struct Lock(File);

impl Drop for Lock {
    /// Unlocks it itself: a child that is being started may hold a copy of the descriptor for a moment.
    fn drop(&mut self) {
        self.0.unlock().ok();
    }
}

/// Waits for the lock. It is a file of its own, since the vault itself is a new file after each
/// save; it stays, since removing it would let two processes hold "the" lock.
fn lock(target: &Utf8Path, wait: Duration) -> Result<Lock, Error> {
    let path = beside(target, ".lock");
    let failed = |source| Error::Write {
        path: path.clone(),
        source,
    };
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(failed)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(std::fs::TryLockError::WouldBlock) if start.elapsed() < wait => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(std::fs::TryLockError::WouldBlock) => {
                let path = target.to_owned();
                return Err(Error::Locked { path });
            }
            Err(std::fs::TryLockError::Error(source)) => return Err(failed(source)),
        }
    }
}

/// Puts a file of this content at `path` in one step. It gets the owner of `like` if that is there,
/// and its permissions as far as they are the owner's.
fn replace(path: &Utf8Path, content: &[u8], like: &Utf8Path) -> Result<(), Error> {
    let failed = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    let dir = directory(path);
    let name = path.file_name().unwrap_or("vault");
    // Under the lock nobody else has a file of this name: one that is there was left by a process
    // that was killed.
    let temporary = dir.join(format!(".{name}.new"));
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let mut file = tempfile::Builder::new()
        .prefix(&format!(".{name}.new"))
        .rand_bytes(0)
        .tempfile_in(dir)
        .map_err(failed)?;
    let written = (|| {
        take_over(file.as_file(), like)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.rewind()?;
        let mut back = Vec::with_capacity(content.len());
        file.read_to_end(&mut back)?;
        if back != content {
            return Err(io::Error::other(
                "the file does not keep what is written to it",
            ));
        }
        Ok(())
    })();
    written.map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    sync_directory(dir).map_err(failed)
}

#[cfg(unix)]
fn take_over(file: &File, like: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let mut mode = 0o600;
    if let Ok(old) = std::fs::metadata(like) {
        mode &= old.mode();
        let new = file.metadata()?;
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            // root may; everyone else keeps the file they can write
            let _owner = fchown(file, Some(old.uid()), Some(old.gid()));
        }
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn take_over(_file: &File, _like: &Utf8Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_directory(dir: &Utf8Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_dir: &Utf8Path) -> io::Result<()> {
    Ok(())
}
