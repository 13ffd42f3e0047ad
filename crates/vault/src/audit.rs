//! Which secrets should be changed.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use zeroize::Zeroize as _;

use crate::entry::{system_time, unix};
use crate::{Entry, Vault};

/// What counts as a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditOptions {
    /// The time at which it is asked.
    pub now: SystemTime,
    /// Passwords below this strength, from 0 to 4 as zxcvbn counts, are weak; 3.
    pub weakest: u8,
    /// Passwords that are older are old; `None` does not ask.
    pub older_than: Option<Duration>,
}

impl AuditOptions {
    /// The usual ones at this time.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        Self {
            now,
            weakest: 3,
            older_than: None,
        }
    }
}

/// One secret that should be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its key.
    pub key: String,
    /// Why.
    pub problem: Problem,
}

/// Why a secret should be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It can be guessed.
    Weak {
        /// Its strength, from 0 to 4 as zxcvbn counts.
        score: u8,
    },
    /// Other entries have the same.
    Reused {
        /// Their keys.
        with: Vec<String>,
    },
    /// It was not changed for long.
    Old {
        /// For how many whole days.
        days: u64,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        since: SystemTime,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weak { score } => write!(f, "weak: strength {score} of 4"),
            Self::Reused { with } => {
                let keys: Vec<_> = with.iter().map(|key| format!("`{key}`")).collect();
                write!(f, "the same as {}", keys.join(", "))
            }
            Self::Old { days } => write!(f, "not changed for {days} days"),
            Self::Expired { since } => {
                let since = chrono::DateTime::from_timestamp(unix(*since), 0).unwrap_or_default();
                write!(f, "expired on {}", since.format("%Y-%m-%d"))
            }
        }
    }
}

/// Looks at the password of every entry that has one, in file order.
pub fn audit(vault: &Vault, options: &AuditOptions) -> Vec<Finding> {
    let entries: Vec<&Entry> = vault
        .entries()
        .filter(|entry| !entry.password().is_empty())
        .collect();
    let mut owners: HashMap<String, Vec<String>> = HashMap::new();
    for entry in &entries {
        let keys = owners
            .entry(entry.password().expose().to_owned())
            .or_default();
        keys.push(entry.key().to_string());
    }
    let mut findings = Vec::new();
    for entry in entries {
        let key = entry.key().to_string();
        let mut note = |problem| {
            let key = key.clone();
            findings.push(Finding { key, problem });
        };
        let password = entry.password();
        let score = strength(entry, password.expose());
        if score < options.weakest {
            note(Problem::Weak { score });
        }
        let same = owners.get(password.expose()).into_iter().flatten();
        let with: Vec<_> = same.filter(|other| **other != key).cloned().collect();
        if !with.is_empty() {
            note(Problem::Reused { with });
        }
        if let Some(limit) = options.older_than
            && let Some(changed) = password_changed(entry)
            && let Ok(age) = options.now.duration_since(system_time(changed))
            && age > limit
        {
            let days = age.as_secs() / (24 * 60 * 60);
            note(Problem::Old { days });
        }
        if let Some(since) = entry.expires()
            && since <= options.now
        {
            note(Problem::Expired { since });
        }
    }
    for (mut password, _) in owners.drain() {
        password.zeroize();
    }
    findings
}

/// The strength from 0 to 4. Whoever guesses tries what the entry says of itself first.
fn strength(entry: &Entry, password: &str) -> u8 {
    let inputs = [entry.title(), entry.username(), entry.url()];
    let inputs: Vec<&str> = inputs
        .into_iter()
        .filter(|input| !input.is_empty())
        .collect();
    // the rest of a very long text makes it no weaker, and takes its time
    let end = password
        .char_indices()
        .nth(64)
        .map_or(password.len(), |(at, _)| at);
    u8::from(zxcvbn::zxcvbn(&password[..end], &inputs).score())
}

/// When the password got its value: the first of the versions in a row that have it.
fn password_changed(entry: &Entry) -> Option<i64> {
    let password = entry.password();
    let mut changed = entry.modified.or(entry.created);
    for version in entry.history().iter().rev() {
        if version.password() != password {
            break;
        }
        changed = version.modified.or(changed);
    }
    changed
}
