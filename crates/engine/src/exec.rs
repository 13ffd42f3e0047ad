//! Programs started inside a container.

mod cancel;
mod command;
mod handle;
mod tail;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::{Engine, Error};

pub use command::Command;
pub use handle::{ExecHandle, Trace};

use handle::PATIENCE;
use tail::{Tail, redacted};

/// The variable by which the processes of an exec are found again inside the container.
const MARK: &str = "HOMELAB_EXEC";

/// How much of standard output is looked at for the engine's own words.
const HEAD: usize = 512;

/// How long the engine may take to notice that a process has ended whose output has.
const SETTLE: Duration = Duration::from_secs(30);

/// A program that runs inside a container.
///
/// Read its output to the end with [`Exec::read`], then ask how it ended with [`Exec::finish`]: the
/// end of the output alone says nothing, as it looks the same when the container was killed. What is
/// not read makes the program wait; nothing is buffered without limit.
///
/// Dropping it leaves the program running, as the engine has no way to end it; [`Exec::cancel`] does.
#[must_use]
pub struct Exec {
    handle: ExecHandle,
    output: Pin<Box<dyn Stream<Item = Result<LogOutput, bollard::errors::Error>> + Send>>,
    stdin: Option<Stdin>,
    secrets: Vec<String>,
    head: Vec<u8>,
    stderr: Tail,
    ended: bool,
}

/// Standard input of an [`Exec`].
pub struct Stdin {
    to: Pin<Box<dyn AsyncWrite + Send>>,
    action: String,
}

/// How a program inside a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// Its exit code; 128 and a signal's number when a signal ended it, 137 also when its container
    /// was killed.
    pub code: i64,
    /// The last 64 KiB of its standard error, without the secrets it was given.
    pub stderr: String,
}

/// How a program inside a container ended, with all it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Printed {
    /// Its exit code, as in [`Ended`].
    pub code: i64,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error, as in [`Ended`].
    pub stderr: String,
}

impl Engine {
    /// Starts a program inside a running container, by its identifier or name.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a container, [`Error::Refused`] when it does not run or is
    /// paused, and those of any request. That the program does not exist is found out by
    /// [`Exec::finish`].
    pub async fn exec(&self, container: &str, command: &Command) -> Result<Exec, Error> {
        self.start_exec(container, command, false).await
    }

    async fn start_exec(
        &self,
        container: &str,
        command: &Command,
        privileged: bool,
    ) -> Result<Exec, Error> {
        let program = command.program().to_owned();
        let action = format!("run `{program}` in the container `{container}`");
        let mark = format!("{:016x}", random());
        let mut env: Vec<String> = command
            .env
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !privileged {
            env.push(format!("{MARK}={mark}"));
        }
        let options = CreateExecOptions {
            attach_stdin: Some(command.stdin),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            // A terminal would turn line feeds into pairs and mix the streams.
            tty: Some(false),
            env: Some(env),
            cmd: Some(command.argv.clone()),
            user: command.user.clone(),
            working_dir: command.directory.clone(),
            privileged: Some(privileged),
            ..CreateExecOptions::default()
        };
        let failed = |error| self.failed(&action, error);
        let made = self.docker.create_exec(container, options).await;
        let id = made.map_err(failed)?.id;
        let start = StartExecOptions::default();
        let started = self.docker.start_exec(&id, Some(start)).await;
        let StartExecResults::Attached { output, input } = started.map_err(failed)? else {
            return Err(Error::Stream {
                action,
                why: "the engine did not attach to it",
            });
        };
        let stdin = command.stdin.then(|| Stdin {
            to: input,
            action: format!("write to `{program}` in the container `{container}`"),
        });
        Ok(Exec {
            handle: ExecHandle {
                engine: self.clone(),
                container: container.to_owned(),
                id,
                mark,
                user: command.user.clone(),
                program,
            },
            output,
            stdin,
            secrets: command.secrets.clone(),
            head: Vec::new(),
            stderr: Tail::default(),
            ended: false,
        })
    }

    /// Runs a short program inside a container to its end, gives it `input`, and returns what it
    /// printed. More than `limit` bytes of standard output end it and are an error.
    ///
    /// # Errors
    /// Those of [`Engine::exec`], [`Exec::read`] and [`Exec::finish`]; [`Error::Stream`] when it
    /// prints too much.
    pub async fn run(
        &self,
        container: &str,
        command: &Command,
        input: &[u8],
        limit: usize,
    ) -> Result<Printed, Error> {
        let command = if input.is_empty() {
            command.clone()
        } else {
            command.clone().stdin()
        };
        let mut exec = self.exec(container, &command).await?;
        let stdin = exec.stdin();
        let feed = async {
            if let Some(mut stdin) = stdin {
                // A program that does not read to the end says so by its exit code.
                if stdin.write(input).await.is_ok() {
                    stdin.close().await.ok();
                }
            }
        };
        let collect = async {
            let mut stdout = Vec::new();
            while let Some(bytes) = exec.read().await? {
                if stdout.len() + bytes.len() > limit {
                    return Ok(None);
                }
                stdout.extend_from_slice(&bytes);
            }
            Ok(Some(stdout))
        };
        let stdout = {
            let mut collect = std::pin::pin!(collect);
            // What is not read when the output ends is not read at all.
            tokio::select! {
                stdout = &mut collect => stdout,
                () = feed => collect.await,
            }
        };
        let Some(stdout) = stdout? else {
            let action = exec.handle.action();
            exec.cancel(Duration::from_secs(2)).await?;
            return Err(Error::Stream {
                action,
                why: "it prints more than it should",
            });
        };
        let ended = exec.finish().await?;
        Ok(Printed {
            code: ended.code,
            stdout,
            stderr: ended.stderr,
        })
    }
}

