//! Runs the steps of a plan.

mod handover;
mod nested;
mod observer;
mod report;
mod state;
mod step;
mod template_files;

use std::cell::RefCell;
use std::ffi::OsString;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Instant, SystemTime};

use camino::Utf8Path;
use castfile::{Plan, Project, Session};

use crate::secrets::Mask;
use crate::{Control, SecretSource};

pub use observer::{Event, Observer, SkipReason};
pub use report::{Report, StepOutcome, StepReport};

use handover::Handover;
use state::State;

/// A planned run: everything [`execute`] needs.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Run<'a> {
    /// The project the plan was made from.
    pub project: &'a Project,
    /// The steps. Each names its task by the index in [`Project::tasks`], so the plan must be one
    /// of `project`.
    pub plan: &'a Plan,
    /// What the environment is made from.
    pub inputs: &'a Session<'a>,
    /// Arguments for the tasks that were asked for by name; none by default.
    pub args: &'a [String],
    /// How many steps may run side by side, where the plan allows it. 1, the default (and 0), runs
    /// one after the other.
    pub jobs: usize,
    /// Signals and terminal.
    pub control: &'a Control,
    /// Variables of the process environment that are not UTF-8, handed on to every task; none by
    /// default. See [`raw_vars`](crate::raw_vars).
    pub raw_vars: &'a [(OsString, OsString)],
    /// Answers calls of a secrets program in the `$(…)` of inner projects and of the mini shell; none
    /// by default. Those of `inputs` go through [`Session::commands`].
    pub secrets: Option<&'a dyn SecretSource>,
    /// The time that templates see; by default the time at which each one is rendered.
    pub now: Option<SystemTime>,
    /// How many runs this one is inside of (`uses: cast`).
    depth: usize,
    /// When the task that this run is inside of must be over.
    deadline: Option<Instant>,
    /// The secrets of the run that this one is inside of.
    mask: Option<&'a RefCell<Mask>>,
}

impl<'a> Run<'a> {
    /// A run of `plan`, one step after the other, without arguments.
    pub fn new(
        project: &'a Project,
        plan: &'a Plan,
        inputs: &'a Session<'a>,
        control: &'a Control,
    ) -> Self {
        Self {
            project,
            plan,
            inputs,
            args: &[],
            jobs: 1,
            control,
            raw_vars: &[],
            secrets: None,
            now: None,
            depth: 0,
            deadline: None,
            mask: None,
        }
    }

    /// The directory that file names in messages are relative to.
    fn shown_from(&self) -> Option<&'a Utf8Path> {
        let castfile = self.project.castfile();
        let base = castfile.path.as_str().strip_suffix(castfile.source.name());
        base.filter(|base| !base.is_empty()).map(Utf8Path::new)
    }

    fn now(&self) -> SystemTime {
        self.now.unwrap_or_else(SystemTime::now)
    }
}

/// Runs the steps of a plan and tells `observer` what happens.
///
/// As in frostyeti/cast v0.3.2:
///
/// - A step whose `if` is false is skipped, unless its `force` is true. After a failure the
///   remaining steps are skipped, hooks included, except those whose `force` is true.
/// - A task runs in the project's directory, its module's tasks too, with the environment of
///   [`Project::task_env`].
/// - What a successful task writes to the files that `CAST_ENV`, `CAST_PATH` and `CAST_OUTPUTS`
///   name reaches the tasks after it: variables, directories for `PATH`, and outputs (as
///   `OUTPUTS_<TASK>_<NAME>` and `outputs` in expressions). If this process was started by a task
///   of another run, it reaches that run as well.
/// - `uses: tmpl` renders the files of `with.files`; `uses: cast` runs `with.task` of the castfile
///   `with.file` or of the directory `with.dir`, in the context `default`.
///
/// Different from it, where it does otherwise by mistake:
///
/// - The report keeps the exit code of the task that failed; `uses: cast` passes failures on.
/// - `cwd` is honoured, and standard input is passed through.
/// - Arguments go to the tasks that were asked for, not to what these need.
/// - Only what a task itself wrote is taken over from its files, and nothing from one that failed.
/// - Anything that cannot be made sense of (a value, an expression, an unknown runner) fails the
///   task.
///
/// With [`Run::jobs`] above 1, steps run as soon as all those that [`Step::after`] names have
/// ended. Tasks then read nothing, and their output goes to the observer line by line. What a task
/// hands on reaches those that start after its end. A run inside (`uses: cast`) may have as many
/// jobs again.
///
/// Once a signal has asked this process to end ([`Control::interrupted`]) nothing more is started,
/// forced or not.
///
/// Secrets: values that castfiles mark as secret, and what is made from them, are masked in the
/// messages and in the lines of output handed to the observer, unless they are shorter than four
/// bytes. Output that goes straight to where this process' output goes is not looked at.
///
/// The future is not `Send`, since the files a project comes from need not be: drive it with
/// `block_on`, or spawn it on a `LocalSet`. While it renders a template or runs a `$(…)` it blocks.
/// Dropping it kills what runs.
///
/// # Errors
/// [`castfile::Error`] if the environment that all tasks share cannot be made; then nothing was
/// run. What goes wrong in a single step is told to the observer, and is a failure in the report.
///
/// [`Step::after`]: castfile::Step::after
pub async fn execute(
    run: &Run<'_>,
    observer: &mut dyn Observer,
) -> Result<Report, castfile::Error> {
    let base = run.project.base_env(run.inputs)?;
    let mask = RefCell::default();
    let shared = Shared {
        run: *run,
        handover: Handover::new(run.inputs),
        mask: run.mask.unwrap_or(&mask),
        state: RefCell::new(State::new(base, run.plan.steps.len())),
        observer: RefCell::new(observer),
    };
    if run.jobs > 1 {
        shared.side_by_side().await;
    } else {
        for at in 0..run.plan.steps.len() {
            shared.step(at).await;
        }
    }
    Ok(shared.state.into_inner().into_report(run))
}

/// What the steps of one run share. None of the cells is borrowed while something is awaited.
struct Shared<'a, 'o> {
    run: Run<'a>,
    handover: Handover,
    mask: &'a RefCell<Mask>,
    state: RefCell<State>,
    observer: RefCell<&'o mut dyn Observer>,
}

type Running<'s> = Pin<Box<dyn Future<Output = ()> + 's>>;

impl Shared<'_, '_> {
    fn tell(&self, event: &Event<'_>) {
        self.observer.borrow_mut().event(event);
    }

    /// Starts every step as soon as those before it have ended, at most `jobs` at a time.
    async fn side_by_side(&self) {
        let steps = &self.run.plan.steps;
        let mut waiting: Vec<usize> = (0..steps.len()).collect();
        let mut running: Vec<(usize, Running<'_>)> = Vec::new();
        let mut ended = vec![false; steps.len()];
        loop {
            let ready = |at: &usize| steps[*at].after.iter().all(|before| ended[*before]);
            while running.len() < self.run.jobs
                && let Some(next) = waiting.iter().position(ready)
            {
                let at = waiting.remove(next);
                running.push((at, Box::pin(self.step(at))));
            }
            if running.is_empty() {
                return;
            }
            let done = poll_fn(|cx| {
                let done = running
                    .iter_mut()
                    .position(|(_, step)| step.as_mut().poll(cx).is_ready());
                done.map_or(Poll::Pending, Poll::Ready)
            })
            .await;
            let (at, step) = running.swap_remove(done);
            drop(step);
            ended[at] = true;
        }
    }
}
