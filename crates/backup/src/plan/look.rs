//! What a plan looks at beyond the services.

use camino::{Utf8Path, Utf8PathBuf};

use crate::discovery::{Limits, Mount, SqliteFile, sqlite_files};
use crate::manifest;

/// What a plan asks of the machine. Nothing of it changes anything.
pub trait Look {
    /// The size in bytes of the last good dump of `part` in a directory.
    fn last(&self, directory: &Utf8Path, part: &str) -> Option<u64>;

    /// The project whose dumps are in a directory; `None` if there are none.
    fn owner(&self, directory: &Utf8Path) -> Option<String>;

    /// The size in bytes of all below a path of the host.
    fn size(&self, path: &Utf8Path) -> Option<u64>;

    /// The SQLite files below mounts, and whether the search was cut short.
    fn sqlite(&self, mounts: &[Mount]) -> (Vec<SqliteFile>, bool);
}

/// Nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Look for Nothing {
    fn last(&self, _directory: &Utf8Path, _part: &str) -> Option<u64> {
        None
    }

    fn owner(&self, _directory: &Utf8Path) -> Option<String> {
        None
    }

    fn size(&self, _path: &Utf8Path) -> Option<u64> {
        None
    }

    fn sqlite(&self, _mounts: &[Mount]) -> (Vec<SqliteFile>, bool) {
        (Vec::new(), false)
    }
}

/// This machine: for an engine that runs here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

/// Directories are added up until this many entries were seen.
const ENTRIES: usize = 50_000;

impl Look for Disk {
    fn last(&self, directory: &Utf8Path, part: &str) -> Option<u64> {
        let list = manifest::list(directory).ok()?;
        let last = list
            .into_iter()
            .rev()
            .find(|one| one.manifest.part == part)?;
        Some(last.manifest.compressed.bytes)
    }

    fn owner(&self, directory: &Utf8Path) -> Option<String> {
        let list = manifest::list(directory).ok()?;
        Some(list.into_iter().next_back()?.manifest.project)
    }

    fn size(&self, path: &Utf8Path) -> Option<u64> {
        let mut left = ENTRIES;
        let mut total = 0;
        let mut stack: Vec<Utf8PathBuf> = vec![path.to_owned()];
        fs_err::symlink_metadata(path).ok()?;
        while let Some(path) = stack.pop() {
            let Ok(meta) = fs_err::symlink_metadata(&path) else {
                continue;
            };
            if !meta.is_dir() {
                total += meta.len();
                continue;
            }
            let Ok(entries) = path.read_dir_utf8() else {
                continue;
            };
            for entry in entries.flatten() {
                // More than this is not worth the wait of a plan.
                left = left.checked_sub(1)?;
                stack.push(entry.into_path());
            }
        }
        Some(total)
    }

    fn sqlite(&self, mounts: &[Mount]) -> (Vec<SqliteFile>, bool) {
        sqlite_files(mounts, Limits::default())
    }
}
