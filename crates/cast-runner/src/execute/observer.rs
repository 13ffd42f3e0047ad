//! What happens during a run, told to whoever shows it.

use std::fmt;
use std::time::Duration;

use castfile::ProjectTask;
use yaml_tree::Diagnostic;

use crate::Stream;

/// Is told what happens during a run. Nothing in this crate prints.
pub trait Observer {
    /// Something happened. The run goes on when this returns.
    fn event(&mut self, event: &Event<'_>);
}

/// An observer that ignores everything.
impl Observer for () {
    fn event(&mut self, _event: &Event<'_>) {}
}

/// Something that happens during a run.
///
/// A task is first either skipped, refused or started. One that was started may then write output
/// and may end in a failure, its time being up, or being refused after all; success is silent.
/// Around the events of a run inside (`uses: cast`) are those of the task that contains it.
///
/// `Debug` shows names and results, not the tasks, whose `env` may hold secrets.
#[non_exhaustive]
pub enum Event<'a> {
    /// A task starts.
    Started {
        /// Which.
        task: &'a ProjectTask,
    },
    /// A task is not run.
    Skipped {
        /// Which.
        task: &'a ProjectTask,
        /// Why.
        reason: SkipReason,
    },
    /// A task could not be run, or what it handed on could not be read.
    Refused {
        /// Which.
        task: &'a ProjectTask,
        /// What is wrong, with secrets masked.
        diagnostics: &'a [Diagnostic],
    },
    /// A task ran and failed.
    Failed {
        /// Which.
        task: &'a ProjectTask,
        /// Its exit code; 128 + n for signal n.
        code: i32,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
    },
    /// A task's time was up.
    TimedOut {
        /// Which.
        task: &'a ProjectTask,
        /// How long it was allowed to take.
        after: Duration,
    },
    /// A task of a run with several jobs wrote a line.
    Output {
        /// Which.
        task: &'a ProjectTask,
        /// Where it wrote it.
        stream: Stream,
        /// The line without its newline, with secrets masked; any bytes.
        line: &'a [u8],
    },
}

impl Event<'_> {
    /// The task this is about.
    pub fn task(&self) -> &ProjectTask {
        match self {
            Self::Started { task }
            | Self::Skipped { task, .. }
            | Self::Refused { task, .. }
            | Self::Failed { task, .. }
            | Self::TimedOut { task, .. }
            | Self::Output { task, .. } => task,
        }
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Started { .. } => "Started",
            Self::Skipped { .. } => "Skipped",
            Self::Refused { .. } => "Refused",
            Self::Failed { .. } => "Failed",
            Self::TimedOut { .. } => "TimedOut",
            Self::Output { .. } => "Output",
        };
        let mut shown = f.debug_struct(name);
        shown.field("task", &self.task().id().as_str());
        match self {
            Self::Started { .. } => &mut shown,
            Self::Skipped { reason, .. } => shown.field("reason", reason),
            Self::Refused { diagnostics, .. } => shown.field("diagnostics", diagnostics),
            Self::Failed { code, signal, .. } => shown.field("code", code).field("signal", signal),
            Self::TimedOut { after, .. } => shown.field("after", after),
            Self::Output { stream, line, .. } => shown
                .field("stream", stream)
                .field("line", &String::from_utf8_lossy(line)),
        };
        shown.finish()
    }
}

/// Why a task is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// Its `if` is false.
    Condition,
    /// A task before it failed.
    EarlierFailure,
    /// The run was interrupted.
    Interrupted,
}
