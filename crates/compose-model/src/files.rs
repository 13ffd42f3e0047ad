//! Where the files of a project come from.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// Read access to files, so that projects can be loaded from somewhere else than the disk.
pub trait Files {
    /// The content of a file.
    ///
    /// # Errors
    /// Those of the storage.
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// Whether there is a file.
    fn is_file(&self, path: &Utf8Path) -> bool;

    /// The path without symbolic links, if the storage has such things and the path exists.
    fn links_resolved(&self, _path: &Utf8Path) -> Option<Utf8PathBuf> {
        None
    }
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_file(&self, path: &Utf8Path) -> bool {
        path.is_file()
    }

    fn links_resolved(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        path.canonicalize_utf8().ok()
    }
}

/// Files held in memory, by absolute path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl<P: Into<Utf8PathBuf>, C: Into<Vec<u8>>, const N: usize> From<[(P, C); N]> for MemoryFiles {
    fn from(files: [(P, C); N]) -> Self {
        let files = files
            .into_iter()
            .map(|(path, content)| (path.into(), content.into()));
        Self {
            files: files.collect(),
        }
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path)
    }
}
