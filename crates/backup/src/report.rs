//! What the reports of runs and drills have in common.

use serde::Serialize;

use crate::dump::Context;

/// Which run a report is of, and when it was: what every report begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Course {
    /// The version of the report's form, 1.
    pub version: u32,
    /// The run.
    pub run: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it was over, RFC 3339.
    pub ended: String,
    /// Whether it was told to end.
    pub interrupted: bool,
}

impl Course {
    pub(crate) fn begin(context: &Context) -> Self {
        Self {
            version: 1,
            run: context.run.clone(),
            started: context.timestamp().to_string(),
            ..Self::default()
        }
    }

    pub(crate) fn end(&mut self, context: &Context) {
        self.ended = context.timestamp().to_string();
        self.interrupted |= context.cancel.is_cancelled();
    }
}

/// `project/service`, or the service alone if it is of no project.
pub(crate) fn full_name(project: &str, service: &str) -> String {
    if project.is_empty() {
        service.to_owned()
    } else {
        format!("{project}/{service}")
    }
}
