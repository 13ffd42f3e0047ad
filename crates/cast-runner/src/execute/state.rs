//! What changes while steps run.

use std::collections::BTreeMap;

use castfile::{Env, TaskId};

use super::{Report, Run, SkipReason, StepOutcome, StepReport};

/// Values that tasks handed on, by task id and name.
pub(super) type Outputs = BTreeMap<String, BTreeMap<String, String>>;

pub(super) struct State {
    /// The environment the next task starts from.
    pub(super) base: Env,
    pub(super) outputs: Outputs,
    outcomes: Vec<Option<StepOutcome>>,
    failed: bool,
    first_failure: Option<i32>,
    pub(super) interrupted: Option<i32>,
}

impl State {
    pub(super) fn new(base: Env, steps: usize) -> Self {
        Self {
            base,
            outputs: Outputs::new(),
            outcomes: vec![None; steps],
            failed: false,
            first_failure: None,
            interrupted: None,
        }
    }

    /// Whether a task has failed, so that only forced ones still run.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    pub(super) fn record(&mut self, step: usize, outcome: StepOutcome) {
        match outcome {
            StepOutcome::Failed { code } => {
                self.failed = true;
                self.first_failure.get_or_insert(code);
            }
            StepOutcome::TimedOut | StepOutcome::NotSupported => self.failed = true,
            StepOutcome::Succeeded | StepOutcome::Skipped(_) => {}
        }
        self.outcomes[step] = Some(outcome);
    }

    pub(super) fn into_report(self, run: &Run<'_>) -> Report {
        let steps = run
            .plan
            .steps
            .iter()
            .zip(self.outcomes)
            .map(|(step, outcome)| {
                let id: TaskId = run.project.tasks()[step.task].id().clone();
                let never = StepOutcome::Skipped(SkipReason::Interrupted);
                StepReport {
                    task: id,
                    outcome: outcome.unwrap_or(never),
                }
            });
        Report::new(steps.collect(), self.interrupted, self.first_failure)
    }
}
