//! One run of the program.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::message::Message;
use super::{Error, Restic};

/// How much of what is no message is kept of standard error.
const LINES: usize = 200;

/// How long an interrupted program may take to end.
const CLEAN_UP: Duration = Duration::from_secs(10);

/// How a run ended.
pub(super) struct Outcome {
    pub(super) code: i32,
    /// Messages of errors, as text.
    pub(super) troubles: Vec<String>,
    /// The last lines of standard error that are no message, or the message of the exit. As they came:
    /// what is shown of them is redacted first, which could take away what a fault is known by.
    pub(super) stderr: String,
}

/// A program that runs. Dropped before its end, it is interrupted, and given a moment to remove its
/// locks: killed outright, or with nobody left to read what it prints, it would leave them behind.
struct Running {
    child: Child,
    ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok());
        let (false, Some(pid)) = (self.ended, pid) else {
            return;
        };
        let stdout = self.child.stdout.take().map(ChildStdout::into_owned_fd);
        let stderr = self.child.stderr.take().map(ChildStderr::into_owned_fd);
        kill(Pid::from_raw(pid), Signal::SIGINT).ok();
        let (tell, told) = mpsc::channel();
        for pipe in [stdout, stderr].into_iter().flatten().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || {
                std::io::copy(&mut File::from(pipe), &mut std::io::sink()).ok();
                drop(tell);
            });
        }
        drop(tell);
        // Ends when both pipes have.
        let end: Result<(), _> = told.recv_timeout(CLEAN_UP);
        end.ok();
    }
}

impl Restic {
    /// Runs one command; `line` gets each line of standard output.
    pub(super) async fn spawn(
        &self,
        args: &[OsString],
        directory: Option<&PathBuf>,
        line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Outcome, Error> {
        let mut command = Command::new(&self.settings.program);
        command
            .args(args)
            .env_clear()
            .envs(&self.env)
            .env("RESTIC_REPOSITORY", self.settings.repository.reveal())
            // A pipe, seen by nobody: neither among the arguments nor in the environment.
            .env("RESTIC_PASSWORD_FILE", "/dev/stdin")
            .env("RESTIC_PROGRESS_FPS", "5")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, secret) in &self.secrets {
            command.env(name, secret.reveal());
        }
        if let Some(directory) = directory {
            command.current_dir(directory);
        }
        let child = command.spawn().map_err(|source| Error::NoProgram {
            program: self.settings.program.to_string_lossy().into_owned(),
            source,
        })?;
        let mut running = Running {
            child,
            ended: false,
        };
        let wait = self.communicate(&mut running.child, line);
        let outcome = match self.settings.limit {
            None => wait.await,
            Some(limit) => match tokio::time::timeout(limit, wait).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    return Err(Error::TimedOut {
                        command: name(args),
                        limit,
                    });
                }
            },
        };
        running.ended = true;
        outcome.map_err(|source| Error::NoProgram {
            program: self.settings.program.to_string_lossy().into_owned(),
            source,
        })
    }

    async fn communicate(
        &self,
        child: &mut Child,
        line: &mut (dyn FnMut(&str) + Send),
    ) -> std::io::Result<Outcome> {
        let stdin = child.stdin.take();
        let password = async {
            if let Some(mut stdin) = stdin {
                // A program that does not ask for it has failed before, and says why.
                let text = format!("{}\n", self.password.reveal());
                stdin.write_all(text.as_bytes()).await.ok();
            }
        };
        let mut troubles = Vec::new();
        let mut last = VecDeque::new();
        let mut exit = None;
        let mut problem = |text: &str| match serde_json::from_str(text) {
            Ok(Message::Error(trouble)) => troubles.push(trouble.text()),
            Ok(Message::ExitError(error)) => exit = Some(error.message),
            Ok(_) => {}
            Err(_) if text.trim().is_empty() => {}
            Err(_) => {
                if last.len() == LINES {
                    last.pop_front();
                }
                last.push_back(text.to_owned());
            }
        };
        let stdout = lines(child.stdout.as_mut(), line);
        let stderr = lines(child.stderr.as_mut(), &mut problem);
        let ((), stdout, stderr) = tokio::join!(password, stdout, stderr);
        stdout?;
        stderr?;
        let status = child.wait().await?;
        let mut stderr: Vec<String> = last.into();
        stderr.extend(exit);
        let code = std::os::unix::process::ExitStatusExt::signal(&status)
            .map_or_else(|| status.code().unwrap_or(1), |signal| 128 + signal);
        Ok(Outcome {
            code,
            troubles,
            stderr: stderr.join("\n"),
        })
    }
}

/// The name of a command, for messages.
pub(super) fn name(args: &[OsString]) -> String {
    let mut words = args.iter().filter_map(|word| word.to_str());
    words
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default()
        .to_owned()
}

/// Calls `each` with every line, which need not be UTF-8.
async fn lines(
    stream: Option<impl AsyncRead + Unpin>,
    each: &mut (dyn FnMut(&str) + Send),
) -> std::io::Result<()> {
    let Some(stream) = stream else { return Ok(()) };
    let mut stream = BufReader::new(stream);
    let mut bytes = Vec::new();
    while stream.read_until(b'\n', &mut bytes).await? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        each(text.trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
    Ok(())
}
