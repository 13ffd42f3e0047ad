//! What changes while steps run.

use std::collections::{BTreeMap, BTreeSet};

use castfile::{Env, Origin, TaskId, Var};

use super::handover::HandedOn;
use super::{Report, Run, SkipReason, StepOutcome, StepReport};

/// Values that tasks handed on, by task id and name.
pub(super) type Outputs = BTreeMap<String, BTreeMap<String, String>>;

pub(super) struct State {
    /// The environment the next task starts from.
    pub(super) base: Env,
    pub(super) outputs: Outputs,
    /// The variables of outputs that contain a secret.
    secret_outputs: BTreeSet<String>,
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
            secret_outputs: BTreeSet::new(),
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

    /// Makes what a task handed on part of what later tasks start from.
    pub(super) fn take_over(&mut self, task: &str, handed_on: HandedOn, os: &str) {
        let origin = || Origin::Task(task.to_owned());
        for var in handed_on.env {
            let (value, secret) = (var.value, var.secret);
            let var_now = Var {
                value,
                secret,
                origin: origin(),
            };
            self.base.insert(var.name, var_now);
        }
        for dir in handed_on.path {
            castfile::prepend_path(&mut self.base, &dir, origin(), os);
        }
        for output in handed_on.outputs {
            if output.secret {
                self.secret_outputs
                    .insert(castfile::output_variable(task, &output.name));
            }
            self.outputs
                .entry(task.to_owned())
                .or_default()
                .insert(output.name, output.value);
        }
    }

    /// Sets the variables under which a task sees the outputs of earlier ones.
    pub(super) fn set_outputs(&self, env: &mut Env) {
        for (task, values) in &self.outputs {
            for (name, value) in values {
                let variable = castfile::output_variable(task, name);
                let var = Var {
                    value: value.clone(),
                    secret: self.secret_outputs.contains(&variable),
                    origin: Origin::Task(task.clone()),
                };
                env.insert(variable, var);
            }
        }
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
