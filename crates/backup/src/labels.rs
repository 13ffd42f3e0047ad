//! What labels say about backups: the vocabulary `backup.*`, and those of other programs.
//!
//! The vocabulary is closed: a key below `backup.` that is not in [`KEYS`] is an error with the
//! nearest key. Labels of docker-volume-backup (`docker-volume-backup.*`), of stack-back
//! (`stack-back.*`) and of restic-compose-backup (`restic-compose-backup.*`) are read as what they
//! mean here; what has no counterpart is a warning. A label of ours wins over theirs.
//!
//! ```
//! use backup::labels::{self, Label, Stop};
//!
//! let labels = [
//!     ("backup.password-file", "/run/secrets/db"),
//!     ("backup.stall-timeout", "90s"),
//!     ("docker-volume-backup.stop-during-backup", "true"),
//! ];
//! let labels = labels.map(|(key, value)| (key.to_owned(), Label::new(value))).into();
//! let (settings, found) = labels::read("web", &labels);
//! assert!(found.is_empty());
//! assert_eq!(settings.password_file.as_deref(), Some("/run/secrets/db"));
//! assert_eq!(settings.stall_timeout.unwrap().as_secs(), 90);
//! assert_eq!(settings.stop, Some(Stop::Stop));
//!
//! let labels = [("backup.datbases".to_owned(), Label::new("shop"))].into();
//! let (_, found) = labels::read("web", &labels);
//! assert_eq!(found[0].message, "`web` has the label `backup.datbases`, which does not exist");
//! assert_eq!(found[0].help, ["did you mean `backup.databases`?"]);
//! ```

mod alias;
mod keys;
mod reader;
mod smoke;
mod value;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use yaml_tree::{Diagnostic, Span};

use crate::kind::Kind;

use reader::{Problem, Reader};

pub use keys::KEYS;
pub use smoke::HttpCheck;
pub use value::duration;

/// A label with where it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// Its value.
    pub value: String,
    /// Where the value is written, if it comes from a file.
    pub span: Option<Span>,
    /// Where the key is written; the same place as `span` in a list of `key=value`.
    pub key: Option<Span>,
}

impl Label {
    /// A label that is written in no file.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            span: None,
            key: None,
        }
    }

    fn place(&self) -> Option<&Span> {
        self.span.as_ref().or(self.key.as_ref())
    }
}

/// Labels by key.
pub type Labels = BTreeMap<String, Label>;

/// What is done to a container while its group is dumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stop {
    /// It is stopped, and started again.
    Stop,
    /// It is frozen, and thawed.
    Pause,
}

/// In which format PostgreSQL dumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// SQL.
    #[default]
    Plain,
    /// That of `pg_restore`.
    Custom,
}

/// Where zstd runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Compress {
    /// In this program.
    #[default]
    Host,
    /// In the container.
    Container,
}

/// Which SQLite files are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sqlite {
    /// Those below mounts.
    #[default]
    Look,
    /// None.
    Skip,
    /// These, by their paths in the container.
    Paths(Vec<String>),
}

/// What the labels of one service say.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// `false` leaves the service out.
    pub enable: Option<bool>,
    /// What kind of database it is; `Some(None)` for none.
    pub engine: Option<Option<Kind>>,
    /// The databases to dump; empty for all.
    pub databases: Vec<String>,
    /// The user to dump as.
    pub user: Option<String>,
    /// The file in the container with the password.
    pub password_file: Option<String>,
    /// The format of PostgreSQL.
    pub format: Format,
    /// Where zstd runs.
    pub compress: Compress,
    /// How many dumps stay, as written.
    pub retain: Option<String>,
    /// A command before the dump.
    pub pre: Option<String>,
    /// A command after the dump.
    pub post: Option<String>,
    /// A command after a failed dump.
    pub on_failure: Option<String>,
    /// The user that the commands run as; none means that of the container.
    pub hook_user: Option<String>,
    /// What is done to the container while its group is dumped.
    pub stop: Option<Stop>,
    /// What is backed up at one point in time.
    pub group: Option<String>,
    /// The order of stopping within the group.
    pub group_order: i64,
    /// What a drill asks: SQL, or an [`HttpCheck`] as written.
    pub smoke: Vec<String>,
    /// Whether a drill starts a copy of the service.
    pub start: Option<bool>,
    /// Databases of other projects that a drill restores for it.
    pub with: Vec<String>,
    /// How long a dump may take.
    pub timeout: Option<Duration>,
    /// How long a dump may send nothing.
    pub stall_timeout: Option<Duration>,
    /// Whether mounts are backed up.
    pub volumes: Option<bool>,
    /// These mounts alone.
    pub include: Vec<String>,
    /// Not these mounts.
    pub exclude: Vec<String>,
    /// SQLite files.
    pub sqlite: Sqlite,
    /// Labels of other programs that were followed.
    pub aliases: Vec<String>,
}

/// Reads the labels of `subject`, the name of a service or container, and says what is wrong.
///
/// What is wrong with one label does not keep the others from being read.
pub fn read(subject: &str, labels: &Labels) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader {
        subject,
        settings: Settings::default(),
        found: Vec::new(),
    };
    // Theirs first, so that ours win.
    alias::read(&mut reader, labels);
    for (key, label) in labels {
        if key.starts_with("backup.") {
            reader.own(key, label);
        }
    }
    let custom = reader.settings.format == Format::Custom;
    if custom && reader.settings.databases.is_empty() {
        let label = &labels["backup.format"];
        let message =
            format!("`{subject}` asks for `backup.format=custom` without `backup.databases`");
        reader.report(
            Diagnostic::error("backup::format", message).help(
                "the custom format holds one database a file: name them in `backup.databases`",
            ),
            label,
        );
    }
    (reader.settings, reader.found)
}

#[cfg(test)]
mod tests;
