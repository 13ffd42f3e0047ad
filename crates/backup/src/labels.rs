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
mod smoke;
mod value;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use yaml_tree::{Diagnostic, Span, nearest};

use crate::discovery::Kind;

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

/// The labels there are, each with what it takes and what it does.
pub const KEYS: &[(&str, &str, &str)] = &[
    (
        "backup.enable",
        "true, false",
        "`false` leaves the service out; default `true`",
    ),
    (
        "backup.engine",
        "postgresql, mysql, mariadb, mssql, redis, mongodb, influxdb, sqlite, none",
        "what kind of database it is, when the image does not tell; `none` for none",
    ),
    (
        "backup.databases",
        "names, with commas between",
        "dump these alone, each to a file of its own; default all in one",
    ),
    (
        "backup.user",
        "name",
        "the user to dump as; default the one of the image",
    ),
    (
        "backup.password-file",
        "path in the container",
        "where the password of that user lies; default what the variables of the image say",
    ),
    (
        "backup.format",
        "plain, custom",
        "PostgreSQL: SQL text, or the format of `pg_restore`; `custom` needs `backup.databases`",
    ),
    (
        "backup.compress",
        "host, container",
        "where zstd runs; `container` needs `zstd` in the image",
    ),
    (
        "backup.retain",
        "last=N,daily=N,weekly=N,monthly=N,yearly=N,within=DURATION",
        "how many dumps of the service stay",
    ),
    (
        "backup.hook.pre",
        "command",
        "runs in the container before its dump; failing fails the dump",
    ),
    (
        "backup.hook.post",
        "command",
        "runs in the container after its dump, whatever came of it",
    ),
    (
        "backup.hook.on-failure",
        "command",
        "runs in the container when its dump failed",
    ),
    (
        "backup.stop",
        "true, pause, false",
        "stop or pause this container while its group is dumped",
    ),
    (
        "backup.group",
        "name",
        "what is backed up at one point in time; default the project",
    ),
    (
        "backup.group-order",
        "number",
        "the order in which a group is stopped, lowest first; started in reverse",
    ),
    (
        "backup.restore.smoke",
        "SQL, or http://HOST:PORT/PATH [STATUS] [TEXT], one a line",
        "what a drill asks the restored service: SQL has to give a row, HTTP the status (default below 400) and the text",
    ),
    (
        "backup.restore.start",
        "true, false",
        "whether a drill starts a copy of this service beside its restored databases; default: if it is asked by HTTP, or such a service depends on it",
    ),
    (
        "backup.restore.with",
        "services, with commas between",
        "databases of other projects that a drill restores for this service as well",
    ),
    (
        "backup.timeout",
        "duration, such as 2h",
        "how long one dump may take; default 6h",
    ),
    (
        "backup.stall-timeout",
        "duration, such as 5m",
        "how long a dump may send nothing; default 10m",
    ),
    (
        "backup.volumes",
        "true, false",
        "whether mounted directories and volumes are backed up; default: those that can be written to and hold no database",
    ),
    (
        "backup.volumes.include",
        "names or paths, with commas between",
        "these mounts alone",
    ),
    (
        "backup.volumes.exclude",
        "names or paths, with commas between",
        "all mounts but these",
    ),
    (
        "backup.sqlite",
        "true, false, paths in the container with commas between",
        "SQLite files: look for them, do not, or these; default looks below mounts",
    ),
];

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

