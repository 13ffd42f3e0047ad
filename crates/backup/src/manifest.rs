//! What a dump is known to hold: the file `….json` beside it.
//!
//! A dump without its manifest is not complete, as the manifest is written last.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::kind::Kind;
use crate::whole::write_whole;

/// Tables and the like by database, then by name, with what they hold.
pub type Databases = BTreeMap<String, BTreeMap<String, Count>>;

/// What a dump holds, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// The version of this form, 1.
    pub version: u32,
    /// The run it is of.
    pub run: String,
    /// The Compose project.
    #[serde(default)]
    pub project: String,
    /// The service.
    pub service: String,
    /// The identifier of the container.
    #[serde(default)]
    pub container: String,
    /// The image as it was asked for.
    #[serde(default)]
    pub image: String,
    /// The identifier of the image, `sha256:…`.
    #[serde(default)]
    pub image_id: String,
    /// The image by digest, if it came from a registry.
    #[serde(default)]
    pub image_digest: Option<String>,
    /// The kind of database; `None` for an archive of files.
    pub kind: Option<Kind>,
    /// The database; `None` for all.
    #[serde(default)]
    pub database: Option<String>,
    /// The part of the service, as in the file's name.
    pub part: String,
    /// The path in the container, of files and SQLite.
    #[serde(default)]
    pub target: Option<String>,
    /// What the server says it is.
    #[serde(default)]
    pub server_version: Option<String>,
    /// What the dumper says it is.
    #[serde(default)]
    pub tool_version: Option<String>,
    /// What ran in the container.
    #[serde(default)]
    pub argv: Vec<String>,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it was complete, RFC 3339.
    pub ended: String,
    /// What was dumped, before compression.
    pub raw: Sum,
    /// The file.
    pub compressed: Sum,
    /// The exit code of the dumper.
    #[serde(default)]
    pub exit_code: i64,
    /// The end of the dumper's standard error.
    #[serde(default)]
    pub stderr: String,
    /// Tables and rows.
    #[serde(default)]
    pub databases: Databases,
    /// What an archive lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Entries>,
    /// Whose a SQLite file was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// Variables of the service that say how to restore it; none is a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// What a drill asks of the restored database.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub smoke: Vec<String>,
    /// When a drill restored it and found all of it, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
}

/// A number of bytes, and their SHA-256 in hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The number of bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: String,
}

/// What an archive lists: its entries with their names, kinds and sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entries {
    /// The number of files.
    pub files: u64,
    /// The number of directories.
    pub directories: u64,
    /// The number of links, devices and the like.
    pub others: u64,
    /// The bytes in the files.
    pub bytes: u64,
    /// The SHA-256 of the list.
    pub sha256: String,
}

/// Whose a file is, and what they may do with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Owner {
    /// The number of the user.
    pub user: u32,
    /// The number of the group.
    pub group: u32,
    /// The permissions, such as `0o640`.
    pub mode: u32,
}

impl Owner {
    /// Whose a file of this machine is; `None` if it cannot be looked at.
    #[must_use]
    pub fn of(path: &Utf8Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let found = fs_err::metadata(path).ok()?;
        Some(Self {
            user: found.uid(),
            group: found.gid(),
            mode: found.mode() & 0o7777,
        })
    }
}

/// What a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Count {
    /// Rows, keys or documents.
    pub rows: u64,
    /// The least there may be after a restore, where the number was not taken at the very moment of
    /// the dump or some may expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    /// The most there may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
}

impl Count {
    /// Exactly so many.
    pub fn exact(rows: u64) -> Self {
        Self {
            rows,
            at_least: None,
            at_most: None,
        }
    }

    /// Between so many and so many.
    pub fn between(least: u64, most: u64) -> Self {
        if least == most {
            return Self::exact(most);
        }
        Self {
            rows: most,
            at_least: Some(least),
            at_most: Some(most),
        }
    }

    /// Whether so many are as many as there have to be.
    pub fn allows(&self, found: u64) -> bool {
        (self.at_least.unwrap_or(self.rows)..=self.at_most.unwrap_or(self.rows)).contains(&found)
    }
}

/// A dump with its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The dump.
    pub path: Utf8PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

impl Listed {
    /// Its time as in its name, `20260101T000000Z`.
    pub fn stamp(&self) -> &str {
        let name = self.path.file_name().unwrap_or_default();
        name.split('-').next().unwrap_or_default()
    }
}

/// The path of the manifest of a dump.
pub fn path_of(dump: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{dump}.json"))
}

/// Reads the manifest of a dump.
///
/// # Errors
/// When it is not there or makes no sense.
pub fn read(dump: &Utf8Path) -> Result<Manifest, Error> {
    let path = path_of(dump);
    let text = fs_err::read_to_string(&path).map_err(|error| Error::file("read", &path, error))?;
    serde_json::from_str(&text).map_err(|error| Error::Damaged {
        path,
        why: error.to_string(),
    })
}

/// The complete dumps in the directory of a service, oldest first. What has no manifest, or one
/// that makes no sense, is not complete and not among them.
///
/// # Errors
/// When the directory cannot be read; a missing one is empty.
pub fn list(directory: &Utf8Path) -> io::Result<Vec<Listed>> {
    let entries = match directory.read_dir_utf8() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry?.into_path();
        let name = path.file_name().unwrap_or_default();
        if name.starts_with('.') || path.extension() != Some("zst") {
            continue;
        }
        if let Ok(manifest) = read(&path) {
            all.push(Listed { path, manifest });
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(all)
}

/// The complete dumps of all services below a target directory, by service and then time.
///
/// # Errors
/// As [`list`].
pub fn list_all(target: &Utf8Path) -> io::Result<Vec<Listed>> {
    let entries = match target.read_dir_utf8() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut directories = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            directories.push(entry.into_path());
        }
    }
    directories.sort();
    let mut all = Vec::new();
    for directory in directories {
        all.extend(list(&directory)?);
    }
    Ok(all)
}

/// Writes a manifest beside its dump: whole, or not at all.
///
/// # Errors
/// [`Error::File`].
pub fn write(dump: &Utf8Path, manifest: &Manifest) -> Result<(), Error> {
    let path = path_of(dump);
    let damaged = |error: serde_json::Error| Error::Damaged {
        path: path.clone(),
        why: error.to_string(),
    };
    let mut text = serde_json::to_vec_pretty(manifest).map_err(damaged)?;
    text.push(b'\n');
    write_whole(&path, &text)
}
