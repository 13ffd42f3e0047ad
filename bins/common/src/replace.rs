//! Files replaced as a whole.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use tempfile::NamedTempFile;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Those who may read the old one; everyone but for the umask if it is new.
    AsBefore,
    /// Its owner alone, whoever could read the old one.
    Owner,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It has these octets already and was not touched.
    Unchanged,
    /// It was written.
    Written,
}

/// Puts `content` in the place of a file: written beside it, synced, then renamed over it, so that
/// whoever opens the file sees the old octets or the new ones. Mode and, as far as the user may,
/// owner of the old file are kept; a symbolic link stays one. A file that has these octets already
/// keeps its time too. What is no file, such as a pipe, is written to.
///
/// ```
/// use common::replace::{Access, Replaced, replace};
///
/// let dir = tempfile::tempdir()?;
/// let path = camino::Utf8PathBuf::try_from(dir.path().join("db")).unwrap();
/// assert_eq!(replace(&path, b"one", Access::AsBefore)?, Replaced::Written);
/// assert_eq!(replace(&path, b"one", Access::AsBefore)?, Replaced::Unchanged);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The directory cannot be written to, the file is read-only, a directory or a link that leads
/// nowhere, the disk is full. The old file is as it was.
pub fn replace(path: &Utf8Path, content: &[u8], access: Access) -> io::Result<Replaced> {
    match Staged::new(path, content, access)? {
        None => Ok(Replaced::Unchanged),
        Some(staged) => staged.put().map(|()| Replaced::Written),
    }
}

/// A file written beside the one it is going to replace, to write several before the first takes its
/// place. Dropped, it is gone.
///
/// Its name begins with `.replace-` and ends with `.tmp`: a pattern for files of the name it will
/// have, anchored at the start, does not match it.
#[derive(Debug)]
pub struct Staged<'c> {
    target: PathBuf,
    file: Beside<'c>,
}

#[derive(Debug)]
enum Beside<'c> {
    File(NamedTempFile),
    /// Nothing can take the place of a pipe or a device.
    Stream(&'c [u8]),
}

impl<'c> Staged<'c> {
    /// Writes and syncs the file; `None` if the one that is there has these octets already.
    ///
    /// # Errors
    /// As those of [`replace`].
    pub fn new(path: &Utf8Path, content: &'c [u8], access: Access) -> io::Result<Option<Self>> {
        let target = match std::fs::canonicalize(path) {
            Ok(target) => target,
            // A link that leads nowhere would be lost; those to pipes have no path and lead somewhere.
            Err(error)
                if std::fs::symlink_metadata(path).is_ok() && std::fs::metadata(path).is_err() =>
            {
                return Err(error);
            }
            // What is new is made where the path says.
            Err(_) => path.as_std_path().to_owned(),
        };
        let old = match std::fs::metadata(&target) {
            Ok(old) if old.is_dir() => {
                return Err(io::Error::new(
                    io::ErrorKind::IsADirectory,
                    "it is a directory",
                ));
            }
            Ok(old) if !old.is_file() => {
                let file = Beside::Stream(content);
                return Ok(Some(Self { target, file }));
            }
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(old) = &old {
            if !is_too_open(old, access) && has(&target, old, content)? {
                return Ok(None);
            }
            if old.permissions().readonly() {
                return Err(io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "it is read-only",
                ));
            }
        }
        let mut file = create(dir(&target), old.as_ref(), access)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        let file = Beside::File(file);
        Ok(Some(Self { target, file }))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The file system does not let it.
    pub fn put(self) -> io::Result<()> {
        match self.file {
            Beside::Stream(content) => File::options()
                .write(true)
                .open(&self.target)?
                .write_all(content),
            Beside::File(file) => {
                file.persist(&self.target).map_err(|error| error.error)?;
                // The name is safe once the directory is; a file system that cannot do that has done
                // its best.
                if let Ok(dir) = File::open(dir(&self.target)) {
                    dir.sync_all().ok();
                }
                Ok(())
            }
        }
    }
}

/// Whether a file has these octets. It is not held as a whole: it may be large or secret.
fn has(path: &Path, metadata: &Metadata, content: &[u8]) -> io::Result<bool> {
    if usize::try_from(metadata.len()) != Ok(content.len()) {
        return Ok(false);
    }
    let mut file = File::open(path)?;
    let mut rest = content;
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        match (rest.split_at_checked(count), buffer.get(..count)) {
            (Some((part, after)), Some(read)) if part == read => rest = after,
            _ => return Ok(false),
        }
        if count == 0 {
            return Ok(rest.is_empty());
        }
    }
}

fn dir(target: &Path) -> &Path {
    match target.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".replace-").suffix(".tmp");
    builder
}

#[cfg(unix)]
fn is_too_open(old: &Metadata, access: Access) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    access == Access::Owner && old.mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_too_open(_: &Metadata, _: Access) -> bool {
    false
}

#[cfg(unix)]
fn create(dir: &Path, old: Option<&Metadata>, access: Access) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let mut builder = builder();
    if old.is_none() && access == Access::AsBefore {
        // The umask still counts.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(dir)?;
    if let Some(old) = old {
        let new = file.as_file().metadata()?;
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            // Root keeps other users' files theirs. Others may not give a file away: to them it comes
            // out as if they had removed the old one and made theirs.
            fchown(file.as_file(), Some(old.uid()), Some(old.gid())).ok();
        }
        if access == Access::AsBefore {
            file.as_file().set_permissions(old.permissions())?;
        }
    }
    Ok(file)
}

#[cfg(not(unix))]
fn create(dir: &Path, _: Option<&Metadata>, _: Access) -> io::Result<NamedTempFile> {
    builder().tempfile_in(dir)
}
