//! One step: environment, condition, script, process, what it hands on.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{Env, Origin, ProjectTask, Scope};
use tokio::sync::mpsc;
use yaml_tree::Diagnostic;

use super::handover::Stuck;
use super::{Event, Run, Shared, SkipReason, StepOutcome, template_files};
use crate::diagnostics::{not_supported, runner_diagnostic, unknown_runner};
use crate::{
    Commands, Error, Line, Options, Outcome, Output, Runner, Script, Status, Stdin, Uses, Vars,
    prepare, run, run_xplat,
};

/// What a task that was told to end may take before it is killed: as long as Docker gives a
/// container.
const GRACE: Duration = Duration::from_secs(10);

/// Why a step did not come to a normal end.
pub(super) enum Stop {
    Diagnostics(Vec<Diagnostic>),
    NotSupported(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Stop {
    fn from(found: Box<Diagnostic>) -> Self {
        Self::Diagnostics(vec![*found])
    }
}

impl From<Vec<Diagnostic>> for Stop {
    fn from(found: Vec<Diagnostic>) -> Self {
        Self::Diagnostics(found)
    }
}

impl From<Stuck> for Stop {
    fn from(stuck: Stuck) -> Self {
        Self::Diagnostics(vec![stuck.diagnostic()])
    }
}

impl From<castfile::Error> for Stop {
    fn from(error: castfile::Error) -> Self {
        Self::Diagnostics(error.diagnostics())
    }
}

/// Whether a step is run.
enum Decision<'a> {
    Skip(SkipReason),
    Run(Box<Prepared<'a>>),
}

/// What is known of a task right before it starts.
pub(super) struct Prepared<'a> {
    pub(super) env: Env,
    pub(super) cwd: Utf8PathBuf,
    pub(super) args: &'a [String],
    /// How long it may take.
    pub(super) limit: Option<Duration>,
    uses: Uses,
    script: String,
}

impl Shared<'_, '_> {
    /// Runs a step, or skips it, and records what came of it.
    pub(super) async fn step(&self, at: usize) {
        let task = &self.run.project.tasks()[self.run.plan.steps[at].task];
        let outcome = match self.try_step(at, task).await {
            Ok(outcome) => outcome,
            Err(stop) => self.refuse(task, stop),
        };
        if let StepOutcome::Skipped(reason) = outcome {
            self.tell(&Event::Skipped { task, reason });
        }
        self.state.borrow_mut().record(at, outcome);
    }

    fn refuse(&self, task: &ProjectTask, stop: Stop) -> StepOutcome {
        let (found, outcome) = match stop {
            Stop::Diagnostics(found) => (found, StepOutcome::Failed { code: 1 }),
            Stop::NotSupported(found) => (vec![*found], StepOutcome::NotSupported),
        };
        // The task's own environment may be what is wrong, so that its secrets were never learnt.
        self.mask.borrow_mut().learn(&self.state.borrow().base);
        let diagnostics = &self.mask.borrow().diagnostics(found);
        self.tell(&Event::Refused { task, diagnostics });
        outcome
    }

    async fn try_step(&self, at: usize, task: &ProjectTask) -> Result<StepOutcome, Stop> {
        let mut prepared = match self.decide(at, task)? {
            Decision::Skip(reason) => return Ok(StepOutcome::Skipped(reason)),
            Decision::Run(prepared) => prepared,
        };
        self.tell(&Event::Started { task });
        if prepared.uses == Uses::Template {
            template_files::render(task, &prepared, self.run)?;
            return Ok(StepOutcome::Succeeded);
        }
        if prepared.only_gathers(task) {
            return Ok(StepOutcome::Succeeded);
        }
        for (name, path) in self.handover.prepare(at)? {
            prepared.env.set(name, path, Origin::Builtin);
        }
        let outcome = match prepared.uses {
            Uses::Cast => self.nested(task, &prepared).await?,
            _ => self.program(task, &prepared).await?,
        };
        if outcome.interrupted.is_some() {
            self.state.borrow_mut().interrupted = outcome.interrupted;
        }
        let ended = self.judge(task, &outcome, prepared.limit);
        if ended == StepOutcome::Succeeded {
            let id = task.id().as_str();
            let collected = self
                .handover
                .collect(at, id, &prepared.env, &self.mask.borrow());
            let os = &self.run.inputs.host.os;
            self.state.borrow_mut().take_over(id, collected?, os);
        }
        Ok(ended)
    }

    /// Decides whether a step is run, and makes everything ready for it.
    fn decide(&self, at: usize, task: &ProjectTask) -> Result<Decision<'_>, Stop> {
        let mut state = self.state.borrow_mut();
        if state.interrupted.is_none() {
            // It may have come while nothing ran that could have told.
            state.interrupted = self.run.control.interrupted();
        }
        if state.interrupted.is_some() {
            return Ok(Decision::Skip(SkipReason::Interrupted));
        }
        let failed = state.failed();
        if failed && task.task.force.is_none() {
            return Ok(Decision::Skip(SkipReason::EarlierFailure));
        }
        let project = self.run.project;
        let mut env = project.task_env(&state.base, task, self.run.inputs)?;
        state.set_outputs(&mut env);
        self.mask.borrow_mut().learn(&env);
        let args = if self.run.plan.is_target(at) {
            self.run.args
        } else {
            &[]
        };
        let scope = Scope {
            project,
            session: self.run.inputs,
            env: &env,
            outputs: &state.outputs,
            args,
            success: !failed,
            now: self.run.now(),
        };
        let forced = match &task.task.force {
            Some(force) => scope.holds(force)?,
            None => false,
        };
        if failed && !forced {
            return Ok(Decision::Skip(SkipReason::EarlierFailure));
        }
        if let Some(condition) = &task.task.condition
            && !forced
            && !scope.holds(condition)?
        {
            return Ok(Decision::Skip(SkipReason::Condition));
        }
        let time_left = self
            .run
            .deadline
            .map(|end| end.saturating_duration_since(Instant::now()));
        let limit = match (scope.timeout(task)?, time_left) {
            (Some(own), Some(left)) => Some(own.min(left)),
            (own, left) => own.or(left),
        };
        let (cwd, script) = (scope.working_dir(task)?, scope.script(task)?);
        let uses = uses_of(&self.run, task, &env)?;
        Ok(Decision::Run(Box::new(Prepared {
            env,
            cwd,
            args,
            limit,
            uses,
            script,
        })))
    }

