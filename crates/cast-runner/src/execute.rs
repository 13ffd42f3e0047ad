//! Runs the steps of a plan.

mod handover;
mod observer;
mod report;
mod state;
mod step;
mod template_files;

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use castfile::{Plan, Project};

use crate::Control;

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
    /// The steps.
    pub plan: &'a Plan,
    /// What the environment is made from.
    pub inputs: &'a castfile::Session<'a>,
    /// Arguments for the tasks that were asked for by name.
    pub args: &'a [String],
    /// How many steps may run side by side, where the plan allows it; 1 runs one after the other.
    pub jobs: usize,
    /// Signals and terminal.
    pub control: &'a Control,
    /// Variables of the process environment that are not UTF-8, handed on to every task; see
    /// [`raw_vars`](crate::raw_vars).
    pub raw_vars: &'a [(std::ffi::OsString, std::ffi::OsString)],
    /// How many runs this one is inside of (`uses: cast`).
    pub(crate) depth: usize,
}

impl<'a> Run<'a> {
    /// A run of `plan`, one step after the other, without arguments.
    pub fn new(
        project: &'a Project,
        plan: &'a Plan,
        inputs: &'a castfile::Session<'a>,
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
            depth: 0,
        }
    }
}

/// Runs the steps of a plan and tells `observer` what happens.
///
/// As in frostyeti/cast v0.3.2: a step whose `if` is false is skipped; after a failure the
/// remaining steps are skipped, except those whose `force` is true; what a task writes to the
/// files of `CAST_ENV`, `CAST_PATH` and `CAST_OUTPUTS` reaches the tasks after it. Different: the
/// report keeps the exit code of the task that failed, and with `jobs` above 1 steps that do not
/// depend on each other run at the same time, their output handed to the observer line by line.
///
/// # Errors
/// [`castfile::Error`] if the environment that all tasks share cannot be made; then nothing was
/// run. What goes wrong in a single step is in the report.
pub async fn execute(
    run: &Run<'_>,
    observer: &mut dyn Observer,
) -> Result<Report, castfile::Error> {
    let base = run.project.base_env(run.inputs)?;
    let handover = Handover::new(run.inputs.process);
    let shared = Shared {
        run: *run,
        handover,
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

/// What the steps of one run share.
pub(crate) struct Shared<'a, 'o> {
    run: Run<'a>,
    handover: Handover,
    state: RefCell<State>,
    observer: RefCell<&'o mut dyn Observer>,
}

impl Shared<'_, '_> {
    fn tell(&self, event: &Event<'_>) {
        self.observer.borrow_mut().event(event);
    }

    /// Starts every step as soon as those before it have ended, at most `jobs` at a time.
    async fn side_by_side(&self) {
        let steps = &self.run.plan.steps;
        let mut waiting: Vec<usize> = (0..steps.len()).collect();
        let mut running: Vec<(usize, Pin<Box<dyn Future<Output = ()> + '_>>)> = Vec::new();
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
            let (at, done) = poll_fn(|cx| {
                let done = running
                    .iter_mut()
                    .position(|(_, future)| future.as_mut().poll(cx).is_ready());
                match done {
                    Some(at) => Poll::Ready((running[at].0, at)),
                    None => Poll::Pending,
                }
            })
            .await;
            drop(running.swap_remove(done));
            ended[at] = true;
        }
    }
}
