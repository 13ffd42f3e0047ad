//! Following programs to their end.

use std::io::IsTerminal as _;
use std::os::unix::process::ExitStatusExt as _;
use std::pin::pin;
use std::process::ExitStatus;

use camino::Utf8Path;
use nix::sys::signal::Signal;
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::control::{Counts, FORWARDED};
use super::group::Group;
use super::spawn::{self, Started};
use super::terminal::{Grant, Loan, stop_ourselves};
use super::{Options, Outcome, Status, Stdin, Stream, Vars, output};
use crate::{Error, Invocation};

/// See [`super::run_pipeline`].
pub(super) async fn run(
    stages: &[Invocation],
    env: &Vars,
    cwd: &Utf8Path,
    options: &Options,
) -> Result<Outcome, Error> {
    // from here on no signal is missed
    let mut counts = options.control.counts();
    let seen = *counts.borrow_and_update();
    let Some(started) = spawn::start(stages, env, cwd, options)? else {
        return Ok(Outcome::succeeded());
    };
    let Started {
        group,
        mut children,
        stdout,
        stderr,
    } = started;
    let supervisor = Supervisor {
        options,
        seen,
        signals: 0,
        interrupted: None,
        timed_out: false,
        kill_at: None,
        loan: None,
        wants_terminal: false,
    };
    let (end, ended) = watch::channel(false);
    let (ending, stdout, stderr) = tokio::join!(
        async {
            let ending = supervisor
                .follow(group, &mut children, stages, counts)
                .await;
            end.send_replace(true);
            ending
        },
        output::read(Stream::Stdout, stdout, &options.output, ended.clone()),
        output::read(Stream::Stderr, stderr, &options.output, ended.clone()),
    );
    let (status, interrupted) = ending?;
    Ok(Outcome {
        status,
        interrupted,
        stdout,
        stderr,
    })
}

struct Supervisor<'a> {
    options: &'a Options,
    /// The signals dealt with.
    seen: Counts,
    /// How many forwarded signals there were.
    signals: u32,
    interrupted: Option<Signal>,
    timed_out: bool,
    kill_at: Option<Instant>,
    loan: Option<Loan>,
    /// Whether the programs wait for another one to give the terminal back.
    wants_terminal: bool,
}

