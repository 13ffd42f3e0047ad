//! SQLite files below mounted directories.

use std::fs;
use std::io::Read as _;

use camino::{Utf8Path, Utf8PathBuf};

use super::Mount;

/// How far the search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Directories below the mounted one.
    pub depth: usize,
    /// Entries looked at.
    pub entries: usize,
}

impl Default for Limits {
    /// Four directories deep, 20,000 entries.
    fn default() -> Self {
        Self {
            depth: 4,
            entries: 20_000,
        }
    }
}

/// A SQLite file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteFile {
    /// Its path on the host.
    pub path: Utf8PathBuf,
    /// Its path in the container.
    pub target: String,
    /// Its size in bytes.
    pub size: u64,
}

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The size of the smallest page; others are multiples of it.
const PAGE: u64 = 512;

/// How the names of logs end that are beside a file in use.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// The SQLite files below the mounts of a service that can be written to, by their first bytes,
/// sorted; and whether the search came to its limits. Links are not followed, and what cannot be
/// read is passed over.
///
/// This reads the disk of this machine.
pub fn sqlite_files(mounts: &[Mount], limits: Limits) -> (Vec<SqliteFile>, bool) {
    let mut search = Search {
        left: limits.entries,
        cut: false,
        found: Vec::new(),
    };
    for mount in mounts {
        if mount.read_only || mount.source.as_str().is_empty() || is_system(&mount.source) {
            continue;
        }
        search.walk(mount, &mount.source, limits.depth);
    }
    search.found.sort_by(|one, other| one.path.cmp(&other.path));
    search.found.dedup_by(|one, other| one.path == other.path);
    (search.found, search.cut)
}

/// Paths of the host that hold no data of a service.
pub(crate) fn is_system(path: &Utf8Path) -> bool {
    let roots = [
        "/proc", "/sys", "/dev", "/run", "/var/run", "/etc", "/usr", "/lib", "/boot",
    ];
    path == "/" || roots.iter().any(|root| path.starts_with(root))
}

struct Search {
    left: usize,
    cut: bool,
    found: Vec<SqliteFile>,
}

impl Search {
    fn walk(&mut self, mount: &Mount, path: &Utf8Path, depth: usize) {
        let Ok(meta) = fs_err::symlink_metadata(path) else {
            return;
        };
        if meta.is_file() {
            let has_log = |log: &Utf8Path| log.is_file();
            self.file(mount, path, meta.len(), has_log);
            return;
        }
        if !meta.is_dir() {
            return;
        }
        let Ok(entries) = path.read_dir_utf8() else {
            return;
        };
        let mut all: Vec<(Utf8PathBuf, fs::Metadata)> = Vec::new();
        for entry in entries.flatten() {
            if self.left == 0 {
                self.cut = true;
                break;
            }
            self.left -= 1;
            if let Ok(meta) = entry.metadata() {
                all.push((entry.into_path(), meta));
            }
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (path, meta) in &all {
            if meta.is_file() {
                let has_log = |log: &Utf8Path| {
                    let place = all.binary_search_by(|(path, _)| path.as_path().cmp(log));
                    place.is_ok()
                };
                self.file(mount, path, meta.len(), has_log);
            } else if meta.is_dir() && depth > 0 {
                self.walk(mount, path, depth - 1);
            } else if meta.is_dir() {
                self.cut = true;
            }
        }
    }

    /// Looks at one file. To open every file of a large directory would take longer than restic does to
    /// see that none has changed. SQLite's are whole pages; one whose last page was cut off by a crash
    /// has a log beside it.
    fn file(
        &mut self,
        mount: &Mount,
        path: &Utf8Path,
        size: u64,
        has_log: impl Fn(&Utf8Path) -> bool,
    ) {
        let whole = size.is_multiple_of(PAGE);
        let log = |end: &str| has_log(Utf8Path::new(&format!("{path}{end}")));
        if size < PAGE || !whole && !LOGS.iter().any(|end| log(end)) {
            return;
        }
        let mut head = [0; 16];
        let read = fs_err::File::open(path).and_then(|mut file| file.read_exact(&mut head));
        if read.is_err() || head != *MAGIC {
            return;
        }
        let below = path.strip_prefix(&mount.source).unwrap_or(path);
        let target = if below.as_str().is_empty() {
            mount.target.clone()
        } else {
            format!("{}/{below}", mount.target.trim_end_matches('/'))
        };
        self.found.push(SqliteFile {
            path: path.to_owned(),
            target,
            size,
        });
    }
}
