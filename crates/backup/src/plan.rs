//! What is going to happen, as a value: made without effect, shown before anything is done, and
//! carried out by [`run`](crate::run).
//!
//! ```
//! use backup::discovery::{Mount, Service};
//! use backup::plan::{Nothing, Options, plan};
//!
//! let mut db = Service::new("shop", "db");
//! db.image = "postgres:17".into();
//! db.root = Some("/mnt/docker".into());
//! db.mounts.push(Mount::bind("/mnt/docker/data/db", "/var/lib/postgresql/data"));
//! let mut options = Options::default();
//! options.without_engine = true;
//! let (plan, found) = plan(vec![db], &options, &Nothing);
//! assert!(found.is_empty());
//!
//! let dump = &plan.groups[0].dumps[0];
//! assert_eq!(dump.destination(), "/mnt/docker/backups/db/<UTC>-all.sql.zst");
//! assert_eq!(dump.argv[..2], ["sh", "-c"]);
//! assert_eq!(dump.why, "the image is `postgres`");
//! assert_eq!(plan.skipped[0].what, "the mount `/var/lib/postgresql/data`");
//! ```

mod look;
mod make;
mod show;

use std::collections::BTreeMap;
use std::time::Duration;

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::discovery::{Kind, Running, Service};
use crate::labels::{Settings, Stop};
use crate::recipe::{Check, Counting};

pub use look::{Disk, Look, Nothing};
pub use make::{NO_CONTAINER, plan};

/// What a caller chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Where dumps go, in a directory for each service; none means `backups` below the `MNT_DIR` of the
    /// service's project.
    pub target: Option<Utf8PathBuf>,
    /// These services alone, by name or `project/name`; empty means all.
    pub only: Vec<String>,
    /// Whether services without a container of their own count as well: for a plan without an
    /// engine.
    pub without_engine: bool,
    /// Whether directories and volumes go into a snapshot store. Otherwise each becomes an archive
    /// beside the dumps.
    pub store: bool,
    /// Whether nobody asks how large things are going to be. To add directories up takes as long as a
    /// snapshot of those that have not changed.
    pub without_estimates: bool,
}

/// What is going to happen.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Plan {
    /// The version of this form, 1.
    pub version: u32,
    /// What is done, in this order.
    pub groups: Vec<Group>,
    /// What is left out.
    pub skipped: Vec<Skipped>,
}

/// What is backed up at one point in time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What is stopped or paused first, in this order; started again in the reverse one.
    pub quiesce: Vec<Quiesce>,
    /// The dumps, in this order.
    pub dumps: Vec<Dump>,
    /// Directories and volumes.
    pub files: Vec<Files>,
}

/// A container that is stopped or paused while its group is dumped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Quiesce {
    /// The service, `project/name`.
    pub service: String,
    /// Its container; `None` if the engine has none.
    pub container: Option<String>,
    /// What is done.
    pub how: Stop,
    /// Why.
    pub why: String,
    #[serde(skip)]
    pub(crate) running: Option<Running>,
}

/// One dump file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Dump {
    /// The Compose project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The container; `None` if the engine has none.
    pub container: Option<String>,
    /// The image as it was asked for.
    pub image: String,
    /// The kind of database.
    pub kind: Kind,
    /// The database; `None` for all of them in one file.
    pub database: Option<String>,
    /// What of it this file has: `all`, `globals`, or the name of the database, as in the file's
    /// name.
    pub part: String,
    /// The SQLite file on this machine that is read; `None` for other kinds.
    pub source: Option<Utf8PathBuf>,
    /// The command in the container; empty for SQLite, which is read by this program.
    pub argv: Vec<String>,
    /// The directory of the dump.
    pub directory: Utf8PathBuf,
    /// The end of its name, such as `sql.zst`.
    pub extension: String,
    /// Why it is taken for what it is.
    pub why: String,
    /// How the password is found.
    pub credentials: String,
    /// What the dump is a picture of.
    pub consistency: String,
    /// What size is expected, in bytes.
    pub estimate: Option<Estimate>,
    /// How long it may take, in seconds.
    #[serde(serialize_with = "seconds")]
    pub timeout: Duration,
    /// How long it may send nothing, in seconds.
    #[serde(serialize_with = "seconds")]
    pub stall_timeout: Duration,
    /// Commands in the container.
    pub hooks: Hooks,
    /// How many dumps stay, as the label says.
    pub retain: Option<String>,
    /// What a drill asks of the restored service.
    pub smoke: Vec<String>,
    #[serde(skip)]
    pub(crate) details: Details,
}

