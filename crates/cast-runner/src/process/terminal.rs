//! Lending the terminal to the programs that run, as a shell with job control does.

use std::fs::{File, OpenOptions};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, SigmaskHow, Signal, killpg};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};
use tokio::sync::Notify;

/// How long a stop may take to reach all threads of this process.
const SETTLE: Duration = Duration::from_millis(5);

/// The controlling terminal of this process.
#[derive(Debug)]
pub(super) struct Terminal {
    tty: File,
    lent_to: Mutex<Option<Pid>>,
    returned: Notify,
}

/// What came of asking for the terminal.
pub(super) enum Grant {
    /// The group has it.
    Lent(Loan),
    /// Another program has it; [`Terminal::returned`] tells when to ask again.
    Busy,
    /// It belongs to another job of the shell we were started from.
    Background,
    /// The group is gone, or the terminal is.
    Failed,
}

impl Terminal {
    /// The controlling terminal, if there is one.
    pub(super) fn open() -> Option<Self> {
        let tty = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .ok()?;
        Some(Self {
            tty,
            lent_to: Mutex::new(None),
            returned: Notify::new(),
        })
    }

    /// Makes `group` the one that reads from the terminal and gets its signals.
    pub(super) fn lend(self: &Arc<Self>, group: Pid) -> Grant {
        let mut lent_to = self.lent_to.lock().unwrap_or_else(PoisonError::into_inner);
        if lent_to.is_some() {
            return Grant::Busy;
        }
        match tcgetpgrp(&self.tty) {
            Ok(foreground) if foreground == getpgrp() => {}
            Ok(_) => return Grant::Background,
            Err(_) => return Grant::Failed,
        }
        let modes = tcgetattr(&self.tty).ok();
        if self.set_foreground(group).is_err() {
            return Grant::Failed;
        }
        *lent_to = Some(group);
        Grant::Lent(Loan {
            terminal: Arc::clone(self),
            group,
            modes,
            restore: false,
        })
    }

    /// Completes when the terminal came back from another program.
    pub(super) async fn returned(&self) {
        self.returned.notified().await;
    }

    fn set_foreground(&self, group: Pid) -> nix::Result<()> {
        quietly(|| tcsetpgrp(&self.tty, group))
    }
}

/// The terminal while a group has it; dropped, it is ours again.
#[derive(Debug)]
pub(super) struct Loan {
    terminal: Arc<Terminal>,
    group: Pid,
    modes: Option<Termios>,
    restore: bool,
}

impl Loan {
    /// Lends it once more, to the same group.
    pub(super) fn renew(&self) {
        // a group that is gone does not need it
        let _renewed = self.terminal.set_foreground(self.group);
    }

    /// Lets the modes, such as echo, be put back at the end.
    pub(super) fn restore_modes(&mut self) {
        self.restore = true;
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // a terminal that is gone has nothing to give back
        let _taken = self.terminal.set_foreground(getpgrp());
        if let Some(modes) = self.modes.as_ref().filter(|_| self.restore) {
            let _restored = quietly(|| tcsetattr(&self.terminal.tty, SetArg::TCSANOW, modes));
        }
        *self
            .terminal
            .lent_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        self.terminal.returned.notify_one();
    }
}

/// Does something to the terminal that would stop a background process (SIGTTOU), without that.
fn quietly<T>(change: impl FnOnce() -> nix::Result<T>) -> nix::Result<T> {
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGTTOU);
    let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let changed = change();
    before.thread_set_mask()?;
    changed
}

/// Stops this process and its group like the terminal would, until the shell continues them.
///
/// The whole group, because what waits for us in it (`make`, a script) has to stop as well for the
/// shell to notice. By `signal` (SIGTSTP, SIGTTIN) and not by SIGSTOP, because the kernel drops the
/// former where no shell is left that could continue us. Returns whether we were stopped for long
/// enough to be sure of it.
pub(super) fn stop_ourselves(signal: Signal) -> bool {
    let before = Instant::now();
    let _sent = killpg(getpgrp(), signal);
    // The stop begins before the call returns, unless the kernel chose another thread to receive
    // the signal; then it catches us in here. Nothing else is to happen meanwhile.
    std::thread::sleep(SETTLE);
    before.elapsed() > 4 * SETTLE
}
