//! Ending a program inside a container.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::handle::PATIENCE;
use super::{Command, ExecHandle, MARK, Trace};
use crate::{Engine, Error};

/// How long those that were told to end are waited for before the next are.
const STEP: Duration = Duration::from_millis(200);

/// How long a process may take to be gone after SIGKILL.
const KILLED: Duration = Duration::from_secs(10);

/// Looks for every process whose environment has the mark (`$1`), and all that descend from them;
/// sends a signal (`$2`) to those without children, or to all (`$3`), and prints the numbers of all.
/// Needs a shell and `cat` alone. One that has ended counts no more, even if its parent never asks how.
///
/// A process whose parent is gone becomes a child of the container's first one. PostgreSQL takes the
/// end of such a stranger by a signal for a crash of its own and throws everybody out: so children end
/// before their parents.
const SCRIPT: &str = r#"
found=' '
for dir in /proc/[0-9]*; do
    case $(cat "$dir/environ" 2>/dev/null) in
        *"$1"*) found="$found${dir#/proc/} " ;;
    esac
done
more=yes
while [ "$more" ]; do
    more=
    for dir in /proc/[0-9]*; do
        pid=${dir#/proc/}
        case $found in *" $pid "*) continue ;; esac
        while read -r key value rest; do
            [ "$key$value" = State:Z ] && break
            [ "$key" = PPid: ] || continue
            case $found in *" $value "*) found="$found$pid " more=yes ;; esac
            break
        done <"$dir/status"
    done
done 2>/dev/null
[ "$found" = ' ' ] && exit
leaves=$found
[ "$3" = all ] || for dir in /proc/[0-9]*; do
    case $found in *" ${dir#/proc/} "*) ;; *) continue ;; esac
    while read -r key value rest; do
        [ "$key" = PPid: ] || continue
        case $leaves in *" $value "*) leaves="${leaves%% $value *} ${leaves#* $value }" ;; esac
        break
    done <"$dir/status"
done 2>/dev/null
kill -s "$2" $leaves 2>/dev/null
echo $found
"#;

impl Engine {
    /// Ends what an earlier process has started inside a container and left running, and all that it
    /// has started: SIGTERM, after `grace` SIGKILL. `false` if nothing of it was there any more.
    ///
    /// # Errors
    /// As [`ExecHandle::cancel`].
    pub async fn end_traced(&self, trace: &Trace, grace: Duration) -> Result<bool, Error> {
        match self.details(&trace.container).await {
            Ok(container) if container.running => {}
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
        let handle = ExecHandle {
            engine: self.clone(),
            container: trace.container.clone(),
            // The engine forgets it before long, and what it has started outlives it.
            id: String::new(),
            mark: trace.mark.clone(),
            user: trace.user.clone(),
            program: trace.program.clone(),
        };
        let start = Instant::now();
        let mut found = false;
        while handle.signal("TERM", false).await? {
            found = true;
            if start.elapsed() >= grace {
                handle.kill().await?;
                break;
            }
            sleep(STEP).await;
        }
        Ok(found)
    }
}

impl ExecHandle {
    /// Ends the program and all it has started, and returns when it is gone: SIGTERM, after `grace`
    /// SIGKILL. The engine offers nothing for this; a second program inside the container finds the
    /// processes by a variable in their environment. A program that has ended is not an error.
    ///
    /// Something has to read its output meanwhile, or the [`Exec`](crate::Exec) to be dropped;
    /// [`Exec::cancel`](crate::Exec::cancel) sees to that.
    ///
    /// # Errors
    /// [`Error::StillRunning`] when it cannot be ended, for example as the container has no shell:
    /// restarting the container helps. [`Error::Refused`] when the container is paused.
    pub async fn cancel(&self, grace: Duration) -> Result<(), Error> {
        match self.end(grace).await {
            // The container is gone, and the program with it.
            Err(Error::NotFound { .. }) => Ok(()),
            // It is being stopped.
            Err(error) => match self.code().await {
                Ok(Some(_)) | Err(Error::NotFound { .. }) => Ok(()),
                _ => Err(error),
            },
            Ok(()) => Ok(()),
        }
    }

    async fn end(&self, grace: Duration) -> Result<(), Error> {
        let now = timeout(PATIENCE, self.code()).await;
        if let Ok(Some(_)) = now.unwrap_or(Ok(None)) {
            return Ok(());
        }
        // Once those that wait for others are left alone, they end by themselves, or come next.
        let asked = Instant::now();
        while asked.elapsed() < grace && self.signal("TERM", false).await? {
            match self.wait(STEP).await {
                Ok(_) => break,
                Err(Error::StillRunning { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        // What it has started may outlive it.
        self.kill().await
    }

    async fn kill(&self) -> Result<(), Error> {
        let start = Instant::now();
        // One that starts children without end is never without any.
        while self.signal("KILL", start.elapsed() > KILLED / 5).await? {
            if start.elapsed() > KILLED {
                return Err(Error::StillRunning {
                    action: self.action(),
                });
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Sends a signal to what is left, and tells whether there was anything.
    ///
    /// Reading the environment of another user's process takes a right that root has in privileged
    /// programs alone; engines which refuse those leave the processes of the same user.
    async fn signal(&self, signal: &str, all: bool) -> Result<bool, Error> {
        let whom = if all { "all" } else { "leaves" };
        let mark = format!("{MARK}={}", self.mark);
        let command = Command::new(["sh", "-c", SCRIPT, "sh", &mark, signal, whom]);
        let found = match self.find(&command.clone().user("0"), true).await {
            Ok(found) => found,
            Err(Error::NotStarted { .. } | Error::Refused { .. }) => false,
            Err(error) => return Err(error),
        };
        if found {
            return Ok(true);
        }
        let own = match &self.user {
            Some(user) => command.user(user.clone()),
            None => command,
        };
        match self.find(&own, false).await {
            Err(Error::NotStarted { .. }) => Err(Error::StillRunning {
                action: self.action(),
            }),
            other => other,
        }
    }

    async fn find(&self, command: &Command, privileged: bool) -> Result<bool, Error> {
        let mut exec = self
            .engine
            .start_exec(&self.container, command, privileged)
            .await?;
        let mut found = false;
        while let Some(bytes) = exec.read().await? {
            found |= bytes.iter().any(u8::is_ascii_digit);
        }
        exec.finish().await?;
        Ok(found)
    }
}
