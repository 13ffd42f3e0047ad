//! The files a repository is read from, behind a trait so that other tools and tests need no disk.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file, or anything else that is read like one.
    File,
    /// A directory.
    Directory,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The name, without the directory.
    pub name: String,
    /// What it is; a symbolic link to a directory counts as a file, so that a walk over a tree
    /// cannot run in circles.
    pub kind: FileKind,
}

/// Read access to files, for every crate that reads more than one. Implement it to load projects
/// from somewhere else than the disk.
pub trait Files {
    /// The content of a file.
    ///
    /// # Errors
    /// Those of the storage, [`io::ErrorKind::NotFound`] if there is no such file.
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// What stands at `path`, symbolic links followed; `None` if nothing does.
    ///
    /// # Errors
    /// Those of the storage, such as [`io::ErrorKind::PermissionDenied`].
    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>>;

    /// The entries of a directory, in any order. Names that are not UTF-8 are left out.
    ///
    /// # Errors
    /// Those of the storage.
    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>>;

    /// As [`Files::list`], and for each entry whether it is a directory that surely has no
    /// directories in it: a search for a directory need not look into those. `false` is always a
    /// right answer, and the one given unless the storage knows better.
    ///
    /// # Errors
    /// Those of the storage.
    fn list_with_leaves(&self, dir: &Utf8Path) -> io::Result<Vec<(DirEntry, bool)>> {
        let entries = self.list(dir)?.into_iter();
        Ok(entries.map(|entry| (entry, false)).collect())
    }

    /// `path` without symbolic links, if the storage has such things and there is something at
    /// `path`.
    fn links_resolved(&self, _path: &Utf8Path) -> Option<Utf8PathBuf> {
        None
    }

    /// The path at which the file of an address on another machine can be read, such as
    /// `https://github.com/owner/repository.git#ref:path`, `git@host:path` or
    /// `oci://registry/image:tag`: a storage that is able to fetches it first. Relative paths in the
    /// file start from the directory of that path. `None`, as given here, means that the storage
    /// does not fetch.
    ///
    /// # Errors
    /// Those of fetching.
    fn fetch(&self, _address: &str) -> io::Result<Option<Utf8PathBuf>> {
        Ok(None)
    }

    /// Whether `path` is a file; what cannot be looked at is none.
    fn is_file(&self, path: &Utf8Path) -> bool {
        matches!(self.kind(path), Ok(Some(FileKind::File)))
    }

    /// Whether `path` is a directory; what cannot be looked at is none.
    fn is_dir(&self, path: &Utf8Path) -> bool {
        matches!(self.kind(path), Ok(Some(FileKind::Directory)))
    }
}

/// What the disk gives of one file at most, in bytes: a device that never ends is no file to read.
const MAX_READ: u64 = 64 << 20;

/// The disk. A file of more than 64 MiB is not read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path)?;
        file.take(MAX_READ + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_READ {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Some(FileKind::Directory)),
            Ok(_) => Ok(Some(FileKind::File)),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
                _ => Err(error),
            },
        }
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let is_dir = entry.file_type()?.is_dir();
            let kind = if is_dir {
                FileKind::Directory
            } else {
                FileKind::File
            };
            entries.push(DirEntry { name, kind });
        }
        Ok(entries)
    }

    fn links_resolved(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        path.canonicalize_utf8().ok()
    }

    /// By the number of links, which most file systems keep at two plus the number of directories
    /// inside. Some always say one, some always two; so the number is believed only below a
    /// directory where it was seen to be right, and on the same file system.
    #[cfg(unix)]
    fn list_with_leaves(&self, dir: &Utf8Path) -> io::Result<Vec<(DirEntry, bool)>> {
        use std::os::unix::fs::MetadataExt as _;
        let mut entries = Vec::new();
        let mut dirs = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let is_dir = entry.file_type()?.is_dir();
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if is_dir {
                dirs.push((entries.len(), entry));
            }
            let kind = if is_dir {
                FileKind::Directory
            } else {
                FileKind::File
            };
            entries.push((DirEntry { name, kind }, false));
        }
        if dirs.is_empty() {
            return Ok(entries);
        }
        let above = std::fs::metadata(dir)?;
        if usize::try_from(above.nlink()) == Ok(dirs.len() + 2) {
            for (at, entry) in dirs {
                // What cannot be looked at is told by the one who looks into it.
                entries[at].1 = entry
                    .metadata()
                    .is_ok_and(|below| below.nlink() == 2 && below.dev() == above.dev());
            }
        }
        Ok(entries)
    }
}

/// Files held in memory, by absolute path. Directories exist where files lie below them.
///
/// ```
/// use yaml_tree::{Files, MemoryFiles};
/// let files = MemoryFiles::from([("/lab/castfile", "tasks: {}")]);
/// assert!(files.is_file("/lab/castfile".into()));
/// assert!(files.is_dir("/lab".into()));
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<Utf8PathBuf>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }
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
        if let Some(found) = self.files.get(&normalize_path(path)) {
            return Ok(found.clone());
        }
        Err(match self.kind(path)? {
            Some(_) => io::ErrorKind::IsADirectory.into(),
            None => io::ErrorKind::NotFound.into(),
        })
    }

    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        let path = normalize_path(path);
        if self.files.contains_key(&path) {
            return Ok(Some(FileKind::File));
        }
        // Paths are ordered by their parts, so that what lies below stands right behind.
        let next = self.files.range(path.clone()..).next();
        let is_dir = next.is_some_and(|(file, _)| file.starts_with(&path));
        Ok(is_dir.then_some(FileKind::Directory))
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        let dir = normalize_path(dir);
        let mut entries = BTreeMap::new();
        for (file, _) in self.files.range(dir.clone()..) {
            let Ok(below) = file.strip_prefix(&dir) else {
                break;
            };
            let mut parts = below.components();
            let Some(name) = parts.next() else { continue };
            let kind = if parts.next().is_some() {
                FileKind::Directory
            } else {
                FileKind::File
            };
            entries.insert(name.as_str().to_owned(), kind);
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries
            .into_iter()
            .map(|(name, kind)| DirEntry { name, kind })
            .collect())
    }
}

/// `path` without `.` and `x/..`, by text alone: links are not followed.
pub fn normalize_path(path: &Utf8Path) -> Utf8PathBuf {
    let mut clean = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                if clean.file_name().is_some() {
                    clean.pop();
                } else if !clean.has_root() {
                    clean.push("..");
                }
            }
            other => clean.push(other),
        }
    }
    if clean.as_str().is_empty() {
        clean.push(".");
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalize_keeps_the_meaning() {
        for (path, clean) in [
            ("/a/./b/../c", "/a/c"),
            ("a/..", "."),
            ("../x", "../x"),
            ("../../x/y/..", "../../x"),
            ("/..", "/"),
            ("./compose", "compose"),
        ] {
            assert_eq!(normalize_path(Utf8Path::new(path)), clean, "{path}");
        }
    }
}