struct Reader<'s> {
    subject: &'s str,
    settings: Settings,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, found: Diagnostic, label: &Label) {
        self.found.push(match label.place() {
            Some(span) => found.primary(span.clone(), ""),
            None => found,
        });
    }

    fn own(&mut self, key: &str, label: &Label) {
        if let Err(problem) = self.set(key, &label.value) {
            let found = match problem {
                Problem::Unknown => self.unknown(key, label),
                Problem::Value(expected) => Diagnostic::error(
                    "backup::label-value",
                    format!(
                        "`{}` has `{key}={}`, which is not {expected}",
                        self.subject, label.value
                    ),
                ),
            };
            self.report(found, label);
        }
    }

    fn unknown(&self, key: &str, label: &Label) -> Diagnostic {
        let found = Diagnostic::error(
            "backup::unknown-label",
            format!(
                "`{}` has the label `{key}`, which does not exist",
                self.subject
            ),
        );
        let near = nearest(key, KEYS.iter().map(|(key, _, _)| *key));
        match (near, &label.key) {
            (Some(near), Some(span)) if span.text() == key => {
                found.fix(format!("did you mean `{near}`?"), span.clone(), near)
            }
            (Some(near), _) => found.help(format!("did you mean `{near}`?")),
            (None, _) => found.help(format!(
                "the labels are: {}",
                KEYS.iter()
                    .map(|(key, _, _)| *key)
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
        }
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), Problem> {
        let settings = &mut self.settings;
        let owned = || value::text(text);
        match key {
            "backup.enable" => settings.enable = Some(value::boolean(text)?),
            "backup.engine" => {
                settings.engine = Some(match text {
                    "none" => None,
                    text => Some(
                        Kind::from_name(text)
                            .ok_or_else(|| Problem::Value(format!("one of {}", KEYS[1].1)))?,
                    ),
                });
            }
            "backup.databases" => settings.databases = value::list(text)?,
            "backup.user" => settings.user = Some(owned()?),
            "backup.password-file" => settings.password_file = Some(value::absolute(text)?),
            "backup.format" => {
                settings.format = match text {
                    "plain" => Format::Plain,
                    "custom" => Format::Custom,
                    _ => return Err(Problem::expected("`plain` or `custom`")),
                }
            }
            "backup.compress" => {
                settings.compress = match text {
                    "host" => Compress::Host,
                    "container" => Compress::Container,
                    _ => return Err(Problem::expected("`host` or `container`")),
                }
            }
            "backup.retain" => settings.retain = Some(owned()?),
            "backup.hook.pre" => settings.pre = Some(owned()?),
            "backup.hook.post" => settings.post = Some(owned()?),
            "backup.hook.on-failure" => settings.on_failure = Some(owned()?),
            "backup.stop" => settings.stop = value::stop(text)?,
            "backup.group" => settings.group = Some(owned()?),
            "backup.group-order" => {
                settings.group_order = text
                    .trim()
                    .parse()
                    .map_err(|_| Problem::expected("a whole number"))?;
            }
            "backup.restore.smoke" => settings.smoke = smoke::split(text)?,
            "backup.restore.start" => settings.start = Some(value::boolean(text)?),
            "backup.restore.with" => settings.with = value::list(text)?,
            "backup.timeout" => settings.timeout = Some(value::positive(text)?),
            "backup.stall-timeout" => settings.stall_timeout = Some(value::positive(text)?),
            "backup.volumes" => settings.volumes = Some(value::boolean(text)?),
            "backup.volumes.include" => settings.include = value::list(text)?,
            "backup.volumes.exclude" => settings.exclude = value::list(text)?,
            "backup.sqlite" => {
                settings.sqlite = match value::boolean(text) {
                    Ok(true) => Sqlite::Look,
                    Ok(false) => Sqlite::Skip,
                    Err(_) => Sqlite::Paths(
                        value::list(text)?
                            .iter()
                            .map(|path| value::absolute(path))
                            .collect::<Result<_, _>>()?,
                    ),
                }
            }
            _ => return Err(Problem::Unknown),
        }
        Ok(())
    }
}

/// What is wrong with a label.
#[derive(Debug)]
enum Problem {
    /// There is no such key.
    Unknown,
    /// The value is not what it has to be.
    Value(String),
}

impl Problem {
    fn expected(what: &str) -> Self {
        Self::Value(what.to_owned())
    }
}

#[cfg(test)]
mod tests;
