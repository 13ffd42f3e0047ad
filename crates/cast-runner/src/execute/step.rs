//! One step: environment, condition, script, process, what it hands on.

use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{Env, Loader, Origin, ProjectTask, Scope, UserDirs};
use tokio::sync::mpsc;
use yaml_tree::{Diagnostic, Source, Spanned};

use super::handover::HandedOn;
use super::{Event, Run, Shared, SkipReason, StepOutcome, execute, template_files};
use crate::diagnostics::{runner_diagnostic, unknown_runner};
use crate::{
    Commands, Error, Line, Options, Outcome, Output, Script, Status, Stdin, Uses, Vars, prepare,
    run, run_xplat,
};

/// Runs inside runs inside runs: more than this is a task that calls itself.
const MAX_DEPTH: usize = 16;

/// What a task that was told to end may take before it is killed: as long as Docker gives a
/// container.
const GRACE: Duration = Duration::from_secs(10);

/// A step that did not come to a normal end.
enum Stop {
    Diagnostics(Vec<Diagnostic>),
    NotSupported(Vec<Diagnostic>),
}

impl From<Box<Diagnostic>> for Stop {
    fn from(found: Box<Diagnostic>) -> Self {
        Self::Diagnostics(vec![*found])
    }
}

impl From<castfile::Error> for Stop {
    fn from(error: castfile::Error) -> Self {
        Self::Diagnostics(error.diagnostics())
    }
}

impl Shared<'_, '_> {
    /// Runs a step, or skips it, and records what came of it.
    pub(super) async fn step(&self, at: usize) {
        let task = &self.run.project.tasks()[self.run.plan.steps[at].task];
        let outcome = match self.try_step(at, task).await {
            Ok(outcome) => outcome,
            Err(stop) => {
                let (diagnostics, outcome) = match stop {
                    Stop::Diagnostics(found) => (found, StepOutcome::Failed { code: 1 }),
                    Stop::NotSupported(found) => (found, StepOutcome::NotSupported),
                };
                self.tell(&Event::Refused {
                    task,
                    diagnostics: &diagnostics,
                });
                outcome
            }
        };
        if let StepOutcome::Skipped(reason) = outcome {
            self.tell(&Event::Skipped { task, reason });
        }
        self.state.borrow_mut().record(at, outcome);
    }

    async fn try_step(&self, at: usize, task: &ProjectTask) -> Result<StepOutcome, Stop> {
        if self.state.borrow().interrupted.is_some() {
            return Ok(StepOutcome::Skipped(SkipReason::Interrupted));
        }
        let failed = self.state.borrow().failed();
        if failed && task.task.force.is_none() {
            return Ok(StepOutcome::Skipped(SkipReason::EarlierFailure));
        }
        let mut env = self.environment(task)?;
        let outputs = self.state.borrow().outputs.clone();
        let args = if self.run.plan.is_target(at) {
            self.run.args
        } else {
            &[]
        };
        let prepared = {
            let scope = Scope {
                project: self.run.project,
                session: self.run.inputs,
                env: &env,
                outputs: &outputs,
                args,
                success: !failed,
                now: SystemTime::now(),
            };
            let forced = match &task.task.force {
                Some(force) => scope.holds(force)?,
                None => false,
            };
            if failed && !forced {
                return Ok(StepOutcome::Skipped(SkipReason::EarlierFailure));
            }
            if let Some(condition) = &task.task.condition
                && !forced
                && !scope.holds(condition)?
            {
                return Ok(StepOutcome::Skipped(SkipReason::Condition));
            }
            Prepared {
                timeout: scope.timeout(task)?,
                cwd: scope.working_dir(task)?,
                script: scope.script(task)?,
                uses: uses_of(self.run, task, &env)?,
                args,
            }
        };
        let unavailable = |error: &std::io::Error| {
            Stop::from(Box::new(Diagnostic::error(
                "cast::temporary-files",
                format!("cannot make the files a task hands values on with: {error}"),
            )))
        };
        for (name, value) in self
            .handover
            .prepare(at)
            .map_err(|error| unavailable(&error))?
        {
            env.set(name, value, Origin::Builtin);
        }
        self.tell(&Event::Started { task });
        let outcome = self.perform(task, &prepared, &env).await?;
        if outcome.interrupted.is_some() {
            self.state.borrow_mut().interrupted = outcome.interrupted;
        }
        let ended = self.judge(task, &outcome, prepared.timeout);
        if ended == StepOutcome::Succeeded {
            let handed_on = self
                .handover
                .collect(at)
                .map_err(|error| unavailable(&error))?;
            self.take_over(task, &handed_on, &env)?;
        }
        Ok(ended)
    }

