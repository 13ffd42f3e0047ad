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

/// What a failed command says, before it is known to which repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NoRepository,
    Exists,
    WrongPassword,
    Locked,
    Access,
    Unreachable,
    NoSpace,
    Damaged,
    NothingThere,
    NoSnapshot,
    Interrupted,
    Other,
}

/// What is said when a repository's configuration is not there. Old versions ask whether there is a
/// repository whatever went wrong when they looked.
const ABSENT: [&str; 7] = [
    "no such file or directory",
    "does not exist",
    "NoSuchKey",
    "NoSuchBucket",
    "unexpected HTTP response (404)",
    "404 Not Found",
    "not found",
];

/// Names a fault: the exit code where it says enough (restic 0.17 and later), else the text. A code
/// for "no repository" is not believed when the text tells of a refusal: a bucket that may not be
/// read looks like one that is not there.
pub(super) fn classify(code: i32, text: &str) -> Fault {
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    match code {
        11 => return Fault::Locked,
        12 => return Fault::WrongPassword,
        130 => return Fault::Interrupted,
        _ => {}
    }
    if says(&["wrong password or no key found"]) {
        Fault::WrongPassword
    } else if says(&[
        "repository is already locked",
        "unable to create lock in backend",
    ]) {
        Fault::Locked
    } else if says(&[
        "Access Denied",
        "AccessDenied",
        "access denied",
        "403 Forbidden",
        "401 Unauthorized",
        "unexpected HTTP response (403)",
        "unexpected HTTP response (401)",
        "request signature we calculated does not match",
        "Access Key Id you provided does not exist",
        "permission denied",
        "Permission denied",
    ]) {
        Fault::Access
    } else if says(&[
        "connection refused",
        "no such host",
        "i/o timeout",
        "no route to host",
        "network is unreachable",
        "TLS handshake timeout",
        "connection reset by peer",
        "unexpected HTTP response (5",
        "Internal Server Error",
        "Bad Gateway",
        "Service Unavailable",
        "Gateway Timeout",
        "Please reduce your request rate",
        "server misbehaving",
    ]) {
        Fault::Unreachable
    } else if says(&["no space left on device", "disk quota exceeded"]) {
        Fault::NoSpace
    } else if says(&[
        "config file already exists",
        "repository master key and config already initialized",
    ]) {
        Fault::Exists
    } else if code == 10
        || (says(&["Is there a repository at the following location?"]) && says(&ABSENT))
    {
        Fault::NoRepository
    } else if says(&[
        "repository contains errors",
        "ciphertext verification failed",
        "Pack ID does not match",
        "unexpected file size",
        "invalid data returned",
        "unexpected EOF",
        "not found in the index",
        "not found in index",
        "does not exist in the repository",
    ]) {
        Fault::Damaged
    } else if says(&[
        "all target directories/files do not exist",
        "all source directories/files do not exist",
    ]) {
        Fault::NothingThere
    } else if says(&[
        "no matching ID found",
        "no snapshot found",
        "snapshot for criteria not found",
        "failed to find snapshot",
    ]) {
        Fault::NoSnapshot
    } else {
        Fault::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_by_code_or_by_text() {
        for (code, text, fault) in [
            (
                1,
                "Fatal: wrong password or no key found",
                Fault::WrongPassword,
            ),
            (12, "Fatal: something else", Fault::WrongPassword),
            (11, "", Fault::Locked),
            (
                1,
                "unable to create lock in backend: repository is already locked by PID 1",
                Fault::Locked,
            ),
            (
                10,
                "Fatal: repository does not exist: unable to open config file",
                Fault::NoRepository,
            ),
            (
                10,
                "unable to open config file: Stat: Access Denied.\nIs there a repository at",
                Fault::Access,
            ),
            (
                1,
                "Fatal: unable to open config file: stat /x: no such file or directory\nIs there a repository at the following location?",
                Fault::NoRepository,
            ),
            (
                1,
                "Stat: Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused\nIs there a repository at the following location?",
                Fault::Unreachable,
            ),
            (
                1,
                "Fatal: unable to open config file: Stat: 500 Internal Server Error\nIs there a repository at the following location?",
                Fault::Unreachable,
            ),
            (
                1,
                "Fatal: unable to open config file: something new\nIs there a repository at the following location?",
                Fault::Other,
            ),
            (1, "Fatal: repository contains errors", Fault::Damaged),
            (130, "", Fault::Interrupted),
            (2, "panic: runtime error", Fault::Other),
        ] {
            assert_eq!(classify(code, text), fault, "{code} {text}");
        }
    }
}