    /// Runs the program of a task.
    async fn program(&self, task: &ProjectTask, prepared: &Prepared<'_>) -> Result<Outcome, Stop> {
        let vars: Vars = prepared
            .env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()))
            .collect();
        let script = Script {
            run: &prepared.script,
            script_file: script_file(task),
            args: prepared.args,
            cwd: &prepared.cwd,
            env: &vars,
        };
        let mut options = Options::new(self.run.control);
        options.timeout = prepared.limit;
        options.grace = GRACE;
        options.raw_vars = self.run.raw_vars.to_vec();
        let refused = |error: Error| Stop::Diagnostics(vec![runner_diagnostic(task, &error)]);
        if self.run.jobs <= 1 {
            let ran = self.start(prepared, &script, &options).await;
            return ran.map_err(refused);
        }
        let (sender, mut lines) = mpsc::channel::<Line>(64);
        options.stdin = Stdin::Null;
        options.output = Output::Lines(sender);
        let shown = async {
            while let Some(Line { stream, bytes, .. }) = lines.recv().await {
                let line = &self.mask.borrow().bytes(&bytes);
                self.tell(&Event::Output { task, stream, line });
            }
        };
        let ran = async {
            let outcome = self.start(prepared, &script, &options).await;
            // The last sender: now `shown` comes to its end.
            drop(options);
            outcome
        };
        let (outcome, ()) = tokio::join!(ran, shown);
        outcome.map_err(refused)
    }

    async fn start(
        &self,
        prepared: &Prepared<'_>,
        script: &Script<'_>,
        options: &Options,
    ) -> Result<Outcome, Error> {
        if let Uses::Program(runner) = prepared.uses {
            let invocation = prepare(runner, script)?;
            return run(invocation, script.env, script.cwd, options).await;
        }
        let mut env = prepared.env.clone();
        let commands = Commands::new(&prepared.cwd).with_secrets(self.run.secrets);
        let config = self.run.project.castfile().config.as_ref();
        let substitutes =
            self.run.inputs.commands.is_some() && config.is_none_or(|config| config.substitution);
        let expand = |text: &str| {
            let commands = substitutes.then_some(&commands as _);
            let expanded = castfile::expand::expand(text, &mut env, commands);
            self.mask.borrow_mut().learn_hidden(&env);
            expanded.map_err(|error| error.to_string())
        };
        run_xplat(script, expand, options).await
    }

    fn judge(&self, task: &ProjectTask, outcome: &Outcome, limit: Option<Duration>) -> StepOutcome {
        let code = outcome.code();
        let signal = match outcome.status {
            Status::TimedOut => {
                let after = limit.unwrap_or_default();
                self.tell(&Event::TimedOut { task, after });
                return StepOutcome::TimedOut;
            }
            // Also of a task that was interrupted and made a good end.
            Status::Exited(0) => return StepOutcome::Succeeded,
            Status::Exited(_) => None,
            Status::Signaled(signal) => Some(signal),
        };
        self.tell(&Event::Failed { task, code, signal });
        StepOutcome::Failed { code }
    }
}

impl Prepared<'_> {
    /// Whether there is nothing to run because all the task does is to need others.
    fn only_gathers(&self, task: &ProjectTask) -> bool {
        let brings_others = !task.task.needs.is_empty() || task.task.hooks.is_some();
        let is_program = matches!(self.uses, Uses::Program(_) | Uses::Xplat);
        brings_others && is_program && self.script.trim().is_empty() && script_file(task).is_none()
    }
}

/// `with.script`.
fn script_file(task: &ProjectTask) -> Option<&Utf8Path> {
    task.task.input("script")?.as_text().map(Utf8Path::new)
}

/// The runner of a task: its `uses`, else `config.shell`, else `CAST_DEFAULT_SHELL`, else `shell`.
fn uses_of(run: &Run<'_>, task: &ProjectTask, env: &Env) -> Result<Uses, Stop> {
    let written = run.project.runner_of(task, env);
    match Uses::from_str(&written.value) {
        Ok(Uses::Program(Runner::Shell)) if run.project.uses_mini_shell() => Ok(Uses::Xplat),
        Ok(uses) => Ok(uses),
        Err(error @ Error::NotSupported { .. }) => Err(Stop::NotSupported(Box::new(
            not_supported(written.span, &error.to_string()),
        ))),
        Err(_) => Err(Stop::Diagnostics(vec![unknown_runner(task, &written)])),
    }
}
