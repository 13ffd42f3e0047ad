//! A process group, ended as a whole.

use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use crate::Error;

/// The process group of running programs. Dropped before [`Group::disarm`], it is killed.
#[derive(Debug)]
pub(super) struct Group {
    id: Pid,
    armed: bool,
}

impl Group {
    pub(super) fn new(id: Pid) -> Self {
        Self { id, armed: true }
    }

    pub(super) fn id(&self) -> Pid {
        self.id
    }

    /// Sends a signal to every member. That there is none any more is fine.
    pub(super) fn signal(&self, signal: Signal) -> Result<(), Error> {
        match killpg(self.id, signal) {
            Ok(()) | Err(Errno::ESRCH) => Ok(()),
            Err(errno) => Err(Error::Kill {
                group: self.id.as_raw(),
                source: errno.into(),
            }),
        }
    }

    /// Asks every member to end. A stopped process is continued, or it would not see the signal.
    pub(super) fn terminate(&self, signal: Signal) {
        // whether it worked shows when the kill has its turn
        let _asked = self.signal(signal);
        let _continued = self.signal(Signal::SIGCONT);
    }

    /// Ends whatever is left once the programs themselves are gone: SIGTERM, and SIGKILL at `until`.
    pub(super) async fn clear(&self, until: Instant) {
        // Nothing tells when a group of other processes' children becomes empty, so look again and
        // again; this happens only on the way out of an interruption or timeout.
        let mut pause = Duration::from_millis(1);
        self.terminate(Signal::SIGTERM);
        while killpg(self.id, None).is_ok() {
            if Instant::now() >= until {
                let _killed = self.signal(Signal::SIGKILL);
                return;
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Leaves the remaining members alone from now on.
    pub(super) fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.armed {
            let _killed = self.signal(Signal::SIGKILL);
        }
    }
}