impl Exec {
    /// Another name for it, which outlives it.
    pub fn handle(&self) -> ExecHandle {
        self.handle.clone()
    }

    /// Standard input, once, if the command asked for it.
    pub fn stdin(&mut self) -> Option<Stdin> {
        self.stdin.take()
    }

    /// The next piece of standard output; `None` at its end. Pieces are those of the engine, about
    /// 10 KiB each. Standard error is kept aside for [`Exec::finish`].
    ///
    /// It can be abandoned between two pieces, as in a `timeout`, and called again.
    ///
    /// # Errors
    /// [`Error::Stream`] when the output breaks off inside a piece, [`Error::Request`] when the
    /// connection fails. What was read until then is not all there was.
    pub async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        while !self.ended {
            match self.output.next().await {
                None => self.ended = true,
                Some(Ok(LogOutput::StdOut { message })) => {
                    let room = HEAD.saturating_sub(self.head.len()).min(message.len());
                    self.head.extend_from_slice(&message[..room]);
                    if !message.is_empty() {
                        return Ok(Some(message));
                    }
                }
                Some(Ok(LogOutput::StdErr { message })) => self.stderr.push(&message),
                Some(Ok(LogOutput::StdIn { .. })) => {}
                // Without a terminal every piece has a header. This is one without: the rest of one
                // that was cut off, or bytes that are no piece at all.
                Some(Ok(LogOutput::Console { .. })) => {
                    self.ended = true;
                    return Err(Error::Stream {
                        action: self.handle.action(),
                        why: "its output breaks off in the middle",
                    });
                }
                Some(Err(error)) => {
                    self.ended = true;
                    let action = self.handle.action();
                    return Err(self.handle.engine.failed(&action, error));
                }
            }
        }
        Ok(None)
    }

    /// Ends the program and all it has started, and returns when it is gone: SIGTERM, after `grace`
    /// SIGKILL. Its output is thrown away. How it ended comes back, if the engine still knows.
    ///
    /// # Errors
    /// Those of [`ExecHandle::cancel`].
    pub async fn cancel(mut self, grace: Duration) -> Result<Option<Ended>, Error> {
        let handle = self.handle();
        let drain = async {
            while let Ok(Some(_)) = self.read().await {}
            std::future::pending::<()>().await;
        };
        tokio::select! {
            done = handle.cancel(grace) => done?,
            () = drain => {}
        }
        Ok(match timeout(PATIENCE, self.finish()).await {
            Ok(ended) => ended.ok(),
            Err(_) => None,
        })
    }

    /// How it ended. Output that was not read yet is thrown away.
    ///
    /// # Errors
    /// Those of [`Exec::read`]; [`Error::NotStarted`] when there is no such program in the container
    /// or it may not be run; [`Error::NotFound`] when the container is gone; [`Error::StillRunning`]
    /// when the program has closed its output and goes on for more than 30 seconds.
    pub async fn finish(mut self) -> Result<Ended, Error> {
        while self.read().await?.is_some() {}
        let code = self.handle.wait(SETTLE).await?;
        let head = String::from_utf8_lossy(&self.head);
        if matches!(code, 126 | 127) && head.starts_with("OCI runtime exec failed") {
            return Err(Error::NotStarted {
                action: self.handle.action(),
                code,
                message: head.trim().to_owned(),
            });
        }
        Ok(Ended {
            code,
            stderr: redacted(self.stderr.text(), &self.secrets),
        })
    }
}

impl fmt::Debug for Exec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exec")
            .field("handle", &self.handle)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl Stdin {
    /// Writes all of `bytes`, and waits while the program does not read.
    ///
    /// # Errors
    /// [`Error::Request`] when the program has ended or the connection is gone.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.to.write_all(bytes).await;
        self.told(written)
    }

    /// Lets the program read the end of the input.
    ///
    /// # Errors
    /// As [`Stdin::write`].
    pub async fn close(mut self) -> Result<(), Error> {
        let closed = self.to.shutdown().await;
        self.told(closed)
    }

    fn told(&self, result: std::io::Result<()>) -> Result<(), Error> {
        result.map_err(|error| Error::Request {
            action: self.action.clone(),
            source: error.into(),
        })
    }
}

impl fmt::Debug for Stdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdin").finish_non_exhaustive()
    }
}

fn random() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    // Seeded by the system; has to be unlikely to meet again, not to be secret.
    RandomState::new().hash_one(std::process::id())
}
