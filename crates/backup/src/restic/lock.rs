//! Locks of other processes.

use std::ffi::OsString;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use super::commands::answer;
use super::fault::{Fault, classify};
use super::message::RawLock;
use super::process::Outcome;
use super::{Error, Restic};
use crate::retention::instant;

/// How long it may take until a lock is looked at again.
const PAUSE: Duration = Duration::from_secs(5);

/// Restic refreshes its locks every five minutes and counts them as stale after this time.
const STALE: i128 = 30 * 60;

/// A lock in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lock {
    /// Its identifier.
    pub id: String,
    /// When it was made or refreshed, RFC 3339.
    pub time: String,
    /// The machine.
    pub host: String,
    /// The user.
    pub user: String,
    /// The process.
    pub pid: i32,
    /// Whether it excludes all others.
    pub exclusive: bool,
    /// Whether nobody holds it any more, by restic's rule: not refreshed for 30 minutes, or its
    /// process on this machine is gone.
    pub stale: bool,
}

impl Restic {
    /// The locks in the repository.
    ///
    /// # Errors
    /// Those of every command.
    pub async fn locks(&self) -> Result<Vec<Lock>, Error> {
        let list = self.once(&["list", "locks", "--no-lock"]).await?;
        let here = nix::unistd::gethostname();
        let here = here.ok().and_then(|name| name.into_string().ok());
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        let mut locks = Vec::new();
        for id in list.split_whitespace() {
            // It may have gone meanwhile.
            let Ok(text) = self.once(&["cat", "lock", id, "--no-lock"]).await else {
                continue;
            };
            let raw: RawLock = answer("cat", &text)?;
            let age = instant(&raw.time).map_or(0, |nanos| i128::from(now) - nanos / 1_000_000_000);
            let gone = here.as_deref() == Some(raw.hostname.as_str())
                && raw.pid > 0
                && kill(Pid::from_raw(raw.pid), None) == Err(Errno::ESRCH);
            locks.push(Lock {
                id: id.to_owned(),
                time: raw.time,
                host: raw.hostname,
                user: raw.username,
                pid: raw.pid,
                exclusive: raw.exclusive,
                stale: gone || age > STALE,
            });
        }
        Ok(locks)
    }

    /// Removes locks that nobody holds any more, and those alone.
    ///
    /// # Errors
    /// Those of every command.
    pub async fn unlock(&self) -> Result<(), Error> {
        self.once(&["unlock"]).await.map(drop)
    }

    async fn once(&self, args: &[&str]) -> Result<String, Error> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let mut text = String::new();
        let outcome = self
            .spawn(&args, None, &mut |line| {
                text.push_str(line);
                text.push('\n');
            })
            .await?;
        self.succeeded(&args, &outcome, &text)?;
        Ok(text)
    }

    /// Runs a command. When the repository is locked: stale locks are removed, live ones are waited
    /// for as long as the settings say. Old versions cannot wait by themselves.
    pub(super) async fn patiently(
        &self,
        args: &[OsString],
        directory: Option<&std::path::PathBuf>,
        line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Outcome, Error> {
        let start = Instant::now();
        let mut cleaned = false;
        let mut pause = Duration::from_millis(500);
        loop {
            let outcome = self.spawn(args, directory, line).await?;
            if outcome.code == 0 || classify(outcome.code, &outcome.stderr) != Fault::Locked {
                return Ok(outcome);
            }
            let locks = self.locks().await.unwrap_or_default();
            if !cleaned && locks.iter().any(|lock| lock.stale) {
                self.unlock().await?;
                cleaned = true;
                continue;
            }
            let left = self.settings.lock_wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(Error::Locked {
                    repository: self.shown.clone(),
                    locks,
                });
            }
            sleep(left.min(pause)).await;
            pause = (pause * 2).min(PAUSE);
        }
    }
}
