//! What can go wrong with a repository, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error as ThisError;

use super::{Lock, Version};
use crate::store::Made;

/// Why a command on a repository failed. Addresses are shown without their passwords.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// There is no restic.
    #[error("`{program}` cannot be started: {source}")]
    NoProgram {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Its version is below the oldest we know.
    #[error("restic {found} is too old, at least {needed} is needed")]
    TooOld {
        /// What is there.
        found: Version,
        /// What is needed.
        needed: Version,
    },
    /// It does not say its version.
    #[error("`{program}` is no restic: `{text}`")]
    NotRestic {
        /// The program.
        program: String,
        /// What it says instead.
        text: String,
    },
    /// The password could not be had.
    #[error("no password for the repository {repository}: {why}")]
    NoPassword {
        /// The repository.
        repository: String,
        /// Why.
        why: String,
    },
    /// There is no repository.
    #[error("there is no repository at {repository}")]
    NoRepository {
        /// Where.
        repository: String,
    },
    /// There is a repository already.
    #[error("there is a repository at {repository} already")]
    Exists {
        /// Where.
        repository: String,
    },
    /// The password is not that of the repository.
    #[error("the password of the repository {repository} is wrong")]
    WrongPassword {
        /// The repository.
        repository: String,
    },
    /// Someone else works on it.
    #[error("the repository {repository} is locked {}", holders(locks))]
    Locked {
        /// The repository.
        repository: String,
        /// By whom; empty when that could not be found out.
        locks: Vec<Lock>,
    },
    /// The keys are wrong, or not allowed to do this.
    #[error("access to the repository {repository} is refused: {message}")]
    Access {
        /// The repository.
        repository: String,
        /// What the other side says.
        message: String,
    },
    /// Nobody answers.
    #[error("the repository {repository} cannot be reached: {message}")]
    Unreachable {
        /// The repository.
        repository: String,
        /// Why.
        message: String,
    },
    /// The disk is full.
    #[error("no space is left for the repository {repository} or the place restored to: {message}")]
    NoSpace {
        /// The repository.
        repository: String,
        /// What restic says.
        message: String,
    },
    /// Data is missing or not what was stored.
    #[error("the repository {repository} is damaged: {message}")]
    Damaged {
        /// The repository.
        repository: String,
        /// What restic found, line by line.
        message: String,
    },
    /// Some files could not be read. There is a snapshot without them.
    #[error("{} could not be read and {} missing in the snapshot: {}", files(unreadable), are(unreadable), unreadable.join("; "))]
    Incomplete {
        /// The snapshot.
        made: Made,
        /// The files, each with the reason.
        unreadable: Vec<String>,
    },
    /// None of the paths exists.
    #[error("nothing to back up: {message}")]
    NothingThere {
        /// What restic says.
        message: String,
    },
    /// There is no such snapshot.
    #[error("there is no snapshot `{snapshot}` in the repository {repository}")]
    NoSnapshot {
        /// The repository.
        repository: String,
        /// What was asked for.
        snapshot: String,
    },
    /// A restore would mix with what is there.
    #[error("`{path}` is not empty")]
    NotEmpty {
        /// The target.
        path: PathBuf,
    },
    /// A policy without any rule would keep nothing.
    #[error("the policy keeps nothing")]
    EmptyPolicy,
    /// It took too long.
    #[error("`restic {command}` did not end within {} seconds", limit.as_secs())]
    TimedOut {
        /// The command.
        command: String,
        /// The limit.
        limit: Duration,
    },
    /// It was interrupted.
    #[error("`restic {command}` was interrupted")]
    Interrupted {
        /// The command.
        command: String,
    },
    /// It says something that is not understood.
    #[error("`restic {command}` answers what is not understood: {why}")]
    Answer {
        /// The command.
        command: String,
        /// What is wrong.
        why: String,
    },
    /// Anything else.
    #[error("`restic {command}` failed with exit code {code}: {message}")]
    Failed {
        /// The command.
        command: String,
        /// Its exit code.
        code: i32,
        /// The last it said.
        message: String,
    },
}

impl Error {
    /// What to do about it, one sentence; `None` if that is not known.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoProgram { .. } => "install restic 0.14 or later; Debian and others package it".into(),
            Self::TooOld { .. } => "install a later restic".into(),
            Self::NotRestic { .. } => "see what the setting for restic's program names".into(),
            Self::NoPassword { .. } => "put the password into the vault, or name a file with it".into(),
            Self::NoRepository { .. } => "make it once with `labbackup init`, or correct its address".into(),
            Self::Exists { .. } => "use it as it is, with its password".into(),
            Self::WrongPassword { .. } => {
                "find the right password: without it the data is lost; it may have been changed by `restic key passwd`".into()
            }
            Self::Locked { locks, .. } if locks.is_empty() || locks.iter().any(|lock| !lock.stale) => {
                "wait until the other one is done; do not remove locks that are in use".into()
            }
            Self::Locked { .. } => "nobody holds these locks any more: `restic unlock` removes them".into(),
            Self::Access { .. } => "see that the keys are right and may read, write, list and delete there".into(),
            Self::Unreachable { .. } => "see that the address is right and the server runs".into(),
            Self::NoSpace { .. } => "make room, or forget and prune old snapshots; nothing that was stored is lost".into(),
            Self::Damaged { .. } => {
                "do not prune; copy the repository, then follow restic's guide: repair index, repair snapshots, backup again".into()
            }
            Self::Incomplete { .. } => "run as a user who may read them, or exclude them".into(),
            Self::NothingThere { .. } => "see that the paths are right and the disk is mounted".into(),
            Self::NoSnapshot { .. } => "`labbackup list` shows which there are".into(),
            Self::NotEmpty { .. } => "name a directory that is empty or does not exist".into(),
            Self::EmptyPolicy => "give at least one rule, such as keep-daily 7".into(),
            Self::TimedOut { .. } => "see that the store answers; restic itself tries again for a long time".into(),
            Self::Interrupted { .. } | Self::Answer { .. } | Self::Failed { .. } => return None,
        })
    }
}

fn holders(locks: &[Lock]) -> String {
    if locks.is_empty() {
        return "by another process".to_owned();
    }
    let one = |lock: &Lock| {
        format!(
            "by {} on {} (process {}) since {}{}",
            lock.user,
            lock.host,
            lock.pid,
            lock.time,
            if lock.stale { ", which is gone" } else { "" }
        )
    };
    locks.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn files(list: &[String]) -> String {
    match list.len() {
        1 => "1 file".to_owned(),
        number => format!("{number} files"),
    }
}

fn are(list: &[String]) -> &'static str {
    if list.len() == 1 { "is" } else { "are" }
}
