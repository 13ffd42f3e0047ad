//! What happens during a run, told to whoever shows it.

use std::time::Duration;

use castfile::ProjectTask;
use yaml_tree::Diagnostic;

use crate::Stream;

/// Is told what happens during a run. Nothing in this crate prints.
pub trait Observer {
    /// Something happened.
    fn event(&mut self, event: &Event<'_>);
}

/// An observer that ignores everything.
impl Observer for () {
    fn event(&mut self, _event: &Event<'_>) {}
}

/// Something that happens during a run.
#[derive(Debug)]
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
    /// A task could not be started, or what it handed on could not be read.
    Refused {
        /// Which.
        task: &'a ProjectTask,
        /// What is wrong.
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
    /// A task that runs beside others wrote a line.
    Output {
        /// Which.
        task: &'a ProjectTask,
        /// Where it wrote it.
        stream: Stream,
        /// The line without its newline; any bytes.
        line: &'a [u8],
    },
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
