//! Where snapshots of files are kept: what every such store can do, whatever program does it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::restic::Error;
use crate::retention::Policy;

/// A text that is not to be seen: it has no `Display`, `Debug` shows `***`, and it is wiped from memory
/// when it is no longer needed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where passwords and keys come from: a vault, files, the environment. The programs implement it.
pub trait SecretSource: Send + Sync {
    /// The secret of this name, `None` if there is none.
    ///
    /// # Errors
    /// Why the source could not be asked, one line without any secret.
    fn secret(&self, name: &str) -> Result<Option<Secret>, String>;
}

impl SecretSource for BTreeMap<String, Secret> {
    fn secret(&self, name: &str) -> Result<Option<Secret>, String> {
        Ok(self.get(name).cloned())
    }
}

/// A snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its identifier, 64 hexadecimal digits.
    pub id: String,
    /// When it was made, RFC 3339 in the time zone of its machine.
    pub time: String,
    /// The name of its machine.
    pub host: String,
    /// The paths in it.
    pub paths: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// Which snapshots are meant; all if nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Which {
    /// Those of this machine.
    pub host: Option<String>,
    /// Those with all of these tags.
    pub tags: Vec<String>,
}

/// A file in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// Its path, as it was on its machine.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What goes into a new snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Source {
    /// Files and directories.
    pub paths: Vec<PathBuf>,
    /// The name of the machine. Always said, as that of a container changes with every run, and
    /// nothing would ever be forgotten.
    pub host: String,
    /// Tags, without commas.
    pub tags: Vec<String>,
    /// Patterns of what is left out, as `restic backup --exclude`.
    pub excludes: Vec<String>,
    /// Says what would be done, and does not do it.
    pub dry_run: bool,
}

/// How far a snapshot has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes read.
    pub bytes_done: u64,
    /// Bytes there are, as far as is known.
    pub bytes_total: u64,
    /// Files read.
    pub files_done: u64,
    /// Files there are, as far as is known.
    pub files_total: u64,
}

/// A snapshot that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Made {
    /// Its identifier, at least the first 8 digits; `None` for a dry run.
    pub id: Option<String>,
    /// Files that are new or changed.
    pub files_changed: u64,
    /// Files in it.
    pub files: u64,
    /// Bytes in it.
    pub bytes: u64,
    /// Bytes that the store grew by, before it compressed them.
    pub bytes_added: u64,
}

/// What forgetting came to, or would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forgotten {
    /// What stays, each with the rules that keep it.
    pub kept: Vec<(Snapshot, Vec<String>)>,
    /// What is gone.
    pub removed: Vec<Snapshot>,
}

/// How much of the stored data a check reads again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subset {
    /// Nothing: structure alone. Finds no damage inside packs.
    #[default]
    Nothing,
    /// The part `part` (from 1) of `of`. With the number of the week for the part, all is read once
    /// in `of` weeks.
    Part {
        /// Which part, from 1.
        part: u32,
        /// Of how many.
        of: u32,
    },
    /// A random share in per cent.
    Percent(u8),
    /// Everything.
    All,
}

/// What is brought back, and to where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Restore {
    /// The snapshot's identifier, or its beginning.
    pub snapshot: String,
    /// The directory in which the paths are made again, in full: `/mnt/x` becomes `TARGET/mnt/x`.
    pub target: PathBuf,
    /// Patterns of what is brought back, see [`pattern`]; everything if empty.
    pub includes: Vec<String>,
    /// Whether there may be something in the target: files are replaced, others stay.
    pub over: bool,
    /// Reads again what was written and compares it with the snapshot.
    pub verify: bool,
}

/// A store of snapshots.
///
/// Every call is one command with one end: it is done, or the error says what is the matter and what
/// to do. A future that is dropped ends its command.
pub trait SnapshotStore {
    /// Makes the store.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one.
    fn init(&self) -> impl Future<Output = Result<(), Error>> + Send;

    /// Makes a snapshot. `progress` is called a few times a second.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when a file could not be read; the snapshot is there all the same.
    fn backup(
        &self,
        source: &Source,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> impl Future<Output = Result<Made, Error>> + Send;

    /// The snapshots, oldest first.
    ///
    /// # Errors
    /// Those of every command.
    fn snapshots(&self, which: &Which)
    -> impl Future<Output = Result<Vec<Snapshot>, Error>> + Send;

    /// Forgets what a policy does not keep, by machine and tags. What these snapshots alone hold stays
    /// stored until [`SnapshotStore::prune`]. Snapshots whose identifier is in `protected` stay,
    /// whatever the policy says.
    ///
    /// # Errors
    /// [`Error::EmptyPolicy`] for a policy that keeps nothing.
    fn forget(
        &self,
        which: &Which,
        policy: &Policy,
        protected: &[String],
        dry_run: bool,
    ) -> impl Future<Output = Result<Forgotten, Error>> + Send;

    /// Gives back the space of what no snapshot needs.
    ///
    /// # Errors
    /// [`Error::Locked`] while anything else uses the store.
    fn prune(&self) -> impl Future<Output = Result<(), Error>> + Send;

    /// The files in a snapshot below these directories, or all of them.
    ///
    /// # Errors
    /// [`Error::NoSnapshot`] without such a one.
    fn files(
        &self,
        snapshot: &str,
        below: &[String],
    ) -> impl Future<Output = Result<Vec<Stored>, Error>> + Send;

    /// Looks for damage.
    ///
    /// # Errors
    /// [`Error::Damaged`] when there is some.
    fn check(&self, subset: Subset) -> impl Future<Output = Result<(), Error>> + Send;

    /// Brings back a snapshot, or parts of it.
    ///
    /// # Errors
    /// [`Error::NoSnapshot`] without such a one, [`Error::NotEmpty`] when there is something in the
    /// target that is not to be replaced.
    fn restore(&self, restore: &Restore) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A path as a pattern that means nothing else.
///
/// ```
/// assert_eq!(backup::store::pattern("/srv/a[1]*"), r"/srv/a\[1\]\*");
/// ```
#[must_use]
pub fn pattern(path: &str) -> String {
    path.chars()
        .flat_map(|letter| {
            let special = matches!(letter, '*' | '?' | '[' | ']' | '\\');
            special.then_some('\\').into_iter().chain([letter])
        })
        .collect()
}
