//! What came of a run.

use castfile::TaskId;

use super::SkipReason;

/// What came of a run, step by step in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The steps.
    pub steps: Vec<StepReport>,
    /// The signal that interrupted the run.
    pub interrupted: Option<i32>,
    /// The exit code of the step that failed first.
    first_failure: Option<i32>,
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepReport {
    /// The task.
    pub task: TaskId,
    /// What came of it.
    pub outcome: StepOutcome,
}

/// What came of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StepOutcome {
    /// It ran and succeeded.
    Succeeded,
    /// It was not run.
    Skipped(SkipReason),
    /// It ran and failed, or could not be started.
    Failed {
        /// The exit code; 1 if it could not be started, 128 + n for signal n.
        code: i32,
    },
    /// Its time was up.
    TimedOut,
    /// It is of a kind that is not supported yet.
    NotSupported,
}

impl Report {
    pub(super) fn new(
        steps: Vec<StepReport>,
        interrupted: Option<i32>,
        first_failure: Option<i32>,
    ) -> Self {
        Self {
            steps,
            interrupted,
            first_failure,
        }
    }

    /// Whether nothing failed.
    pub fn success(&self) -> bool {
        self.code() == 0
    }

    /// The exit code of the run: 128 + n if signal n interrupted it; else that of the first task
    /// that failed (frostyeti/cast v0.3.2 says 1 whatever it was); else 3 if a task is not
    /// supported; else 2 if a task's time was up; else 0.
    pub fn code(&self) -> i32 {
        if let Some(signal) = self.interrupted {
            return 128 + signal;
        }
        if let Some(code) = self.first_failure {
            return code;
        }
        let any = |wanted: StepOutcome| self.steps.iter().any(|step| step.outcome == wanted);
        if any(StepOutcome::NotSupported) {
            3
        } else if any(StepOutcome::TimedOut) {
            2
        } else {
            0
        }
    }
}
