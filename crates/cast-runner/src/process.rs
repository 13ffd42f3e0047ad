//! Running programs: process groups, time limits, signals, the terminal, output.

mod control;
mod group;
mod output;
mod spawn;
mod substitution;
mod supervise;
mod terminal;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use camino::Utf8Path;
use nix::sys::signal::Signal;
use tokio::sync::mpsc;

use crate::{Error, Invocation};

pub use control::Control;
pub use substitution::run_substitution;

/// The environment of a program: names and values, ordered by name.
pub type Vars = BTreeMap<String, String>;

/// The variables of `vars` that are no UTF-8 text and so have no place in [`Vars`], for
/// [`Options::raw_vars`]. Call it with `std::env::vars_os()`.
pub fn raw_vars(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(OsString, OsString)> {
    vars.into_iter()
        .filter(|(name, value)| name.to_str().is_none() || value.to_str().is_none())
        .collect()
}

/// How a program is run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Signals and terminal, shared by everything this process runs.
    pub control: Control,
    /// What the program reads; by default what we read.
    pub stdin: Stdin,
    /// Where its output goes; by default where ours goes.
    pub output: Output,
    /// After how long it is ended; never by default. Time spent stopped counts.
    pub timeout: Option<Duration>,
    /// How long a program that was told to end may take before it is killed; 2 seconds by default.
    pub grace: Duration,
    /// Further variables for the program, see [`raw_vars`]; none by default. One that is also in
    /// the program's [`Vars`] is overridden there.
    pub raw_vars: Vec<(OsString, OsString)>,
}

impl Options {
    /// The defaults, for programs under `control`.
    pub fn new(control: &Control) -> Self {
        Self {
            control: control.clone(),
            stdin: Stdin::Inherit,
            output: Output::Inherit,
            timeout: None,
            grace: Duration::from_secs(2),
            raw_vars: Vec::new(),
        }
    }
}

/// What a program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// What this process reads.
    Inherit,
    /// Nothing.
    Null,
}

/// Where a program's output goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Output {
    /// Where this process' output goes.
    Inherit,
    /// Into [`Outcome::stdout`] and [`Outcome::stderr`].
    Captured,
    /// Line by line into a channel, for output with prefixes. A full channel makes the program
    /// wait; once the receiver is gone, output is discarded. Lines of one stream keep their order.
    Lines(mpsc::Sender<Line>),
}

/// A line that a program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// Where the program wrote it.
    pub stream: Stream,
    /// The line without its newline; any bytes.
    pub bytes: Vec<u8>,
    /// Whether a newline ended it. False at the end of output, and for a piece (of 1 MiB) of a very
    /// long line.
    pub newline: bool,
}

/// One of the two streams a program writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Signaled(i32),
    /// Because its time was up.
    TimedOut,
}

/// What came of running a program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// The signal that interrupted it, if the user or the system asked for that: one sent to this
    /// process and forwarded, or Ctrl-C and Ctrl-\ on a terminal the program owned (told by the
    /// program's end through that signal, or by exit code 130). Nothing more should be started.
    pub interrupted: Option<i32>,
    /// What it wrote to standard output, with [`Output::Captured`].
    pub stdout: Vec<u8>,
    /// What it wrote to standard error, with [`Output::Captured`].
    pub stderr: Vec<u8>,
}

impl Outcome {
    /// Success without a program: nothing was to be run.
    pub fn succeeded() -> Self {
        Self {
            status: Status::Exited(0),
            interrupted: None,
            stdout: Vec::new(),
            stderr: Vec::new(),
        }
    }

    /// Whether it ended by itself, with exit code 0, and was not interrupted.
    pub fn success(&self) -> bool {
        self.status == Status::Exited(0) && self.interrupted.is_none()
    }

    /// The exit code to pass on: the program's own, 128 + n for signal n, 2 for a timeout.
    pub fn code(&self) -> i32 {
        match self.status {
            Status::Exited(code) => code,
            Status::Signaled(signal) => 128 + signal,
            Status::TimedOut => 2,
        }
    }
}

/// The name of a signal, such as `SIGTERM` for 15.
pub fn signal_name(signal: i32) -> Option<&'static str> {
    Signal::try_from(signal).ok().map(Signal::as_str)
}

/// Runs a program to its end.
///
/// The program gets exactly the variables of `env` and [`Options::raw_vars`], and `PWD` = `cwd`,
/// an absolute path. It runs in a process group of its own, which is treated as a whole:
///
/// - When the time is up, the group gets SIGTERM, and SIGKILL once [`Options::grace`] is over, also
///   if only descendants of the program are left by then.
/// - SIGINT, SIGQUIT, SIGTERM and SIGHUP sent to this process are forwarded to the group. After
///   SIGTERM, SIGHUP or the second signal of any kind, SIGKILL follows when the grace is over. When
///   an interrupted program ends, what is left of its group is ended likewise.
/// - If the program inherits a terminal which this process may use, its group owns the terminal
///   while it runs: it gets Ctrl-C, and it can be stopped by Ctrl-Z; then this process (with its
///   group) stops as well, and continues it when continued. A program that needs the terminal
///   without inheriting it (a password prompt) gets it on demand, one at a time. If it is killed by
///   a signal, the terminal's modes are put back.
/// - After a normal end, background processes the program left behind go on. Output they still
///   write is read until there was none for 250 ms.
///
/// Dropping the future kills the group at once.
///
/// # Errors
/// If the program cannot be started ([`Error::MissingDirectory`], [`Error::MissingInterpreter`],
/// [`Error::Start`]), followed ([`Error::Wait`]) or ended ([`Error::Kill`]).
pub async fn run(
    invocation: Invocation,
    env: &Vars,
    cwd: &Utf8Path,
    options: &Options,
) -> Result<Outcome, Error> {
    run_pipeline(vec![invocation], env, cwd, options).await
}

/// Runs programs at the same time, the output of each one read by the next, in one process group.
///
/// Everything said for [`run`] holds. The status is that of the last program that failed, or else
/// success; a program that ended because its successor stopped reading (SIGPIPE) did not fail.
/// Without programs, the outcome is a success.
///
/// # Errors
/// As for [`run`]. If one program cannot be started, those before it are killed.
pub async fn run_pipeline(
    stages: Vec<Invocation>,
    env: &Vars,
    cwd: &Utf8Path,
    options: &Options,
) -> Result<Outcome, Error> {
    supervise::run(&stages, env, cwd, options).await
}
