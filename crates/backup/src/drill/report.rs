//! What came of a drill.

use std::fmt;

use serde::Serialize;

use crate::dump::Context;
use crate::manifest::Listed;
use crate::report::Course;
use crate::restore::mark_verified;

/// What came of a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// Which drill, and when.
    #[serde(flatten)]
    pub course: Course,
    /// Whether everything was found again.
    pub outcome: Outcome,
    /// One for each database, file and application, in the order in which they were restored.
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
    /// What of it was restored.
    pub role: Role,
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

/// What of a service a drill restores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// The database it is.
    #[default]
    Database,
    /// A SQLite file, or an archive.
    Files,
    /// The service itself, on top of what was restored.
    Application,
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
    pub(super) fn begin(service: &str, role: Role, dumps: &[&Listed]) -> Self {
        Self {
            service: service.to_owned(),
            role,
            files: dumps.iter().map(|dump| dump.path.to_string()).collect(),
            torn_down: true,
            ..Self::default()
        }
    }

    /// Whether all is well with it.
    pub(super) fn conclude(&mut self) {
        self.verified = self.error.is_none() && self.checks.iter().all(|check| check.passed);
    }

    /// Notes in the manifests that a drill has found everything.
    pub(super) fn mark(&mut self, dumps: &[&Listed], context: &Context) {
        for dump in dumps {
            if let Err(error) = mark_verified(dump, &context.timestamp().to_string()) {
                self.notes.push(format!("it could not be noted: {error}"));
            }
        }
    }
}

impl Report {
    pub(super) fn begin(context: &Context) -> Self {
        Self {
            course: Course::begin(context),
            ..Self::default()
        }
    }

    pub(super) fn end(&mut self, context: &Context) {
        self.course.end(context);
        self.outcome = if self.course.interrupted {
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