    /// The task's environment: the shared one, the task's own layers, outputs of earlier tasks.
    fn environment(&self, task: &ProjectTask) -> Result<Env, Stop> {
        let state = self.state.borrow();
        let mut env = self
            .run
            .project
            .task_env(&state.base, task, self.run.inputs)?;
        for (id, values) in &state.outputs {
            for (name, value) in values {
                let variable = castfile::output_variable(id, name);
                env.set(variable, value, Origin::Task(id.clone()));
            }
        }
        Ok(env)
    }

    async fn perform(
        &self,
        task: &ProjectTask,
        prepared: &Prepared<'_>,
        env: &Env,
    ) -> Result<Outcome, Stop> {
        let run_script = &prepared.script;
        let script_file = task.task.input("script").and_then(|node| node.as_text());
        let empty = run_script.trim().is_empty() && script_file.is_none();
        match prepared.uses {
            Uses::Cast => return self.nested(task, prepared, env).await,
            Uses::Template => {
                template_files::render(task, prepared, env, self.run.inputs)
                    .map_err(Stop::Diagnostics)?;
                return Ok(Outcome::succeeded());
            }
            // A task that only gathers others: `needs` is all it does.
            _ if empty && (!task.task.needs.is_empty() || task.task.hooks.is_some()) => {
                return Ok(Outcome::succeeded());
            }
            _ => {}
        }
        let vars: Vars = env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()))
            .collect();
        let script = Script {
            run: run_script,
            script_file: script_file.map(Utf8Path::new),
            args: prepared.args,
            cwd: &prepared.cwd,
            env: &vars,
        };
        let mut options = Options::new(self.run.control);
        options.timeout = prepared.timeout;
        options.grace = GRACE;
        options.raw_vars = self.run.raw_vars.to_vec();
        let refused = |error: Error| Stop::Diagnostics(vec![runner_diagnostic(task, &error)]);
        if self.run.jobs <= 1 {
            return self
                .start(prepared, &script, env, &options)
                .await
                .map_err(refused);
        }
        let (sender, mut lines) = mpsc::channel::<Line>(64);
        options.stdin = Stdin::Null;
        options.output = Output::Lines(sender);
        let shown = async {
            while let Some(line) = lines.recv().await {
                self.tell(&Event::Output {
                    task,
                    stream: line.stream,
                    line: &line.bytes,
                });
            }
        };
        let ran = async {
            let outcome = self.start(prepared, &script, env, &options).await;
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
        env: &Env,
        options: &Options,
    ) -> Result<Outcome, Error> {
        match prepared.uses {
            Uses::Program(runner) => {
                let invocation = prepare(runner, script)?;
                run(invocation, script.env, script.cwd, options).await
            }
            _ => {
                let mut env = env.clone();
                let commands = Commands::new(&prepared.cwd);
                let expand = |text: &str| {
                    castfile::expand::expand(text, &mut env, Some(&commands))
                        .map_err(|error| error.to_string())
                };
                run_xplat(script, expand, options).await
            }
        }
    }

    /// `uses: cast`: a task of another castfile, in its own project, in the default context.
    async fn nested(
        &self,
        task: &ProjectTask,
        prepared: &Prepared<'_>,
        env: &Env,
    ) -> Result<Outcome, Stop> {
        let place = task
            .task
            .uses
            .as_ref()
            .map_or(&task.task.name.span, |uses| &uses.span);
        let refuse = |message: String| {
            Stop::from(Box::new(
                Diagnostic::error("cast::nested", message).primary(place.clone(), ""),
            ))
        };
        if self.run.depth >= MAX_DEPTH {
            return Err(refuse(format!(
                "`uses: cast` is nested more than {MAX_DEPTH} levels deep"
            )));
        }
        let input = |name: &str| task.task.input(name).and_then(|node| node.as_text());
        if input("job").is_some() {
            let found = Diagnostic::error("cast::not-supported", "jobs are not supported yet")
                .primary(place.clone(), "");
            return Err(Stop::NotSupported(vec![found]));
        }
        let target = input("task").unwrap_or("default");
        let words = match (input("file"), input("dir")) {
            (Some(path), _) | (None, Some(path)) => path.to_owned(),
            (None, None) => {
                return Err(refuse(
                    "`uses: cast` needs `with.file` or `with.dir`".to_owned(),
                ));
            }
        };
        let loader = Loader::new(self.run.inputs.files, UserDirs::from_env(env));
        let selected = loader.select(&prepared.cwd, Some(&words), &[])?;
        let project = loader.project(&selected.castfile)?;
        let commands = Commands::new(project.dir());
        let inputs = castfile::Session {
            process: env,
            invocation_dir: &prepared.cwd,
            context: "default",
            commands: Some(&commands),
            dotenv: &[],
            ..*self.run.inputs
        };
        let plan = project.plan(&[target], "default")?;
        let run = Run {
            project: &project,
            plan: &plan,
            inputs: &inputs,
            args: prepared.args,
            depth: self.run.depth + 1,
            ..self.run
        };
        let mut observer = Forward { shared: self };
        let report = Box::pin(execute(&run, &mut observer)).await?;
        let mut outcome = Outcome::succeeded();
        outcome.interrupted = report.interrupted;
        outcome.status = Status::Exited(report.code());
        Ok(outcome)
    }

    fn judge(&self, task: &ProjectTask, outcome: &Outcome, limit: Option<Duration>) -> StepOutcome {
        match outcome.status {
            Status::TimedOut => {
                self.tell(&Event::TimedOut {
                    task,
                    after: limit.unwrap_or_default(),
                });
                StepOutcome::TimedOut
            }
            _ if outcome.success() => StepOutcome::Succeeded,
            status => {
                let signal = match status {
                    Status::Signaled(signal) => Some(signal),
                    _ => None,
                };
                let code = outcome.code();
                self.tell(&Event::Failed { task, code, signal });
                StepOutcome::Failed { code }
            }
        }
    }

    /// Makes what a task handed on part of what later tasks start from.
    fn take_over(&self, task: &ProjectTask, handed_on: &HandedOn, env: &Env) -> Result<(), Stop> {
        let id = task.id().as_str();
        let os = &self.run.inputs.host.os;
        let source = |name: &str, text: &str| Source::new(format!("{name} of {id}"), text);
        let mut state = self.state.borrow_mut();
        if !handed_on.env.is_empty() {
            let text = source("CAST_ENV", &handed_on.env);
            let vars = castfile::handed_on_env(&text, env).map_err(Stop::Diagnostics)?;
            for (name, value) in vars {
                state.base.set(name, value, Origin::Task(id.to_owned()));
            }
        }
        let lines = handed_on.path.lines().map(str::trim);
        for dir in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            castfile::prepend_path(&mut state.base, dir, Origin::Task(id.to_owned()), os);
        }
        if !handed_on.outputs.is_empty() {
            let text = source("CAST_OUTPUTS", &handed_on.outputs);
            let values = castfile::handed_on_outputs(&text).map_err(Stop::Diagnostics)?;
            state
                .outputs
                .entry(id.to_owned())
                .or_default()
                .extend(values);
        }
        Ok(())
    }
}

