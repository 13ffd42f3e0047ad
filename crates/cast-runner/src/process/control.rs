//! What everything run by this process shares: the signals it gets and its terminal.

use std::sync::Arc;

use nix::sys::signal::Signal;
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::terminal::Terminal;
use crate::Error;

/// The signals that are forwarded to running programs.
pub(super) const FORWARDED: [Signal; 4] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
];

/// How often each signal arrived.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// As [`FORWARDED`].
    pub(super) forwarded: [u32; 4],
    /// SIGCHLD.
    pub(super) children: u32,
    /// The first of [`FORWARDED`] that arrived.
    first: Option<Signal>,
}

/// The signals this process receives, and its terminal.
///
/// One value serves all programs, also those running at the same time. Clones share it.
#[derive(Clone, Debug)]
pub struct Control {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    counts: watch::Receiver<Counts>,
    terminal: Option<Arc<Terminal>>,
    listener: JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Control {
    /// Starts listening for signals; to be called once per process, inside a tokio runtime with I/O and
    /// time enabled.
    ///
    /// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT do not end this process any more, except
    /// where they were ignored before (by `nohup`, or for a shell's background job): those stay
    /// ignored. They are forwarded to what runs; what is to be started next must look at
    /// [`Control::interrupted`].
    ///
    /// # Errors
    /// [`Error::Signals`] if the signal handlers cannot be installed.
    pub fn new() -> Result<Self, Error> {
        let ignored = ignored_signals();
        let terminal = Terminal::open().map(Arc::new);
        let (sender, counts) = watch::channel(Counts::default());
        let streams = Streams::new(ignored, terminal.is_some())
            .map_err(|source| Error::Signals { source })?;
        let listener = tokio::spawn(streams.listen(sender));
        Ok(Self {
            inner: Arc::new(Inner {
                counts,
                terminal,
                listener,
            }),
        })
    }

    /// The first signal that asked this process to end, if there was one.
    pub fn interrupted(&self) -> Option<i32> {
        self.inner.counts.borrow().first.map(|signal| signal as i32)
    }

    /// Completes when a signal asks this process to end; at once if one did before. For waits
    /// during which no program runs.
    pub async fn interruption(&self) -> i32 {
        let mut counts = self.inner.counts.clone();
        let signal = match counts.wait_for(|counts| counts.first.is_some()).await {
            Ok(counts) => counts.first,
            Err(_) => None,
        };
        match signal {
            Some(signal) => signal as i32,
            // the listener ended with the runtime: there will be no signal any more
            None => std::future::pending().await,
        }
    }

    pub(super) fn counts(&self) -> watch::Receiver<Counts> {
        self.inner.counts.clone()
    }

    pub(super) fn terminal(&self) -> Option<&Arc<Terminal>> {
        self.inner.terminal.as_ref()
    }
}

/// One stream for each of [`FORWARDED`], and SIGCHLD.
struct Streams {
    forwarded: [Option<unix::Signal>; 4],
    children: Option<unix::Signal>,
}

impl Streams {
    fn new(ignored: u64, children: bool) -> std::io::Result<Self> {
        let mut forwarded = [const { None }; 4];
        for (stream, signal) in forwarded.iter_mut().zip(FORWARDED) {
            if ignored & (1 << (signal as u32 - 1)) == 0 {
                *stream = Some(unix::signal(SignalKind::from_raw(signal as i32))?);
            }
        }
        // stopped programs matter only where there is a terminal to stop them
        let children = if children {
            Some(unix::signal(SignalKind::child())?)
        } else {
            None
        };
        Ok(Self {
            forwarded,
            children,
        })
    }

    async fn listen(mut self, sender: watch::Sender<Counts>) {
        let [int, term, hup, quit] = &mut self.forwarded;
        loop {
            let which = tokio::select! {
                () = next(int) => Some(0),
                () = next(term) => Some(1),
                () = next(hup) => Some(2),
                () = next(quit) => Some(3),
                () = next(&mut self.children) => None,
            };
            sender.send_modify(|counts| match which {
                Some(index) => {
                    counts.forwarded[index] = counts.forwarded[index].wrapping_add(1);
                    counts.first.get_or_insert(FORWARDED[index]);
                }
                None => counts.children = counts.children.wrapping_add(1),
            });
        }
    }
}

async fn next(stream: &mut Option<unix::Signal>) {
    let arrived = match stream {
        Some(stream) => stream.recv().await,
        None => None,
    };
    if arrived.is_none() {
        std::future::pending::<()>().await;
    }
}

/// The signals this process was started with ignored, bit n-1 for signal n. Where the kernel does
/// not tell, none.
fn ignored_signals() -> u64 {
    let status = std::fs::read("/proc/self/status").unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
