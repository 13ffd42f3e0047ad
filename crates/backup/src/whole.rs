//! Files that are there whole, or as they were before.

// Errors name the path themselves here.
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Error;

/// The end of the name of a file that is not complete.
pub(crate) const PARTIAL: &str = ".partial";

/// A hidden file beside the one it is to become; removed when it is dropped before that.
#[derive(Debug)]
pub(crate) struct Partial {
    path: Utf8PathBuf,
    file: File,
    done: bool,
}

impl Partial {
    pub(crate) fn make(target: &Utf8Path) -> Result<Self, Error> {
        let name = target.file_name().unwrap_or_default();
        let path = target.with_file_name(format!(".{name}{PARTIAL}"));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| Error::file("make", &path, error))?;
        Ok(Self {
            path,
            file,
            done: false,
        })
    }

    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Gives it its name, for good: when this returns, a crash does not undo it.
    pub(crate) fn rename(mut self, target: &Utf8Path) -> Result<(), Error> {
        let failed = |error| Error::file("name", target, error);
        fs_err::rename(&self.path, target).map_err(failed)?;
        self.done = true;
        let directory = target.parent().unwrap_or(Utf8Path::new("."));
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|error| Error::file("write", directory, error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.done {
            fs_err::remove_file(&self.path).ok();
        }
    }
}

/// Writes a file so that it is there whole or as it was before.
pub(crate) fn write_whole(path: &Utf8Path, bytes: &[u8]) -> Result<(), Error> {
    let mut partial = Partial::make(path)?;
    let failed = |error| Error::file("write", path, error);
    partial.file().write_all(bytes).map_err(failed)?;
    partial.file().sync_all().map_err(failed)?;
    partial.rename(path)
}