impl Supervisor<'_> {
    /// Waits for all programs to end, and for their group where it has to end too.
    async fn follow(
        mut self,
        group: Group,
        children: &mut [Child],
        stages: &[Invocation],
        mut counts: watch::Receiver<Counts>,
    ) -> Result<(Status, Option<i32>), Error> {
        let deadline = self
            .options
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        if self.options.stdin == Stdin::Inherit
            && let Some(terminal) = self.options.control.terminal()
            && std::io::stdin().is_terminal()
            && let Grant::Lent(loan) = terminal.lend(group.id())
        {
            self.loan = Some(loan);
        }
        let terminal = self.options.control.terminal().cloned();

        let mut listening = true;
        let statuses = {
            let mut deaths = pin!(wait_all(children, stages));
            loop {
                tokio::select! {
                    biased;
                    statuses = &mut deaths => break statuses?,
                    changed = counts.changed(), if listening => {
                        listening = changed.is_ok();
                        let now = *counts.borrow_and_update();
                        self.forward(&group, now);
                        if now.children != self.seen.children {
                            self.look_for_stops(&group);
                        }
                        self.seen = now;
                    }
                    () = async {
                        match &terminal {
                            Some(terminal) => terminal.returned().await,
                            None => std::future::pending().await,
                        }
                    }, if self.wants_terminal => self.lend(&group, Signal::SIGTTIN),
                    () = at(deadline), if !self.timed_out => {
                        self.timed_out = true;
                        group.terminate(Signal::SIGTERM);
                        self.arm();
                    }
                    () = at(self.kill_at), if self.kill_at.is_some() => {
                        self.kill_at = None;
                        group.signal(Signal::SIGKILL)?;
                    }
                }
            }
        };

        let status = overall(&statuses);
        if let Some(loan) = &mut self.loan {
            match status {
                Status::Signaled(signal) => {
                    loan.restore_modes();
                    let keys = [Signal::SIGINT, Signal::SIGQUIT];
                    let pressed = keys.into_iter().find(|key| *key as i32 == signal);
                    self.interrupted = self.interrupted.or(pressed);
                }
                Status::Exited(130) => self.interrupted = self.interrupted.or(Some(Signal::SIGINT)),
                _ => {}
            }
        }
        drop(self.loan.take());
        if self.timed_out || self.interrupted.is_some() {
            group
                .clear(
                    self.kill_at
                        .unwrap_or_else(|| Instant::now() + self.options.grace),
                )
                .await;
        }
        group.disarm();
        let status = if self.timed_out {
            Status::TimedOut
        } else {
            status
        };
        Ok((status, self.interrupted.map(|signal| signal as i32)))
    }

    /// Passes on the signals that arrived since we last looked.
    fn forward(&mut self, group: &Group, now: Counts) {
        for (index, signal) in FORWARDED.into_iter().enumerate() {
            if now.forwarded[index] == self.seen.forwarded[index] {
                continue;
            }
            self.interrupted.get_or_insert(signal);
            self.signals += 1;
            group.terminate(signal);
            // a program may handle the first Ctrl-C in peace, like at a shell
            let gentle = matches!(signal, Signal::SIGINT | Signal::SIGQUIT);
            if !gentle || self.signals > 1 {
                self.arm();
            }
        }
    }

    /// Sets the time for SIGKILL, unless it is set already.
    fn arm(&mut self) {
        self.kill_at
            .get_or_insert_with(|| Instant::now() + self.options.grace);
    }

    /// Deals with programs that were stopped.
    fn look_for_stops(&mut self, group: &Group) {
        let flags = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG;
        let mut stopped = None;
        // one look for each program of a pipeline
        while let Ok(WaitStatus::Stopped(_, signal)) = waitid(Id::PGid(group.id()), flags) {
            stopped = Some(signal);
        }
        let Some(signal) = stopped else { return };
        let for_terminal = matches!(signal, Signal::SIGTTIN | Signal::SIGTTOU);
        match (&self.loan, for_terminal) {
            (Some(loan), true) => {
                // it asked before we had lent the terminal
                loan.renew();
                resume(group);
            }
            (Some(_), false) => {
                // Ctrl-Z: our shell gets the terminal back, and learns of it by our stop
                self.loan = None;
                stop_ourselves(Signal::SIGTSTP);
                self.lend_if_free(group);
                resume(group);
            }
            (None, true) => self.lend(group, signal),
            // stopped by somebody, who will know when to continue it
            (None, false) => {}
        }
    }

    /// Gives the terminal to a group that was stopped by `signal` for want of it.
    fn lend(&mut self, group: &Group, signal: Signal) {
        let Some(terminal) = self.options.control.terminal() else {
            return;
        };
        self.wants_terminal = false;
        match terminal.lend(group.id()) {
            Grant::Lent(loan) => {
                self.loan = Some(loan);
                resume(group);
            }
            Grant::Busy => self.wants_terminal = true,
            Grant::Background => {
                let stopped = stop_ourselves(signal);
                self.lend_if_free(group);
                if stopped || self.loan.is_some() {
                    resume(group);
                } else {
                    // There is no shell that could ever give us the terminal. The kernel ends the
                    // stopped processes of such an orphaned group with SIGHUP; theirs has us for a
                    // parent, so it is up to us.
                    group.terminate(Signal::SIGHUP);
                }
            }
            Grant::Failed => {}
        }
    }

    fn lend_if_free(&mut self, group: &Group) {
        if let Some(terminal) = self.options.control.terminal()
            && let Grant::Lent(loan) = terminal.lend(group.id())
        {
            self.loan = Some(loan);
        }
    }
}

fn resume(group: &Group) {
    // a group that is gone needs none
    let _resumed = group.signal(Signal::SIGCONT);
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

async fn wait_all(children: &mut [Child], stages: &[Invocation]) -> Result<Vec<ExitStatus>, Error> {
    let mut statuses = Vec::with_capacity(children.len());
    for (child, stage) in children.iter_mut().zip(stages) {
        let waited = child.wait().await;
        statuses.push(waited.map_err(|source| Error::Wait {
            program: stage.program.clone(),
            source,
        })?);
    }
    Ok(statuses)
}

/// The status of a pipeline: of the last program that failed.
fn overall(statuses: &[ExitStatus]) -> Status {
    let last = statuses.len().saturating_sub(1);
    let failed = statuses.iter().enumerate().rev().find(|(index, status)| {
        let not_read = *index < last && status.signal() == Some(Signal::SIGPIPE as i32);
        !status.success() && !not_read
    });
    match failed {
        None => Status::Exited(0),
        Some((_, status)) => match (status.code(), status.signal()) {
            (Some(code), _) => Status::Exited(code),
            (None, Some(signal)) => Status::Signaled(signal),
            // neither is only possible for a process that has not ended
            (None, None) => Status::Exited(1),
        },
    }
}
