//! What can go wrong.

use std::io;
use std::time::Duration;

use camino::Utf8PathBuf;
use thiserror::Error as ThisError;

/// Why something could not be done. Nothing here holds a secret.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The container engine.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// The store of snapshots.
    #[error(transparent)]
    Store(#[from] crate::restic::Error),
    /// A file or directory.
    #[error("cannot {action} `{path}`: {source}")]
    File {
        /// What was done.
        action: &'static str,
        /// To what.
        path: Utf8PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A program in a container ended with another code than 0.
    #[error("{what} ended with code {code}{}", said(stderr))]
    Exit {
        /// Which.
        what: String,
        /// Its exit code; above 128 that of a signal.
        code: i64,
        /// The end of its standard error.
        stderr: String,
    },
    /// Nothing came for a while.
    #[error("{what} sent nothing for {} seconds", after.as_secs())]
    Stalled {
        /// What.
        what: String,
        /// For how long.
        after: Duration,
    },
    /// It took too long.
    #[error("{what} took longer than {} seconds", after.as_secs())]
    TimedOut {
        /// What.
        what: String,
        /// The limit.
        after: Duration,
    },
    /// A dump that lacks its end.
    #[error("the dump of {what} is not complete: {why}")]
    Incomplete {
        /// Of what.
        what: String,
        /// What is missing.
        why: String,
    },
    /// A dump much smaller than the one before.
    #[error(
        "the dump of {what} has {bytes} bytes, the one before had {before}: less than {percent} %"
    )]
    Shrunk {
        /// Of what.
        what: String,
        /// Its size before compression.
        bytes: u64,
        /// That of the last one.
        before: u64,
        /// The limit.
        percent: u64,
    },
    /// A dump has no table, and the one before had some.
    #[error("the dump of {what} has no table, the one before had {tables} with {rows} rows")]
    Emptied {
        /// Of what.
        what: String,
        /// How many tables there were.
        tables: usize,
        /// How many rows were in them.
        rows: u64,
    },
    /// What was read back is not what was written.
    #[error("`{path}` is damaged: {why}")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// How that shows.
        why: String,
    },
    /// Somebody else is at it.
    #[error("another run holds `{path}`{holder}")]
    Locked {
        /// The lock.
        path: Utf8PathBuf,
        /// Who, if that is known.
        holder: String,
    },
    /// A SQLite file.
    #[error("cannot {action} the SQLite file `{path}`: {why}")]
    Sqlite {
        /// What was done.
        action: &'static str,
        /// To which.
        path: Utf8PathBuf,
        /// Why it failed.
        why: String,
    },
    /// A service without a container that runs.
    #[error("{what} has no container that runs")]
    NotRunning {
        /// The service.
        what: String,
    },
    /// Something failed because its container does not run any more.
    #[error("{why}: {source}")]
    Gone {
        /// What became of the container.
        why: String,
        /// What failed.
        source: Box<Self>,
    },
    /// A command of the owner's failed.
    #[error(
        "the hook `{hook}` of {service} ended with code {code}{}",
        said(stderr)
    )]
    Hook {
        /// Which hook.
        hook: &'static str,
        /// Of which service.
        service: String,
        /// Its exit code.
        code: i64,
        /// The end of its standard error.
        stderr: String,
    },
    /// It was interrupted.
    #[error("interrupted")]
    Cancelled,
    /// There is no such dump.
    #[error("{what}")]
    NoDump {
        /// What was looked for.
        what: String,
    },
    /// Something that must not be done.
    #[error("refused: {why}")]
    Refused {
        /// Why not.
        why: String,
    },
}

impl Error {
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<Utf8PathBuf>,
        source: io::Error,
    ) -> Self {
        Self::File {
            action,
            path: path.into(),
            source,
        }
    }

    /// What the user can do about it, one sentence; `None` if that is not known.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Engine(error) => return error.help(),
            Self::Store(error) => return error.help(),
            Self::Gone { .. } => "see `docker logs` and `docker inspect` of it; the dump before is still there".to_owned(),
            Self::File { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room; the dump before is still there".to_owned()
                }
                io::ErrorKind::ReadOnlyFilesystem => {
                    "the target cannot be written to: see how it is mounted".to_owned()
                }
                io::ErrorKind::PermissionDenied => "run as a user who may, root as a rule".to_owned(),
                _ => return None,
            },
            Self::Exit { code: 126 | 127, .. } => {
                "the image lacks a program; `backup.engine` says what kind of database it is".to_owned()
            }
            Self::Exit { stderr, .. } if refused_login(stderr) => {
                "see which password the database has now: that of its first start, whatever the variable says; `backup.user` and `backup.password-file` name another".to_owned()
            }
            Self::Stalled { .. } => "a lock in the database may hold it up; `backup.stall-timeout` allows for more".to_owned(),
            Self::TimedOut { .. } => "`backup.timeout` allows for more".to_owned(),
            Self::Shrunk { .. } | Self::Emptied { .. } => "if that is right, run again with `--accept-shrink`".to_owned(),
            Self::Locked { .. } => "wait for it to end; the lock goes away with its process".to_owned(),
            Self::NotRunning { .. } => "start it, or leave it out with `backup.enable=false`".to_owned(),
            _ => return None,
        })
    }
}

fn refused_login(stderr: &str) -> bool {
    [
        "password authentication failed",
        "Access denied for user",
        "NOAUTH",
        "WRONGPASS",
        "Authentication failed",
        "Login failed",
        "no password supplied",
    ]
    .iter()
    .any(|text| stderr.contains(text))
}

/// The last line that says something.
fn said(stderr: &str) -> String {
    match stderr
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
    {
        Some(line) => format!(": {line}"),
        None => String::new(),
    }
}