/// What is needed to carry a dump out and nobody has to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Details {
    pub(crate) service: Service,
    pub(crate) settings: Settings,
    pub(crate) running: Option<Running>,
    pub(crate) check: Option<Check>,
    pub(crate) counting: Option<Counting>,
    pub(crate) least: u64,
    pub(crate) tool: &'static str,
    pub(crate) compressed_inside: bool,
}

/// Commands that run in a container, by `sh -c`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hooks {
    /// Before the dump.
    pub pre: Option<String>,
    /// After it, whatever came of it.
    pub post: Option<String>,
    /// After it failed.
    pub on_failure: Option<String>,
    /// The user they run as; none means that of the container.
    pub user: Option<String>,
}

impl Hooks {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pre.is_none() && self.post.is_none() && self.on_failure.is_none()
    }
}

/// A size that is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// Bytes.
    pub bytes: u64,
    /// Where the number comes from.
    pub from: &'static str,
}

/// A directory or volume.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Files {
    /// The Compose project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The container; `None` if the engine has none.
    pub container: Option<String>,
    /// The path on the host; empty for a volume whose place is not known.
    pub source: Utf8PathBuf,
    /// The volume.
    pub volume: Option<String>,
    /// The path in the container.
    pub target: String,
    /// `snapshot` or `archive`.
    pub how: How,
    /// The directory of an archive.
    pub directory: Utf8PathBuf,
    /// What of the service it is, as in the file's name.
    pub part: String,
    /// Live database files, which are dumped and not copied.
    pub exclude: Vec<Utf8PathBuf>,
    /// Why it is backed up.
    pub why: String,
    /// What size is expected, in bytes.
    pub estimate: Option<Estimate>,
    #[serde(skip)]
    pub(crate) running: Option<Running>,
}

/// How files are backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum How {
    /// By the snapshot store.
    Snapshot,
    /// As an archive beside the dumps.
    Archive,
}

/// Something that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Skipped {
    /// The service, `project/name`.
    pub service: String,
    /// What: the service, or one of its mounts.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Plan {
    /// All dumps, in their order.
    pub fn dumps(&self) -> impl Iterator<Item = &Dump> {
        self.groups.iter().flat_map(|group| &group.dumps)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.groups
            .iter()
            .all(|group| group.dumps.is_empty() && group.files.is_empty())
    }

    /// The bytes that are expected, by where the numbers come from.
    pub fn estimates(&self) -> BTreeMap<&'static str, u64> {
        let mut all = BTreeMap::new();
        let dumps = self.dumps().filter_map(|dump| dump.estimate.as_ref());
        let files = self.groups.iter().flat_map(|group| &group.files);
        for estimate in dumps.chain(files.filter_map(|files| files.estimate.as_ref())) {
            *all.entry(estimate.from).or_default() += estimate.bytes;
        }
        all
    }
}

impl Dump {
    /// `project/service`, or the service alone.
    pub fn full_name(&self) -> String {
        self.details.service.full_name()
    }

    /// Where it goes, with `<UTC>` for the time.
    pub fn destination(&self) -> String {
        format!("{}/<UTC>-{}.{}", self.directory, self.part, self.extension)
    }
}

impl Files {
    /// The name of the volume, or the path on the host.
    pub fn name(&self) -> &str {
        self.volume.as_deref().unwrap_or(self.source.as_str())
    }
}

fn seconds<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(time.as_secs())
}

/// A text as a part of a file's name: letters, digits, `.`, `_` and `-` stay, a slash becomes `+`, and
/// everything else `%XX`, as do a dot or a dash at the start.
///
/// ```
/// use backup::plan::file_name;
/// assert_eq!(file_name("shop"), "shop");
/// assert_eq!(file_name("-my db]"), "%2Dmy%20db%5D");
/// ```
pub fn file_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let plain =
            byte.is_ascii_alphanumeric() || byte == b'_' || (at > 0 && matches!(byte, b'.' | b'-'));
        if plain {
            name.push(char::from(byte));
        } else if byte == b'/' {
            name.push('+');
        } else {
            use std::fmt::Write as _;
            write!(name, "%{byte:02X}").expect("a text can be written to");
        }
    }
    name
}

#[cfg(test)]
mod tests;