/// What is known of a task right before it starts.
pub(super) struct Prepared<'a> {
    timeout: Option<Duration>,
    pub(super) cwd: Utf8PathBuf,
    script: String,
    uses: Uses,
    args: &'a [String],
}

/// Tells the events of an inner run to the observer of the outer one.
struct Forward<'s, 'a, 'o> {
    shared: &'s Shared<'a, 'o>,
}

impl super::Observer for Forward<'_, '_, '_> {
    fn event(&mut self, event: &Event<'_>) {
        self.shared.tell(event);
    }
}

/// The runner of a task: its `uses`, else `config.shell`, else `CAST_DEFAULT_SHELL`, else `shell`.
fn uses_of(run: Run<'_>, task: &ProjectTask, env: &Env) -> Result<Uses, Stop> {
    let written = run.project.runner_of(task, env);
    let mini_shell = run.project.uses_mini_shell();
    match Uses::from_str(&written.value) {
        Ok(Uses::Program(crate::Runner::Shell)) if mini_shell => Ok(Uses::Xplat),
        Ok(uses) => Ok(uses),
        Err(error @ Error::NotSupported { .. }) => {
            Err(Stop::NotSupported(vec![not_supported(&written, &error)]))
        }
        Err(_) => Err(Stop::Diagnostics(vec![unknown_runner(task, &written)])),
    }
}

fn not_supported(written: &Spanned<String>, error: &Error) -> Diagnostic {
    Diagnostic::error("cast::not-supported", format!("{error} yet"))
        .primary(written.span.clone(), "")
        .help("the task is parsed and listed; running it comes in a later version")
}
