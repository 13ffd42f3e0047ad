//! What came of a drill.

use std::fmt;

use serde::Serialize;

use crate::dump::Context;
use crate::manifest::Listed;
use crate::restore::mark_verified;

/// What came of a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// The version of this form, 1.
    pub version: u32,
    /// The run.
    pub run: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it was over, RFC 3339.
    pub ended: String,
    /// Whether everything was found again.
    pub outcome: Outcome,
    /// Whether it was told to end.
    pub interrupted: bool,
    /// One for each service and file.
    pub services: Vec<ServiceReport>,
    /// What earlier drills had left, and was removed.
    pub swept: Vec<String>,
}

/// Whether everything was found again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// All of it.
    Verified,
    /// Something differs, or could not be restored.
    Mismatch,
    /// It was told to end.
    Interrupted,
    /// There was nothing to verify.
    #[default]
    Nothing,
}

/// What came of the drill of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceReport {
    /// The service, `project/name`.
    pub service: String,
    /// The dumps that were restored.
    pub files: Vec<String>,
    /// Whether all is well.
    pub verified: bool,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// Why it came to nothing.
    pub error: Option<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// Whether nothing is left of the throw-away place.
    pub torn_down: bool,
}

/// Something that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What.
    pub what: String,
    /// Whether it is as it should be.
    pub passed: bool,
    /// What should be; empty for one that passed.
    pub expected: String,
    /// What is; empty for one that passed.
    pub found: String,
}

impl Check {
    pub(super) fn passed(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            passed: true,
            ..Self::default()
        }
    }

    pub(super) fn failed(
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            passed: false,
            expected: expected.into(),
            found: found.into(),
        }
    }
}

impl fmt::Display for Check {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.passed {
            write!(f, "ok      {}", self.what)
        } else {
            write!(
                f,
                "failed  {}: expected {}, found {}",
                self.what, self.expected, self.found
            )
        }
    }
}

impl ServiceReport {
    pub(super) fn begin(service: &str, dumps: &[&Listed]) -> Self {
        Self {
            service: service.to_owned(),
            files: dumps.iter().map(|dump| dump.path.to_string()).collect(),
            torn_down: true,
            ..Self::default()
        }
    }

    pub(super) fn failed(service: &str, dumps: &[&Listed], why: &str) -> Self {
        Self {
            error: Some(why.to_owned()),
            ..Self::begin(service, dumps)
        }
    }
}

impl Report {
    pub(super) fn begin(context: &Context) -> Self {
        Self {
            version: 1,
            run: context.run.clone(),
            started: context.timestamp().to_string(),
            ..Self::default()
        }
    }

    pub(super) fn push(
        &mut self,
        mut one: ServiceReport,
        dumps: &[&Listed],
        context: &Context,
        mark: bool,
    ) {
        one.verified = one.error.is_none() && one.checks.iter().all(|check| check.passed);
        if one.verified && mark {
            for dump in dumps {
                if let Err(error) = mark_verified(dump, &context.timestamp().to_string()) {
                    one.notes.push(format!("it could not be noted: {error}"));
                }
            }
        }
        self.services.push(one);
    }

    pub(super) fn end(&mut self, context: &Context) {
        self.ended = context.timestamp().to_string();
        self.outcome = if self.interrupted {
            Outcome::Interrupted
        } else if self.services.is_empty() {
            Outcome::Nothing
        } else if self.services.iter().all(|one| one.verified) {
            Outcome::Verified
        } else {
            Outcome::Mismatch
        };
    }
}
